from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import networks
from data.errors import SourceError
from data.network import Network
from data.pull import pull
from data.schema import Flag

# One hour, 09:00 to 10:00 in Seoul, 00:00 to 01:00 UTC; two gauges with zeros at 1 m and 2 m.
HOUR = [f"2020-08-06 09:{minute}0" for minute in range(6)] + ["2020-08-06 10:00"]
HEADER = "id,name_ko,name_en,river_ko,river_en,latitude,longitude,gauge_zero,quantity\n"
TABLE = (
    HEADER
    + "A,가,Alpha,강,River,37.5,127.0,1.0,water_level\n"
    + "B,나,Beta,강,River,37.4,126.9,2.0,water_level\n"
)
COLUMNS = {
    "ymdhm": HOUR,
    "swl": ["25.1"] * 7,
    "inf": ["100"] * 7,
    "tototf": ["200"] * 7,
    "tide_level": ["350"] * 7,
    "wl_A": ["300"] * 7,
    "wl_B": ["400"] * 7,
}
RAIN = {"ymdhm": HOUR, "rf_1": ["1"] * 7, "rf_2": ["3"] * 7}


def csv(columns: dict[str, list[str]]) -> str:
    lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    return "\n".join(lines) + "\n"


@pytest.fixture
def river() -> Network:
    return networks.find("han-river")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "water_data").mkdir()
    (tmp_path / "rf_data").mkdir()
    (tmp_path / "stations.csv").write_text(TABLE, encoding="utf-8")
    write(tmp_path)
    write_rain(tmp_path)
    return tmp_path


def write(folder: Path, **changed: list[str]) -> None:
    text = csv(COLUMNS | changed)
    (folder / "water_data" / "data_2020.csv").write_text(text, encoding="utf-8")


def write_rain(folder: Path, **changed: list[str]) -> None:
    text = csv(RAIN | changed)
    (folder / "rf_data" / "rf_2020.csv").write_text(text, encoding="utf-8")


def at_ten(ds: xr.Dataset, name: str, station: str = "A") -> float:
    """Return the value at 10:00 in Seoul."""
    return float(ds[name].sel(station=station, time="2020-08-06T01:00"))


def test_levels_above_the_sea_become_levels_on_the_gauge(folder: Path, river: Network) -> None:
    ds = pull(river, folder)
    assert [str(t)[:16] for t in ds.time.values] == ["2020-08-06T00:00", "2020-08-06T01:00"]
    assert at_ten(ds, "water_level", "A") == 2.0  # 3 m - 1 m
    assert at_ten(ds, "water_level", "B") == 2.0  # 4 m - 2 m
    assert ds.water_level.attrs["units"] == "m"


def test_every_station_of_the_reach_has_the_same_dam_tide_and_rain(
    folder: Path, river: Network
) -> None:
    ds = pull(river, folder)
    for station in ("A", "B"):
        assert at_ten(ds, "dam_inflow", station) == 100
        assert at_ten(ds, "dam_release", station) == 200
        assert at_ten(ds, "dam_level", station) == np.float32(25.1)
        assert at_ten(ds, "tide", station) == 3.5
        assert at_ten(ds, "rainfall", station) == 12  # 6 readings of (1 + 3) / 2 mm
    assert np.isnan(ds.rainfall.values[:, 0]).all()  # the hour before 09:00 is not in the record


def test_rain_is_the_mean_of_the_gauges_that_report(folder: Path, river: Network) -> None:
    write_rain(folder, rf_2=["3", "3", "", "", "3", "3", "3"])
    assert at_ten(pull(river, folder), "rainfall") == 1 + 1 + 2 * 4 + 0
    write_rain(folder, rf_1=["1"] * 6 + [""], rf_2=["3"] * 6 + [""])
    ds = pull(river, folder)
    assert np.isnan(at_ten(ds, "rainfall"))
    assert at_ten(ds, "rainfall_flag") == Flag.NOT_REPORTED


