"""Years that are left out: what a season that nothing learnt from does to a forecast.

One validation year may be calm, and errors of the training years flatter who learnt from them. So
the training years are dealt into groups; without each in turn the whole is taught again, and
forecasts the group it has not seen. What counts how much (`forecast.blend`) and how wide an
interval must be (`forecast.intervals`) is fitted on all of these and on the validation years:
every flood on record is among them, as a flood that was never seen.

Source: Barber et al. (2021), Predictive inference with the jackknife+, doi:10.1214/20-AOS1965.
"""

from math import ceil, gcd

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from forecast.lessons import within

MOST = 20_000_000  # values of one group's forecasts; of more issue times every k-th
_DAY = np.timedelta64(1, "D")


def groups(network: Network, number: int) -> list[tuple[int, ...]]:
    """Deal the training years out into so many groups; into none where there is but one year."""
    first, last = network.split.train
    years = range(first, last + 1)
    number = min(number, len(years))
    return [tuple(years[n::number]) for n in range(number)] if number > 1 else []


def without(observations: xr.Dataset, years: tuple[int, ...]) -> xr.Dataset:
    """Return the record as if nothing had been measured in some years."""
    kept = ~observations.time.dt.year.isin(years)
    measured = [name for name in observations if observations[name].dtype.kind == "f"]
    return observations.assign({name: observations[name].where(kept) for name in measured})


def issue_times(network: Network, observations: xr.Dataset, years: tuple[int, ...]) -> np.ndarray:
    """Return the times in some years at which anything was read, evenly thinned if too many.

    Every hour of the day is among them: k has no divisor in common with the steps of a day.
    """
    seen = observations[network.quantity.value].notnull().any("station").values
    time = observations.time.values[seen]
    times = np.concatenate([time[within(time, (year, year))] for year in years])
    values = times.size * len(network.ids) * network.horizon * len(QUANTILES)
    apart, day = max(1, ceil(values / MOST)), round(_DAY / network.step)
    while gcd(apart, day) > 1 and apart > 1:
        apart += 1
    return np.asarray(times[::apart])
