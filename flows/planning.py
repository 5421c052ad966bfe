"""Train what tells from a plan, and issue the forecast that knows one.

<network>/planners/<model id>.npz   what `mulgil train --with-plans` has learnt beside a model
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from data.errors import MulgilError
from data.network import Network
from flows.folders import Folders
from flows.futures import NOTHING, Futures, Issue, Plan, known_futures
from flows.pulling import open_network
from forecast import checkpoint, foresight_fit, members, planned_file
from forecast.checkpoint import Checkpoint
from forecast.foresight import Foresight, foresee
from forecast.predict import predict

Progress = Callable[[int, int, str], None]
MOST = 30  # gauges: a planner takes a minute or two for each


def train_planner(
    name: str, folders: Folders, report: Progress = lambda *_: None
) -> tuple[Path | None, str]:
    """Learn what plans tell, beside the model in service.

    Returns:
        The file of the planner, and a sentence; no file where the network has too many gauges.

    Raises:
        NothingThere: There is no model in service.
        TooLittleHistory: The record has neither releases nor rain to learn from.
    """
    network, observations = open_network(name, folders)
    if len(network.ids) > MOST:
        many = f"'{name}' has {len(network.ids)} gauges"
        return None, f"{many}: plans are learnt for up to {MOST}, so none was."
    model = checkpoint.load(folders.checkpoint(name), network)
    found = foresight_fit.fit(model, network, observations, report)
    path = planned_file.save(path_of(folders, name, model.model_id), found, network)
    sets = [" and ".join(known) for known in found.weights]
    return path, f"Plans of {'; '.join(sets)} are known to {model.model_id}: {path}"


def planner_of(model: Checkpoint, network: Network, folders: Folders) -> Foresight | None:
    """Return the planner beside a model; None if none was trained.

    Raises:
        CheckpointMismatch: The file is damaged or of another network.
    """
    path = path_of(folders, network.name, model.model_id)
    return planned_file.load(path, network, model.model_id) if path.exists() else None


def path_of(folders: Folders, name: str, model_id: str) -> Path:
    """Return the file of the planner beside a model."""
    return folders.network(name) / "planners" / f"{model_id}.npz"


def ready(
    model: Checkpoint, network: Network, folders: Folders
) -> tuple[Foresight | None, tuple[str, ...]]:
    """Return the planner beside a model, or None and why it is missed; no word if none ever was."""
    try:
        found = planner_of(model, network, folders)
    except MulgilError as error:
        return None, (f"앞으로의 강우를 쓰지 못합니다. The rain to come is not used: {error}",)
    if found is None and wanted(network.name, folders):
        return None, (
            "이 모델은 계획을 배우지 않아 앞으로의 강우를 쓰지 못합니다. This model has not learnt "
            f"from plans, as an earlier one had: mulgil train {network.name} --with-plans",
        )
    return found, ()


def wanted(name: str, folders: Folders) -> bool:
    """Say whether a model of the network has learnt from plans before."""
    return any((folders.network(name) / "planners").glob("*.npz"))


def foretell(
    issue: Issue, folders: Folders, plan: Plan | None = None
) -> tuple[xr.Dataset, Futures]:
    """Return the forecast that knows what is known of the hours ahead, and what that is.

    Whatever is wrong with rain that was forecast, a forecast is issued: the one without it, with
    a note. What is wrong with a plan that was handed over is raised.

    Raises:
        InvalidData: The plan cannot be used; what is wrong with it is said.
        NothingThere: There is a plan, and nobody has learnt what follows from one.
    """
    if plan is not None:
        futures = known_futures(issue, folders, plan)
        return made(issue, futures), futures
    try:
        futures = known_futures(issue, folders)
        return made(issue, futures), futures
    except Exception as error:  # rain ahead never stops a forecast
        if issue.planner is None:
            raise
        note = f"앞으로의 강우를 쓰지 못했습니다. The rain to come was not used: {error}"
        return made(issue, NOTHING), replace(NOTHING, notes=(note,))


def said(futures: Futures) -> list[str]:
    """Return what must stand on every page of a forecast that knows these futures."""
    if "plan" not in futures.told:
        return list(futures.notes)
    plan = futures.told["plan"]
    named = " + ".join(plan["variables"])
    told = f"Planned {named} by {plan['who']} ({plan['sha256'][:12]}): {plan['reason']}"
    return [told, *futures.notes]


def made(issue: Issue, futures: Futures) -> xr.Dataset:
    """Return the forecast of an issue, given some futures."""
    when = np.array([issue.moment.issue_time])
    if futures.plan is None or issue.planner is None:
        return predict(issue.model, issue.network, issue.known, when)
    if "member" in futures.plan.dims:
        made_of_each = members.foresee(
            issue.planner, issue.model, issue.network, issue.known, futures.plan, when[0]
        )
        whole = made_of_each.together()
    else:
        whole = foresee(issue.planner, issue.model, issue.network, issue.known, futures.plan, when)
    return whole.assign_attrs(futures=_line(futures))


def _line(futures: Futures) -> str:
    """Return in one line what of the future the forecast knows."""
    parts = [f"rainfall: {futures.told['rainfall']}"] if "rainfall" in futures.told else []
    if "plan" in futures.told:
        given = futures.told["plan"]
        parts.insert(0, f"plan {given['file']} ({given['sha256'][:12]}) by {given['who']}")
    return "; ".join(parts)
