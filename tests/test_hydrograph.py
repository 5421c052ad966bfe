"""What the picture of a gauge shows, and what it says to those who cannot see it."""

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from data.stations import Thresholds
from maps.curves import gather
from maps.hydrograph import SIZES, hydrograph
from maps.view import View

RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


def drawing(view: View, station: str, size: str = "desk") -> ET.Element:
    course = gather(view).of(view.network.ids.index(station))
    picture = hydrograph(course, "Said.", "en", size)
    return ET.fromstring(picture)  # noqa: S314  # our own text


def lines(picture: ET.Element, kind: str) -> list[str]:
    return [p.attrib["d"] for p in picture.iter("path") if p.attrib["class"] == kind]


def labels(picture: ET.Element) -> list[str]:
    return [text.text or "" for text in picture.iter("text")]


def test_the_picture_has_a_title_and_is_described_by_the_sentence(make_view: Maker) -> None:
    picture = drawing(make_view(RIVER), "S1")
    told = {element.attrib["id"]: element.text for element in picture if "id" in element.attrib}
    assert picture.attrib["role"] == "img"
    assert [told[i] for i in picture.attrib["aria-labelledby"].split()] == [
        "Hydrograph: Simulated 1",
        "Said.",
    ]


def test_three_nested_bands_and_the_median_are_drawn(make_view: Maker) -> None:
    picture = drawing(make_view(RIVER), "S1")
    for kind in ("band90", "band80", "band50"):
        (band,) = lines(picture, kind)
        assert band.endswith("Z")
        assert len(re.findall("[ML]", band)) == 2 * RIVER.horizon
    (median,) = lines(picture, "median")
    assert len(re.findall("[ML]", median)) == RIVER.horizon


def test_a_gauge_without_forecast_shows_what_was_observed_alone(make_view: Maker) -> None:
    picture = drawing(make_view(RIVER), "S5")
    assert lines(picture, "median") == []
    assert lines(picture, "band90") == []
    assert len(lines(picture, "observed")) == 1


def test_a_gauge_of_which_nothing_is_known_says_so(make_view: Maker) -> None:
    view = make_view(RIVER)
    silent = view.observations.assign(water_level=view.observations.water_level * np.nan)
    told = labels(drawing(replace(view, observations=silent), "S5"))
    assert "There is nothing to draw" in told
    assert "There is nothing to draw" not in labels(drawing(view, "S5"))


def test_earlier_forecasts_and_the_outcome_are_drawn_only_where_given(
    make_view: Maker, make_full_view: Maker
) -> None:
    plain, full = drawing(make_view(RIVER), "S1"), drawing(make_full_view(RIVER), "S1")
    assert (lines(plain, "earlier"), lines(plain, "outcome")) == ([], [])
    assert len(lines(full, "earlier")) == 1
    assert len(lines(full, "outcome")) == 1


def test_every_threshold_is_named_and_an_arrow_points_to_one_beyond_the_frame(
    make_view: Maker,
) -> None:
    picture = drawing(make_view(RIVER), "S2")  # up to 4.3 m
    told = [text for text in labels(picture) if "attention" in text or "w" in text]
    assert [t for t in told if t.endswith((" 2", " 3", " 4"))] == [
        "warning 4",
        "watch 3",
        "attention 2",
    ]
    assert "↑ severe 5" in labels(picture)
    assert len(lines(picture, "limit")) == 3


def test_where_names_would_touch_they_stand_a_line_apart(make_view: Maker) -> None:
    close = Thresholds(2.0, 2.05, 3.0, 5.0, "derived", "")
    stations = tuple(replace(station, thresholds=close) for station in RIVER.stations)
    picture = drawing(make_view(replace(RIVER, stations=stations)), "S2")
    at = {text.text: float(text.attrib["y"]) for text in picture.iter("text")}
    assert at["attention 2"] - at["watch 2.05"] == pytest.approx(18)
    assert len(lines(picture, "limit")) == 3


def test_what_lies_above_a_threshold_is_tinted_up_to_the_next(make_view: Maker) -> None:
    picture = drawing(make_view(RIVER), "S2")
    zones = {zone.attrib["class"]: zone.attrib for zone in picture.iter("rect")}
    limits = [float(line.split("H")[0].split()[-1]) for line in lines(picture, "limit")]
    warning = zones["zone zone3"]
    assert float(warning["y"]) + float(warning["height"]) == pytest.approx(limits[0], abs=0.2)
    assert "zone zone4" not in zones  # severe begins above the picture


def test_the_issue_time_and_the_peak_are_written(make_view: Maker) -> None:
    told = labels(drawing(make_view(RIVER), "S1"))
    assert "Issued 2020-07-01 09:00 KST" in told
    assert "5.50" in told


def test_the_peak_is_marked_where_it_is_even_early(make_view: Maker) -> None:
    view = make_view(RIVER)
    falling = view.forecast.isel(lead_time=slice(None, None, -1)).water_level.values
    view = replace(
        view, forecast=view.forecast.assign(water_level=(view.forecast.water_level.dims, falling))
    )
    picture = drawing(view, "S1")
    (dot,) = picture.iter("circle")
    (median,) = lines(picture, "median")
    assert median.startswith(f"M{dot.attrib['cx']} {dot.attrib['cy']}L")


def test_a_forecast_with_a_hole_is_drawn_on_both_sides_of_it(make_view: Maker) -> None:
    view = make_view(RIVER)
    first = view.forecast.lead_time[0]
    holed = view.forecast.water_level.where(view.forecast.lead_time != first)
    picture = drawing(replace(view, forecast=view.forecast.assign(water_level=holed)), "S1")
    (median,) = lines(picture, "median")
    assert len(re.findall("[ML]", median)) == RIVER.horizon - 1
    assert "nan" not in ET.tostring(picture, "unicode")


@pytest.mark.parametrize("size", SIZES)
def test_no_label_leaves_the_picture(make_full_view: Maker, size: str) -> None:
    width, height = SIZES[size]
    for text in drawing(make_full_view(RIVER), "S1", size).iter("text"):
        assert 0 <= float(text.attrib["x"]) <= width
        assert 0 <= float(text.attrib["y"]) <= height


def test_a_gauge_without_thresholds_draws_none(make_view: Maker) -> None:
    bare = replace(RIVER.stations[0], thresholds=None)
    picture = drawing(make_view(replace(RIVER, stations=(bare, *RIVER.stations[1:]))), "S1")
    assert lines(picture, "limit") == []
    assert list(picture.iter("rect")) == []
