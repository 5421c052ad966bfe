"""What one cycle left to see: stages as published, gauges without a forecast, failing providers."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.archive import Window
from data.network import Network
from data.stations import Stage
from flows import issuing, pulling
from flows.folders import Folders
from forecast.outlook import sentence
from maps.listing import shown
from maps.plain import file_name

if TYPE_CHECKING:
    from flows.cycle import Cycle

FAILED = "failed"  # how the line of a provider begins that gave nothing that can be used
DONE = ("issued", "degraded", "late")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Seen:
    """What one cycle left to see.

    Attributes:
        when: The issue time of the forecast; of a cycle that failed when it was due. UTC.
        marks: Of what is not a real and present river: SIMULATED, DRILL, REPLAY.
        reasons: Why a gauge has no forecast, by gauge (Korean and English in one text).
        failing: What failed, by provider or step.
        stages: Number of the stage of every gauge as it is published; None: nothing was.
        waits: Whether the alerts wait for a person's approval; None: nothing was published.
        sentences: Of gauges, (Korean, English); perhaps of the worst ones alone.
    """

    network: Network
    state: str
    told: str
    when: np.datetime64
    run: str = ""
    marks: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    stages: dict[str, int] | None = None
    sentences: dict[str, Pair] = field(default_factory=dict)
    waits: bool | None = None

    @property
    def issued(self) -> bool:
        """Whether there is a new forecast."""
        return self.state in DONE


def look(cycle: "Cycle", folders: Folders) -> Seen:
    """Return what a cycle left to see.

    Raises:
        MulgilError: What it issued cannot be read.
        OSError: The same.
    """
    network = pulling.find(cycle.network, folders)
    run = _json(cycle.run) if cycle.run else {}
    issued = str(run.get("issue_time", "")).rstrip("Z")
    failing = {who: did for who, did in run.get("providers", {}).items() if did.startswith(FAILED)}
    reasons = dict(run.get("degraded", {}))
    if cycle.state == "degraded" and not failing and not reasons:
        failing = {"site": cycle.told}
    on = {"SIMULATED": network.simulated, "DRILL": run.get("replayed"), "REPLAY": run.get("replay")}
    stages, sentences = _stages(cycle, run, network, folders)
    return Seen(
        network=network,
        state=cycle.state,
        told=cycle.told,
        when=np.datetime64(issued, "ns") if issued else cycle.due,
        run=str(run.get("run_id", "")),
        marks=tuple(mark for mark, is_so in on.items() if is_so),
        reasons=reasons,
        failing=failing,
        stages=stages,
        sentences=sentences,
        waits=bool(run.get("review", {}).get("alerts_wait")) if cycle.release else None,
    )


def _stages(
    cycle: "Cycle", run: dict[str, Any], network: Network, folders: Folders
) -> tuple[dict[str, int] | None, dict[str, Pair]]:
    """Return stages and sentences as published; where the site is broken, as forecast."""
    if cycle.release is not None:
        return published(cycle.release, network)
    if not run.get("forecast"):
        return None, {}
    since = np.datetime64(run["issue_time"].rstrip("Z"), "ns")
    known, _ = pulling.open_network(network.name, folders, Window(since=since))
    path = folders.forecasts(network.name) / run["forecast"]
    _, outlooks = issuing.read(path, known)
    said = {
        o.station: (sentence(o, known, "ko"), sentence(o, known, "en"))
        for o in outlooks
        if shown(o) > Stage.NORMAL
    }
    return {o.station: int(shown(o)) for o in outlooks}, said


def published(release: Path, network: Network) -> tuple[dict[str, int], dict[str, Pair]]:
    """Return the stage of every gauge that a release shows, and sentences of those it tells of.

    Raises:
        OSError: The release is not whole.
    """
    folder = release / file_name(network.name)
    letters, ids = _script(folder, "now")["stages"], _script(folder, "names")["id"]
    positions = len(letters) // max(len(ids), 1)  # the worst first, then now and each lead
    stages = {gauge: int(letters[n * positions]) - 1 for n, gauge in enumerate(ids)}
    gauges = _json(folder / "api" / "network.json")["gauges"]
    return stages, {g["id"]: (g["sentence_ko"], g["sentence_en"]) for g in gauges}


def _script(folder: Path, name: str) -> dict[str, Any]:
    """Read a data file of the site: a script that hands over one value."""
    newest: Callable[[Path], float] = lambda path: path.stat().st_mtime  # noqa: E731
    path = max((folder / "data").glob(f"{name}.*.js"), key=newest, default=None)
    if path is None:
        raise FileNotFoundError(2, "There is no data file", f"{folder.name}/data/{name}.*.js")
    found = re.fullmatch(r"Mulgil\.put\(\"\w+\",(.*)\);\n", path.read_text(encoding="utf-8"))
    told: dict[str, Any] = json.loads(found[1]) if found else {}
    return told


def _json(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told
