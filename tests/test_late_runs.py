"""What is left in Prefect after downtime: the newest of each deployment is run, the rest is not."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from prefect.client.schemas.objects import FlowRun
from prefect.states import Pending, Running, Scheduled

from flows import late_runs

NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
HOURLY, OTHER = uuid4(), uuid4()


def run(deployment: UUID, minutes: int, state: Any = None, by_schedule: bool = True) -> FlowRun:
    """Return a run that was due so many minutes before now."""
    due = NOW - timedelta(minutes=minutes)
    return FlowRun(
        flow_id=uuid4(),
        deployment_id=deployment,
        state=state or Scheduled(scheduled_time=due),
        expected_start_time=due,  # type: ignore[arg-type]  # pydantic takes any datetime
        auto_scheduled=by_schedule,
    )


def test_of_each_deployment_the_newest_late_run_stays_and_older_ones_are_overtaken() -> None:
    runs = [run(HOURLY, 130), run(HOURLY, 10), run(HOURLY, 70), run(OTHER, 200), run(HOURLY, -50)]
    assert late_runs.overtaken(runs, NOW) == [runs[0], runs[2]]


def test_of_the_alarms_of_a_silence_only_the_newest_is_told() -> None:
    alarm = {"created_by": SimpleNamespace(type="AUTOMATION")}
    runs = [run(OTHER, minutes, None, False).model_copy(update=alarm) for minutes in (9, 6, 3)]
    assert late_runs.overtaken(runs, NOW) == runs[:2]


def test_what_a_person_started_is_never_overtaken() -> None:
    assert late_runs.overtaken([run(HOURLY, 90, None, False), run(HOURLY, 10)], NOW) == []


def test_a_run_that_was_taken_long_ago_and_never_began_is_lost() -> None:
    old: Any = Pending(timestamp=NOW - timedelta(minutes=3))
    young: Any = Pending(timestamp=NOW - timedelta(seconds=30))
    runs = [run(HOURLY, 5, old), run(HOURLY, 5, young), run(HOURLY, 5, Running())]
    assert late_runs.lost(runs, NOW) == [runs[0]]


def test_a_cycle_that_runs_while_no_cycle_holds_the_lock_is_dead() -> None:
    there = [run(HOURLY, 5, Running()), run(OTHER, 5, Running()), run(OTHER, 5)]
    for each, name in zip(there, ("busy", "idle", "idle"), strict=True):
        each.parameters = {"network": name}
    assert late_runs.dead(there, lambda name: name == "busy") == [there[1]]
