"""The astronomical tide: a sum of waves whose periods the moon and the sun set for all time.

Their heights and phases are fitted by least squares to the tide's own record, and then tell the
tide of any time, so also of the hours that a forecast looks ahead.
"""

from dataclasses import dataclass

import numpy as np

_HOUR = np.timedelta64(1, "h")
_ORIGIN = np.datetime64("2000-01-01", "ns")
PERIODS = {  # h; Doodson & Warburg (1941), Admiralty Manual of Tides
    "M2": 12.4206012,
    "S2": 12.0,
    "N2": 12.65834751,
    "K2": 11.96723606,
    "K1": 23.93447213,
    "O1": 25.81933871,
    "P1": 24.06588766,
    "Q1": 26.868350,
    "J1": 23.09848146,
    "L2": 12.19162085,
    "MU2": 12.8717576,
    "NU2": 12.62600509,
    "T2": 12.01644934,
    "2N2": 12.90537297,
    "MO3": 8.38630297,
    "MK3": 8.17714097,
    "SK3": 7.99270511,
    "M4": 6.210300601,
    "MS4": 6.103339275,
    "MN4": 6.269173724,
    "M6": 4.140200401,
    "MSF": 354.3670666,
    "MF": 327.8599387,
    "MM": 661.3111655,
    "SSA": 4382.905208,
    "SA": 8765.821,
}
_FEWEST = 30 * 24  # readings: below a month the waves cannot be told apart
_PENALTY = 1e-3  # where the record has a season only, SA and SSA must not run away


@dataclass(frozen=True)
class Tide:
    """A fitted tide.

    Attributes:
        weights: The mean, then cosine and sine of each of `PERIODS` [m]; NaN where the record was
            too short: then no tide is told.
    """

    weights: np.ndarray

    def at(self, times: np.ndarray) -> np.ndarray:
        """Return the tide [m] at any times, UTC."""
        return np.asarray(_waves(times) @ self.weights)


def fit(times: np.ndarray, levels: np.ndarray) -> Tide:
    """Fit the waves to a record (time,) [m]; a gap is left out.

    Source: Foreman (1977), Manual for tidal heights analysis and prediction, without nodal
    corrections, which a few years of record take up themselves.
    """
    known = np.isfinite(levels)
    if known.sum() < _FEWEST:
        return Tide(np.full(1 + 2 * len(PERIODS), np.nan))
    waves = _waves(times[known])
    gram = waves.T @ waves + _PENALTY * np.eye(waves.shape[1])
    return Tide(np.linalg.solve(gram, waves.T @ levels[known].astype("float64")))


def _waves(times: np.ndarray) -> np.ndarray:
    hours = (times - _ORIGIN) / _HOUR
    phase = 2 * np.pi * hours[:, None] / np.array(list(PERIODS.values()))
    return np.concatenate([np.ones((len(hours), 1)), np.cos(phase), np.sin(phase)], axis=1)
