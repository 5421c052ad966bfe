"""The Prefect flows: thin shells around the plain functions, for schedules, retries and the UI.

`mulgil cycle` and `mulgil forecast` run the same functions without Prefect, so that a forecast is
issued even on the day that Prefect is broken. A run's state says what came of it: `Completed`,
`CompletedWithGaps` (a provider or gauge failed), `Superseded`, `Overlapped`, `Failed`.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from data.errors import InvalidData, SourceUnavailable
from flows import (
    catching_up,
    cycle,
    cycle_steps,
    flow_events,
    flow_states,
    issuing,
    planning,
    publishing,
    pulling,
    silence,
    training,
)
from flows import verify_forecasts as verifying
from flows import what_if as scenarios
from flows.cycle_steps import Steps
from flows.flow_events import ended
from flows.flow_states import crashed, failed
from flows.form import Gauges, Minutes, NetworkName, Rain, Seed, as_asked
from flows.futures import Plan
from flows.locking import alone
from flows.orphans import outlive_supervisor
from flows.progress import say
from flows.pulling import Pulled
from flows.redaction import shielded
from flows.settings import read
from flows.times import to_utc

AS_IT_IS, ALL_RIGHT = Rain(), Gauges()
Kind = Literal["its own", "drill", "replay"]


def retryable(_task: Task, _run: TaskRun, state: State) -> bool:  # type: ignore[type-arg]
    """Retry only what may work later: a provider that did not answer."""
    try:
        state.result()
    except SourceUnavailable:
        return True
    except Exception:  # noqa: BLE001  # Prefect hands over whatever the task raised; final
        return False
    return False


TASKS = Steps(
    pull=task(name="pull", cache_policy=NO_CACHE)(shielded(cycle_steps.pull)),
    issue=task(name="issue", cache_policy=NO_CACHE)(shielded(cycle_steps.issue)),
    publish=task(name="publish", cache_policy=NO_CACHE)(shielded(cycle_steps.publish)),
    follow=task(name="verify", cache_policy=NO_CACHE)(shielded(cycle_steps.follow)),
)


@task(cache_policy=NO_CACHE)
@shielded
def catch_up(done: cycle.Cycle, every: np.timedelta64) -> int:
    """Fill in what was missed before a cycle, newest first; return how many."""
    late = catching_up.fill(done, read(), every)
    for each in late:
        say(each.told)
    return len(late)


@flow(
    on_crashed=[crashed],
    on_failure=[ended],
    on_completion=[ended],
    flow_run_name="{network}",
)
def issue_forecast(
    network: NetworkName = "recorded",
    issue_time: datetime | None = None,
    plan: str | None = None,
    reason: str = "",
    every_minutes: Minutes = 0,
    folder: str | None = None,
) -> Any:
    """Run one cycle: pull, forecast, publish, verify; what was missed is filled in afterwards.

    Args:
        network: Which network.
        issue_time: Empty: now. A time of the past (UTC) is replayed with what was known then, and
            not published where the network is live.
        plan: Path of a CSV on this machine with what is planned: columns time,dam_release,rainfall
            (UTC, m3/s, mm in the step). The model must have been trained with plans.
        reason: Where the plan comes from; needed with one. It stands on every page.
        every_minutes: Minutes between cycles of the schedule; 0: the step of the network. A
            scheduled run that has waited for so long is superseded by a newer one.
        folder: Folder of CSV files, for a network that is read from one.
    """
    outlive_supervisor()
    given = _plan(plan, reason)
    if issue_time is not None:
        return replay(network, to_utc(issue_time), given)
    every = np.timedelta64(every_minutes, "m") if every_minutes else None
    how = cycle.How(every, folder=_path(folder), plan=given, steps=TASKS)
    done = cycle.run(network, read(), flow_states.due(), triggered_by=flow_states.who(), how=how)
    if done.state in cycle.ISSUED:
        flow_events.issued(network)
        catch_up(done, every or pulling.find(network, read().folders).step)
    return flow_states.of(done)


@task(cache_policy=NO_CACHE)
@shielded
def replay(network: str, issue_time: datetime, plan: Plan | None) -> str:
    """Issue a forecast of the past; show it where the network is a closed record."""
    settings, when = read(), np.datetime64(issue_time, "ns")
    run = issuing.issue(network, when, settings.folders, flow_states.who(), None, plan)
    if not pulling.find(network, settings.folders).live:
        publishing.publish(run, settings.folders)
    verifying.follow(run, settings.folders)
    return str(run)


@task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=[5, 20], retry_condition_fn=retryable)
@shielded
def pull(network: str, folder: str | None) -> Pulled:
    """Pull what is new into the archive."""
    settings = read()
    return pulling.pull(network, _path(folder), settings.folders, say, settings.accesses)


@flow(
    on_crashed=[crashed],
    on_failure=[failed, ended],
    on_completion=[ended],
    flow_run_name="{network}",
)
def pull_observations(network: NetworkName = "recorded", folder: str | None = None) -> str:
    """Pull rain and river gauges into the archive, and issue nothing.

    Args:
        network: Which network.
        folder: Folder of CSV files, for a network that is read from one.
    """
    return str(pull(network, folder).store)


@flow(
    on_crashed=[crashed],
    on_failure=[failed, ended],
    on_completion=[ended],
    flow_run_name="{network}",
)
def train_model(
    network: NetworkName = "recorded",
    seed: Seed = 0,
    with_plans: bool = False,
    reason: str = "",
) -> Any:
    """Train the network's model and put it in service, unless validation finds it worse.

    Args:
        network: Which network.
        seed: The same seed gives the same weights.
        with_plans: Also learn what planned releases and forecast rain do.
        reason: Why the model shall serve even if validation finds it worse; empty: it shall not.
    """
    with alone(read().folders.network(network) / ".training.lock") as ours:
        if not ours:
            return flow_states.overlapped(f"A training of {network}")
        return train(network, seed, with_plans, reason)


@task(cache_policy=NO_CACHE)
@shielded
def train(network: str, seed: int, with_plans: bool, force: str) -> str:
    """Train one network's model."""
    folders = read().folders
    config = training.operational(seed, training.sampled(pulling.find(network, folders)))
    path = training.train(network, folders, config, force=force)
    if with_plans or planning.wanted(network, folders):
        say(planning.train_planner(network, folders)[1])
    return str(path)


