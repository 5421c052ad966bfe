from dataclasses import replace

import numpy as np
import xarray as xr

from data import networks, thresholds
from data.network import Network
from data.stations import Thresholds

HOURS = 20_001


def bare() -> Network:
    """Return the simulated network, without thresholds at its last station only."""
    river = networks.find("simulated")
    *upper, last = river.stations
    return replace(river, stations=(*upper, replace(last, thresholds=None)))


def record(values: np.ndarray) -> xr.Dataset:
    time = np.datetime64("2018-01-01", "ns") + np.arange(values.size) * np.timedelta64(1, "h")
    return xr.Dataset(
        {"water_level": (("station", "time"), np.array([values] * 3))},
        coords={"station": ["S1", "S2", "S3"], "time": time},
    )


def years(river: Network, first: int, last: int) -> Network:
    return replace(river, split=replace(river.split, train=(first, last)))


def test_thresholds_are_percentiles_of_the_training_years() -> None:
    river = years(bare(), 2018, 2020)
    derived = thresholds.derive(river, record(np.arange(HOURS) / 20_000)).station("S3").thresholds
    method = "percentiles 99 / 99.5 / 99.8 / 99.95 of the readings of 2018–2020, n = 20,001"
    # three digits: 0.9995 becomes 1
    assert derived == Thresholds(0.99, 0.995, 0.998, 1.0, "derived", method)


def test_what_came_after_the_training_years_changes_nothing() -> None:
    river = years(bare(), 2018, 2020)
    quiet = np.arange(27_000) / 27_000
    flood = quiet.copy()
    flood[26_304:] = 1_000  # 2021
    assert thresholds.derive(river, record(quiet)) == thresholds.derive(river, record(flood))


def test_a_station_with_thresholds_keeps_them() -> None:
    river = years(bare(), 2018, 2020)
    derived = thresholds.derive(river, record(np.arange(HOURS) / 20_000))
    assert derived.station("S1").thresholds == river.station("S1").thresholds


def test_a_short_record_gives_none_and_says_why() -> None:
    river = years(bare(), 2018, 2018)
    short = record(np.arange(HOURS) / 20_000)
    assert thresholds.derive(river, short).station("S3").thresholds is None
    assert thresholds.reasons(river, short) == {
        "S3": "only 8,760 h of readings in 2018–2018, 20,000 h are needed"
    }


def test_missing_readings_do_not_count() -> None:
    values = np.arange(HOURS) / 20_000
    values[:100] = np.nan
    assert "only 19,901 h" in thresholds.reasons(years(bare(), 2018, 2020), record(values))["S3"]


def test_a_flat_record_gives_none_and_says_why() -> None:
    river = years(bare(), 2018, 2020)
    flat = record(np.ones(HOURS))
    assert thresholds.derive(river, flat).station("S3").thresholds is None
    assert (
        "not four ascending levels: [1.0, 1.0, 1.0, 1.0]" in thresholds.reasons(river, flat)["S3"]
    )
