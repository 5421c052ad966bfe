"""What reviewers hand in is checked on our side, whatever a form has checked before."""

from typing import Any

import numpy as np
import pytest

from flows import review_input
from flows.review_input import BadReview, edit_of

GOOD: dict[str, Any] = {
    "saw": 0,
    "station": "S1",
    "kind": "offset",
    "value": 0.3,
    "hours": 6,
    "role": "duty",
    "reason": "gate opened",
}
ISSUE = np.datetime64("2020-07-01T00:00", "ns")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("value", "nan", "finite"),
        ("value", float("inf"), "finite"),
        ("value", 0, "changes nothing"),
        ("value", "", "number"),
        ("kind", "delete", "kind"),
        ("hours", 73, "72"),
        ("hours", 0, "greater than 0"),
        ("hours", None, "hours or until"),
        ("role", "", "role"),
        ("role", "x" * 61, "role"),
        ("reason", "no", "reason"),
        ("reason", "x" * 301, "reason"),
        ("reason", "line\nbreak", "line break"),
        ("reason", "turned \u202e round", "mark of direction"),
        ("role", "bell\x07bell", "control character"),
        ("fade_hours", -1, "fade_hours"),
        ("saw", -1, "saw"),
        ("station", "", "station"),
        ("approved", True, "approved"),
    ],
)
def test_what_is_out_of_bounds_is_refused_and_named(field: str, value: Any, said: str) -> None:
    with pytest.raises(BadReview, match=said):
        review_input.form(GOOD | {field: value})


@pytest.mark.parametrize("value", ["extreme", 7, 1.5])
def test_a_stage_that_there_is_not_is_refused(value: Any) -> None:
    with pytest.raises(BadReview):
        review_input.form(GOOD | {"kind": "stage", "value": value})


def test_a_stage_is_named_in_words_and_unknown_bounds_nothing() -> None:
    assert review_input.form(GOOD | {"kind": "stage", "value": " Watch "}).value == 2
    with pytest.raises(BadReview, match="bounded by a known stage"):
        review_input.form(GOOD | {"kind": "at_most", "value": "unknown"})


def test_a_time_with_a_zone_becomes_utc() -> None:
    given = GOOD | {"hours": None, "until": "2020-07-01T15:00+09:00", "first": "2020-07-01T02:00"}
    edit = edit_of(review_input.form(given), ISSUE, ISSUE)
    assert edit.expires == np.datetime64("2020-07-01T06:00")
    assert edit.first == np.datetime64("2020-07-01T02:00")


def test_valid_times_in_the_wrong_order_are_refused() -> None:
    given = GOOD | {"first": "2020-07-01T05:00", "last": "2020-07-01T03:00"}
    with pytest.raises(BadReview, match="before its first"):
        edit_of(review_input.form(given), ISSUE, ISSUE)
    with pytest.raises(BadReview, match="before the forecast"):
        edit_of(review_input.form(GOOD | {"last": "2020-06-30T00:00"}), ISSUE, ISSUE)


@pytest.mark.parametrize("text", ["x", "-1", "1e9", "nan"])
def test_hours_ahead_are_hours_ahead(text: str) -> None:
    with pytest.raises(BadReview, match="hours ahead"):
        review_input.ahead(text)
