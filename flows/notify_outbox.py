"""Messages of the last hour, and those that somebody has not got yet: `<home>/notify/outbox.json`.

No more than `MULGIL_NOTIFY_PER_HOUR` go out in an hour, but what is grave always does. What a
receiver could not be told is tried again with later cycles, as long as it is news.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flows import notify_receivers
from flows.folders import Folders
from flows.notify_event import Event, plain, rich
from flows.notify_memory import folder, read_json, write_json
from flows.notify_settings import Kind
from flows.settings import Settings

HOUR = 3600.0
KEPT = 6 * HOUR  # what nobody could be told of for so long is no news any more
MOST = 50  # messages that wait
PATIENCE = 4.0  # seconds for those that wait
ALWAYS: tuple[Kind, ...] = ("raised", "failed", "crashed", "silent")  # whatever the limit


@dataclass(frozen=True)
class Waiting:
    """A message that a receiver has not got yet, and since when [s since 1970]."""

    receiver: str
    since: float
    event: Event


@dataclass(frozen=True)
class Outbox:
    """When messages went out [s since 1970], those that wait, and how many were held back."""

    sent: tuple[float, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    withheld: int = 0

    def has_room(self, kind: Kind, most: int, now: float) -> bool:
        """Whether one more message may go out in this hour."""
        return kind in ALWAYS or sum(now - HOUR < at <= now for at in self.sent) < most


def load(folders: Folders, now: float) -> Outbox:
    """Return what went out within the hour, and what waits and is still news."""
    try:
        kept = read_json(_path(folders))
        found = [Waiting(w["receiver"], w["since"], rich(w["event"])) for w in kept["waiting"]]
        sent = [at for at in kept["sent"] if now - HOUR < at <= now]
        fresh = [each for each in found if now - KEPT < each.since <= now]
        return Outbox(tuple(sent), tuple(fresh[-MOST:]), int(kept["withheld"]))
    except (OSError, ValueError, TypeError, LookupError):
        return Outbox()


def change(folders: Folders, how: Callable[[Outbox], Outbox]) -> list[str]:
    """Change the outbox, one process at a time; return what went wrong."""
    try:
        with _alone(folder(folders) / ".lock"):
            box = how(load(folders, time.time()))
            waiting = [vars(each) | {"event": plain(each.event)} for each in box.waiting[-MOST:]]
            kept = {"sent": box.sent, "waiting": waiting, "withheld": box.withheld}
            write_json(_path(folders), kept)
    except OSError as error:
        return [f"the outbox was not kept: {error.strerror}"]
    return []


def send_waiting(settings: Settings) -> list[str]:
    """Try once more what receivers have not got yet, for some seconds; return troubles."""
    senders, begun = notify_receivers.of(settings), time.monotonic()
    done: list[Waiting] = []
    troubles: list[str] = []
    for each in load(settings.folders, time.time()).waiting:
        if troubles or time.monotonic() - begun > PATIENCE:
            break
        chosen = {name: send for name, send in senders.items() if name == each.receiver}
        failed = notify_receivers.tell(_aged(each), chosen, PATIENCE)
        troubles = [f"{name}: {why.why}" for name, why in failed.items() if not why.final]
        done += [] if troubles else [each]
    if not done:
        return troubles
    gone = {(each.receiver, each.event.id) for each in done}
    return troubles + change(settings.folders, lambda box: _without(box, gone))


def with_withheld(event: Event, count: int) -> Event:
    """Return an event that also says how many messages were held back before it."""
    if not count:
        return event
    ko = f"{event.body_ko}\n(그 사이 알림 {count}건은 시간당 한도로 보내지 않았습니다.)"
    en = f"{event.body_en}\n({count} messages were held back: too many in an hour.)"
    return replace(event, body_ko=ko, body_en=en, data=event.data | {"withheld": count})


def _aged(waiting: Waiting) -> Event:
    """Return an event that says how late it is sent."""
    minutes = (time.time() - waiting.since) / 60
    event = waiting.event
    return replace(
        event,
        body_ko=f"(늦게 보냅니다: {minutes:.0f}분 전 일입니다.)\n{event.body_ko}",
        body_en=f"(Sent late: this was {minutes:.0f} min ago.)\n{event.body_en}",
    )


def _without(box: Outbox, gone: set[tuple[str, str]]) -> Outbox:
    left = [each for each in box.waiting if (each.receiver, each.event.id) not in gone]
    return replace(box, waiting=tuple(left))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _path(folders: Folders) -> Path:
    return folder(folders) / "outbox.json"
