"""From stations to regions: the yearly values of a region from stations that come and go.

Stations open and close, and a mean over those that happen to report would jump with each. So the
normal of 1991-2020 and the departures from it are carried apart (climatologically aided
interpolation, Willmott & Robeson 1995, doi:10.1002/joc.3370150207): the normal from all stations
that have one, the departure of a year from those that report in it. A year counts where the
stations that report hold `ENOUGH_WEIGHT` of the region's weight.
"""

from collections.abc import Callable

import numpy as np

from forecast.climate.atlas import BASELINES

NORMAL = (1991, 2020)
ENOUGH_YEARS = 0.8  # share of a baseline's years (WMO-No. 1203: 24 of 30)
ENOUGH_WEIGHT = 0.3

Spread = Callable[[np.ndarray], np.ndarray]  # bool (station,) -> weights (region, those stations)


def yearly(
    values: np.ndarray, years: np.ndarray, spread: Spread, never_below: float | None
) -> np.ndarray:
    """Return (year, region) values.

    Args:
        values: (year, station), NaN = missing.
        years: (year,) calendar years.
        spread: Gives the weights of the stations that have a normal; rows sum to 1.
        never_below: e.g. 0 for a count; None for temperatures.
    """
    normal, has_one = normals(values, years)
    pull = spread(has_one)  # (region, station)
    departure = values[:, has_one] - normal[has_one]
    known = np.isfinite(departure)
    weight = known @ pull.T  # (year, region)
    with np.errstate(invalid="ignore"):
        carried = np.where(known, departure, 0) @ pull.T / weight
    found = pull @ normal[has_one] + np.where(weight >= ENOUGH_WEIGHT, carried, np.nan)
    return np.asarray(found if never_below is None else np.fmax(found, never_below + 0 * found))


def normals(values: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of 1991-2020 of each station, and which stations have enough years of it."""
    mean = period_mean(values, years, NORMAL)
    return mean, np.isfinite(mean)


def period_mean(values: np.ndarray, years: np.ndarray, period: tuple[int, int]) -> np.ndarray:
    """Return the mean over the years of a period; NaN where fewer than 80 % of them are there.

    Args:
        values: (year, ...).
        period: First and last year.
    """
    part = values[(years >= period[0]) & (years <= period[1])]
    count = np.isfinite(part).sum(axis=0)
    total = np.where(np.isfinite(part), part, 0).sum(axis=0)
    enough = count >= ENOUGH_YEARS * (period[1] - period[0] + 1)
    return np.where(enough, total / np.maximum(count, 1), np.nan)


def baselines(values: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Return the mean of each baseline, (baseline, ...)."""
    return np.stack([period_mean(values, years, period) for period in BASELINES])
