"""A training that was killed goes on where it was: its state in a folder, a file for each part.

Every file names what it belongs to (record, settings, code). One that belongs to something else,
or cannot be read, counts as not there: that part is done anew.
"""

import logging
import shutil
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xarray as xr

from data.network import Network
from data.schema import FORCINGS
from forecast import sealed

_LOG = logging.getLogger("mulgil.training")


@dataclass(frozen=True)
class Unfinished:
    """Where a training leaves what it has done.

    Attributes:
        folder: None: nowhere, a killed training starts anew.
        key: What it belongs to; see `key_of`.
    """

    folder: Path | None = None
    key: str = ""

    def keep(self, part: str, state: dict[str, Any]) -> None:
        """Write one part, whole or not at all; a full disk costs the way back, not the training."""
        if self.folder is None:
            return
        try:
            sealed.write(self._file(part), {"key": self.key, "state": state})
        except OSError as error:
            _LOG.warning("The state of the training could not be kept: %s", error)

    def take(self, part: str) -> dict[str, Any] | None:
        """Return what was kept of one part; None where there is nothing of this training."""
        if self.folder is None or not self._file(part).exists():
            return None
        try:
            kept = sealed.read(self._file(part))
        except (sealed.Damaged, OSError) as error:
            _LOG.warning("That part of the training starts anew: %s", error)
            return None
        state: dict[str, Any] = kept["state"]
        return state if kept["key"] == self.key else None

    def forget(self) -> None:
        """Remove all parts: the training is done."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _file(self, part: str) -> Path:
        if self.folder is None:
            raise ValueError(f"No folder for '{part}'.")
        return self.folder / f"{part}.pt"


def key_of(*parts: object) -> str:
    """Return sixteen hex digits that stand for some settings and for the code that learns."""
    return sha256("\n".join([*map(str, parts), _code()]).encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """Return the digest of the code of this process, and of what it computes with."""
    found = sha256(f"{version('torch')} {version('numpy')} {version('lightgbm')}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def digest(observations: xr.Dataset, network: Network) -> str:
    """Return sixteen hex digits that stand for all that a training sees of a record."""
    places = [(station.id, station.upstream, station.longitude) for station in network.stations]
    grid = network.name, str(network.step), network.horizon, network.split
    found = sha256(repr((grid, places)).encode())
    found.update(observations.time.values.tobytes())
    for name in (network.quantity.value, *FORCINGS, "received_time"):
        if name in observations:
            rows = observations[name].sel(station=network.ids).transpose("station", "time").values
            found.update(name.encode())
            for row in rows:
                found.update(row.tobytes())
    return found.hexdigest()[:16]
