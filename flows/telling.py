"""Tell of what no cycle tells of itself: a run that died or failed, silence, what was made up."""

import logging
from typing import Literal

from flows.settings import Settings

KOREAN = {
    "crashed": "실행이 중단됨 (프로세스가 죽음)",
    "failed": "실행 실패",
    "silent": "예정된 예보가 나오지 않음",
    "late": "놓친 예보를 뒤늦게 채움",
}
_LOG = logging.getLogger("mulgil.telling")


def tell(
    kind: Literal["crashed", "failed", "silent", "late"],
    network: str,
    title: str,
    body: str,
    settings: Settings,
) -> list[str]:
    """Send one event to whoever the settings name; return what went wrong. Never raises."""
    try:
        from flows import notify, pulling

        event = notify.Event(
            kind=kind,
            network=network,
            when=pulling.this_moment(),
            title_ko=f"{network}: {KOREAN[kind]}".removeprefix(": "),
            title_en=f"{network}: {title}".removeprefix(": "),
            body_ko=body,
            body_en=body,
        )
        return notify.send(event, settings)
    except Exception as error:  # noqa: BLE001  # a mail server is no reason to stop
        _LOG.exception("%s: nobody was told: %s", network, title)
        return [repr(error)]
