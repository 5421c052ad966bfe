"""The tables of scores, as the pages print them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from maps.skill import figure, of_station, tables
from maps.view import View

RIVER = simulated.network(gauges=2)
Maker = Callable[[Network], View]


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        (0.414, "persistence_skill", "0.41"),
        (-1.643, "persistence_skill", "−1.64"),
        (101.4, "rmse", "101"),
        (0.0637, "crps", "0.0637"),
        (8784.0, "n", "8,784"),
        (np.nan, "nse", "–"),
    ],
)
def test_a_score_has_the_digits_that_it_deserves(value: float, kind: str, told: str) -> None:
    assert figure(value, kind) == told


def test_all_hours_and_flood_hours_stand_in_tables_of_their_own(make_full_view: Maker) -> None:
    mean = tables(make_full_view(RIVER), "en")[0]
    assert mean["name"] == "mean over gauges"
    assert mean["leads"] == ["1 hour", "3 hours", "6 hours", "12 hours", "24 hours"]
    assert [hours for hours, _ in mean["hours"]] == ["all hours", "flood hours"]


def test_our_model_stands_beside_its_baseline_under_each_score(make_full_view: Maker) -> None:
    table = of_station(make_full_view(RIVER), RIVER.stations[0], "en")
    score, lines = table["hours"][0][1][0]
    assert score == "persistence skill"
    assert lines[0] == ("Mulgil", True, ["0.90", "0.80", "0.60", "0.25", "−0.10"])
    assert lines[1][:2] == ("persistence (no change)", False)


def test_stage_events_are_counted_for_our_model_alone(make_full_view: Maker) -> None:
    table = of_station(make_full_view(RIVER), RIVER.stations[0], "ko")
    assert table["stages"][0] == (1, "관심", ["12 / 3 / 5"] * 5)


def test_the_mean_sums_the_counts_of_the_gauges(make_full_view: Maker) -> None:
    mean = tables(make_full_view(RIVER), "ko")[0]
    assert mean["stages"][3] == (4, "심각", ["24 / 6 / 10"] * 5)  # two gauges


def test_without_scores_there_are_no_tables(make_full_view: Maker) -> None:
    view = replace(make_full_view(RIVER), scores=None)
    assert tables(view, "en") == []
    assert of_station(view, RIVER.stations[0], "en") == {}


def test_a_gauge_that_was_not_verified_is_left_out(make_full_view: Maker) -> None:
    view = make_full_view(RIVER)
    assert view.scores is not None
    view = replace(view, scores=view.scores.sel(station=["S2"]))
    assert of_station(view, RIVER.stations[0], "en") == {}
    assert [table["name"] for table in tables(view, "en")] == ["mean over gauges", "Simulated 2"]


def test_only_the_scores_that_are_there_are_shown(make_full_view: Maker) -> None:
    view = make_full_view(RIVER)
    assert view.scores is not None
    view = replace(view, scores=view.scores[["rmse"]])
    table = tables(view, "en")[0]
    assert [hours for hours, _ in table["hours"]] == ["all hours"]
    assert [score for score, _ in table["hours"][0][1]] == ["RMSE"]
    assert table["stages"] == []


def test_a_stage_without_a_threshold_has_no_counts(make_full_view: Maker) -> None:
    view = make_full_view(RIVER)
    assert view.scores is not None
    unset = view.scores.stage == "severe"
    view = replace(view, scores=view.scores.assign(hits=view.scores.hits.where(~unset)))
    stages = of_station(view, RIVER.stations[0], "en")["stages"]
    assert [name for _, name, _ in stages] == ["attention", "watch", "warning"]
