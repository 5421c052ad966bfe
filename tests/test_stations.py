from math import nan

import pytest

from data.stations import Stage, Thresholds


@pytest.fixture
def hangang() -> Thresholds:
    return Thresholds(3.9, 8.5, 10.5, 12.8, "official", "HRFCO")


@pytest.mark.parametrize(
    ("level", "stage"),
    [
        (3.89, Stage.NORMAL),
        (3.9, Stage.ATTENTION),
        (8.73, Stage.WATCH),
        (10.5, Stage.WARNING),
        (20.0, Stage.SEVERE),
    ],
)
def test_a_stage_begins_exactly_at_its_threshold(
    hangang: Thresholds, level: float, stage: Stage
) -> None:
    assert hangang.stage(level) is stage


def test_a_missing_reading_is_unknown_never_normal(hangang: Thresholds) -> None:
    assert hangang.stage(nan) is Stage.UNKNOWN


def test_a_station_without_any_threshold_is_unknown_at_every_level() -> None:
    assert Thresholds(nan, nan, nan, nan, "official", "none").stage(99.0) is Stage.UNKNOWN


def test_a_stage_without_threshold_is_skipped() -> None:
    only_watch = Thresholds(nan, 2.0, nan, nan, "official", "one level")
    assert only_watch.alerts == (Stage.WATCH,)
    assert only_watch.stage(1.9) is Stage.NORMAL
    assert only_watch.stage(9.0) is Stage.WATCH
