"""Gather what the site shows and publish it by one atomic switch."""

from pathlib import Path

import numpy as np
import xarray as xr

from data import archive
from flows import issuing, manifest
from flows.folders import Folders
from flows.pulling import open_network
from maps.publish import publish as switch
from maps.site import draw
from maps.view import View

TAIL = 120  # steps of observations shown before the issue time
EARLIER = 6  # earlier forecasts shown beside the newest


def publish(run_path: Path, folders: Folders, with_outcome: bool = False) -> Path:
    """Publish the whole site with one run as its network's newest; return the release folder.

    Args:
        with_outcome: Also show what happened after the issue time, for a replay of the past.
    """
    run = manifest.load(run_path)
    shown = folders.shown(run.network)
    with run.timed("gather"):
        views = [view(run, folders, with_outcome)]
        others = [manifest.load(p) for p in sorted(folders.home.glob("*/shown.json")) if p != shown]
        views += [view(other, folders, with_outcome) for other in others]
    with run.timed("publish"):
        release = switch(folders.site, lambda folder: draw(views, folder), run.as_dict())
    run.state = "published"
    run.save(run_path)
    run.save(shown)
    return release


def view(run: manifest.Manifest, folders: Folders, with_outcome: bool = False) -> View:
    """Return all that the pages of one network need."""
    network, observations = open_network(run.network, folders)
    forecast, outlooks = issuing.read(folders.forecasts(run.network) / run.forecast, network)
    issue_time = forecast.issue_time.values[0]
    end = issue_time + network.horizon * network.step
    after = observations.sel(time=slice(issue_time + network.step, end))
    return View(
        network=network,
        observations=archive.known_at(observations, issue_time).isel(time=slice(-TAIL, None)),
        forecast=forecast,
        outlooks=outlooks,
        earlier=_earlier(folders, run.network, issue_time, network.horizon * network.step),
        outcome=after if with_outcome and after.sizes["time"] else None,
        scores=_scores(folders.scores(run.network), run.model),
        manifest=run.as_dict(),
        replay=run.replay,
    )


def _earlier(
    folders: Folders, name: str, issue_time: np.datetime64, within: np.timedelta64
) -> xr.Dataset | None:
    paths = [folders.forecasts(name) / p.name for p in sorted(folders.forecasts(name).glob("*.nc"))]
    found = [archive.read(path) for path in paths]
    close = [f for f in found if issue_time - 2 * within <= f.issue_time.values[0] < issue_time]
    return xr.concat(close[-EARLIER:], "issue_time") if close else None


def _scores(path: Path, model: str) -> xr.Dataset | None:
    """Return the scores if they judge the model that issued the forecast."""
    if not path.exists():
        return None
    scores = archive.read(path)
    return scores if scores.attrs.get("model") == model else None
