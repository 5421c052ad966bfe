"""Many futures at once: an ensemble of rain, a forecast of each member and of all together.

`forecast.foresight` moves the forecast in service by what follows from one future. What does not
depend on the future (the LSTM, what the gauges have seen) is computed once here; the members go
through the planner of a gauge side by side, as if they were issue times.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from forecast import futures, pooling, probability
from forecast.checkpoint import Checkpoint
from forecast.foresight import Foresight, given, unwidened
from forecast.known import ascending
from forecast.plan import PLANNED
from forecast.planned import tell
from forecast.predict import predict


@dataclass(frozen=True)
class Members:
    """A forecast of each member at one issue time.

    Attributes:
        plain: The forecast that knows no future, `data.schema.forecast`.
        values: float32 (member, station, lead, quantile) in the unit of the network.
    """

    plain: xr.Dataset
    values: np.ndarray

    def together(self) -> xr.Dataset:
        """Return one forecast: the even mixture of all members."""
        name = str(self.plain.attrs["quantity"])
        if len(self.values) == 1:
            mixed = self.values
        else:
            mixed = pooling.pooled(self.values, np.array(QUANTILES))[None]
        return self.plain.assign({name: self.plain[name].copy(data=mixed.astype("float32"))})

    def exceedance(self, limits: np.ndarray) -> np.ndarray:
        """Return P(value >= threshold), (alert stage, station, lead): the mean over the members.

        Args:
            limits: `forecast.probability.limits_of`; the probability of no threshold is NaN. It is
                NaN, too, where a member has no forecast.
        """
        levels = np.array(QUANTILES)
        each = [probability.of_stages(one, levels, limits) for one in self.values]
        return np.asarray(np.mean(each, axis=0))


def foresee(
    foresight: Foresight,
    checkpoint: Checkpoint,
    network: Network,
    observations: xr.Dataset,
    plans: xr.Dataset,
    issue_time: np.datetime64,
) -> Members:
    """Forecast every gauge for every member of an ensemble, at one issue time.

    Args:
        plans: Some of `forecast.plan.PLANNED`, dims (member, station, time) or, where all members
            share it, (station, time).

    Raises:
        CheckpointMismatch: The checkpoint was trained for another network.
        OutsideRecord: The issue time is not a time of the record.
    """
    issue = ascending(observations, np.array([issue_time]))
    plain = predict(checkpoint, network, observations, issue)
    raw = predict(unwidened(checkpoint), network, observations, issue)
    future = {name: _ahead(plans, name, network, issue) for name in PLANNED}
    told = tell(foresight.planner, network, observations, future, np.repeat(issue, _count(plans)))
    return Members(plain, given(foresight, checkpoint, network, (plain, raw), told))


def _count(plans: xr.Dataset) -> int:
    return int(plans.sizes.get("member", 1))


def _ahead(plans: xr.Dataset, name: str, network: Network, issue: np.ndarray) -> np.ndarray:
    """Return what each member tells of the steps ahead, (station, member, step)."""
    shared = name not in plans or "member" not in plans[name].dims
    some = [plans] if shared else [plans.sel(member=one) for one in plans.member.values]
    made = [futures.ahead(each, name, network, issue) for each in some]
    return np.concatenate(made * (_count(plans) if shared else 1), axis=1)
