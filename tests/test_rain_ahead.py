"""Rain that was forecast, from the store, as it was known at a time."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import store
from data.feeds import Feed
from data.network import Network
from data.rain_ahead import Ahead, read, total
from data.reading import FORECAST_RAIN, Reading
from data.schema import Flag
from data.sources.asking import Spot
from data.sources.simulated import network

ISSUE = np.datetime64("2026-07-20T03:00", "ns")
HOUR = np.timedelta64(1, "h")
MINUTE = np.timedelta64(1, "m")


def river(step: np.timedelta64 = HOUR, horizon: int = 3) -> Network:
    near = {"S1": (Spot("a"), Spot("b")), "S2": (Spot("c"),)}
    feeds = (
        Feed("kma_forecast", FORECAST_RAIN, near),
        Feed("open_meteo", FORECAST_RAIN, {"S1": (Spot("x"),), "S2": (Spot("x"),)}),
    )
    return replace(network(gauges=2, horizon=horizon), step=step, feeds=feeds)


def told(path: Path, source: str, site: str, rain: list[float], received: np.datetime64) -> None:
    readings = [
        Reading(site, FORECAST_RAIN, ISSUE + ahead * HOUR, mm)
        for ahead, mm in enumerate(rain, start=1)
    ]
    store.append(path, source, readings, received)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "observations.sqlite"
    told(path, "kma_forecast", "a", [1.0, 2.0, 3.0], ISSUE - HOUR)
    told(path, "kma_forecast", "b", [3.0, 4.0], ISSUE - HOUR)
    told(path, "open_meteo", "x", [9.0, 9.0, 9.0], ISSUE - 2 * HOUR)
    return path


def test_the_first_feed_gives_the_mean_of_its_sites_and_the_next_what_it_lacks(path: Path) -> None:
    found = read(river(), Ahead(path, ISSUE, ISSUE))
    assert found is not None
    assert found.rainfall.sel(station="S1").values.tolist() == [2.0, 3.0, 3.0]
    assert found.rainfall.sel(station="S2").values.tolist() == [9.0, 9.0, 9.0]
    assert found.rainfall.attrs["units"] == "mm"
    assert found.attrs["sources"] == (
        "kma_forecast, received 2026-07-20T02:00Z; open_meteo, received 2026-07-20T01:00Z"
    )


def test_a_correction_that_came_later_is_not_seen(path: Path) -> None:
    told(path, "kma_forecast", "a", [50.0], ISSUE + HOUR)
    for known_at, expected in ((ISSUE, 2.0), (ISSUE + 2 * HOUR, 26.5)):
        found = read(river(), Ahead(path, ISSUE, known_at))
        assert found is not None
        assert found.rainfall.sel(station="S1").values[0] == expected


def test_ten_minutes_get_a_sixth_of_their_hour(path: Path) -> None:
    found = read(river(10 * MINUTE, 8), Ahead(path, ISSUE, ISSUE))
    assert found is not None
    rain = found.rainfall.sel(station="S1").values
    np.testing.assert_allclose(rain, [2 / 6] * 6 + [3 / 6] * 2)


def test_three_hours_get_the_sum_of_theirs_or_nothing(path: Path) -> None:
    found = read(river(3 * HOUR, 2), Ahead(path, ISSUE, ISSUE))
    assert found is not None
    first, second = found.rainfall.sel(station="S2").values
    assert first == 27.0
    assert np.isnan(second)


def test_an_old_forecast_is_none_any_more(path: Path) -> None:
    later = ISSUE + 30 * HOUR
    store.append(path, "kma_forecast", [Reading("c", FORECAST_RAIN, later + HOUR, 5.0)], ISSUE)
    assert read(river(), Ahead(path, later, later)) is None


def test_a_value_that_is_flagged_is_no_rain(tmp_path: Path) -> None:
    path = tmp_path / "observations.sqlite"
    bad = Reading("c", FORECAST_RAIN, ISSUE + HOUR, np.nan, Flag.UNREADABLE)
    store.append(path, "kma_forecast", [bad], ISSUE)
    assert read(river(), Ahead(path, ISSUE, ISSUE)) is None


def test_a_network_without_such_a_feed_has_no_rain_ahead(path: Path) -> None:
    assert read(network(gauges=2), Ahead(path, ISSUE, ISSUE)) is None


def test_the_rain_to_come_is_summed_over_the_hours_that_are_told_without_a_gap() -> None:
    nan = np.nan
    fell = np.array([[1, 2, 3, nan], [0, 9, 0, nan], [5, nan, 5, 5]])  # [mm], by station and hour
    told = xr.DataArray(fell, {"station": ["a", "b", "c"]}, ("station", "time"))
    assert total(xr.Dataset({"rainfall": told}), np.timedelta64(1, "h")) == {
        "hours": 3.0,
        "gauges": 2,  # c has a gap in its second hour
        "mean": 7.5,
        "most": 9.0,
        "station": "b",
    }
    assert total(xr.Dataset({"rainfall": told * nan}), np.timedelta64(1, "h")) == {}
