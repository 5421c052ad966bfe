"""`mulgil notify --test`: do those who should be told hear us?"""

from typing import Annotated, Any

import typer

from flows import settings
from flows.options import Json, answer
from flows.settings import Settings

HELP = """Show who is told of what; `--test` sends each of them a message and says what came of it.

    Receivers are settings: MULGIL_WEBHOOK, MULGIL_MAIL_TO with MULGIL_MAIL_SERVER,
    MULGIL_NOTIFY_COMMAND. See docs/operating.md, "Notifications".

    Exit status: 0 everyone was told (or would be) · 1 somebody was not, or there is nobody."""


def notify(
    test: Annotated[bool, typer.Option("--test", help="Send a message, marked as a test.")] = False,
    as_json: Json = False,
) -> None:
    """See `HELP`."""
    found = settings.read()
    told = _tried(found) if test else _listed(found)
    lines = [f"{name}: {what}" for name, what in told["receivers"].items()]
    lines += [f"Told: {', '.join(found.told_kinds)}"] if lines else [_NOBODY]
    answer(told, as_json, "\n".join(lines))
    if not told["ok"]:
        raise typer.Exit(1)


notify.__doc__ = HELP
_NOBODY = "Nobody is told. Set MULGIL_WEBHOOK, MULGIL_MAIL_TO or MULGIL_NOTIFY_COMMAND."


def _listed(found: Settings) -> dict[str, Any]:
    from flows import notify_receivers

    names = notify_receivers.of(found)
    return {"ok": bool(names), "receivers": dict.fromkeys(names, "configured, not tried")}


def _tried(found: Settings) -> dict[str, Any]:
    from flows import notify_receivers
    from flows.notify_event import Event
    from flows.pulling import this_moment

    event = Event(
        kind="review",
        network="test",
        when=this_moment().astype("datetime64[s]").astype("datetime64[ns]"),
        title_ko="[시험] [물길] 알림 시험입니다",
        title_en="[TEST] [Mulgil] this is a test of notifications",
        body_ko="이 알림을 받았다면 설정이 맞습니다. 실제 상황이 아닙니다.",
        body_en="If you read this, the settings are right. Nothing has happened.",
        data={"label": "TEST"},
    )
    senders = notify_receivers.of(found)
    failed = notify_receivers.tell(event, senders)
    said = {name: f"NOT told: {failed[name].why}" if name in failed else "told" for name in senders}
    return {"ok": bool(senders) and not failed, "receivers": said}