@pytest.mark.parametrize(
    ("column", "text", "name", "flag"),
    [
        ("wl_A", "", "water_level", Flag.NOT_REPORTED),
        ("wl_A", "0", "water_level", Flag.SENTINEL),
        ("wl_A", "-990", "water_level", Flag.SENTINEL),
        ("wl_A", "9999", "water_level", Flag.OUT_OF_RANGE),
        ("wl_A", "n/a", "water_level", Flag.UNREADABLE),
        ("swl", "0", "dam_level", Flag.SENTINEL),
        ("swl", "19.9", "dam_level", Flag.OUT_OF_RANGE),
        ("tide_level", "-990", "tide", Flag.SENTINEL),
    ],
)
def test_a_level_that_cannot_be_right_is_missing_with_its_reason(
    folder: Path, river: Network, column: str, text: str, name: str, flag: Flag
) -> None:
    write(folder, **{column: [*COLUMNS[column][:6], text]})
    ds = pull(river, folder)
    assert np.isnan(at_ten(ds, name))
    assert at_ten(ds, f"{name}_flag") == flag


def test_a_false_release_is_left_out_of_the_mean(folder: Path, river: Network) -> None:
    write(folder, tototf=["200", "200", "25791", "200", "-5", "-990", "200"])
    said: list[str] = []
    ds = pull(river, folder, said.append)
    assert at_ten(ds, "dam_release") == 200
    assert "tototf: 1 sentinel, 1 out of range, 1 spike, of 7" in said


def test_no_flow_is_believed_while_the_dam_is_silent(folder: Path, river: Network) -> None:
    off = {"swl": ["25.1"] + ["0"] * 6, "inf": ["100"] + ["0"] * 6, "tototf": ["200"] + ["0"] * 6}
    write(folder, **off)
    ds = pull(river, folder)
    assert np.isnan(at_ten(ds, "dam_release"))
    assert at_ten(ds, "dam_release_flag") == Flag.SENTINEL
    assert at_ten(ds, "dam_inflow_flag") == Flag.SENTINEL


def test_a_release_of_zero_is_believed_while_the_dam_reports(folder: Path, river: Network) -> None:
    write(folder, tototf=["0"] * 7)
    assert at_ten(pull(river, folder), "dam_release") == 0


def test_a_spike_is_missing_and_a_fast_rise_is_not(folder: Path, river: Network) -> None:
    late = [f"2020-08-06 10:{minute}0" for minute in range(6)] + ["2020-08-06 11:00"]
    ends = {name: column[:6] for name, column in COLUMNS.items()}
    rising = ["300", "310", "320", "330", "400", "470", "540", "610", "680", *["690"] * 4]
    spike = ["400"] * 6 + ["300"] + ["400"] * 6
    both = {name: ends[name] + COLUMNS[name] for name in COLUMNS}
    text = csv(both | {"ymdhm": HOUR[:6] + late, "wl_A": rising, "wl_B": spike})
    (folder / "water_data" / "data_2020.csv").write_text(text, encoding="utf-8")
    ds = pull(river, folder)
    assert at_ten(ds, "water_level", "A") == np.float32(4.4)
    assert at_ten(ds, "water_level_flag", "B") == Flag.SPIKE
    assert np.isnan(at_ten(ds, "water_level", "B"))


def test_unsorted_rows_and_repeated_times_are_put_in_order(folder: Path, river: Network) -> None:
    write(folder, ymdhm=HOUR[::-1], wl_A=["310", *["300"] * 6])
    assert at_ten(pull(river, folder), "water_level") == np.float32(2.1)
    again = csv(COLUMNS | {"wl_A": ["320"] * 7})  # the same times, in a later file
    (folder / "water_data" / "data_2021.csv").write_text(again, encoding="utf-8")
    assert at_ten(pull(river, folder), "water_level") == np.float32(2.2)


