"""From a forecast to what a duty officer would say: which stage, when, how likely."""

from dataclasses import dataclass

import numpy as np

from data.stations import Stage


@dataclass(frozen=True)
class Outlook:
    """What one forecast means at one station.

    Attributes:
        stage: The worst stage that is reached with at least the asked probability (0.5);
            UNKNOWN where there is no forecast or no threshold.
        stage_now: Stage of the last observed value; UNKNOWN if it is stale or missing.
        stage_time: Valid time at which `stage` is first reached; NaT if it is NORMAL or UNKNOWN.
        peak: Highest median within the horizon, in the unit of the station's quantity;
            NaN without a forecast. `peak_low`, `peak_high`: lowest and highest quantile there.
        probability: P(value >= threshold) by lead, dims (alert stage, lead_time), in the order of
            `thresholds.alerts`; empty where there is no forecast or no threshold.
        reason: Why the stage is UNKNOWN; "" where it is known.
    """

    station: str
    issue_time: np.datetime64
    stage: Stage
    stage_now: Stage
    stage_time: np.datetime64
    peak: float
    peak_low: float
    peak_high: float
    peak_time: np.datetime64
    probability: np.ndarray
    last_observed: float
    last_observed_time: np.datetime64
    reason: str = ""
