"""What KMA's words for amounts of rain mean."""

from math import inf, isnan

import pytest

from data.schema import Flag
from data.sources.kma_amounts import OPEN_END, Amount, forecast, observed, written


@pytest.mark.parametrize(
    ("text", "low", "high", "middle"),
    [
        ("강수없음", 0, 0, 0),
        ("강수 없음", 0, 0, 0),
        ("1mm 미만", 0, 1, 0.5),
        ("1.0mm 미만", 0, 1, 0.5),
        ("1.0mm", 1, 1, 1),
        ("29.9mm", 29.9, 29.9, 29.9),
        (" 6.2 mm ", 6.2, 6.2, 6.2),
        ("2.5", 2.5, 2.5, 2.5),
        ("0", 0, 0, 0),
        ("30.0~50.0mm", 30, 50, 40),
        ("30~50mm", 30, 50, 40),
        ("30.0mm~50.0mm", 30, 50, 40),
        ("30.0～50.0㎜", 30, 50, 40),
        ("30.0-50.0mm", 30, 50, 40),
        ("30mm 이상 50mm 미만", 30, 50, 40),
    ],
)
def test_a_forecast_amount_is_an_interval_and_its_middle(
    text: str, low: float, high: float, middle: float
) -> None:
    amount = forecast(text)
    assert amount == Amount(low, high, Flag.GOOD)
    assert amount.value() == middle


def test_an_interval_open_above_takes_the_configured_value_or_its_end_if_more() -> None:
    amount = forecast("50.0mm 이상")
    assert amount == Amount(50, inf)
    assert amount.value() == OPEN_END
    assert amount.value(open_end=90.0) == 90
    assert amount.value(open_end=10.0) == 50


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("-998.9", Flag.SENTINEL),
        ("-999", Flag.SENTINEL),
        ("999", Flag.SENTINEL),
        ("900.0mm", Flag.SENTINEL),
        ("999mm 이상", Flag.SENTINEL),
        (-999, Flag.SENTINEL),
        ("", Flag.NOT_REPORTED),
        (" ", Flag.NOT_REPORTED),
        ("-", Flag.NOT_REPORTED),
        (None, Flag.NOT_REPORTED),
        ("null", Flag.NOT_REPORTED),
        ("-1.5", Flag.OUT_OF_RANGE),
        ("약한 비", Flag.UNREADABLE),
        ("50.0~30.0mm", Flag.UNREADABLE),
        ("0mm 미만", Flag.UNREADABLE),
        ("1.0cm", Flag.UNREADABLE),
        ("비", Flag.UNREADABLE),
        ({"mm": 1}, Flag.UNREADABLE),
        (True, Flag.UNREADABLE),
        (float("inf"), Flag.UNREADABLE),
    ],
)
def test_what_is_no_amount_is_missing_with_a_reason_and_never_zero(
    text: object, flag: Flag
) -> None:
    for amount in (forecast(text), observed(text)):
        assert isnan(amount.low)
        assert isnan(amount.high)
        assert isnan(amount.value())
    assert forecast(text).flag == flag


def test_a_whole_number_without_unit_may_be_a_class_in_a_forecast_but_not_in_an_observation() -> (
    None
):
    assert forecast("2").flag == Flag.UNREADABLE
    assert forecast(3).flag == Flag.UNREADABLE
    assert observed("2") == Amount(2, 2)


def test_an_interval_is_no_observation() -> None:
    assert observed("30.0~50.0mm").flag == Flag.UNREADABLE
    assert observed("1mm 미만").flag == Flag.UNREADABLE


def test_a_value_is_kept_as_written_but_short_and_storable() -> None:
    assert written("강수없음") == "강수없음"
    assert len(written("9" * 1000)) == 60
    assert written("\ud800") == "?"
    assert written([1, 2]) == "list"