def test_a_folder_without_dam_tide_or_rain_gauge_lacks_them_and_says_so(
    folder: Path, river: Network
) -> None:
    few = {name: COLUMNS[name] for name in ("ymdhm", "wl_A", "wl_B", "inf")}
    (folder / "water_data" / "data_2020.csv").write_text(csv(few), encoding="utf-8")
    (folder / "rf_data" / "rf_2020.csv").write_text(csv({"ymdhm": HOUR}), encoding="utf-8")
    said: list[str] = []
    ds = pull(river, folder, said.append)
    assert {"dam_level", "dam_release", "tide", "rainfall"}.isdisjoint(ds.data_vars)
    assert at_ten(ds, "dam_inflow") == 100
    assert "no column 'tide_level': no tide" in said
    assert "no rain gauge: no rainfall" in said
    bare = {name: COLUMNS[name] for name in ("ymdhm", "wl_A", "wl_B", "swl")}
    (folder / "water_data" / "data_2020.csv").write_text(csv(bare), encoding="utf-8")
    assert "dam_inflow" not in pull(river, folder)


def test_a_column_that_one_year_lacks_is_not_reported_in_that_year(
    folder: Path, river: Network
) -> None:
    later = {name: column for name, column in COLUMNS.items() if name != "tide_level"}
    later["ymdhm"] = [time.replace("2020", "2021") for time in HOUR]
    (folder / "water_data" / "data_2021.csv").write_text(csv(later), encoding="utf-8")
    ds = pull(river, folder)
    assert at_ten(ds, "tide") == 3.5
    assert np.isnan(ds.tide.values[:, -1]).all()


def test_unreadable_text_is_named_by_file_line_and_column(folder: Path, river: Network) -> None:
    write(folder, wl_B=[*COLUMNS["wl_B"][:6], "n/a"])
    said: list[str] = []
    pull(river, folder, said.append)
    assert "data_2020.csv, line 8, column 'wl_B': 'n/a' is no number." in said


def complaint(folder: Path, river: Network) -> str:
    with pytest.raises(SourceError) as told:
        pull(river, folder)
    assert told.value.remedy
    return told.value.problem


def test_a_time_that_is_none_is_refused(folder: Path, river: Network) -> None:
    write(folder, ymdhm=[*HOUR[:6], "tomorrow"])
    assert complaint(folder, river) == (
        "data_2020.csv, line 8, column 'ymdhm': 'tomorrow' is not a time."
    )


def test_a_missing_level_is_refused(folder: Path, river: Network) -> None:
    none = {name: column for name, column in COLUMNS.items() if name != "wl_B"}
    (folder / "water_data" / "data_2020.csv").write_text(csv(none), encoding="utf-8")
    assert "data_2020.csv, line 1: column 'wl_B' is missing" in complaint(folder, river)


def test_a_missing_folder_and_missing_files_are_named(folder: Path, river: Network) -> None:
    (folder / "rf_data" / "rf_2020.csv").unlink()
    assert "rf_data' has no file 'rf_YYYY.csv' or '.csv.gz'" in complaint(folder, river)
    (folder / "rf_data").rmdir()
    assert complaint(folder, river).endswith("rf_data' is missing.")
    assert complaint(folder / "nowhere", river).endswith("water_data' is missing.")


def test_a_station_without_a_gauge_zero_is_refused(folder: Path, river: Network) -> None:
    (folder / "stations.csv").write_text(TABLE.replace("2.0", ""), encoding="utf-8")
    assert "Station 'B' has no gauge zero" in complaint(folder, river)


def test_a_station_of_another_quantity_is_refused(folder: Path, river: Network) -> None:
    (folder / "stations.csv").write_text(
        TABLE.replace("2.0,water_level", "2.0,discharge"), encoding="utf-8"
    )
    assert "station 'B' measures discharge" in complaint(folder, river)


def test_without_a_table_of_its_own_the_folder_uses_the_network_s(
    folder: Path, river: Network
) -> None:
    (folder / "stations.csv").unlink()
    two = replace(river, stations=river.stations[:1])
    columns = {("wl_1018662" if name == "wl_A" else name): c for name, c in COLUMNS.items()}
    (folder / "water_data" / "data_2020.csv").write_text(csv(columns), encoding="utf-8")
    ds = pull(two, folder)
    assert at_ten(ds, "water_level", "1018662") == np.float32(3 - 1.747)
    assert "station_table" not in ds.attrs
