"""CSV beside every chart."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from data.network import Network
from data.sources import simulated
from maps.feeds.all import write
from maps.view import View

RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / "gauge" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_forecast_table_holds_the_quantiles(tmp_path: Path, make_view: Maker) -> None:
    write(make_view(RIVER), tmp_path, None)
    last = rows(tmp_path, "S1.forecast")[-1]
    assert last["valid_time"] == "2020-07-02T00:00:00Z"
    assert (last["lead_minutes"], last["q0.05"], last["q0.5"]) == ("1440", "4.700", "5.500")
    assert (last["quantity"], last["unit"]) == ("water_level", "m")


def test_the_table_of_chances_has_a_row_for_each_stage_and_lead(
    tmp_path: Path, make_view: Maker
) -> None:
    write(make_view(RIVER), tmp_path, None)
    found = rows(tmp_path, "S1.chances")
    assert len(found) == 4 * 24
    severe = [row for row in found if row["stage"] == "severe"]
    assert severe[0]["probability"] == "0.050"  # 1.15 m: 5 % or less
    assert severe[-1]["threshold"] == "5"
    # at 5.5 m 5 m lies between the quantiles 0.1 (4.9) and 0.25 (5.2): 0.1 + 0.15 / 3
    assert severe[-1]["probability"] == "0.850"


def test_what_is_missing_is_empty_and_never_0(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    level = view.observations.water_level.copy()
    level[0, -1] = np.nan
    write(replace(view, observations=view.observations.assign(water_level=level)), tmp_path, None)
    last = rows(tmp_path, "S1.observed")[-1]
    assert (last["water_level"], last["water_level_flag"]) == ("", "not_reported")
    assert {row["q0.5"] for row in rows(tmp_path, "S5.forecast")} == {""}
    assert {row["probability"] for row in rows(tmp_path, "S5.chances")} == {""}


def test_observations_come_with_rain_and_flags(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    write(view, tmp_path, None)
    found = rows(tmp_path, "S2.observed")
    assert len(found) == 48
    assert found[0]["time"] == "2020-06-29T01:00:00Z"
    assert {row["rainfall_flag"] for row in found} == {"good"}
    level = view.observations.water_level.sel(station="S2").values[0]
    assert float(found[0]["water_level"]) == round(float(level), 3)


def test_every_row_says_what_it_is(tmp_path: Path, make_view: Maker) -> None:
    write(replace(make_view(RIVER), replay=True), tmp_path, None)
    write(make_view(replace(RIVER, simulated=False)), tmp_path / "real", None)
    end = ", not an official flood warning"
    for kind, real in (("observed", "OBSERVATIONS"), ("forecast", "FORECAST")):
        made_up = {row["label"] for row in rows(tmp_path, f"S1.{kind}")}
        assert made_up == {f"SIMULATED REPLAY{end}"}
        assert {row["label"] for row in rows(tmp_path / "real", f"S1.{kind}")} == {real + end}


def test_no_spreadsheet_takes_an_id_for_a_formula(tmp_path: Path, make_view: Maker) -> None:
    evil = '=HYPERLINK("http://x","y")'
    view = make_view(RIVER)
    first, *others = view.network.stations
    stations = (replace(first, id=evil), *others)
    renamed = {
        "network": replace(view.network, stations=stations),
        "observations": view.observations.assign_coords(station=[evil, "S2", "S3", "S4", "S5"]),
        "forecast": view.forecast.assign_coords(station=[evil, "S2", "S3", "S4", "S5"]),
        "outlooks": (replace(view.outlooks[0], station=evil), *view.outlooks[1:]),
    }
    write(replace(view, **renamed), tmp_path, None)  # type: ignore[arg-type]
    path = next((tmp_path / "gauge").glob("_3d_HYPERLINK*.observed.csv"))
    found = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert found[0]["station"] == f"'{evil}"
