"""Rows from the future: a slip of one row, or a clock that makes all rows doubtful."""

import numpy as np
import pytest

from data.sources.ahead import not_ahead

FETCHED = np.datetime64("2026-07-20T03:12", "ns")
NEVER = np.datetime64("NaT", "ns")


def used(*minutes: float) -> tuple[list[float], str]:
    """Return which rows can be used of rows so many minutes after the answer; NaN has no time."""

    def time(after: float) -> np.datetime64:
        if np.isnan(after):
            return NEVER
        return FETCHED + np.timedelta64(round(after * 60), "s")

    return not_ahead(minutes, time, FETCHED)


def test_rows_of_the_past_and_of_the_next_five_minutes_are_used() -> None:
    assert used(-10, 0, 5) == ([-10, 0, 5], "")


def test_a_row_six_minutes_ahead_makes_all_rows_of_its_site_doubtful() -> None:
    rows, said = used(-10, 0, 6)
    assert rows == []
    assert said == (
        "1 row is dated after the answer came, up to 2026-07-20T03:18Z: "
        "a clock is wrong, so no row of this site is used."
    )


@pytest.mark.parametrize("hours", [1, 9, 14])  # the last are zones taken for UTC
def test_a_zone_taken_for_utc_is_a_wrong_clock(hours: int) -> None:
    assert used(0, 60 * hours)[0] == []


def test_a_date_years_ahead_is_a_slip_of_one_row_and_the_others_are_used() -> None:
    rows, said = used(-10, 0, 60 * 24 * 365)
    assert rows == [-10, 0]
    assert said == "1 row is dated after the answer came, up to 2027-07-20T03:12Z, and left out."


def test_a_row_without_a_time_is_not_ahead() -> None:
    rows, said = used(-10, np.nan)
    assert len(rows) == 2
    assert said == ""
