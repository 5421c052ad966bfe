"""Which gauge stands where in the list, and what is told of the page's age."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from data import networks
from data.network import Network
from data.sources import simulated
from data.stations import Stage
from maps.listing import (
    counts,
    credits_of,
    moment,
    order,
    overdue_at,
    percents,
    rows,
    shown,
    summary,
)
from maps.view import View

RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


@pytest.mark.parametrize(
    ("now", "ahead", "stage"),
    [
        (Stage.NORMAL, Stage.WATCH, Stage.WATCH),
        (Stage.SEVERE, Stage.NORMAL, Stage.SEVERE),  # it falls, but is still in flood
        (Stage.WARNING, Stage.UNKNOWN, Stage.WARNING),  # no forecast, but seen to be in flood
        (Stage.NORMAL, Stage.UNKNOWN, Stage.UNKNOWN),  # quiet now says nothing of what comes
        (Stage.UNKNOWN, Stage.NORMAL, Stage.NORMAL),
        (Stage.UNKNOWN, Stage.UNKNOWN, Stage.UNKNOWN),
    ],
)
def test_a_gauge_is_shown_with_the_worst_that_is_known(
    make_view: Maker, now: Stage, ahead: Stage, stage: Stage
) -> None:
    outlook = make_view(RIVER).outlooks[0]
    assert shown(replace(outlook, stage_now=now, stage=ahead)) is stage


def test_of_two_gauges_in_one_stage_the_likelier_stands_first(make_view: Maker) -> None:
    view = make_view(RIVER)
    quiet = view.outlooks[3]
    some = replace(quiet, probability=np.full_like(quiet.probability, 0.3))
    view = replace(view, outlooks=(quiet, replace(some, station="S5")))
    assert [row["id"] for row in rows(view, "en")] == ["S5", "S4"]


def test_a_chance_that_is_not_known_does_not_count(make_view: Maker) -> None:
    outlook = make_view(RIVER).outlooks[0]
    chances = (np.array([[np.nan, 0.4]]), np.empty((0, 24)), np.array([[0.1], [np.nan]]))
    outlooks = [replace(outlook, probability=chance) for chance in chances]
    assert percents(outlooks).tolist() == [40, -1, 10]
    assert percents(outlooks[1:2]).tolist() == [-1]


def test_each_stage_is_counted_the_unknown_before_the_normal(make_view: Maker) -> None:
    counted = counts(make_view(RIVER), "en")
    assert counted == [
        (4, "severe", 1),
        (3, "warning", 0),
        (2, "watch", 1),
        (1, "attention", 1),
        (-1, "unknown", 1),
        (0, "normal", 1),
    ]


def test_the_front_page_leaves_out_stages_without_a_gauge(make_view: Maker) -> None:
    part = summary(make_view(RIVER), "ko")
    assert [word for _, word, _ in part["counts"]] == [
        "심각",
        "주의보",
        "관심",
        "판단 불가",
        "평상",
    ]
    assert part["worst"]["name"] == "모의 1"


def test_a_page_holds_only_the_worst_and_their_place_in_the_network(make_view: Maker) -> None:
    worst = rows(make_view(RIVER), "en", most=3)
    assert [(row["id"], row["n"]) for row in worst] == [("S1", 0), ("S2", 1), ("S3", 2)]


def test_gauges_alike_in_stage_and_percent_keep_the_order_of_the_network(make_view: Maker) -> None:
    quiet = make_view(RIVER).outlooks[3]
    nearly = [replace(quiet, probability=np.full((4, 24), p)) for p in (0.204, 0.2, 0.31, 0.196)]
    view = replace(make_view(RIVER), outlooks=tuple(nearly))
    assert order(view) == [2, 0, 1, 3]  # 20, 20, 31, 20 %


def test_a_reading_is_told_with_its_unit_and_its_age(make_view: Maker) -> None:
    worst, *_, quiet = rows(make_view(RIVER), "en")
    assert worst["last"] == "1.00 m"
    assert quiet["age"] == "0 hours"
    unknown = next(row for row in rows(make_view(RIVER), "en") if row["stage"] == -1)
    assert (unknown["last_time"], unknown["age"]) == ("2020-07-01 00:00 KST", "9 hours")


def test_a_gauge_that_never_reported_has_no_reading_and_no_age(make_view: Maker) -> None:
    view = make_view(RIVER)
    silent = replace(
        view.outlooks[4],
        last_observed=np.nan,
        last_observed_time=np.datetime64("NaT", "ns"),
    )
    row = rows(replace(view, outlooks=(silent,)), "ko")[0]
    assert (row["last"], row["last_time"], row["age"]) == ("", "", "")


def test_no_time_is_told_as_nothing(make_view: Maker) -> None:
    assert moment(make_view(RIVER), np.datetime64("NaT", "ns")) == ""


@pytest.mark.parametrize(
    ("minutes", "overdue"),
    [
        (60, "2020-07-01T02:00"),  # the next in an hour, and another step of grace
        (10, "2020-07-01T01:10"),  # the next in ten minutes, and an hour of grace
    ],
)
def test_a_forecast_is_overdue_one_step_and_some_grace_later(
    make_view: Maker, minutes: int, overdue: str
) -> None:
    view = make_view(RIVER)
    river = replace(RIVER, step=np.timedelta64(minutes, "m"))
    assert overdue_at(replace(view, network=river)) == np.datetime64(overdue)


def test_providers_are_credited_as_they_ask_once() -> None:
    live = networks.find("han-live")
    assert credits_of(live) == ["Weather data by Open-Meteo.com (CC BY 4.0)."]
    said = replace(live, provenance="Rain: Weather data by Open-Meteo.com (CC BY 4.0).")
    assert credits_of(said) == []
    assert credits_of(networks.find("recorded")) == []
