from zoneinfo import ZoneInfo

import numpy as np
import pytest

from data.stations import Quantity, Stage
from forecast.wording import (
    STAGE_WORDS,
    Language,
    band,
    chance,
    clock,
    in_language,
    number,
    span,
    stage_level,
)

SEOUL = ZoneInfo("Asia/Seoul")
NOON = np.datetime64("2020-08-06T03:00", "ns")  # 12:00 in Seoul


def test_every_stage_has_a_word_in_both_languages() -> None:
    assert {stage: words["ko"] for stage, words in STAGE_WORDS.items()} == {
        Stage.UNKNOWN: "판단 불가",
        Stage.NORMAL: "평상",
        Stage.ATTENTION: "관심",
        Stage.WATCH: "주의보",
        Stage.WARNING: "경보",
        Stage.SEVERE: "심각",
    }
    assert all(words["en"] == stage.name.lower() for stage, words in STAGE_WORDS.items())


def test_a_stage_is_told_with_what_the_gauge_measures() -> None:
    assert stage_level(Stage.WATCH, Quantity.WATER_LEVEL, "en") == "watch level"
    assert stage_level(Stage.WARNING, Quantity.DISCHARGE, "ko") == "경보 유량"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1289.6, "1,290"),
        (12.345, "12.3"),
        (0.01234, "0.012"),
        (0.0, "0.00"),
        (-3.456, "-3.46"),
        (99.96, "100"),  # not 100.0: rounding has made it longer
        (-0.0001, "0.000"),
    ],
)
def test_a_discharge_has_three_figures(value: float, told: str) -> None:
    assert number(value, Quantity.DISCHARGE) == told


def test_a_level_just_below_zero_is_zero() -> None:
    assert number(-0.004, Quantity.WATER_LEVEL) == "0.00"


def test_a_level_is_told_to_the_centimetre_with_its_band() -> None:
    assert band(8.7, 8.1, 9.4, Quantity.WATER_LEVEL) == "8.70 m (8.10–9.40)"


@pytest.mark.parametrize(
    ("probability", "english", "korean"),
    [
        (0.7, "70 %", "70 %"),
        (0.05, "5 % or less", "5 % 이하"),
        (0.95, "95 % or more", "95 % 이상"),
    ],
)
def test_a_chance_at_the_edge_of_the_quantiles_is_only_a_bound(
    probability: float, english: str, korean: str
) -> None:
    assert chance(probability, "en") == english
    assert chance(probability, "ko") == korean


@pytest.mark.parametrize(
    ("minutes", "english", "korean"),
    [(60, "1 hour", "1시간"), (180, "3 hours", "3시간"), (20, "20 minutes", "20분")],
)
def test_lengths_of_time_are_told_in_hours_or_minutes(
    minutes: int, english: str, korean: str
) -> None:
    length = np.timedelta64(minutes, "m")
    assert span(length, "en") == english
    assert span(length, "ko") == korean


@pytest.mark.parametrize(
    ("hours", "language", "told"),
    [
        (2, "en", "14:00 KST"),
        (2, "ko", "14:00 KST"),
        (12, "en", "00:00 KST on 7 Aug"),
        (12, "ko", "8월 7일 00:00 KST"),
    ],
)
def test_times_are_local_and_have_a_date_on_another_day(
    hours: int, language: Language, told: str
) -> None:
    assert clock(NOON + np.timedelta64(hours, "h"), NOON, SEOUL, language) == told


def test_a_reason_in_two_languages_is_told_in_one() -> None:
    both = "마지막 관측이 9.5시간 전입니다 (한도 6시간). The last reading is 9.5 h old, limit 6 h."
    assert in_language(both, "ko") == "마지막 관측이 9.5시간 전입니다 (한도 6시간)."
    assert in_language(both, "en") == "The last reading is 9.5 h old, limit 6 h."


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_reason_in_one_language_is_told_as_it_is(language: Language) -> None:
    assert in_language("Station S2 is broken.", language) == "Station S2 is broken."
