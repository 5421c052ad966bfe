"""The facts of a situation report, counted once for both languages."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.stations import Stage
from forecast.outlook import STALE_AFTER, Outlook
from maps.listing import order, shown
from maps.situation_changes import Change, changes
from maps.situation_rain import Rain, rain
from maps.situation_review import Review, review
from maps.situation_state import State, of_view
from maps.view import View

LISTED = 20  # gauges in a table
LEAST = 3  # of the worst, however quiet they are
QUIET = 0.055  # told as 5 % or less: a forecast says nothing of less
CHANGES = 50  # changes in the table; the others are counted


@dataclass(frozen=True)
class Facts:
    """What is to be told of one forecast.

    Attributes:
        now: The stages that are shown.
        then: Those of the issue before; None where there is none to compare with.
    """

    view: View
    now: State
    then: State | None

    @cached_property
    def ids(self) -> frozenset[str]:
        """The gauges of the network."""
        return frozenset(self.view.network.ids)

    @cached_property
    def counts(self) -> Counter[Stage]:
        """How many gauges are shown in each stage, the worst of now and the forecast."""
        return _counted(self.now.stages)

    @cached_property
    def counts_now(self) -> Counter[Stage]:
        """How many gauges are in each stage now."""
        return _counted(np.array([o.stage_now for o in self.view.outlooks], dtype="int8"))

    @cached_property
    def top(self) -> Stage:
        """The highest stage that a gauge is shown in; UNKNOWN where none can be judged."""
        return max(self.counts, default=Stage.UNKNOWN)

    @cached_property
    def order(self) -> list[int]:
        """Places of the gauges, the worst first."""
        return order(self.view)

    @cached_property
    def worst(self) -> list[Outlook]:
        """The worst gauges that can be judged, without those that are as quiet as can be told."""
        known = (n for n in self.order if self.now.stages[n] >= 0)
        first = [self.view.outlooks[n] for n, _ in zip(known, range(LISTED), strict=False)]
        told = sum(not _quiet(outlook) for outlook in first)  # the quiet ones come last
        return first[: max(told, LEAST)]

    @cached_property
    def ages(self) -> np.ndarray:
        """Age of each gauge's last reading at the issue time; NaT where there is none."""
        read = np.array([o.last_observed_time for o in self.view.outlooks], dtype="datetime64[ns]")
        return np.asarray(self.view.issue_time - read)

    @cached_property
    def silent(self) -> np.ndarray:
        """Whether each gauge's last reading is too old to say how it stands now."""
        return np.asarray(np.isnat(self.ages) | (self.ages > STALE_AFTER))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What has changed since the issue before; nothing where there is none."""
        return () if self.then is None else changes(self.now, self.then)

    @cached_property
    def rain(self) -> Rain | None:
        """The rain so far; None where nobody measures any."""
        return rain(self.view)

    @cached_property
    def review(self) -> Review:
        """What persons have done to the forecast."""
        return review(self.view.manifest)


def facts(view: View, then: State | None) -> Facts:
    """Return the facts of a view, beside the issue before."""
    return Facts(view, of_view(view), then)


def _quiet(outlook: Outlook) -> bool:
    """Say whether a gauge is normal, and no stage likelier than a forecast can tell."""
    return shown(outlook) <= Stage.NORMAL and not bool(np.any(outlook.probability >= QUIET))


def _counted(stages: np.ndarray) -> Counter[Stage]:
    numbers, counts = np.unique(stages, return_counts=True)
    pairs = zip(numbers.tolist(), counts.tolist(), strict=True)
    return Counter({Stage(number): count for number, count in pairs})
