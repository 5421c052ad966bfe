"""When an alert of one gauge begins, changes and ends."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from data.stations import Stage
from maps.feeds.warnings import Kind, Rules, Seen, Standing, step

START = np.datetime64("2020-07-01T00:00", "ns")
HOUR = np.timedelta64(1, "h")
UNKNOWN, NORMAL, ATTENTION, WATCH, WARNING, SEVERE = Stage
RULES = Rules()


def seen(stage: Stage, now: Stage = NORMAL) -> Seen:
    """Return what an issue says whose forecast reaches `stage`; UNKNOWN: nothing is known."""
    lost = stage is UNKNOWN
    return Seen(stage, UNKNOWN if lost else now, sure=not lost)


def told(stages: Sequence[Stage], rules: Rules = RULES) -> list[tuple[Kind | None, Stage | None]]:
    """Return, issue by issue, why a message is sent and which stage is then in force."""
    standing: Standing | None = None
    found: list[tuple[Kind | None, Stage | None]] = []
    for hour, stage in enumerate(stages):
        standing, kind = step(standing, seen(stage), START + hour * HOUR, rules)
        found.append((kind, standing.stage if standing else None))
    return found


def test_nothing_is_said_of_a_quiet_river_or_of_one_that_is_not_known() -> None:
    assert told([NORMAL, UNKNOWN, NORMAL]) == [(None, None)] * 3


def test_an_alert_rises_at_once_and_may_skip_levels() -> None:
    assert told([NORMAL, SEVERE]) == [(None, None), (Kind.RAISED, SEVERE)]
    assert told([ATTENTION, WARNING])[1] == (Kind.RAISED, WARNING)


def test_an_alert_ends_only_after_three_quiet_issues_in_a_row() -> None:
    assert told([WATCH, NORMAL, NORMAL, NORMAL]) == [
        (Kind.RAISED, WATCH),
        (None, WATCH),
        (None, WATCH),
        (Kind.ENDED, None),
    ]


def test_one_issue_at_the_old_stage_begins_the_count_anew() -> None:
    assert told([WATCH, NORMAL, NORMAL, WATCH, NORMAL, NORMAL])[1:] == [(None, WATCH)] * 5


def test_an_alert_falls_to_the_highest_of_the_lower_stages_of_the_last_issues() -> None:
    found = told([SEVERE, NORMAL, WATCH, ATTENTION])
    assert found[1:] == [(None, SEVERE), (None, SEVERE), (Kind.LOWERED, WATCH)]


def test_after_it_was_lowered_it_ends_after_three_more() -> None:
    found = told([WARNING, *[WATCH] * 3, *[NORMAL] * 3])
    assert [kind for kind, _ in found if kind] == [Kind.RAISED, Kind.LOWERED, Kind.ENDED]
    assert found[-1] == (Kind.ENDED, None)


def test_what_is_not_known_ends_nothing_and_says_so_once() -> None:
    assert told([WATCH, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN])[1:] == [
        (Kind.LOST, WATCH),
        *[(None, WATCH)] * 3,
    ]


def test_what_is_not_known_is_no_quiet_issue() -> None:
    found = told([WATCH, NORMAL, NORMAL, UNKNOWN, NORMAL, NORMAL, NORMAL])
    assert [kind for kind, _ in found] == [
        Kind.RAISED,
        None,
        None,
        Kind.LOST,
        Kind.FOUND,
        None,
        Kind.ENDED,
    ]


def test_half_a_view_can_raise_but_never_lower() -> None:
    only_forecast = Seen(WARNING, UNKNOWN, sure=False)
    standing, kind = step(None, only_forecast, START)
    assert kind is Kind.RAISED
    quiet = Seen(NORMAL, UNKNOWN, sure=False)  # the forecast is quiet, but no reading is there
    for hour in range(1, 6):
        standing, _ = step(standing, quiet, START + hour * HOUR)
    assert standing is not None
    assert standing.stage is WARNING
    assert standing.lost_since == START + HOUR


def test_after_three_days_without_data_it_is_withdrawn_which_is_not_an_end() -> None:
    found = told([WATCH, *[UNKNOWN] * 74])
    kinds = [kind for kind, _ in found if kind]
    assert kinds[-1] is Kind.WITHDRAWN
    assert Kind.ENDED not in kinds
    assert found[73] == (Kind.WITHDRAWN, None)  # lost at hour 1


def test_a_stage_that_was_forecast_and_is_then_read_is_told_once() -> None:
    standing, _ = step(None, seen(WATCH), START)
    standing, kind = step(standing, seen(WATCH, now=WATCH), START + HOUR)
    assert kind is Kind.REACHED
    for hour, now in ((2, NORMAL), (3, WATCH)):
        standing, kind = step(standing, seen(WATCH, now), START + hour * HOUR)
        assert kind is None


def test_a_message_is_renewed_before_it_expires() -> None:
    kinds = [kind for kind, _ in told([WATCH] * 14)]
    assert [hour for hour, kind in enumerate(kinds) if kind] == [0, 6, 12]
    assert kinds[6] is Kind.RENEWED


@pytest.mark.parametrize("calm", [1, 2, 5])
def test_how_patient_it_is_can_be_set(calm: int) -> None:
    found = told([WATCH, *[NORMAL] * calm], Rules(calm=calm))
    assert found[-1] == (Kind.ENDED, None)
    assert [kind for kind, _ in found[1:-1]] == [None] * (calm - 1)


def test_whatever_comes_no_alert_is_too_low_or_ends_without_three_quiet_issues() -> None:
    for stages in product((UNKNOWN, NORMAL, WATCH, SEVERE), repeat=6):
        before: Stage | None = None
        for hour, (kind, force) in enumerate(told(stages)):
            here = stages[hour]
            assert here <= NORMAL or (force is not None and force >= here)
            if here is UNKNOWN:
                assert force == before
            if before is not None and force is None:
                assert kind is Kind.ENDED
                assert stages[hour - 2 : hour + 1] == (NORMAL, NORMAL, NORMAL)
            if force != before:
                assert kind is not None
            before = force
