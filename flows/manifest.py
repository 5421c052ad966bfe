"""The record of one run: what went in, what came out, how long it took, what was degraded."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import NothingThere

LIBRARIES = ("mulgil", "torch", "xarray", "numpy", "prefect", "folium")


@dataclass
class Manifest:
    """One run, filled in while it goes and saved after each step.

    Attributes:
        known_at: Nothing that was received later is in the forecast.
        replayed: What of the readings is replayed or simulated by a server; "" if nothing.
        kind: `real-time`, `replay` or `drill`; see `flows.issued`.
        providers: What each did in this cycle.
        inputs: Fingerprint of the readings; per station and variable the time and the source of
            the last value.
        degraded: Why a gauge has no forecast, by station.
        fallback: Why persistence is issued at a gauge and not the model, by station.
        forecast: The file, below the network's folder of forecasts.
    """

    network: str
    issue_time: str
    triggered_by: str
    run_id: str
    replay: bool
    state: str = "running"
    model: str = ""
    started: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)
    degraded: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    known_at: str = ""
    replayed: str = ""
    forecast: str = ""
    kind: str = ""
    fallback: dict[str, str] = field(default_factory=dict)
    with_outcome: bool = False

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note the seconds that a step took."""
        begun = time.perf_counter()
        yield
        self.timings[step] = round(time.perf_counter() - begun, 3)

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready copy."""
        return dict(vars(self))

    def save(self, path: Path) -> Path:
        """Write atomically."""
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}.tmp")
        half.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=1), encoding="utf-8")
        half.replace(path)
        return path


def begin(
    network: str, issue_time: np.datetime64, triggered_by: str, replay: bool = False
) -> Manifest:
    """Start the record of a run; its id sorts by network, issue time and start."""
    now = datetime.now(UTC)
    issue = str(issue_time.astype("datetime64[m]"))
    return Manifest(
        network=network,
        issue_time=issue + "Z",
        triggered_by=triggered_by,
        replay=replay,
        run_id=f"{network}-{issue.replace(':', '')}Z-{now:%Y%m%dT%H%M%S%f}",
        started=now.isoformat(timespec="seconds"),
        versions={name: version(name) for name in LIBRARIES},
    )


def load(path: Path) -> Manifest:
    """Read a manifest back.

    Raises:
        NothingThere: No run left a manifest there.
    """
    if not path.exists():
        raise NothingThere(
            f"There is no run manifest at {path}.", "Run: mulgil forecast --network NAME"
        )
    return Manifest(**json.loads(path.read_text(encoding="utf-8")))
