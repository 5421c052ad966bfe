from math import isnan
from pathlib import Path

import pytest

from data import station_table
from data.errors import SourceError
from data.stations import Quantity

HEADER = (
    "id,name_ko,name_en,river_ko,river_en,latitude,longitude,gauge_zero,quantity,upstream,"
    "attention,watch,warning,severe,origin,method\n"
)
PLAIN = "A,가,Alpha,강,River,37.5,127.0,1.5,water_level,,,,,,,\n"
OFFICIAL = "B,나,Beta,강,River,37.4,126.9,,water_level,A,1,2,,4,official,the office\n"


def complaint(text: str) -> str:
    with pytest.raises(SourceError) as told:
        station_table.parse(text, "stations.csv")
    return told.value.problem


def test_a_row_becomes_a_station() -> None:
    alpha, beta = station_table.parse(HEADER + PLAIN + OFFICIAL, "stations.csv")
    assert (alpha.id, alpha.name_ko, alpha.name_en, alpha.gauge_zero) == ("A", "가", "Alpha", 1.5)
    assert (alpha.river_ko, alpha.river_en, alpha.quantity) == ("강", "River", Quantity.WATER_LEVEL)
    assert (alpha.latitude, alpha.longitude, alpha.upstream) == (37.5, 127.0, ())
    assert alpha.thresholds is None
    assert isnan(beta.gauge_zero)
    assert beta.upstream == ("A",)


def test_a_stage_without_a_level_stays_unset() -> None:
    thresholds = station_table.parse(HEADER + PLAIN + OFFICIAL, "x.csv")[1].thresholds
    assert thresholds is not None
    assert (thresholds.attention, thresholds.watch, thresholds.severe) == (1.0, 2.0, 4.0)
    assert isnan(thresholds.warning)
    assert (thresholds.origin, thresholds.method) == ("official", "the office")


def test_a_table_may_leave_out_what_nobody_knows() -> None:
    text = "id,name_ko,name_en,river_ko,river_en,latitude,longitude,quantity\n"
    (only,) = station_table.parse(text + "A,가,Alpha,강,River,0,0,discharge\n", "x.csv")
    assert isnan(only.gauge_zero)
    assert (only.thresholds, only.upstream) == (None, ())


@pytest.mark.parametrize(
    ("right", "wrong", "column"),
    [
        ("37.5", "north", "latitude"),
        ("37.5", "95", "latitude"),
        ("37.5", "", "latitude"),
        ("37.5", "nan", "latitude"),
        ("127.0", "inf", "longitude"),
        ("1.5", "1.5m", "gauge_zero"),
        ("water_level", "depth", "quantity"),
        ("Alpha", "", "name_en"),
    ],
)
def test_a_wrong_cell_is_named_by_file_line_and_column(right: str, wrong: str, column: str) -> None:
    told = complaint(HEADER + PLAIN.replace(right, wrong))
    assert told.startswith(f"stations.csv, line 2, column '{column}': found '{wrong}', expected ")


def test_thresholds_must_ascend() -> None:
    told = complaint(HEADER + PLAIN + OFFICIAL.replace("1,2,,4", "1,2,,2"))
    assert told.endswith("'severe': found '2', expected more than the stage below it, 2.")


def test_thresholds_need_an_origin_and_a_method() -> None:
    assert "column 'origin': found 'mine'" in complaint(
        HEADER + PLAIN + OFFICIAL.replace("official", "mine")
    )
    assert "column 'method': found ''" in complaint(
        HEADER + PLAIN + OFFICIAL.replace("the office", "")
    )


def test_an_id_appears_once() -> None:
    assert "line 3, column 'id': found 'A'" in complaint(HEADER + PLAIN + PLAIN)


@pytest.mark.parametrize("upstream", ["Z", "B"])
def test_a_station_is_below_another_station_of_the_table(upstream: str) -> None:
    told = complaint(HEADER + PLAIN + OFFICIAL.replace(",A,", f",{upstream},"))
    assert f"line 3, column 'upstream': found '{upstream}'" in told


def test_a_missing_column_is_named() -> None:
    assert "stations.csv, line 1: column 'latitude' is missing" in complaint(
        HEADER.replace("latitude", "lat")
    )


def test_a_table_without_stations_is_refused() -> None:
    assert "no station" in complaint(HEADER)


def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "stations.csv"
    path.write_text(HEADER + PLAIN, encoding="utf-8-sig")
    assert station_table.read(path)[0].id == "A"


def test_a_missing_table_and_one_in_another_encoding_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is missing"):
        station_table.read(tmp_path / "stations.csv")
    (tmp_path / "stations.csv").write_bytes((HEADER + PLAIN).encode("cp949"))
    with pytest.raises(SourceError, match="not UTF-8"):
        station_table.read(tmp_path / "stations.csv")
