"""From series of several providers to observations, told by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import store
from data.assemble import Window, _mean, assemble
from data.errors import InvalidData
from data.feeds import Feed
from data.network import Network
from data.reading import Reading
from data.schema import Flag
from data.sources import simulated
from data.sources.asking import Spot

NOON = np.datetime64("2026-07-20T12:00", "ns")
HOUR, STEP = np.timedelta64(1, "h"), np.timedelta64(10, "m")
NAN = float("nan")


def river() -> Network:
    """Return S1 and S2; rain of S1 is the mean of two gauges, else the model's at S1."""
    still = simulated.network(2)
    feeds = (
        Feed("hrfco", "water_level", {"S1": (Spot("a"),), "S2": (Spot("b"),)}),
        Feed("hrfco", "rainfall", {"S1": (Spot("r1"), Spot("r2"))}),
        Feed("open_meteo", "rainfall", {"S1": (Spot("S1"),), "S2": (Spot("S2"),)}),
    )
    return replace(still, live=True, feeds=feeds)


def put(path: Path, source: str, site: str, variable: str, values: dict[int, float]) -> None:
    """Store values at so many minutes after noon, each received 8 minutes after its time."""
    readings = [
        Reading(
            site,
            variable,
            NOON + np.timedelta64(minutes, "m"),
            value,
            Flag.GOOD if np.isfinite(value) else Flag.SENTINEL,
            received=NOON + np.timedelta64(minutes + 8, "m"),
        )
        for minutes, value in values.items()
    ]
    store.append(path, source, readings, NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store: levels of two hours; rain of gauges in the first, of a model in both."""
    path = tmp_path / "o.sqlite"
    put(path, "hrfco", "a", "water_level", {n * 10: 1.0 + n / 10 for n in range(13)})
    put(path, "hrfco", "b", "water_level", {60: 2.0, 110: 2.5})
    put(path, "hrfco", "r1", "rainfall", {n * 10: 1.0 for n in range(1, 7)})
    put(path, "hrfco", "r2", "rainfall", {n * 10: 3.0 for n in range(1, 6)} | {60: NAN})
    for site in ("S1", "S2"):
        put(path, "open_meteo", site, "rainfall", {60: 7.0, 120: 9.0})
    return path


def test_a_level_is_the_reading_at_the_hour_and_no_older_one(path: Path) -> None:
    ds = assemble(river(), path)
    assert ds.water_level.sel(station="S1").values.tolist() == pytest.approx([1.0, 1.6, 2.2])
    s2 = ds.water_level.sel(station="S2").values
    assert s2[1] == 2.0
    assert np.isnan(s2[[0, 2]]).all()  # the reading of 13:50 does not stand for 14:00


def test_rain_is_the_mean_of_the_gauges_that_report_summed_over_the_hour(path: Path) -> None:
    ds = assemble(river(), path)
    # five times (1 + 3) / 2, then 1 alone, for the other gauge's sentinel is no rain of 0
    assert float(ds.rainfall.sel(station="S1", time=NOON + HOUR)) == pytest.approx(11.0)


def test_where_the_gauges_have_nothing_the_next_feed_speaks_and_is_named(path: Path) -> None:
    ds = assemble(river(), path)
    sources = ds.attrs["sources"].split()
    assert sources == ["hrfco", "open_meteo", "simulated"]
    assert float(ds.rainfall.sel(station="S1", time=NOON + 2 * HOUR)) == 9.0
    told = ds.rainfall_source.sel(station="S1").values
    assert [sources[n] if n >= 0 else None for n in told] == [None, "hrfco", "open_meteo"]
    assert ds.rainfall.sel(station="S2").values[1:].tolist() == [7.0, 9.0]


def test_only_what_had_been_received_is_known(path: Path) -> None:
    then = assemble(river(), path, Window(known_at=NOON + HOUR + np.timedelta64(7, "m")))
    assert np.isnan(then.water_level.sel(station="S2").values).all()
    soon = assemble(river(), path, Window(known_at=NOON + HOUR + np.timedelta64(8, "m")))
    assert float(soon.water_level.sel(station="S2", time=NOON + HOUR)) == 2.0


def test_the_arrival_is_the_latest_of_the_variables(path: Path) -> None:
    ds = assemble(river(), path)
    arrived = ds.received_time.sel(station="S1", time=NOON + HOUR).values
    assert arrived == NOON + HOUR + np.timedelta64(8, "m")


def test_the_grid_goes_on_with_nothing_to_the_end_of_the_window(path: Path) -> None:
    ds = assemble(river(), path, Window(since=NOON + 2 * HOUR, until=NOON + 4 * HOUR + STEP))
    assert ds.time.values.tolist() == [(NOON + n * HOUR).tolist() for n in (2, 3, 4)]
    assert np.isnan(ds.water_level.sel(station="S1").values[1:]).all()
    assert ds.water_level_flag.sel(station="S1").values.tolist() == [0, 1, 1]
    assert ds.rainfall_source.sel(station="S1").values[1:].tolist() == [-1, -1]


def test_hourly_rain_cannot_fill_a_ten_minute_grid(path: Path) -> None:
    ds = assemble(replace(river(), step=STEP), path)
    assert ds.rainfall.sel(station="S1", time=NOON + STEP) == 2.0
    assert bool(ds.rainfall.sel(station="S2").isnull().all())


def test_a_doubted_value_is_no_value_and_its_reason_stands_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    spike = Reading("a", "water_level", NOON + HOUR, 9.0, Flag.SPIKE)
    put(path, "hrfco", "a", "water_level", {0: 1.0, 120: 1.1})
    store.append(path, "hrfco", [spike], NOON + HOUR)
    ds = assemble(river(), path).sel(station="S1")
    assert np.isnan(ds.water_level.values[1])
    assert ds.water_level_flag.values.tolist() == [0, Flag.SPIKE, 0]


def test_a_store_without_levels_is_named(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    put(path, "hrfco", "r1", "rainfall", {n * 10: 1.0 for n in range(1, 7)})
    with pytest.raises(InvalidData, match="has no water_level of 'simulated'"):
        assemble(river(), path)


def test_a_window_in_which_no_gauge_told_anything_is_no_error_but_unknown(path: Path) -> None:
    later = Window(since=NOON + 50 * HOUR, until=NOON + 52 * HOUR)
    ds = assemble(river(), path, later)
    assert ds.time.values.tolist() == [(NOON + n * HOUR).tolist() for n in (50, 51, 52)]
    assert bool(ds.water_level.isnull().all())
    assert ds.water_level.attrs["units"] == "m"
    assert set(ds.water_level_flag.values.ravel().tolist()) == {Flag.NOT_REPORTED}
    assert np.isnat(ds.received_time.values).all()


def test_a_station_with_one_site_has_what_the_mean_of_one_would_be(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = assemble(river(), path, Window(until=NOON + HOUR))
    monkeypatch.setattr(
        "data.assemble._alone",
        lambda series, rows: tuple(
            np.array(column)
            for column in zip(
                *[_mean(series, [row] if row >= 0 else []) for row in rows], strict=True
            )
        ),
    )
    xr.testing.assert_identical(assemble(river(), path, Window(until=NOON + HOUR)), alone)
