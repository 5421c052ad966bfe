"""`mulgil demo`: one real flood, from gauge to site, and the climate map of Korea beside it."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr
from rich.table import Table

from data import netcdf
from flows import issuing, manifest, publishing, pulling, tables, training, verifying
from flows.climate import update
from flows.climate.sources import Futures
from flows.folders import Folders
from flows.progress import bar, console, say

NETWORK = "recorded"
STATION = "117002A"  # Black River at Bruce Highway: 995 m3/s on 30 January 2019, a test year
FIRST, LAST = np.datetime64("2019-01-29T18:00", "ns"), np.datetime64("2019-01-30T18:00", "ns")
EVERY = np.timedelta64(6, "h")


@dataclass(frozen=True)
class Comparison:
    """One issued forecast of the demo's gauge beside what happened in the hours that it covers."""

    issue_time: np.datetime64
    peak: float
    peak_low: float
    peak_high: float
    peak_time: np.datetime64
    observed: float
    observed_time: np.datetime64


def run(folders: Folders) -> Path:
    """Pull, train, verify, issue, update the climate map and publish; return the release."""
    say("[1/6] Pull the recorded catchments: hourly rain and flow, 2011–2021")
    pulling.pull(NETWORK, None, folders, say)
    with bar("[2/6] Train the LSTM on 2011–2016   ") as report:
        quick = replace(training.operational(), folds=0)  # in a minute, not in ten
        training.train(NETWORK, folders, quick, report)
    with bar("[3/6] Verify on 2019–2021           ") as report:
        scores = verifying.verify(NETWORK, folders, report=report)
    console.print(tables.skill(scores))
    with bar("[4/6] Issue forecasts in the flood  ") as report:
        runs = issue_all(folders, report)
    show(compare(runs, folders))
    with bar("[5/6] Climate map of Korea          ") as report:
        update.update(folders, Futures(), report)
    say("[6/6] Publish both halves as one site")
    release = publishing.publish(runs[-1], folders, with_outcome=True)
    farewell(folders, release)
    return release


def issue_all(folders: Folders, report: training.Progress) -> list[Path]:
    """Issue a forecast every six hours before and in the flood; return their manifests."""
    times = np.arange(FIRST, LAST + EVERY, EVERY)
    runs = []
    for done, when in enumerate(times, start=1):
        runs.append(issuing.issue(NETWORK, when, folders, triggered_by="demo"))
        report(done, times.size, f"as known at {str(when)[:16]}Z")
    return runs


def compare(runs: list[Path], folders: Folders) -> list[Comparison]:
    """Set each forecast of the demo's gauge beside what happened in the hours that it covers."""
    network, observations = pulling.open_network(NETWORK, folders)
    observed = observations[network.quantity.value].sel(station=STATION)
    found = []
    for path in runs:
        file = folders.forecasts(NETWORK) / manifest.load(path).forecast
        found.append(_compare(netcdf.read(file), network.quantity.value, observed))
    return found


def _compare(forecast: xr.Dataset, quantity: str, observed: xr.DataArray) -> Comparison:
    issued = forecast.isel(issue_time=0)
    values = issued[quantity].sel(station=STATION)
    lead = int(values.sel(quantile=0.5).values.argmax())
    happened = observed.sel(time=issued.valid_time.values)
    return Comparison(
        issue_time=issued.issue_time.values[()],
        peak=float(values.sel(quantile=0.5)[lead]),
        peak_low=float(values.sel(quantile=0.05).max()),
        peak_high=float(values.sel(quantile=0.95).max()),
        peak_time=issued.valid_time.values[lead],
        observed=float(happened.max()),
        observed_time=happened.time.values[int(happened.values.argmax())],
    )


def show(comparisons: list[Comparison]) -> None:
    """Print the forecasts of the flood beside what happened."""
    table = Table(title="Black River, the next 24 h: forecast peak (90 % range) and what happened")
    for heading in (
        "issued (clock as published)",
        "forecast peak m³/s",
        "at",
        "observed m³/s",
        "at",
    ):
        table.add_column(heading, justify="right")
    for c in comparisons:
        band = f"{c.peak:.0f} ({c.peak_low:.0f}–{c.peak_high:.0f})"
        times = [
            str(t)[5:16].replace("T", " ") for t in (c.issue_time, c.peak_time, c.observed_time)
        ]
        table.add_row(times[0], band, times[1], f"{c.observed:.0f}", times[2])
    console.print(table)


def farewell(folders: Folders, release: Path) -> None:
    """Say where the site is and how to look at it."""
    current = folders.site / "current"
    say(f"\nPublished {release.name}")
    say(f"Site folder   {current}")
    say(f"Look at it    python3 -m http.server 8000 --bind 127.0.0.1 --directory {current}")
    say("              then open http://127.0.0.1:8000/")
    say(f"              the flood    http://127.0.0.1:8000/{NETWORK}/gauge/{STATION}.html")
    say("              the climate  http://127.0.0.1:8000/climate/")
