"""What is said of a plan before it is used."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.errors import InvalidData
from data.sources.simulated import network
from forecast.plan import read
from forecast.plan_checks import Fitted, fit

RIVER = network(gauges=2, horizon=6)
ISSUE = np.datetime64("2020-08-06T00:00", "ns")
LARGEST = {"dam_release": np.array([1000.0, 1000.0]), "rainfall": np.array([40.0, 40.0])}
NOW = xr.Dataset({"dam_release": ("station", [600.0, np.nan])}, {"station": RIVER.ids})


def fitted(folder: Path, rows: str, columns: str = "time,dam_release") -> Fitted:
    path = folder / "plan.csv"
    lines = [f"2020-08-06T{row}" for row in rows.split()]
    path.write_text("\n".join([columns, *lines]) + "\n", encoding="utf-8")
    return fit(read(path, RIVER), RIVER, ISSUE, NOW, LARGEST)


def test_a_whole_plan_needs_no_word(tmp_path: Path) -> None:
    made = fitted(tmp_path, " ".join(f"0{hour}:00,{100 * hour}" for hour in range(1, 7)))
    assert made.notes == ()
    assert made.plan.dam_release.isel(station=0).values.tolist() == [100, 200, 300, 400, 500, 600]


def test_what_lies_outside_is_not_used_and_said(tmp_path: Path) -> None:
    rows = " ".join(f"{hour:02}:00,500" for hour in range(9))
    made = fitted(tmp_path, rows)
    assert made.plan.time.values[-1] == ISSUE + np.timedelta64(6, "h")
    assert [note.split(". ")[1] for note in made.notes] == [
        "1 times of the plan are not after the issue time and are not used.",
        "2 times of the plan lie beyond the forecast and are not used.",
    ]


def test_a_plan_wholly_outside_is_refused_with_the_hours_that_would_do(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match="after 2020-08-06T00:00Z and up to 2020-08-06T06:00Z"):
        fitted(tmp_path, "07:00,500")


def test_short_gaps_between_releases_are_bridged_also_from_now(tmp_path: Path) -> None:
    made = fitted(tmp_path, "02:00,800 04:00,1000 05:00,900 06:00,900")
    release = made.plan.dam_release
    assert release.isel(station=0).values.tolist() == [700, 800, 900, 1000, 900, 900]
    assert np.isnan(release.isel(station=1).values[0])  # what is released now is not known there
    assert release.isel(station=1).values[1:].tolist() == [800, 900, 1000, 900, 900]
    assert "bridged by a straight line" in made.notes[0]
    assert "S1 2020-08-06T06:00Z, S2 –" in made.notes[1]


def test_gaps_in_rain_are_never_filled(tmp_path: Path) -> None:
    made = fitted(tmp_path, "01:00,3 02:00,4 04:00,5", "time,rainfall")
    assert np.isnan(made.plan.rainfall.values[:, 2]).all()
    assert made.notes == (
        "계획된 강우: 2020-08-06T02:00Z까지만 빈 곳 없이 알려져 그 뒤는 쓰지 않습니다. "
        "The planned rain is known without a gap up to 2020-08-06T02:00Z; beyond, it is not used.",
    )


@pytest.mark.parametrize(
    ("release", "said"),
    [
        (1000, None),
        (1500, "1.5 times the largest on record, 1,000 m3/s: extrapolated"),
        (3001, "3.0 times the largest on record, 1,000 m3/s: is the unit right?"),
        (900000, "900.0 times the largest on record, 1,000 m3/s: is the unit right?"),
    ],
)
def test_what_is_larger_than_the_record_is_said(
    tmp_path: Path, release: int, said: str | None
) -> None:
    made = fitted(tmp_path, " ".join(f"0{hour}:00,{release}" for hour in range(1, 7)))
    assert (said in made.notes[0]) if said else (made.notes == ())


def test_a_variable_that_no_record_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("time,dam_release\n2020-08-06T01:00,5\n", encoding="utf-8")
    dry = LARGEST | {"dam_release": np.array([np.nan, np.nan])}
    with pytest.raises(InvalidData, match="record of 'simulated' has no dam_release"):
        fit(read(path, RIVER), RIVER, ISSUE, NOW, dry)
