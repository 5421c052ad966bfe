"""What a run used, kept by content, so that it can be issued again to the bit.

<network>/plans/<sha256>.csv          a plan as it was handed over
<network>/used/<sha256>.json          the thresholds that stages were told by
<network>/used/<sha256>.npz           the planner beside the model
<network>/used/<sha256>.nc            what persistence says, where it stood in, or what widths held
<network>/used/<sha256>.pt            the model, where `models/<model id>.pt` is not that very file

A file is there once, however many runs used it, and is never changed: its name is its SHA-256.
"""

import json
from dataclasses import asdict
from hashlib import sha256
from math import isnan
from pathlib import Path
from typing import Any

from data import whole
from data.errors import InvalidData, NothingThere
from data.network import Network
from data.stations import Thresholds
from flows.folders import Folders

SUFFIXES = {
    "plan": ".csv",
    "thresholds": ".json",
    "planner": ".npz",
    "persistence": ".nc",
    "widths": ".nc",
    "model": ".pt",
}


def path_of(folders: Folders, network: str, sort: str, digest: str) -> Path:
    """Return where content of a sort (`SUFFIXES`) is kept."""
    folder = "plans" if sort == "plan" else "used"
    return folders.network(network) / folder / f"{Path(digest).name}{SUFFIXES[sort]}"


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file; "" where there is none."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def keep(folders: Folders, network: str, sort: str, source: Path) -> str:
    """Keep a copy of a file; return its SHA-256, "" where there is no file."""
    try:
        content = source.read_bytes()
    except FileNotFoundError:
        return ""
    digest = sha256(content).hexdigest()
    path = path_of(folders, network, sort, digest)
    if not path.exists():
        whole.write(path, content)
    return digest


def keep_model(folders: Folders, network: str, model: str) -> str:
    """Keep the model in service, unless it is kept under its id to the bit; return its SHA-256."""
    serving = folders.checkpoint(network)
    digest = digest_of(serving)
    if digest_of(model_path(folders, network, model)) == digest:
        return digest
    return keep(folders, network, "model", serving)


def model_path(folders: Folders, network: str, model: str) -> Path:
    """Return where `flows.models` keeps a model."""
    return folders.network(network) / "models" / f"{Path(model).name}.pt"


def keep_thresholds(folders: Folders, network: Network) -> str:
    """Keep the thresholds of a network; return the SHA-256 of what was kept."""
    told = {s.id: _plain(s.thresholds) for s in network.stations if s.thresholds}
    content = json.dumps(told, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()
    digest = sha256(content).hexdigest()
    path = path_of(folders, network.name, "thresholds", digest)
    if not path.exists():
        whole.write(path, content)
    return digest


def thresholds(folders: Folders, network: str, digest: str) -> dict[str, Thresholds]:
    """Return thresholds that were kept, by station.

    Raises:
        NothingThere: They are gone.
        InvalidData: The file was changed.
    """
    told = json.loads(read(folders, network, "thresholds", digest))
    return {station: _rich(each) for station, each in told.items()}


def read(folders: Folders, network: str, sort: str, digest: str) -> bytes:
    """Return what was kept.

    Raises:
        NothingThere: It is gone.
        InvalidData: The file was changed.
    """
    path = path_of(folders, network, sort, digest)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        problem = f"The {sort} {digest[:12]} of '{network}' is gone: '{path}'."
        raise NothingThere(problem, "Restore it from a copy.") from error
    if sha256(content).hexdigest() != digest:
        raise InvalidData(f"'{path}' is not what was kept.", "Restore it from a copy.")
    return content


def _plain(limits: Thresholds) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and isnan(value) else value
        for name, value in asdict(limits).items()
    }


def _rich(told: dict[str, Any]) -> Thresholds:
    given: dict[str, Any] = {n: float("nan") if v is None else v for n, v in told.items()}
    return Thresholds(**given)
