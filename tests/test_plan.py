from pathlib import Path

import numpy as np
import pytest

from data.errors import InvalidData
from data.sources.simulated import network
from forecast.plan import read

RIVER = network(gauges=2)


def plan(folder: Path, text: str) -> Path:
    path = folder / "plan.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_is_meant_for_all_stations_and_an_empty_cell_is_a_gap(tmp_path: Path) -> None:
    text = "time,dam_release,rainfall\n2020-08-06T02:00Z,900,\n2020-08-06T01:00,800,3.5\n"
    found = read(plan(tmp_path, text), RIVER)
    assert found.dam_release.values.tolist() == [[800.0, 900.0]] * 2
    assert found.rainfall.sel(station="S1").values[0] == 3.5
    assert np.isnan(found.rainfall.values[:, 1]).all()
    assert found.dam_release.attrs["units"] == "m3 s-1"


def test_a_row_for_one_station_says_nothing_of_the_others(tmp_path: Path) -> None:
    text = "time,station,dam_release\n2020-08-06T01:00,S2,700\n"
    found = read(plan(tmp_path, text), RIVER)
    assert found.dam_release.sel(station="S2").item() == 700
    assert np.isnan(found.dam_release.sel(station="S1").item())
    assert "rainfall" not in found


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("time,level\n2020-08-06T01:00,3\n", "no column time, or none of"),
        ("", "no column time"),
        ("time,rainfall\nnoon,3\n", "Line 2: 'noon' is no time"),
        ("time,rainfall\n2020-08-06T01:30,3\n", "'2020-08-06T01:30' is not on the grid"),
        ("time,rainfall\n2020-08-06T01:00,much\n", "rainfall 'much' is no number"),
        ("time,rainfall\n2020-08-06T01:00,-3\n", "rainfall is -3, expected 0 or more"),
        ("time,rainfall\n2020-08-06T01:00,nan\n", "rainfall is nan, expected 0 or more"),
        ("time,station,rainfall\n2020-08-06T01:00,S9,3\n", "no station 'S9' in 'simulated'"),
        ("time,rainfall,rian\n2020-08-06T01:00,3,4\n", "Line 2 of 'plan.csv' has a column 'rian'"),
        ("time,rainfall\n2020-08-06T01:00,3,4\n", "Line 2 of 'plan.csv' has more or fewer cells"),
        ("time,rainfall,dam_release\n2020-08-06T01:00,3\n", "has more or fewer cells"),
        ("time,rainfall\n2020-08-06T01:00,\n", "plans nothing"),
        (
            "time,rainfall\n2020-08-06T01:00,3\n2020-08-06T01:00Z,4\n",
            "Line 3: rainfall of 2020-08-06T01:00 stands in line 2 already",
        ),
    ],
)
def test_what_is_no_plan_is_refused_by_line(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(InvalidData, match=wrong):
        read(plan(tmp_path, text), RIVER)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match="nowhere"):
        read(tmp_path / "nowhere.csv", RIVER)


def test_a_row_for_one_station_goes_before_one_for_all_whatever_their_order(
    tmp_path: Path,
) -> None:
    text = "time,station,rainfall\n2020-08-06T01:00,S2,7\n2020-08-06T01:00,,3\n"
    assert read(plan(tmp_path, text), RIVER).rainfall.values.tolist() == [[3.0], [7.0]]


def test_members_make_an_ensemble_and_a_row_without_one_is_meant_for_all(tmp_path: Path) -> None:
    text = (
        "time,member,dam_release,rainfall\n"
        "2020-08-06T01:00,,800,\n2020-08-06T01:00,dry,,0\n2020-08-06T01:00,wet,,30\n"
    )
    found = read(plan(tmp_path, text), RIVER)
    assert found.rainfall.dims == ("member", "station", "time")
    assert found.rainfall.sel(station="S1").values[:, 0].tolist() == [0.0, 30.0]
    assert (found.dam_release == 800).all()
