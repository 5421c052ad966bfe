"""The bench of quality control, on a folder of invented values and, where at hand, on the Han."""

import csv
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import networks
from flows import bench_quality, bench_quality_floods, bench_quality_listed

HAN = Path(__file__).parents[1].parent / "shared" / "data" / "han-river"
ROWS = 8  # 10 minutes each from 2020-08-06 09:00 in Seoul, in a flood


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one listed jump that is a spike, one sentinel, one unlisted spike."""
    times = [f"2020-08-06 {9 + n // 6:02d}:{n % 6}0" for n in range(ROWS)]
    water: dict[str, list[float]] = {
        f"wl_{i}": [300] * ROWS for i in networks.find("han-river").ids
    }
    water["wl_1018662"] = [300, 300, 400, 300, 300, 300, 300, 300]
    water |= {"swl": [25.0] * 7 + [0], "inf": [100.0] * 6 + [-5, 100]}
    water |= {"tototf": [200.0] * ROWS, "tide_level": [350.0] * ROWS}
    water["tototf"][3] = 9000
    write(tmp_path / "water_data" / "data_2020.csv", times, water)
    write(tmp_path / "rf_data" / "rf_2020.csv", times, {"rf_1": [0.0] * ROWS})
    return tmp_path


def write(path: Path, times: list[str], columns: dict[str, list[float]]) -> None:
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["ymdhm", *columns])
        table.writerows(zip(times, *columns.values(), strict=True))


def test_every_figure_of_a_small_record_by_hand(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_quality, "SITES", 100)
    found = bench_quality.run(folder)
    figures = {n: v for n, v in found["figures"].items() if n != "sites_20000_s"}
    known = {
        "listed_errors": 4,  # swl = 0, inf = -5, the jump up and the jump back
        "listed_caught": 4,
        "jumps_left": 0,
        "false_flags": 1,  # the release of 9,000
        "false_flag_rate_percent": 100 / (9 * ROWS),  # of 9 columns
    }
    later = {f"{name}_later": value for name, value in known.items()}
    flood = {"flood_values_flagged": 1, "flood_values_held_back": 1}  # the spike, as it arrived
    assert figures == known | later | flood
    assert found["detail"]["not_listed"] == [
        {
            "column": "tototf",
            "flag": "SPIKE",
            "first": "2020-08-06T09:30",
            "last": "2020-08-06T09:30",
            "values": 1,
        }
    ]


def record(**columns: list[float]) -> xr.Dataset:
    start = np.datetime64("2013-06-05T00:40", "ns")
    time = start + np.arange(3) * np.timedelta64(10, "m")
    return xr.Dataset({n: ("time", v) for n, v in columns.items()}, coords={"time": time})


def test_errors_are_listed_by_what_was_written() -> None:
    quiet = {"swl": [25.0, 25.0, 0.0]}
    assert bench_quality_listed.values(record(wl_1=[0, -990, 5]), "wl_1").tolist() == [1, 1, 0]
    assert bench_quality_listed.values(record(swl=[0, 19, 20]), "swl").tolist() == [1, 1, 0]
    inflow = record(inf=[-1, 5, 0], **quiet)  # the second is one of the false releases
    assert bench_quality_listed.values(inflow, "inf").tolist() == [1, 1, 1]
    release = record(tototf=[0, 5, 7], **quiet)
    assert bench_quality_listed.values(release, "tototf").tolist() == [0, 1, 0]


def test_a_jump_is_listed_when_it_is_above_50_cm() -> None:
    assert bench_quality_listed.jumps(record(wl_1=[300, 350, 401]), "wl_1").tolist() == [2]


def test_a_flood_is_told_by_the_days_in_seoul() -> None:
    utc = np.array(["2016-07-03T14:50", "2016-07-03T15:00", "2016-07-10T15:00"], "datetime64[ns]")
    assert bench_quality_floods.during(utc, "2016-07").tolist() == [False, True, False]


@pytest.mark.slow
@pytest.mark.skipif(not HAN.is_dir(), reason="the Han River record is not at hand")
def test_quality_control_finds_what_is_known_and_doubts_no_flood(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench_quality, "SITES", 100)
    figures = bench_quality.run(HAN)["figures"]
    assert figures["listed_caught"] == figures["listed_errors"] > 9000
    assert figures["false_flag_rate_percent"] < 0.05
    assert figures["flood_values_flagged"] == 0
    assert figures["flood_values_held_back"] == 0
