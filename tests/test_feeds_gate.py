"""Which alerts go out: an authority's own need an approval; a hold stops any."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from data.stations import Stage
from forecast.edits import Edit, apply
from maps.feeds.cap import cap
from maps.feeds.chains import State, advance
from maps.feeds.gate import follow, may_go_out
from maps.feeds.publisher import NOBODY, Publisher
from maps.review import Reviewed
from maps.view import View

REAL = replace(simulated.network(gauges=5), simulated=False, live=True)
OFFICE = Publisher("flood.example", "통제소", "Office", "02-0", authority=True)
HOUR = np.timedelta64(1, "h")
Maker = Callable[[Network], View]


def reviewed(view: View, state: Any = "automatic", **more: Any) -> View:
    """Return a view under review, approved half an hour after it was issued."""
    at = view.issue_time + np.timedelta64(30, "m")
    known = Reviewed(view.forecast, view.outlooks, state, "chief", at, **more)
    return replace(view, review=known)


def later(view: View, hours: int = 1) -> View:
    """Return the view of an issue some hours later."""
    shift = hours * HOUR
    valid = (("issue_time", "lead_time"), view.forecast.valid_time.values + shift)
    issue = view.forecast.issue_time.values + shift
    moved = tuple(
        replace(o, issue_time=o.issue_time + shift, stage_time=o.stage_time + shift)
        for o in view.outlooks
    )
    forecast = view.forecast.assign_coords(issue_time=issue, valid_time=valid)
    return replace(view, forecast=forecast, outlooks=moved)


def calm(view: View) -> View:
    quiet = tuple(
        replace(o, stage=min(o.stage, Stage.NORMAL), stage_time=np.datetime64("NaT", "ns"))
        for o in view.outlooks
    )
    return replace(view, outlooks=quiet)


@pytest.mark.parametrize(
    ("state", "publisher", "expected"),
    [
        ("automatic", NOBODY, True),
        ("automatic", OFFICE, False),
        ("automatic", replace(OFFICE, unapproved=True), True),
        ("approved", OFFICE, True),
        ("held", NOBODY, False),
        ("held", OFFICE, False),
        ("held", replace(OFFICE, unapproved=True), False),
    ],
)
def test_who_may_go_out(make_view: Maker, state: str, publisher: Publisher, expected: bool) -> None:
    assert may_go_out(reviewed(make_view(REAL), state), publisher) is expected


def test_a_forecast_that_nobody_approved_sends_nothing_actual(make_view: Maker) -> None:
    state = follow(reviewed(make_view(REAL)), None, OFFICE)
    assert state.chains == {}


def test_what_is_approved_afterwards_goes_out_then(make_view: Maker) -> None:
    view = make_view(REAL)
    before = follow(reviewed(view), None, OFFICE)
    state = follow(reviewed(view, "approved"), before, OFFICE)
    assert sorted(state.chains) == ["S1", "S2", "S3"]
    message = state.chains["S1"].messages[0]
    assert message.status == "Actual"
    assert message.sent == "2020-07-01T09:30:00+09:00"  # when it was approved
    assert message.source.startswith("Mulgil, approved by chief;")
    assert ("approvedBy", "chief") in message.parameters


def test_an_alert_in_force_neither_goes_on_nor_ends_while_its_forecast_waits(
    make_view: Maker,
) -> None:
    view = make_view(REAL)
    before = follow(reviewed(view, "approved"), None, OFFICE)
    state = before
    for hour in range(1, 6):  # three calm issues would end it
        state = follow(reviewed(calm(later(view, hour))), state, OFFICE)
    assert state is before
    for hour in range(6, 9):
        state = follow(reviewed(calm(later(view, hour)), "approved"), state, OFFICE)
    assert state.chains["S1"].standing is None


def test_an_approved_forecast_is_told_though_a_newer_one_is_shown(make_view: Maker) -> None:
    view = make_view(REAL)
    newer = reviewed(calm(later(view)), approved=reviewed(view, "approved"))
    state = follow(newer, None, OFFICE)
    assert state.issue_time == view.issue_time
    assert sorted(state.chains) == ["S1", "S2", "S3"]
    assert follow(newer, state, OFFICE) == state  # and once only


def test_tests_and_exercises_go_out_of_the_box(make_view: Maker) -> None:
    state = follow(reviewed(make_view(REAL)), None, NOBODY)
    assert {chain.messages[0].status for chain in state.chains.values()} == {"Test"}
    said = state.chains["S1"].messages[0].source
    assert said.startswith("Mulgil, automatic, not reviewed;")


def test_without_a_review_layer_all_is_as_before(make_view: Maker) -> None:
    view = make_view(REAL)
    assert follow(view, None, OFFICE) == advance(view, None, OFFICE)


def test_a_message_of_an_edited_gauge_names_the_automatic_stage(make_view: Maker) -> None:
    view = make_view(REAL)
    edit = Edit(
        "e1", "S4", "at_least", 3.0, 'dam <gate> & "rain"', "duty", view.issue_time,
        view.issue_time, view.issue_time + HOUR,
    )  # fmt: skip
    found = apply(view.forecast, view.outlooks, [edit], REAL, view.issue_time)
    known = Reviewed(view.forecast, view.outlooks, changes=found.changes)
    shown = replace(view, outlooks=found.outlooks, review=known)
    state: State = follow(shown, None, NOBODY)
    message = state.chains["S4"].messages[0]
    told = dict(message.parameters)
    assert (told["stage"], told["stageAutomatic"], told["editedBy"]) == (
        "WARNING",
        "NORMAL",
        "duty",
    )
    assert "Stage raised by a forecaster; the automatic one is normal." in message.en.description
    assert b"dam &lt;gate&gt; &amp;" in cap(message, NOBODY)
