"""When cycles are due: from the network's step, or as a person says."""

import numpy as np
import pytest

from flows import schedules
from flows.schedules import BadSchedule, Schedule

HOUR = np.timedelta64(1, "h")
MINUTE = np.timedelta64(1, "m")


@pytest.mark.parametrize(
    ("minutes", "cron"),
    [
        (60, "12 * * * *"),
        (10, "8-59/10 * * * *"),
        (15, "12-59/15 * * * *"),
        (1, "* * * * *"),
        (180, "12 */3 * * *"),
        (1440, "12 0 * * *"),
    ],
)
def test_a_step_becomes_a_cron_that_fires_so_often_a_while_after_the_grid_time(
    minutes: int, cron: str
) -> None:
    made = schedules.of("a", minutes * MINUTE, [], [])
    assert made == Schedule("a", cron, np.timedelta64(minutes, "m").astype("timedelta64[ns]"))
    assert made.minutes == minutes


def test_each_network_has_its_own_and_what_is_given_for_all_holds_for_the_rest() -> None:
    cron, every = ["a=5 * * * *", "7 */2 * * *"], ["c=10", "b=30"]
    made = {name: schedules.of(name, HOUR, cron, every).cron for name in "ab"}
    assert made == {"a": "5 * * * *", "b": "7 */2 * * *"}
    assert schedules.of("c", HOUR, [], every).cron == "8-59/10 * * * *"
    assert schedules.of("d", HOUR, [], every).cron == "12 * * * *"


def test_the_cadence_of_an_uneven_cron_is_its_shortest_gap() -> None:
    assert schedules.cadence("0,20 * * * *") == 20 * MINUTE


@pytest.mark.parametrize("bad", [["a=every hour"], ["61 * * * *"]])
def test_what_is_no_cron_is_refused(bad: list[str]) -> None:
    with pytest.raises(BadSchedule, match="is no line of cron"):
        schedules.of("a", HOUR, bad, [])


@pytest.mark.parametrize("bad", ["a=7", "a=soon", "0", "-10"])
def test_what_is_no_even_part_of_a_day_is_refused(bad: str) -> None:
    with pytest.raises(BadSchedule, match="is no"):
        schedules.of("a", HOUR, [], [bad])
