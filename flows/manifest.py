"""The record of one run: what went in, what came out, how long it took, what was degraded."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from data import whole
from data.errors import InvalidData, NothingThere
from flows.redaction import redact

LIBRARIES = (
    "mulgil", "torch", "numpy", "xarray", "pandas", "scipy", "lightgbm", "h5netcdf", "prefect",
    "folium",
)  # fmt: skip


@dataclass
class Manifest:
    """One run, filled in while it goes; saved when it begins, when it ends, and when it fails.

    Attributes:
        known_at: Nothing that was received later is in the forecast.
        replayed: What of the readings is replayed or simulated by a server; "" if nothing.
        kind: `real-time`, `replay` or `drill`; see `flows.issued`.
        state: `running` (or killed while it ran), `failed`, `forecast`, `published`.
        providers: What each did in this cycle.
        inputs: Fingerprint of the readings; per station and variable the time and the source of
            the last value, see `flows.input_record`; what was known of the hours ahead, a plan
            with its SHA-256 among it.
        degraded: Why a gauge has no forecast, by station.
        fallback: Why persistence is issued at a gauge and not the model, by station.
        forecast: The file, below the network's folder of forecasts.
        late: Its cycle was missed, and it was issued afterwards with what was known then.
        used: By sort (`flows.kept`) the SHA-256 of what was used: model, planner, thresholds,
            persistence, plan; and `network`, a fingerprint of its table.
        numbers: Fingerprint of every number of the forecast.
        code: Version, commit and fingerprint of our source text; see `flows.computing`.
        machine: Processor, number type and threads, which decide over the last bits.
        error: Why it failed; "" if it did not.
        review: What persons decided and edited, see `maps.review.record`; {} before it is shown.
        more: What a newer or another version has noted beside; kept as it is.
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
    late: bool = False
    used: dict[str, str] = field(default_factory=dict)
    numbers: str = ""
    code: dict[str, str] = field(default_factory=dict)
    machine: dict[str, str] = field(default_factory=dict)
    error: str = ""
    review: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note the seconds that a step took."""
        begun = time.perf_counter()
        yield
        self.timings[step] = round(time.perf_counter() - begun, 3)

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready copy."""
        told = dict(vars(self))
        more: dict[str, Any] = told.pop("more")
        return more | told

    def save(self, path: Path) -> Path:
        """Write it whole or not at all, and on the disk."""
        text = redact(json.dumps(self.as_dict(), ensure_ascii=False, indent=1))
        return whole.write(path, text.encode("utf-8"))


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
    """Read a manifest back, of this version or another.

    Raises:
        NothingThere: No run left a manifest there.
        InvalidData: It is cut off, or no manifest.
    """
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NothingThere(
            f"There is no run manifest at {path}.", "Run: mulgil forecast --network NAME"
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise InvalidData(
            f"The run manifest '{path.name}' cannot be read: {error}.",
            "Restore it from a copy, or remove it; the forecast itself says its run_id.",
        ) from error


def parse(text: str) -> Manifest:
    """Return the manifest that a text tells; what it lacks is empty, what we do not know stays.

    Raises:
        ValueError: It is cut off, or no manifest.
    """
    told = json.loads(text)
    if not isinstance(told, dict) or not told.get("run_id") or not told.get("network"):
        raise ValueError("it names no run and no network")
    known = {each.name for each in fields(Manifest)} - {"more"}
    more = {name: value for name, value in told.items() if name not in known}
    least: dict[str, Any] = {"issue_time": "", "triggered_by": "", "replay": False}
    given = {name: value for name, value in (least | told).items() if name in known}
    return Manifest(**given, more=more)
