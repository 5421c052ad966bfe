"""Edits: a layer above a forecast, which is never changed itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from data.network import Network
from data.sources import simulated
from data.stations import Quantity, Stage
from forecast.edits import Edit, Edited, apply
from forecast.outlook import Outlook, assess, sentence
from forecast.wording import in_language
from maps.view import View

RIVER = simulated.network(gauges=5)  # S1 .. S5: severe, watch, attention, normal, unknown
ISSUE = np.datetime64("2020-07-01T00:00", "ns")
HOUR = np.timedelta64(1, "h")
Maker = Callable[[Network], View]


def edit(kind: Any, value: float, station: str = "S4", **more: Any) -> Edit:
    given: dict[str, Any] = {
        "id": "e1",
        "station": station,
        "kind": kind,
        "value": value,
        "reason": "rain of the last hour is not in the model",
        "role": "duty hydrologist",
        "created": ISSUE,
        "issued": ISSUE,
        "expires": ISSUE + 6 * HOUR,
    }
    return Edit(**(given | more))


def applied(view: View, *edits: Edit, at: np.datetime64 = ISSUE) -> Edited:
    return apply(view.forecast, view.outlooks, edits, view.network, at)


def median(forecast: xr.Dataset, station: str = "S4") -> Any:
    return forecast.water_level.isel(issue_time=0).sel(station=station, quantile=0.5).values


def of(edited: Edited, station: str = "S4") -> Outlook:
    return next(outlook for outlook in edited.outlooks if outlook.station == station)


def test_an_offset_moves_every_quantile_alike_and_other_gauges_not_at_all(make_view: Maker) -> None:
    view = make_view(RIVER)
    found = applied(view, edit("offset", 0.5))
    moved = (found.forecast.water_level - view.forecast.water_level).isel(issue_time=0)
    assert np.allclose(moved.sel(station="S4"), 0.5)
    assert (moved.sel(station=["S1", "S2", "S3"]) == 0).all()


def test_an_offset_fades_to_nothing_after_its_last_valid_time(make_view: Maker) -> None:
    view = make_view(RIVER)
    bounds: dict[str, Any] = {"first": ISSUE + 2 * HOUR, "last": ISSUE + 3 * HOUR, "fade": 4 * HOUR}
    found = applied(view, edit("offset", 0.4, **bounds))
    moved = median(found.forecast) - median(view.forecast)
    assert moved[:8] == pytest.approx([0, 0.4, 0.4, 0.3, 0.2, 0.1, 0, 0], abs=1e-9)


def test_a_level_is_what_the_median_becomes_and_the_spread_stays(make_view: Maker) -> None:
    view = make_view(RIVER)
    found = applied(view, edit("level", 3.2))
    assert np.allclose(median(found.forecast), 3.2)
    before, after = (
        f.water_level.isel(issue_time=0).sel(station="S4") for f in (view.forecast, found.forecast)
    )
    spread = [part.sel(quantile=0.95) - part.sel(quantile=0.05) for part in (before, after)]
    assert np.allclose(*spread)
    assert of(found).stage is Stage.WATCH  # from 3 m
    assert of(found).peak == pytest.approx(3.2)


def test_a_peak_is_the_highest_median(make_view: Maker) -> None:
    found = applied(make_view(RIVER), edit("peak", 4.5, "S2"))
    assert median(found.forecast, "S2").max() == pytest.approx(4.5)
    assert of(found, "S2").stage is Stage.WARNING


def test_where_there_is_no_forecast_no_edit_makes_levels(make_view: Maker) -> None:
    view = make_view(RIVER)
    found = applied(view, edit("level", 3.2, "S5"))
    assert found.forecast is view.forecast
    assert found.changes[0].idle == ("e1",)
    assert of(found, "S5") == view.outlooks[4]


def test_where_there_is_no_forecast_a_person_may_judge_and_it_is_said(make_view: Maker) -> None:
    view = make_view(RIVER)
    outlook = of(applied(view, edit("at_least", Stage.WATCH, "S5")), "S5")
    assert outlook.stage is Stage.WATCH
    assert in_language(outlook.note, "en").startswith("A person's judgement")
    assert "watch level" in sentence(outlook, RIVER, "en")
    assert "사람이 판단한" in sentence(outlook, RIVER, "ko")
    assert np.isnan(outlook.peak)


def test_at_most_makes_nothing_known(make_view: Maker) -> None:
    found = applied(make_view(RIVER), edit("at_most", Stage.NORMAL, "S5"))
    assert of(found, "S5").stage is Stage.UNKNOWN
    assert found.changes[0].idle == ("e1",)


@pytest.mark.parametrize(
    ("kind", "asked", "station", "expected"),
    [
        ("stage", Stage.WARNING, "S4", Stage.WARNING),
        ("stage", Stage.NORMAL, "S1", Stage.NORMAL),
        ("at_least", Stage.WATCH, "S4", Stage.WATCH),
        ("at_least", Stage.WATCH, "S1", Stage.SEVERE),
        ("at_most", Stage.ATTENTION, "S1", Stage.ATTENTION),
        ("at_most", Stage.WARNING, "S3", Stage.ATTENTION),
        ("stage", Stage.UNKNOWN, "S2", Stage.UNKNOWN),
    ],
)
def test_a_stage_is_set_or_bounded(
    make_view: Maker, kind: str, asked: Stage, station: str, expected: Stage
) -> None:
    assert of(applied(make_view(RIVER), edit(kind, asked, station)), station).stage is expected


def test_a_lowered_stage_says_so_in_both_languages(make_view: Maker) -> None:
    found = applied(make_view(RIVER), edit("stage", Stage.ATTENTION, "S1"))
    said = [sentence(of(found, "S1"), RIVER, language) for language in ("ko", "en")]
    assert "낮춘 단계이며 자동 산출은 심각입니다." in said[0]
    assert "LOWERED" not in said[0]
    assert "Stage LOWERED by a forecaster; the automatic one is severe." in said[1]
    assert found.changes[0].lowered
    assert found.changes[0].before.stage is Stage.SEVERE


def test_to_say_normal_where_nothing_is_known_counts_as_lowered(make_view: Maker) -> None:
    found = applied(make_view(RIVER), edit("stage", Stage.NORMAL, "S5"))
    assert found.changes[0].lowered
    assert "normal level" in sentence(of(found, "S5"), RIVER, "en")


def test_what_is_read_at_the_gauge_cannot_be_edited_away(make_view: Maker) -> None:
    from maps.listing import shown

    view = make_view(RIVER)
    flooded = tuple(replace(o, stage_now=Stage.WARNING) for o in view.outlooks)
    found = apply(view.forecast, flooded, [edit("stage", Stage.NORMAL, "S1")], RIVER, ISSUE)
    assert shown(of(found, "S1")) is Stage.WARNING


def test_edits_act_one_after_the_other(make_view: Maker) -> None:
    view = make_view(RIVER)
    two = [edit("offset", 0.3), edit("offset", 0.2, id="e2"), edit("at_least", 3, id="e3")]
    found = applied(view, *two)
    assert median(found.forecast) - median(view.forecast) == pytest.approx(0.5, abs=1e-6)
    assert of(found).stage is Stage.WARNING
    assert [e.id for e in found.changes[0].edits] == ["e1", "e2", "e3"]


def test_no_edit_makes_a_flow_negative_that_was_not(make_view: Maker) -> None:
    river = replace(RIVER, quantity=Quantity.DISCHARGE)
    view = make_view(RIVER)
    forecast = view.forecast.rename(water_level="discharge")
    outlooks = assess(forecast.isel(issue_time=0), river)
    found = apply(forecast, outlooks, [edit("offset", -50.0)], river, ISSUE)
    changed = found.forecast.discharge.sel(station="S4").values
    assert (changed >= np.minimum(forecast.discharge.sel(station="S4").values, 0)).all()
    assert changed.max() == 0


def test_an_edit_of_a_later_forecast_does_not_change_an_earlier_one(make_view: Maker) -> None:
    view = make_view(RIVER)
    found = applied(view, edit("offset", 1.0, issued=ISSUE + HOUR))
    assert found.forecast is view.forecast
    assert found.outlooks is view.outlooks


KINDS = st.sampled_from(["offset", "level", "peak", "stage", "at_least", "at_most"])


@st.composite
def any_edit(draw: Any) -> Edit:
    kind = draw(KINDS)
    is_stage = kind in {"stage", "at_least", "at_most"}
    value = draw(st.integers(-1, 4) if is_stage else st.floats(-20, 20))
    ends = sorted(draw(st.lists(st.integers(-5, 30), min_size=2, max_size=2)))
    return edit(
        kind,
        float(value),
        draw(st.sampled_from([*RIVER.ids, "elsewhere"])),
        id=str(draw(st.integers(0, 99))),
        expires=ISSUE + draw(st.integers(1, 72)) * HOUR,
        first=ISSUE + ends[0] * HOUR,
        last=ISSUE + ends[1] * HOUR,
        fade=draw(st.integers(0, 30)) * HOUR,
    )


@pytest.mark.slow
@given(edits=st.lists(any_edit(), max_size=5))
@tries(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_edited_is_gone_bit_for_bit_once_it_expires(
    make_view: Maker, edits: list[Edit]
) -> None:
    view = make_view(RIVER)
    before = view.forecast.water_level.values.tobytes()
    during = applied(view, *edits)
    assert view.forecast.water_level.values.tobytes() == before  # the raw one is never changed
    values = during.forecast.water_level.values
    assert (np.isnan(values) == np.isnan(view.forecast.water_level.values)).all()
    assert (np.diff(np.nan_to_num(values), axis=-1) >= -1e-9).all()  # quantiles never cross
    for outlook in during.outlooks:
        for language in ("ko", "en"):
            assert sentence(outlook, RIVER, language)
    after = applied(view, *edits, at=ISSUE + 72 * HOUR)
    assert after.forecast.water_level.values.tobytes() == before
    assert after.outlooks is view.outlooks
    assert after.changes == ()
