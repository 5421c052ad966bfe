"""The published scores of each gauge as one row of integers, for the browser.

A row holds, in this order: persistence skill and coverage of the 90 % range by lead, in whole
percent; then hits, misses and false alarms, each by stage (attention .. severe) and lead.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.stations import ALERTS
from maps.packing import pack
from maps.skill import COUNTED, OURS
from maps.view import View

TOLD = (10, 30, 60, 180, 360, 720, 1440, 2880, 4320)  # lead times of tables [min]
SHARES = ("persistence_skill", "coverage90")
LOWEST = -9999  # percent: a skill below is told as that
MINUTE = np.timedelta64(1, "m")


@dataclass(frozen=True)
class SkillRows:
    """The scores of all gauges in the order of the network.

    Attributes:
        leads: Lead times [min]; [] where nothing was scored.
        rows: (gauge, column) of whole numbers, NaN where a gauge has no such score.
        scored: (gauge,) whether the gauge was verified.
    """

    leads: list[int]
    rows: np.ndarray
    scored: np.ndarray

    def packed(self, part: slice) -> list[str]:
        """Return the rows of a part of the gauges as text, "" where one was not verified."""
        if not self.leads:
            return [""] * len(self.scored[part])
        told = zip(pack(self.rows[part]), self.scored[part].tolist(), strict=True)
        return [text if scored else "" for text, scored in told]


def skill_rows(view: View) -> SkillRows:
    """Return the scores of the model that issued the forecast, by gauge."""
    count = len(view.network.stations)
    if view.scores is None or OURS not in view.scores.model.values:
        return SkillRows([], np.empty((count, 0)), np.zeros(count, dtype=bool))
    leads = view.scores.lead_time.values / MINUTE
    own = view.scores.sel(model=OURS).isel(lead_time=np.flatnonzero(np.isin(leads, TOLD)))
    every = own.reindex(station=view.network.ids)
    shares = [np.clip(np.rint(100 * _by_lead(every, name)), LOWEST, None) for name in SHARES]
    rows = np.concatenate([*shares, *(_by_stage(every, name) for name in COUNTED)], axis=1)
    scored = np.isin(view.network.ids, own.station.values)
    return SkillRows((own.lead_time.values / MINUTE).astype(int).tolist(), rows, scored)


def _by_lead(scores: xr.Dataset, name: str) -> np.ndarray:
    shape = (scores.sizes["station"], scores.sizes["lead_time"])
    if name not in scores:
        return np.full(shape, np.nan)
    return np.asarray(scores[name].transpose("station", "lead_time").values, dtype="float64")


def _by_stage(scores: xr.Dataset, name: str) -> np.ndarray:
    stages = [stage.name.lower() for stage in ALERTS]
    count, leads = scores.sizes["station"], scores.sizes["lead_time"]
    if name not in scores:
        return np.full((count, len(stages) * leads), np.nan)
    by_stage = scores[name].reindex(stage=stages).transpose("station", "stage", "lead_time")
    return np.asarray(by_stage.values, dtype="float64").reshape(count, -1)
