"""What is known of the hours ahead when a forecast is issued, and where it came from.

Of rain, an operator's plan goes before the forecast that a provider gave; of a dam's releases there
is only a plan. What a plan leaves open, the provider's forecast fills.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import xarray as xr

from data import rain_ahead
from data.errors import MulgilError, NothingThere
from data.network import Network
from data.rain_ahead import Ahead
from flows.folders import Folders
from flows.moments import Moment
from forecast import plan as plan_file
from forecast import plan_checks
from forecast.checkpoint import Checkpoint
from forecast.foresight import Foresight


@dataclass(frozen=True)
class Plan:
    """A plan that was handed over.

    Attributes:
        reason: Why, in the words of who did it; it stands on every page of the forecast.
    """

    path: Path
    who: str
    reason: str


@dataclass(frozen=True)
class Futures:
    """What is known of the hours ahead.

    Attributes:
        plan: Dims (station, time) or (member, station, time); None where nothing is known.
        told: Where it came from, for the manifest.
        notes: What must be told beside the forecast, a sentence each.
    """

    plan: xr.Dataset | None = None
    told: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


NOTHING = Futures()


@dataclass(frozen=True)
class Issue:
    """One issue of one network.

    Attributes:
        known: `data.schema.observations`, what was known at the moment.
        planner: None where none was learnt.
    """

    model: Checkpoint
    planner: Foresight | None
    network: Network
    known: xr.Dataset
    moment: Moment


def known_futures(issue: Issue, folders: Folders, plan: Plan | None = None) -> Futures:
    """Return what is known of the hours ahead: the plan, else the rain that was forecast.

    Raises:
        InvalidData: The plan cannot be used.
        NothingThere: There is a plan and no planner.
    """
    if issue.planner is None:
        if plan is not None:
            raise no_planner(issue)
        return NOTHING
    rain, told = _archived(issue, folders), dict[str, Any]()
    if rain is not None:
        told["rainfall"] = rain.attrs["sources"]
        told["rain_ahead"] = rain_ahead.total(rain, issue.network.step)
    if plan is None:
        return Futures(rain, told, ()) if rain is not None else NOTHING
    given = fitted(issue, plan.path)
    return Futures(merged(given.plan, rain), told | _signed(plan, given.plan), given.notes)


def fitted(issue: Issue, path: Path) -> plan_checks.Fitted:
    """Return what a file plans for the steps after the issue time.

    Raises:
        InvalidData: It cannot be used.
        NothingThere: Nobody has learnt what follows from a plan.
    """
    if issue.planner is None:
        raise no_planner(issue)
    read = plan_file.read(path, issue.network)
    now = issue.known.sel(time=issue.moment.issue_time, drop=True)
    largest = issue.planner.largest
    return plan_checks.fit(read, issue.network, issue.moment.issue_time, now, largest)


def merged(first: xr.Dataset, second: xr.Dataset | None) -> xr.Dataset:
    """Return a plan with what only another one tells."""
    if second is None:
        return first
    names = dict.fromkeys([*map(str, first.data_vars), *map(str, second.data_vars)])
    made = {}
    for name in names:
        if name in first and name in second:
            made[name] = first[name].fillna(second[name])
        else:
            made[name] = (first if name in first else second)[name]
    return xr.Dataset(made)


def _archived(issue: Issue, folders: Folders) -> xr.Dataset | None:
    """Return the rain that was forecast for the hours ahead, as known then."""
    path = folders.observations(issue.network.name)
    moment = Ahead(path, issue.moment.issue_time, issue.moment.known_at)
    return rain_ahead.read(issue.network, moment)


def _signed(plan: Plan, given: xr.Dataset) -> dict[str, Any]:
    """Return whose plan it was: its file by digest, never by path."""
    digest = sha256(plan.path.read_bytes()).hexdigest()
    return {
        "plan": {
            "file": plan.path.name,
            "sha256": digest,
            "variables": [str(name) for name in given.data_vars],
            "members": int(given.sizes.get("member", 1)),
            "who": plan.who,
            "reason": plan.reason,
        }
    }


def no_planner(issue: Issue) -> MulgilError:
    """Return the error that says that nobody has learnt what follows from a plan."""
    name = issue.network.name
    return NothingThere(
        f"The model {issue.model.model_id} of '{name}' has not learnt what follows from a plan.",
        f"Run: mulgil train {name} --with-plans",
    )