@flow(
    on_crashed=[crashed],
    on_failure=[failed, ended],
    on_completion=[ended],
    flow_run_name="{network}",
)
def verify_forecasts(network: NetworkName = "recorded", kind: Kind = "its own") -> str:
    """Bring the rolling scorecard up to date and decide which gauges fall back to persistence.

    Each published forecast does so for the last 30 days; this looks at all that was ever issued.

    Args:
        network: Which network.
        kind: Which forecasts: those that the network is there for, drills, or replays of the past.
    """
    return verify_issued(network, kind)


@task(cache_policy=NO_CACHE)
@shielded
def verify_issued(network: str, kind: Kind) -> str:
    """Score what was issued and decide which gauges fall back."""
    chosen = None if kind == "its own" else kind
    return str(verifying.verify(network, read().folders, chosen).path)


@flow(on_crashed=[crashed], on_failure=[failed, ended], on_completion=[ended])
def publish_site(reason: str = "") -> str:
    """Publish the site again with what it shows now, e.g. after settings have changed.

    Args:
        reason: Why; it stands in the manifest of the release.
    """
    return publish(reason)


@task(cache_policy=NO_CACHE)
@shielded
def publish(reason: str) -> str:
    """Publish what is shown now."""
    settings = read()
    by = f"{flow_states.who()}: {reason}" if reason else flow_states.who()
    return str(publishing.republish(settings.folders, by, settings))


@flow(
    on_crashed=[crashed],
    on_failure=[failed, ended],
    on_completion=[ended],
    flow_run_name="{network}",
)
def what_if(
    network: NetworkName = "recorded",
    reason: str = "",
    issue_time: datetime | None = None,
    rain: Rain = AS_IT_IS,
    release_plan: str | None = None,
    gauges: Gauges = ALL_RIGHT,
) -> str:
    """Forecast as if it rained more, a dam let go, or a gauge were wrong; nothing is published.

    The result is a folder of its own below the network's: a page, a table of differences, a file.

    Args:
        network: Which network.
        reason: Why; it stands on every page and file. Needed.
        issue_time: As of this time (UTC); empty: now, or the end of a closed record.
        rain: What is changed about the rain.
        release_plan: Path of a CSV on this machine with columns time,dam_release (UTC, m3/s).
        gauges: Which gauges are taken away or corrected.
    """
    asked = as_asked(rain, gauges, _path(release_plan), reason, flow_states.who())
    return foresee(network, issue_time, asked)


@task(cache_policy=NO_CACHE)
@shielded
def foresee(network: str, issue_time: datetime | None, asked: scenarios.Asked) -> str:
    """Make one what-if and return its folder."""
    when = None if issue_time is None else np.datetime64(to_utc(issue_time), "ns")
    return str(scenarios.what_if(network, when, read().folders, asked).folder)


@flow(on_failure=[ended], on_completion=[ended])
def report_silence(network: NetworkName = "recorded") -> Any:
    """Tell that no forecast was issued for too long; the dead man's switch starts it.

    Args:
        network: Which network.
    """
    return silence.report(network, read())


def _plan(path: str | None, reason: str) -> Plan | None:
    if not path:
        return None
    if not reason.strip():
        raise InvalidData("A plan needs a reason: where it comes from.", "Fill in `reason`.")
    return Plan(Path(path), flow_states.who(), reason)


def _path(folder: str | None) -> Path | None:
    return Path(folder) if folder else None
