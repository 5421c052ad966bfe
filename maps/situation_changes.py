"""What has changed from one issue to the next, gauge by gauge."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from data.stations import Stage
from maps.situation_state import State

Kind = Literal["raised", "lost", "found", "lowered", "new", "gone", "edited", "freed"]
KINDS: Final[tuple[Kind, ...]] = (
    "raised",
    "lost",
    "found",
    "lowered",
    "new",
    "gone",
    "edited",
    "freed",
)
_NONE: Final = -9  # the gauge was not there


@dataclass(frozen=True)
class Change:
    """What has changed at one gauge.

    Attributes:
        kind: Its stage `raised` or `lowered`; `lost`: it can no longer be judged; `found`: it can
            again; `new` or `gone` from the network; `edited` by a person, or `freed` from an edit.
        before, after: None where the gauge was or is not in the network; before an edit began or
            ended it is told in a change of its own, if the stage has changed.
    """

    station: str
    kind: Kind
    before: Stage | None
    after: Stage | None


def changes(now: State, then: State) -> tuple[Change, ...]:
    """Return all changes: by kind in the order of `KINDS`, and of a kind the worst first."""
    gauges, before, after = _beside(now, then)
    places = np.flatnonzero(before != after).tolist()
    moved = (_moved(gauges[n], int(before[n]), int(after[n])) for n in places)
    found = [*moved, *_edited(now, then)]
    return tuple(sorted(found, key=lambda change: (KINDS.index(change.kind), *_worst(change))))


def _beside(now: State, then: State) -> tuple[Sequence[str], np.ndarray, np.ndarray]:
    """Return the gauges of both issues, with their stages then and now."""
    if list(now.gauges) == list(then.gauges):
        return now.gauges, then.stages, now.stages
    earlier = dict(zip(then.gauges, then.stages.tolist(), strict=True))
    later = dict(zip(now.gauges, now.stages.tolist(), strict=True))
    both = list(dict.fromkeys([*now.gauges, *then.gauges]))
    return (
        both,
        np.array([earlier.get(gauge, _NONE) for gauge in both]),
        np.array([later.get(gauge, _NONE) for gauge in both]),
    )


def _moved(station: str, before: int, after: int) -> Change:
    stages = [None if stage == _NONE else Stage(stage) for stage in (before, after)]
    if _NONE in (before, after):
        kind: Kind = "new" if before == _NONE else "gone"
    elif Stage.UNKNOWN in (before, after):
        kind = "lost" if after == Stage.UNKNOWN else "found"
    else:
        kind = "raised" if after > before else "lowered"
    return Change(station, kind, *stages)


def _edited(now: State, then: State) -> Iterator[Change]:
    stages = dict(zip(now.gauges, now.stages.tolist(), strict=True)) if _any(now, then) else {}
    for station in dict.fromkeys([*now.edited, *then.edited]):
        if station in stages and now.edited.get(station) != then.edited.get(station):
            kind: Kind = "edited" if station in now.edited else "freed"
            yield Change(station, kind, None, Stage(stages[station]))


def _any(now: State, then: State) -> bool:
    return bool(now.edited or then.edited)


def _worst(change: Change) -> tuple[int, int]:
    """Return what sorts the changes of one kind: the stage that counts, the worst first."""
    last, first = change.after, change.before
    if change.kind in ("lost", "lowered", "gone"):
        last, first = first, last
    return -int(last or 0), -int(first or 0)
