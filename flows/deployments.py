"""The Prefect flows: thin shells around the plain functions, for schedules, retries and the UI.

`mulgil forecast` runs the same functions without Prefect, so that a forecast is issued even on
the day that Prefect is broken.
"""

from datetime import datetime
from pathlib import Path

import numpy as np
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from data.errors import SourceError, SourceUnavailable
from flows import issuing, publishing, pulling, training
from flows import verify_forecasts as verifying
from flows.climate import steps, update
from flows.climate.shown import show
from flows.climate.sources import Futures
from flows.progress import say
from flows.pulling import Pulled
from flows.settings import read
from flows.times import to_utc


def retryable(_task: Task, _run: TaskRun, state: State) -> bool:  # type: ignore[type-arg]
    """Retry only what may work later: a provider that did not answer."""
    try:
        state.result()
    except SourceUnavailable:
        return True
    except Exception:  # noqa: BLE001  # Prefect hands over whatever the task raised; final
        return False
    return False


@task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=[5, 20], retry_condition_fn=retryable)
def pull(network: str, folder: str | None) -> Pulled:
    """Pull what is new into the archive."""
    settings = read()
    where = Path(folder) if folder else None
    return pulling.pull(network, where, settings.folders, say, settings.accesses)


@task(cache_policy=NO_CACHE)
def train(network: str) -> str:
    """Train one network's model."""
    return str(training.train(network, read().folders))


@task(cache_policy=NO_CACHE)
def issue(network: str, issue_time: datetime | None, pulled: Pulled | None) -> str:
    """Issue one forecast and return its manifest."""
    when = None if issue_time is None else np.datetime64(to_utc(issue_time), "ns")
    settings = read()
    return str(issuing.issue(network, when, settings.folders, settings.triggered_by, pulled))


@task(cache_policy=NO_CACHE)
def publish(run: str) -> str:
    """Publish the site with one run as the newest."""
    return str(publishing.publish(Path(run), read().folders))


@task(cache_policy=NO_CACHE)
def verify_issued(network: str) -> str:
    """Score what was issued and decide which gauges fall back."""
    return str(verifying.verify(network, read().folders).path)


@task(cache_policy=NO_CACHE)
def follow(run: str) -> None:
    """Verify after a cycle; whatever is wrong with it, the cycle is done."""
    verifying.follow(Path(run), read().folders)


@flow
def pull_observations(network: str = "recorded", folder: str | None = None) -> str:
    """Pull rain and river gauges into the archive.

    Args:
        network: Name of the network, see `mulgil pull --help`.
        folder: Folder of CSV files, for a network that is read from one.
    """
    return str(pull(network, folder).store)


@flow
def train_model(network: str = "recorded") -> str:
    """Train the network's model and put it in service.

    Args:
        network: Name of the network.
    """
    return train(network)


@flow
def issue_forecast(
    network: str = "recorded", folder: str | None = None, issue_time: datetime | None = None
) -> str:
    """Pull, forecast and publish; a provider that fails leaves the forecast degraded, not late.

    Args:
        network: Name of the network.
        folder: Folder of CSV files, for a network that is read from one.
        issue_time: Replay the past as of this time (UTC); empty is the newest reading.
    """
    pulled = _pull_or_go_on(network, folder)
    run = issue(network, issue_time, pulled)
    release = publish(run)
    follow(run)
    return release


@flow
def verify_forecasts(network: str = "recorded") -> str:
    """Bring the rolling scorecard up to date and decide which gauges fall back to persistence.

    Each published forecast does so for the last 30 days; this looks at all that was ever issued.

    Args:
        network: Name of the network.
    """
    return verify_issued(network)


@task(cache_policy=NO_CACHE)
def observe_climate() -> str:
    """Compute every index of every station and year, unless that is done."""
    return str(steps.stations(read().folders.climate))


@task(cache_policy=NO_CACHE)
def project_climate(measured: str, futures: str | None) -> list[str]:
    """Compute the model runs that are not there yet, several at a time."""
    home = read().folders.climate
    plans = _futures(futures, None, None).plans()
    return list(
        map(str, update.project_all(home, Path(measured), plans, lambda _, text: say(text)))
    )


@task(cache_policy=NO_CACHE)
def assemble_climate(measured: str, projected: list[str], futures: list[str | None]) -> str:
    """Put observed and future layers together."""
    chosen = _futures(*futures)
    paths = [Path(path) for path in projected]
    return str(steps.atlas(read().folders.climate, Path(measured), paths, chosen))


@task(cache_policy=NO_CACHE)
def draw_climate(atlas: str) -> str:
    """Draw the pages and publish them with the forecasts that are shown."""
    settings = read()
    pages = steps.pages(settings.folders.climate, Path(atlas))
    show(settings.folders, Path(atlas), pages)
    return str(publishing.republish(settings.folders, settings.triggered_by))


@flow
def update_climate(
    futures: str | None = None, crossings: str | None = None, risk: str | None = None
) -> str:
    """Bring the climate map up to date; what is already computed is taken as it is.

    Args:
        futures: Folder MODEL/SCENARIO/*.nc of daily runs; empty makes SYNTHETIC futures.
        crossings: CSV of warming levels, for such a folder.
        risk: CSV of exposure and vulnerability by region.
    """
    measured = observe_climate()
    projected = project_climate(measured, futures)
    return draw_climate(assemble_climate(measured, projected, [futures, crossings, risk]))


def _futures(folder: str | None, crossings: str | None, risk: str | None) -> Futures:
    return Futures(*(Path(text) if text else None for text in (folder, crossings, risk)))


def _pull_or_go_on(network: str, folder: str | None) -> Pulled:
    try:
        return pull(network, folder)
    except SourceError as error:
        say(f"{network}: {error} Going on with what was known before.")
        return Pulled(read().folders.observations(network), failed=f"failed: {error}")
