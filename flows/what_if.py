"""What if it rained more, a dam let go, a gauge were wrong: a forecast beside the automatic one.

<network>/what-if/<id>/   forecast.nc, scenario.json, differences.csv, index.html, index.en.html

Nothing of it is ever published: no other folder is written to, and every file says that it is
WHAT-IF (가정).
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from data.errors import InvalidData
from flows import pulling, what_if_files
from flows.folders import Folders
from flows.futures import NOTHING, Futures, Issue, known_futures, no_planner
from flows.moments import choose, known_then
from flows.planning import made, ready
from forecast import checkpoint, plan_checks, scenario, scenario_levels, scenario_limits
from forecast import plan as plan_file
from forecast.differences import Difference, compare
from forecast.outlook import assess
from forecast.predict import look_back
from forecast.scenario import Changed, RainChange, Scenario

HOUR = np.timedelta64(1, "h")
SHOWN = 120  # steps more: what the page shows before the issue time
LONGEST = 500  # characters of a reason
_REMEDY = "Say what to change: mulgil what-if --help"


@dataclass(frozen=True)
class Asked:
    """What a hydrologist asks, as it was typed.

    Attributes:
        who: Who asks; it stands in every file.
        rain_more: mm in all, spread evenly.
        past_hours: How far back from the issue time rain is changed.
        corrected: Such as `1018662=+0.12` or `1018662=2.35`.
    """

    reason: str
    who: str
    rain_factor: float | None = None
    rain_more: float = 0.0
    rain_later_hours: float = 0.0
    rain_from: str = ""
    rain_csv: Path | None = None
    release_csv: Path | None = None
    past_hours: float = 24.0
    blocked: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is to be changed."""
        rain = (self.rain_more, self.rain_later_hours, self.rain_from, self.rain_csv)
        return self.rain_factor is None and not any(
            (*rain, self.release_csv, self.blocked, self.corrected)
        )


@dataclass(frozen=True)
class WhatIf:
    """A what-if and where it lies."""

    folder: Path
    told: dict[str, Any]
    differences: tuple[Difference, ...]


def what_if(name: str, issue_time: np.datetime64 | None, folders: Folders, asked: Asked) -> WhatIf:
    """Forecast as if, beside the automatic forecast of the same moment; publish nothing.

    Args:
        issue_time: UTC; None is now for a live network, else the last time of the record.

    Raises:
        InvalidData: Nothing is to be changed, no reason is given, or a change cannot be made.
        NothingThere: There is no model or record, or a plan is given and nobody has learnt from
            plans.
        OutsideRecord: The record has no such time.
    """
    _require_sense(asked)
    issue = _issue(name, issue_time, folders)
    futures = known_futures(issue, folders)
    changed = _changed(asked, issue, futures)
    after = replace(issue, known=changed.observations)
    told = Futures(changed.plan, futures.told, changed.notes)
    forecasts = made(issue, futures), made(after, told)
    before, later = (assess(each.isel(issue_time=0), issue.network) for each in forecasts)
    differences = compare(before, later, issue.network)
    record = _record(asked, issue, futures, changed, folders)
    result = what_if_files.Result(
        issue.network,
        (issue.known, changed.observations),
        forecasts,
        (before, later),
        differences,
        record,
    )
    folder = _place(folders, name, record["id"], lambda path: what_if_files.write(path, result))
    return WhatIf(folder, what_if_files.told(result), differences)


def _require_sense(asked: Asked) -> None:
    if not asked.reason.strip() or len(asked.reason) > LONGEST:
        raise InvalidData(f"A what-if needs a reason of 1 to {LONGEST} letters.", "--reason TEXT")
    if asked.empty:
        raise InvalidData("Nothing is to be changed.", _REMEDY)


def _issue(name: str, issue_time: np.datetime64 | None, folders: Folders) -> Issue:
    moment = choose(name, folders, issue_time)
    model = checkpoint.load(folders.checkpoint(name), pulling.find(name, folders))
    reach = model.model.window + look_back(model) + SHOWN
    network, known = known_then(name, folders, moment, reach)
    planner, _ = ready(model, network, folders)
    return Issue(model, planner, network, known, moment)


def _changed(asked: Asked, issue: Issue, futures: Futures) -> Changed:
    """Return the changed inputs, with all that must be said of them."""
    plan = futures.plan if issue.planner is not None else None
    when, network = issue.moment.issue_time, issue.network
    found = scenario.apply(_scenario(asked, issue), issue.known, plan, network, when)
    notes = list(found.notes)
    if found.plan is not None and found.plan.sizes.get("time"):
        if issue.planner is None:
            raise no_planner(issue)
        now = issue.known.sel(time=when, drop=True)
        fitted = plan_checks.fit(found.plan, network, when, now, issue.planner.largest)
        notes += fitted.notes
        found = replace(found, plan=fitted.plan)
    return replace(found, notes=tuple(dict.fromkeys(notes)))


def _scenario(asked: Asked, issue: Issue) -> Scenario:
    network = issue.network
    later = np.timedelta64(round(asked.rain_later_hours * 60), "m")
    past = np.timedelta64(round(asked.past_hours * 60), "m")
    given = _column(asked.rain_csv, "rainfall", issue)
    releases = _column(asked.release_csv, "dam_release", issue)
    for station in asked.blocked:
        scenario_levels.require_known(station, network)
    return Scenario(
        RainChange(past, given, asked.rain_from, later, asked.rain_factor, asked.rain_more),
        releases,
        asked.blocked,
        tuple(scenario_levels.parse(text, network) for text in asked.corrected),
    )


def _column(path: Path | None, name: str, issue: Issue) -> xr.DataArray | None:
    """Return one column of a plan's file.

    Raises:
        InvalidData: The file lacks it, or is no plan.
    """
    if path is None:
        return None
    plan = plan_file.read(path, issue.network)
    if name not in plan:
        raise InvalidData(f"'{path.name}' has no column {name}.", f"Write: time,{name}")
    scenario.require_one_member(plan)
    return plan[name]


def _record(
    asked: Asked, issue: Issue, futures: Futures, changed: Changed, folders: Folders
) -> dict[str, Any]:
    """Return what scenario.json tells."""
    now, when = datetime.now(UTC), str(issue.moment.issue_time)[:16]
    _, whole = pulling.open_network(issue.network.name, folders)
    limits = scenario_limits.learn(whole, issue.network)
    beyond = scenario_limits.beyond(changed, issue.network, limits)
    return {
        "label": "WHAT-IF 가정",
        "id": f"{when.replace(':', '')}Z-{now:%Y%m%dT%H%M%S%f}",
        "network": issue.network.name,
        "issue_time": f"{when}Z",
        "known_at": f"{issue.moment.known_at}Z",
        "replay": issue.moment.replay,
        "replayed": str(issue.known.attrs.get("replayed", "")),
        "model": issue.model.model_id,
        "made": now.isoformat(timespec="seconds"),
        "who": asked.who,
        "reason": asked.reason.strip(),
        "futures_of_the_automatic_forecast": futures.told if futures is not NOTHING else {},
        "asked": what_if_files.typed(asked),
        "changes": list(changed.changes),
        "notes": [*changed.notes, *beyond],
    }


def _place(folders: Folders, name: str, what: str, write: Callable[[Path], None]) -> Path:
    """Write a folder whole or not at all, and return it."""
    folder = folders.network(name) / "what-if" / what
    half = folder.with_name(f".{what}.part")
    half.mkdir(parents=True)
    try:
        write(half)
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return folder
