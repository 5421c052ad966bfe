"""What quality control does to the real record, where it is at hand."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import networks, thresholds
from data.pull import pull
from data.schema import Flag

FOLDER = Path(__file__).parents[1].parent / "shared" / "data" / "han-river"
FLOODS = ("2013-07", "2016-07", "2018-08", "2020-08")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the Han River record is not at hand"),
]


@pytest.fixture(scope="module")
def fine() -> xr.Dataset:
    return pull(networks.find("han-river-10min"), FOLDER)


@pytest.fixture(scope="module")
def hourly() -> xr.Dataset:
    return pull(networks.find("han-river"), FOLDER)


@pytest.mark.parametrize("month", FLOODS)
def test_no_level_of_a_true_flood_is_doubted(fine: xr.Dataset, month: str) -> None:
    flags = fine.water_level_flag.sel(time=month)
    assert int((flags > Flag.NOT_REPORTED).sum()) == 0


def test_the_rise_after_a_stale_reading_is_kept(fine: xr.Dataset) -> None:
    rise = fine.water_level.sel(station="1018662", time="2014-08-11T23:40")  # 08:40 in Seoul
    assert float(rise) == pytest.approx(3.947 - 1.747)


def test_only_levels_that_jump_away_and_back_are_spikes(fine: xr.Dataset) -> None:
    found = fine.water_level_flag == Flag.SPIKE
    stations, times = np.nonzero(found.values)
    ids = fine.station.values[stations].tolist()
    seoul = [str(t + np.timedelta64(9, "h"))[:16] for t in fine.time.values[times]]
    assert list(zip(ids, seoul, strict=True)) == [
        ("1018662", "2018-06-15T14:00"),
        ("1018662", "2021-09-07T10:30"),
        ("1018662", "2021-09-07T10:40"),
        ("1019630", "2014-08-13T21:50"),
    ]


@pytest.mark.parametrize("time", ["2013-06-05T00:50", "2021-07-09T02:40", "2016-05-23T07:10"])
def test_false_releases_are_spikes(fine: xr.Dataset, time: str) -> None:
    at = fine.isel(station=0).sel(time=time)
    assert int(at.dam_release_flag) == Flag.SPIKE
    assert np.isnan(float(at.dam_release))


def test_the_peak_of_2020_is_there(hourly: xr.Dataset) -> None:
    hangang = hourly.water_level.sel(station="1018683")
    assert float(hangang.max()) == pytest.approx(8.70, abs=0.005)
    assert str(hangang.time.values[int(hangang.argmax("time"))])[:10] == "2020-08-06"


def test_nothing_is_below_what_can_be(hourly: xr.Dataset) -> None:
    assert float(hourly.dam_level.min()) > 20
    assert float(hourly.dam_inflow.min()) >= 0
    assert float(hourly.rainfall.min()) == 0
    assert float(hourly.dam_release.max()) < 18_300


def test_every_gauge_has_ascending_thresholds_and_only_hangang_official_ones(
    hourly: xr.Dataset,
) -> None:
    river = thresholds.derive(networks.find("han-river"), hourly)
    origins = {s.id: s.thresholds.origin for s in river.stations if s.thresholds}
    assert origins == {
        "1018662": "derived",
        "1018680": "derived",
        "1018683": "official",
        "1019630": "derived",
    }
