"""What a report keeps for the next one, and what has changed between two."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from data.network import Network
from data.sources import simulated
from data.stations import Stage
from maps.situation_changes import Change, changes
from maps.situation_state import NAME, State, before, of_view, read, to_bytes
from maps.view import View

RIVER = simulated.network(gauges=5)
HOUR = np.timedelta64(1, "h")
T = np.datetime64("2020-07-01T00:00", "ns")
Maker = Callable[[Network], View]


def state(stages: dict[str, int], edited: dict[str, str] | None = None) -> State:
    numbers = np.array(list(stages.values()), dtype="int8")
    return State("FORECAST", T, list(stages), numbers, edited or {})


def later(view: View, hours: int) -> View:
    """Return the view of a forecast that was issued some hours later."""
    times = view.forecast.issue_time.values + hours * HOUR
    return replace(view, forecast=view.forecast.assign_coords(issue_time=times))


def published(view: View, site: Path, compared: State | None) -> None:
    """Leave the state of a view in a site."""
    folder = site / view.network.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(to_bytes(of_view(view), compared))


def test_the_raised_come_first_then_the_lost_and_of_each_the_worst_first() -> None:
    then = state({"a": 0, "b": 1, "c": 2, "d": 0, "e": 4, "f": -1, "g": 3})
    now = state({"a": 1, "b": 3, "c": -1, "d": -1, "e": 2, "f": 0, "g": 3})
    assert changes(now, then) == (
        Change("b", "raised", Stage.ATTENTION, Stage.WARNING),
        Change("a", "raised", Stage.NORMAL, Stage.ATTENTION),
        Change("c", "lost", Stage.WATCH, Stage.UNKNOWN),
        Change("d", "lost", Stage.NORMAL, Stage.UNKNOWN),
        Change("f", "found", Stage.UNKNOWN, Stage.NORMAL),
        Change("e", "lowered", Stage.SEVERE, Stage.WATCH),
    )


def test_silence_is_never_told_as_falling() -> None:
    (change,) = changes(state({"a": -1}), state({"a": 4}))
    assert change.kind == "lost"


def test_a_gauge_that_comes_or_goes_has_not_changed_its_stage() -> None:
    found = changes(state({"a": 0, "new": 2}), state({"gone": 3, "a": 0}))
    assert found == (
        Change("new", "new", None, Stage.WATCH),
        Change("gone", "gone", Stage.WARNING, None),
    )


def test_an_edit_that_begins_changes_or_ends_is_a_change() -> None:
    then = state({"a": 0, "b": 0, "c": 0}, {"b": "e1", "c": "e2"})
    now = state({"a": 0, "b": 0, "c": 0}, {"a": "e9", "b": "e1"})
    assert [(c.station, c.kind) for c in changes(now, then)] == [("a", "edited"), ("c", "freed")]


def test_the_issue_before_is_what_was_published_last(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    published(view, tmp_path, None)
    kept = before(tmp_path, later(view, 1))
    assert kept is not None
    assert kept.issue_time == T
    assert dict(zip(kept.gauges, kept.stages.tolist(), strict=True)) == {
        "S1": 4,
        "S2": 2,
        "S3": 1,
        "S4": 0,
        "S5": -1,
    }


def test_a_report_that_is_drawn_again_is_compared_with_the_same_issue(
    tmp_path: Path, make_view: Maker
) -> None:
    first = make_view(RIVER)
    published(first, tmp_path, None)
    second = later(first, 1)
    published(second, tmp_path, before(tmp_path, second))
    again = before(tmp_path, second)
    assert again is not None
    assert again.issue_time == T
    assert list(again.gauges) == RIVER.ids  # kept once, for both


def test_nothing_is_compared_with_a_drill_a_replay_or_the_future(
    tmp_path: Path, make_view: Maker
) -> None:
    view = make_view(RIVER)
    published(replace(view, manifest=view.manifest | {"replayed": "storm"}), tmp_path, None)
    assert before(tmp_path, later(view, 1)) is None
    published(later(view, 5), tmp_path, None)
    assert before(tmp_path, view) is None
    assert before(None, view) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format":9}', '{"format":1,"now":{}}'])
def test_a_state_that_cannot_be_read_stops_nothing(
    tmp_path: Path, make_view: Maker, text: str
) -> None:
    folder = tmp_path / RIVER.name
    folder.mkdir()
    (folder / NAME).write_text(text)
    assert before(tmp_path, make_view(RIVER)) is None


def test_a_state_whose_stages_do_not_fit_its_gauges_is_refused(
    tmp_path: Path, make_view: Maker
) -> None:
    kept = orjson.loads(to_bytes(of_view(make_view(RIVER)), None))
    kept["now"]["stages"] = "0"
    (tmp_path / NAME).write_bytes(orjson.dumps(kept))
    with pytest.raises(ValueError, match="5 gauges and 1 stages"):
        read(tmp_path / NAME)
