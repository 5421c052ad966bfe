"""Fall-back per gauge: where the model loses to persistence, persistence is issued, and says so.

The rule, one decision a gauge, over all lead times that are scored:

- **What counts.** Days of the last 30 on which issued forecasts met their outcome, all after the
  last change of state or of model and one horizon more. At least 72 pairs on at least 3 days.
  Squared errors are in units of the mean square change on record at their lead time, so that no
  lead drowns the others.
- **A gauge falls back** where three things hold: the model's error is above that of persistence by
  more than chance (the daily differences, one-sided Student's t at 5 %: hours of one day are not
  independent); and it matters: the model's root mean square error is at least a quarter of the
  change on record. To be some millimetres worse than "no change" while the river is calm is no
  reason to give up what foresees the flood.
- **It comes back** where the model, whose forecasts go on beside, was right again over the last 7
  days (again at least 72 pairs on 3 days since): it is better than persistence by 5 % (skill >=
  0.05), or its error is below an eighth of the change on record, which harms nobody. So no gauge
  changes more often than every 3 days.

A new model leaves the state as it is, and is judged on its own forecasts alone.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.stats import t as student

from forecast.scorecard import NARROW

WINDOW = np.timedelta64(30, "D")
RECENT = np.timedelta64(7, "D")  # for the way back
FEWEST_PAIRS = 72
FEWEST_DAYS = 3
CHANCE = 0.05
MATTERS = 0.25  # of the root mean square change on record
HARMLESS = 0.125  # of the same
RETURNS = 0.05  # skill
_MOST_TIMES = 100  # times as large an error: beyond that only a bound is told


@dataclass(frozen=True)
class State:
    """What is issued at a gauge.

    Attributes:
        fallen: Persistence is issued, not the model.
        since: Of this state or of the model, whichever is later: only what was issued since
            counts; NaT: from the beginning.
        model: The id of the model that is judged.
        known_at: When this was decided, from what was known then; NaT: never.
        words: Why it has fallen back, in Korean and English; "" where it has not.
        skill: Persistence skill of the model when this was decided; NaN where it means nothing.
    """

    station: str
    fallen: bool
    since: np.datetime64
    model: str
    known_at: np.datetime64
    words: str = ""
    skill: float = np.nan


@dataclass(frozen=True)
class _Evidence:
    """Daily errors of model and persistence in units of the change on record, over all leads."""

    model: np.ndarray
    persistence: np.ndarray
    pairs: np.ndarray  # mean over the leads

    @property
    def enough(self) -> bool:
        return self.pairs.size >= FEWEST_DAYS and bool(self.pairs.sum() >= FEWEST_PAIRS)

    @property
    def skill(self) -> float:
        reference = float(self.persistence.sum())
        return 1 - float(self.model.sum()) / reference if reference > NARROW**2 else np.nan

    @property
    def size(self) -> float:
        """The root mean square error of the model, in root mean square changes on record."""
        return float(np.sqrt(self.model.sum() / self.pairs.sum()))

    @property
    def loses(self) -> bool:
        """Whether the model is worse by more than chance."""
        worse = self.model - self.persistence
        error = worse.std(ddof=1) / np.sqrt(worse.size)
        return bool(worse.mean() > student.ppf(1 - CHANCE, worse.size - 1) * error)

    @property
    def wins(self) -> bool:
        better = self.model.sum() <= (1 - RETURNS) * self.persistence.sum()
        return bool(better) or self.size < HARMLESS


def unjudged(station: str, model: str) -> State:
    """Return the state of a gauge that was never judged: the model's forecast is issued."""
    never = np.datetime64("NaT", "ns")
    return State(station, False, never, model, never)


def judge(
    before: State, sums: xr.Dataset, size: np.ndarray, now: np.datetime64, horizon: np.timedelta64
) -> State:
    """Return the state of a gauge from now on; `before` itself where nothing changes.

    Args:
        before: With the id of the model that issues now.
        sums: `forecast.rolling.daily` at this gauge, dims (day, lead_time).
        size: (lead_time,) mean square change on record; NaN or 0 where none is known, and such a
            lead is not looked at.
        now: Nothing that was known later is in the sums.
    """
    seen = _evidence(before, sums, size, now, horizon)
    if not seen.enough:
        return before
    if before.fallen and seen.wins:
        return State(before.station, False, now, before.model, now, "", seen.skill)
    if not before.fallen and seen.loses and seen.size >= MATTERS:
        return State(before.station, True, now, before.model, now, _words(seen), seen.skill)
    return before


def _evidence(
    before: State, sums: xr.Dataset, size: np.ndarray, now: np.datetime64, horizon: np.timedelta64
) -> _Evidence:
    first = now - (RECENT if before.fallen else WINDOW)
    if not np.isnat(before.since):
        first = max(first, before.since + horizon)
    judged = np.isfinite(size) & (size > NARROW**2)
    used = sums.isel(lead_time=np.flatnonzero(judged)).sel(day=slice(first, now))
    model, persistence = (
        (used[name] / xr.DataArray(size[judged], dims="lead_time")).sum("lead_time").values
        for name in ("model_squared_error", "model_persistence_squared_error")
    )
    pairs = used.model_n.sum("lead_time").values
    count = max(int(judged.sum()), 1)
    days = pairs > 0
    return _Evidence(model[days] / count, persistence[days] / count, pairs[days] / count)


def _words(seen: _Evidence) -> str:
    days = seen.pairs.size
    ko, en = _times(seen)
    return (
        f"최근 {days}일 동안 모형이 '변화 없음'보다 부정확하여{ko} "
        f"마지막 관측값을 그대로 예측합니다. 앞으로의 상승은 예고하지 못합니다. "
        f"Over the last {days} days the model did worse than 'no change'{en}, so the last reading "
        f"is forecast to stay: it foresees no rise."
    )


def _times(seen: _Evidence) -> tuple[str, str]:
    """Return how many times as large the model's error was; nothing where that has no meaning."""
    if np.isnan(seen.skill):
        return "", ""
    factor = np.sqrt(1 - seen.skill)
    if factor >= _MOST_TIMES:
        return f"(오차 {_MOST_TIMES}배 이상)", f" (its error was over {_MOST_TIMES} times as large)"
    told = f"{factor:.0f}" if factor >= 10 else f"{factor:.1f}"
    return f"(오차 {told}배)", f" (its error was {told} times as large)"
