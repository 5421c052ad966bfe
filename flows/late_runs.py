"""After downtime: what Prefect would now run in a burst, oldest first, is overtaken by the newest.

Prefect keeps the runs that a schedule wanted while nobody was there. A cycle guards itself, but
each would be a process; so those that are overtaken are said to be so before the first is started.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

GRACE = timedelta(minutes=2)  # a run that was handed out so long ago and never began is lost


def overtaken(runs: Iterable[Any], now: datetime) -> list[Any]:
    """Return the late runs that no person started, but for the newest of each deployment."""
    late = [
        run
        for run in runs
        if _by_no_person(run)
        and run.state is not None
        and run.state.type.value == "SCHEDULED"
        and run.expected_start_time is not None
        and run.expected_start_time < now
    ]
    newest: dict[Any, Any] = {}
    for run in sorted(late, key=lambda each: each.expected_start_time):
        newest[run.deployment_id] = run.id
    return [run for run in late if newest[run.deployment_id] != run.id]


def lost(runs: Iterable[Any], now: datetime) -> list[Any]:
    """Return the runs that a runner took and never began, before it died."""
    return [
        run
        for run in runs
        if run.state is not None
        and run.state.type.value == "PENDING"
        and run.state.timestamp < now - GRACE
    ]


def dead(runs: Iterable[Any], busy: Callable[[str], bool]) -> list[Any]:
    """Return the cycles that are called running while none of their network is.

    One that was killed before its first sign of life, its server with it, is seen by no automation.

    Args:
        busy: Whether a cycle of a network holds its lock.
    """
    return [
        run
        for run in runs
        if run.state is not None
        and run.state.type.value == "RUNNING"
        and not busy(str(run.parameters.get("network", "")))
    ]


def _by_no_person(run: Any) -> bool:
    """Say whether a schedule or an automation wanted a run."""
    made_by = run.created_by.type if run.created_by else ""
    return bool(run.auto_scheduled or made_by == "AUTOMATION")


def settle(
    names: Sequence[str], networks: Sequence[str], busy: Callable[[str], bool]
) -> tuple[int, int]:
    """Settle what is left from before in Prefect; return how many were overtaken and lost.

    Args:
        names: Of the deployments.
        networks: Those of them that run cycles: each is named by its network.
        busy: See `dead`.
    """
    from prefect.client.orchestration import get_client
    from prefect.states import Completed, Crashed

    now = datetime.now(UTC)
    with get_client(sync_client=True) as client:
        runs = _in_state(client, names, ("SCHEDULED", "PENDING"))
        killed = dead(_in_state(client, networks, ("RUNNING",)), busy)
        old, gone = overtaken(runs, now), lost(runs, now)
        for run in old:
            _set(client, run, Completed(name="Superseded", message="Overtaken by a newer one."))
        for run in gone:
            _set(client, run, Crashed(message="Its runner died before it began."))
        for run in killed:
            _set(client, run, Crashed(message="It was killed: no cycle holds its lock."))
    return len(old), len(gone) + len(killed)


def _set(client: Any, run: Any, state: Any) -> None:
    client.set_flow_run_state(run.id, state, force=True)


def _in_state(client: Any, names: Sequence[str], states: Sequence[str]) -> list[Any]:
    from prefect.client.schemas.filters import (
        DeploymentFilter,
        DeploymentFilterName,
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType

    types = FlowRunFilterStateType(any_=[StateType(state) for state in states])
    found: list[Any] = []
    while True:
        page = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=types)),
            deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=list(names))),
            limit=200,
            offset=len(found),
        )
        found += page
        if len(page) < 200:  # a page that is not full is the last
            return found
