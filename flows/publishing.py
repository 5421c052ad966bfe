"""Gather what the site shows and publish it by one atomic switch."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from data import netcdf
from data.archive import Window
from data.errors import MulgilError
from data.network import Network
from flows import issued, manifest, pulling, review, scorecard_file
from flows.climate import shown as climate
from flows.folders import Folders
from flows.moments import Moment, known_then
from flows.settings import Settings, read
from forecast.outlook import assess
from forecast.stand_in import as_issued
from maps.feeds.gate import may_go_out
from maps.publish import publish as switch
from maps.release import Draft
from maps.review import record as review_record
from maps.site import draw
from maps.view import View

TAIL = 120  # steps of observations shown before the issue time
EARLIER = 6  # earlier forecasts shown beside the newest


def publish(
    run_path: Path,
    folders: Folders,
    with_outcome: bool = False,
    settings: Settings | None = None,
) -> Path:
    """Publish the whole site with one run as its network's newest; return the release folder.

    Args:
        with_outcome: Also show what happened after the issue time, for a replay of the past.
        settings: Who publishes, and how many releases stay; None: what the environment says.
    """
    with _one_at_a_time(folders):
        return _publish(run_path, folders, with_outcome, settings or read())


def republish(
    folders: Folders, triggered_by: str = "operator", settings: Settings | None = None
) -> Path:
    """Publish the site again with what is shown now, e.g. after the climate map has changed."""
    with _one_at_a_time(folders):
        return _republish(folders, triggered_by, settings or read())


@contextmanager
def _one_at_a_time(folders: Folders) -> Iterator[None]:
    """Hold a lock from what is shown to what will be: a slow one never takes a newer one back."""
    folders.site.mkdir(parents=True, exist_ok=True)
    with (folders.site / ".gather").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _publish(run_path: Path, folders: Folders, with_outcome: bool, settings: Settings) -> Path:
    run = manifest.load(run_path)
    run.with_outcome = with_outcome
    shown = folders.shown(run.network)
    with run.timed("gather"):
        views = [gated(view(run, folders, with_outcome), run, folders, settings)]
        others = [manifest.load(path) for path in shown_manifests(folders) if path != shown]
        views += _views(others, folders, run, settings)
    with run.timed("publish"):
        release = _switch(views, folders, run.as_dict(), settings)
    run.state = "published"
    run.save(run_path)
    run.save(shown)
    return release


def _republish(folders: Folders, triggered_by: str, settings: Settings) -> Path:
    now = datetime.now(UTC)
    runs = [manifest.load(path) for path in shown_manifests(folders)]
    views = [gated(view(run, folders, run.with_outcome), run, folders, settings) for run in runs]
    record = {
        "run_id": f"site-{now:%Y%m%dT%H%M%S%f}",
        "started": now.isoformat(timespec="seconds"),
        "triggered_by": triggered_by,
    }
    release = _switch(views, folders, record, settings)
    for run in runs:
        run.save(folders.run(run.run_id))
        run.save(folders.shown(run.network))
    return release


def _views(
    runs: list[manifest.Manifest], folders: Folders, told: manifest.Manifest, settings: Settings
) -> list[View]:
    """Return the views of other networks; one that cannot be read costs itself and is named."""
    found = []
    for run in runs:
        try:
            found.append(gated(view(run, folders, run.with_outcome), run, folders, settings))
        except MulgilError as error:
            told.warnings.append(f"{run.network} is not shown: {error}")
    return found


def shown_manifests(folders: Folders) -> list[Path]:
    """Return the manifests of the runs that the site shows, one a network."""
    found = sorted(folders.home.glob("*/shown.json"))
    return [path for path in found if path.parent != folders.climate]


def _switch(
    views: list[View], folders: Folders, record: dict[str, Any], settings: Settings
) -> Path:
    """Draw both halves into one release and make it the current one."""
    pages = climate.shown(folders)

    def both(draft: Draft) -> None:
        headlines = climate.headlines(pages) if pages else None
        draw(views, draft, headlines, before=draft.before, publisher=settings.publisher)
        if pages and not draft.keep_folder("climate", pages.name):
            climate.link(pages, draft.folder / "climate")
            draft.seal("climate", pages.name)

    return switch(folders.site, both, record, settings.keep_releases)


def view(run: manifest.Manifest, folders: Folders, with_outcome: bool = False) -> View:
    """Return all that the pages of one network need: the forecast as persons have edited it.

    The run's record notes what they decided and edited; the file of the forecast stays as it is.
    """
    found = pulling.find(run.network, folders)
    forecast = netcdf.read(folders.forecasts(run.network) / run.forecast)
    issue_time = forecast.issue_time.values[0]
    end = issue_time + found.horizon * found.step
    moment = Moment(issue_time, known_at(run), run.replay)
    network, known = known_then(run.network, folders, moment, TAIL)
    raw = review.Raw(run, network, forecast, assess(forecast.isel(issue_time=0), network))
    edited, reviewed = review.seen(raw, folders)
    run.review = review_record(reviewed)
    return View(
        network=network,
        observations=known,
        forecast=edited.forecast,
        outlooks=edited.outlooks,
        earlier=_earlier(folders, found, run, issue_time),
        outcome=_outcome(run.network, folders, issue_time, end) if with_outcome else None,
        scores=_scores(folders.scores(run.network), run.model),
        manifest=run.as_dict(),
        replay=run.replay,
        rolling=_rolling(folders, found, run),
        hindcast=_hindcast(folders, found, run),
        review=reviewed,
    )


def gated(found: View, run: manifest.Manifest, folders: Folders, settings: Settings) -> View:
    """Return a view with the last approved forecast beside, where its own alerts wait for a person.

    Whatever is wrong with that one is told in the run's record: it stops no publication.
    """
    reviewed = found.review
    if reviewed is None or may_go_out(found, settings.publisher):
        return found
    reviewed = replace(reviewed, waits=True)
    run.review["alerts_wait"] = True  # the view's manifest holds the same record
    if reviewed.trouble:
        return replace(found, review=reviewed)
    raw = review.Raw(run, found.network, reviewed.forecast, reviewed.outlooks)
    try:
        before = review.approved_before(review.book(folders, run.network), raw, folders)
        earlier = view(before, folders) if before else None
    except MulgilError as error:
        run.warnings.append(f"The alerts of the last approved forecast are not told: {error}")
        earlier = None
    return replace(found, review=replace(reviewed, approved=earlier))


def known_at(run: manifest.Manifest) -> np.datetime64:
    """Return until when a run saw what was received."""
    return np.datetime64((run.known_at or run.issue_time).rstrip("Z"), "ns")


def _outcome(
    name: str, folders: Folders, issue_time: np.datetime64, end: np.datetime64
) -> xr.Dataset | None:
    """Return what was observed after the issue time; None if nothing was."""
    _, observed = pulling.open_network(name, folders, Window(since=issue_time))
    after = observed.sel(time=slice(issue_time + np.timedelta64(1, "m"), end))
    return after if after.sizes["time"] else None


def _earlier(
    folders: Folders, network: Network, run: manifest.Manifest, issue_time: np.datetime64
) -> xr.Dataset | None:
    """Return the newest forecasts of the same kind issued before; None if there is none."""
    kind = issued.kind_of(network, run.replay, run.replayed)
    first = issue_time - 2 * network.horizon * network.step
    close = [
        file.path
        for file in issued.files(folders, network, kind)
        if first <= file.issue_time < issue_time
    ]
    found = [as_issued(netcdf.read(path), network) for path in close[-EARLIER:]]
    return xr.concat(found, "issue_time") if found else None


def _rolling(folders: Folders, network: Network, run: manifest.Manifest) -> xr.Dataset | None:
    """Return the scores of forecasts issued, of the run's own kind; None if there are none."""
    kind = issued.kind_of(network, run.replay, run.replayed)
    path = scorecard_file.path_of(folders, network, kind)
    return netcdf.read(path) if path.exists() else None


def _hindcast(folders: Folders, network: Network, run: manifest.Manifest) -> xr.Dataset | None:
    """Return the scores of hindcasts if the model that issued the forecast made any of them."""
    path = scorecard_file.path_of(folders, network, "hindcast")
    if not path.exists():
        return None
    card = netcdf.read(path)
    return card if run.model in str(card.attrs.get("models", "")).split() else None


def _scores(path: Path, model: str) -> xr.Dataset | None:
    """Return the scores if they judge the model that issued the forecast."""
    if not path.exists():
        return None
    scores = netcdf.read(path)
    return scores if scores.attrs.get("model") == model else None
