"""Tell people what happens: failures, gaps, stages that rise and fall, silence, and their end.

`after` compares a cycle with what was told last; `send` hands one event to every receiver that is
configured. Neither raises, neither takes more than some seconds; a receiver that cannot be reached
gets its messages with a later cycle, for six hours. See docs/operating.md, "Notifications".
"""

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from data.errors import MulgilError
from flows import notify_memory, notify_outbox, notify_receivers, pulling
from flows.notify_decide import decide
from flows.notify_event import Event
from flows.notify_outbox import Outbox, Waiting
from flows.notify_receivers import PATIENCE
from flows.notify_seen import look
from flows.redaction import redact
from flows.settings import Settings
from maps.feeds.label import marked

if TYPE_CHECKING:
    from flows.cycle import Cycle

__all__ = ["Event", "after", "send"]
AT_LEAST = 0.5  # seconds that receivers have for a further event of the same cycle
_LOG = logging.getLogger("mulgil.notify")


def after(cycle: "Cycle", settings: Settings) -> list[str]:
    """Tell what is new since people were told last; return what went wrong. Never raises."""
    try:
        return _after(cycle, settings)
    except Exception as error:  # noqa: BLE001  # whatever it is, the cycle is done
        _LOG.exception("%s: what happened could not be told", cycle.network)
        return [redact(repr(error))]


def _after(cycle: "Cycle", settings: Settings) -> list[str]:
    if not notify_receivers.of(settings):
        return []
    folders = settings.folders
    before = notify_memory.load(folders, cycle.network)
    events, now = decide(look(cycle, folders), before)
    troubles: list[str] = []
    deadline = time.monotonic() + notify_receivers.PATIENCE
    for event in events:  # all of them together cost a cycle no more than one may
        troubles += send(event, settings, max(deadline - time.monotonic(), AT_LEAST))
    if not troubles:
        troubles = notify_outbox.send_waiting(settings)
    if now != before:
        notify_memory.save(folders, cycle.network, now)
    return troubles


def send(event: Event, settings: Settings, patience: float = PATIENCE) -> list[str]:
    """Hand an event to every receiver that wants its kind; return troubles. Never raises.

    Args:
        patience: Seconds that all receivers have together; who needs longer gets it later.
    """
    try:
        return _send(event, settings, patience)
    except Exception as error:  # noqa: BLE001  # whatever it is, the cycle is done
        _LOG.exception("%s: '%s' could not be told", event.network, event.kind)
        return [redact(repr(error))]


def _send(event: Event, settings: Settings, patience: float) -> list[str]:
    senders = notify_receivers.of(settings)
    if not senders or event.kind not in settings.told_kinds:
        return []
    folders, now = settings.folders, time.time()
    box = notify_outbox.load(folders, now)
    if not box.has_room(event.kind, settings.notify_per_hour, now):
        notify_outbox.change(folders, lambda box: replace(box, withheld=box.withheld + 1))
        return [f"{event.kind} withheld: {settings.notify_per_hour} messages in this hour"]
    told = notify_outbox.with_withheld(_labelled(event, settings), box.withheld)
    failed = notify_receivers.tell(told, senders, patience)
    waiting = [Waiting(each, now, told) for each, why in failed.items() if not why.final]
    troubles = [f"{each}: {why.why}" for each, why in failed.items()]
    for each in troubles:
        _LOG.warning("%s: '%s' was not told. %s", event.network, event.kind, each)
    return troubles + notify_outbox.change(
        folders,
        lambda box: Outbox((*box.sent, now), (*box.waiting, *waiting), 0),
    )


def _labelled(event: Event, settings: Settings) -> Event:
    """Return an event that says so where no river was measured, if it does not yet."""
    if "label" in event.data:
        return event
    try:
        simulated = pulling.find(event.network, settings.folders).simulated
    except MulgilError:  # it is about no network, or about one that nobody knows
        return event
    label = "SIMULATED" if simulated else ""
    return replace(
        event,
        title_ko=marked(label, event.title_ko, "ko"),
        title_en=marked(label, event.title_en, "en"),
        data=event.data | {"label": label},
    )
