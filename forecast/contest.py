"""Whether a new model is worse than the one in service, asked of the same pairs.

What the older one scored when it was trained says nothing: its record may have been another one,
its validation years too. So both forecast the validation years of today, on today's record, less
what either of them learnt from.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr

from data.network import Network
from forecast.checkpoint import Checkpoint
from forecast.validation import compared, issue_times, learnt
from forecast.verify import mean_over_stations

TOLERANCE = 0.005  # of mean persistence skill: less is chance of the seed
FEWEST = 200  # pairs: fewer tell nothing


@dataclass(frozen=True)
class Contest:
    """How two models did.

    Attributes:
        new, serving: Persistence skill, mean over gauges and the leads of `forecast.validation`;
            NaN where they could not be compared.
        model: Id of the model in service; "" where there is none.
        pairs: Issue times that both were judged on, over all gauges and leads.
        problem: Why they could not be compared; "" if they were, or if nothing serves.
    """

    new: float = float("nan")
    serving: float = float("nan")
    model: str = ""
    pairs: int = 0
    problem: str = ""

    @property
    def won(self) -> bool:
        """Whether the new one is no worse, beyond chance; also where nothing serves."""
        return not self.problem and (not self.model or self.new >= self.serving - TOLERANCE)

    def told(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {k: None if v != v else v for k, v in asdict(self).items()}  # noqa: PLR0124  # NaN


def hold(
    new: Checkpoint, serving: Checkpoint | None, network: Network, observations: xr.Dataset
) -> Contest:
    """Compare two models on the validation years.

    Args:
        serving: None where nothing serves: the new one wins.
        observations: `data.schema.observations`; nothing after the validation years.
    """
    if serving is None:
        return Contest()
    nothing = Contest(model=serving.model_id)
    lost = [s for s, gone in zip(network.ids, learnt(serving) & ~learnt(new), strict=True) if gone]
    if lost:
        return _problem(nothing, f"the new one does not forecast {', '.join(lost[:5])}")
    issues = issue_times(network, observations, network.split.validate)
    for each in (new, serving):
        issues = _unlearnt(issues, each)
    if not issues.size:
        return _problem(nothing, "one of them learnt from the years that would judge them")
    scores = compared({"new": new, "serving": serving}, network, observations, issues)
    pairs = int(scores.n.sum())
    if pairs < FEWEST:
        return _problem(nothing, f"they have only {pairs} forecasts in common, of {FEWEST} needed")
    skill = mean_over_stations(scores).persistence_skill.mean("lead_time")
    ours, theirs = (float(skill.sel(model=name)) for name in ("new", "serving"))
    if not np.isfinite([ours, theirs]).all():
        return _problem(nothing, "no gauge moved in the years that judge them")
    return Contest(ours, theirs, serving.model_id, pairs)


def _problem(contest: Contest, text: str) -> Contest:
    return Contest(model=contest.model, problem=text)


def _unlearnt(issues: np.ndarray, model: Checkpoint) -> np.ndarray:
    """Return the issue times whose leads all lie before or after what a model learnt from."""
    first, last = (np.datetime64(day, "ns") for day in model.period)
    ends = issues + model.horizon * model.step
    return np.asarray(issues[(ends < first) | (issues > last)])
