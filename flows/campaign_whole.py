"""What must hold of an installation whatever was killed: nothing lost, torn or left half."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from data import netcdf, raw, store
from data.errors import MulgilError
from data.network import Network
from data.sources import hrfco
from data.sources.asking import Answer, Wanted
from flows import heartbeat, manifest
from flows.folders import Folders
from maps.publish import broken

VARIABLES = {"waterlevel": "water_level", "rainfall": "rainfall"}
LEFT = ("*.tmp", ".*.part", "*.part", ".*.new")
FLOAT = 1e-4  # of the store
DONE = ("forecast", "published")


@dataclass
class Inspector:
    """Looks at one network of an installation again and again; what it saw well is not read twice.

    Attributes:
        seen: Raw answers whose readings are all in the store.
    """

    folders: Folders
    network: Network
    seen: set[Path] = field(default_factory=set)
    runs: dict[Path, int] = field(default_factory=dict)

    def readings_lost(self) -> list[str]:
        """Return the readings of kept raw answers of the gauges that the store does not have.

        To be asked after a cycle that ran to its end: what was kept and not stored is asked again.
        """
        folder = self.folders.raw(self.network.name) / hrfco.SOURCE
        new = sorted(set(folder.rglob("*.gz")) - self.seen)
        lost = [f"{path.name}: {each}" for path in new for each in self._lacking(raw.read(path))]
        self.seen |= set(new)
        return lost

    def runs_lost(self) -> list[str]:
        """Return manifests that cannot be read, or whose forecast or readings are not as told."""
        found = []
        for path in sorted((self.folders.home / "runs").glob(f"{self.network.name}-*.json")):
            changed = path.stat().st_mtime_ns
            if self.runs.get(path) != changed:
                found += self._amiss(path)
                self.runs[path] = changed
        return found

    def torn(self) -> list[str]:
        """Return the files of releases that are not what their manifest says."""
        releases = self.folders.site / "releases"
        whole = [path for path in releases.glob("*") if path.suffix != ".tmp"]
        found = [f"{path.name}/{name}" for path in whole for name in _broken(path)]
        current = self.folders.site / "current"
        return found if not whole or current.exists() else [*found, "current leads nowhere"]

    def left(self) -> list[str]:
        """Return files that a kill left half, and that nothing will take away."""
        paths = {path for pattern in LEFT for path in self.folders.home.rglob(pattern)}
        return sorted(str(path.relative_to(self.folders.home)) for path in paths)

    def heart(self) -> str:
        """Return the state that the heartbeat tells; "" if there is none."""
        told = heartbeat.read(self.folders, self.network.name)
        return "" if told is None else told.state

    def _lacking(self, answer: Answer) -> list[str]:
        variable = VARIABLES[answer.what.partition("-")[0]]
        spots = next(f for f in self.network.feeds if f.variable == variable).spots(
            self.network.ids
        )
        until = answer.fetched + np.timedelta64(1, "D")
        wanted = Wanted(variable, spots, until - np.timedelta64(30, "D"), until)
        told = [r for r in hrfco.parse(answer, wanted).readings if np.isfinite(r.value)]
        if not told:
            return []
        sites = sorted({r.site for r in told})
        since, last = min(r.time for r in told), max(r.time for r in told)
        asked = store.Wanted(hrfco.SOURCE, variable, sites, since, last)
        held = store.read(self.folders.observations(self.network.name), asked)["value"]
        rows = {site: number for number, site in enumerate(held.site.values)}
        columns = {time: number for number, time in enumerate(held.time.values)}
        values = held.values
        return [
            f"{r.site} {r.time}"
            for r in told
            if r.site not in rows
            or r.time not in columns
            or not abs(values[rows[r.site], columns[r.time]] - r.value) <= FLOAT
        ]

    def _amiss(self, path: Path) -> list[str]:
        try:
            run = manifest.load(path)
            if run.state in DONE:
                netcdf.read(self.folders.forecasts(run.network) / run.forecast)
        except (OSError, ValueError, TypeError, MulgilError) as error:
            return [f"{path.name}: {error}"]
        if run.state not in DONE:
            return []
        known_at = np.datetime64(run.known_at.rstrip("Z"), "ns")
        held = store.snapshot(self.folders.observations(run.network), known_at)
        told = run.inputs["observations"]
        return [] if held == told else [f"{path.name}: the readings that it used are not there"]


def _broken(release: Path) -> list[str]:
    try:
        return broken(release)
    except (OSError, ValueError) as error:
        return [f"manifest.json: {error}"]


def stamped(line: dict[str, object]) -> str:
    """Return a line of a log with the real time at which it was written."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(line | {"at": now}, ensure_ascii=False)
