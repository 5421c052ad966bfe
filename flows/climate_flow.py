"""The Prefect flow of the climate map; `mulgil climate` does the same without Prefect."""

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import flow_states, publishing
from flows.climate import steps, update
from flows.climate.shown import show
from flows.climate.sources import Futures
from flows.flow_events import ended
from flows.flow_states import crashed, failed
from flows.locking import alone
from flows.progress import say
from flows.redaction import shielded
from flows.settings import read


@task(cache_policy=NO_CACHE)
@shielded
def observe_climate() -> str:
    """Compute every index of every station and year, unless that is done."""
    return str(steps.stations(read().folders.climate))


@task(cache_policy=NO_CACHE)
@shielded
def project_climate(measured: str, futures: str | None) -> list[str]:
    """Compute the model runs that are not there yet, several at a time."""
    settings, plans = read(), _futures(futures, None, None).plans()
    made = update.project_all(
        settings.folders.climate,
        Path(measured),
        plans,
        lambda _, text: say(text),
        engine=settings.engine,
    )
    return [str(path) for path in made]


@task(cache_policy=NO_CACHE)
@shielded
def assemble_climate(measured: str, projected: list[str], futures: list[str | None]) -> str:
    """Put observed and future layers together."""
    chosen = _futures(*futures)
    paths = [Path(path) for path in projected]
    return str(steps.atlas(read().folders.climate, Path(measured), paths, chosen))


@task(cache_policy=NO_CACHE)
@shielded
def draw_climate(atlas: str) -> str:
    """Draw the pages and publish them with the forecasts that are shown."""
    settings = read()
    pages = steps.pages(settings.folders.climate, Path(atlas))
    show(settings.folders, Path(atlas), pages)
    return str(publishing.republish(settings.folders, settings.triggered_by))


@flow(on_crashed=[crashed], on_failure=[failed, ended], on_completion=[ended])
def update_climate(
    futures: str | None = None, crossings: str | None = None, risk: str | None = None
) -> Any:
    """Bring the climate map up to date; what is already computed is taken as it is.

    Args:
        futures: Folder MODEL/SCENARIO/*.nc of daily runs; empty makes SYNTHETIC futures.
        crossings: CSV of warming levels, for such a folder.
        risk: CSV of exposure and vulnerability by region.
    """
    with alone(read().folders.climate / ".update.lock") as ours:
        if not ours:
            return flow_states.overlapped("An update of the climate map")
        measured = observe_climate()
        projected = project_climate(measured, futures)
        return draw_climate(assemble_climate(measured, projected, [futures, crossings, risk]))


def _futures(folder: str | None, crossings: str | None, risk: str | None) -> Futures:
    return Futures(*(Path(text) if text else None for text in (folder, crossings, risk)))
