"""What a worker runs on: versions that must be the same everywhere, for the same numbers."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

MATTER = (
    "mulgil", "numpy", "torch", "xarray", "lightgbm", "pandas", "h5netcdf", "dask", "distributed",
    "msgpack",
)  # fmt: skip
MALLOC = {"MALLOC_TRIM_THRESHOLD_": str(2**28), "MALLOC_MMAP_THRESHOLD_": str(2**28)}
_MANY = 3  # workers that are named


@dataclass(frozen=True)
class Place:
    """Where a job runs.

    Attributes:
        versions: By package, and of Python (major and minor).
        malloc: Of `MALLOC`, what is set there.
    """

    versions: Mapping[str, str]
    malloc: Mapping[str, str]


def here() -> Place:
    """Return what this process runs on."""
    python = ".".join(platform.python_version_tuple()[:2])
    found = {"python": python} | {name: _version(name) for name in MATTER}
    return Place(found, {name: os.environ[name] for name in MALLOC if name in os.environ})


def differences(ours: Place, theirs: Mapping[str, Place]) -> list[str]:
    """Return in words what differs from us, each with the workers that have it."""
    found: dict[str, list[str]] = {}
    for worker, place in theirs.items():
        for name, own in ours.versions.items():
            other = place.versions.get(name, "none")
            if other != own:
                found.setdefault(f"{name} {other}, here {own}", []).append(worker)
    return [f"{what} ({_named(workers)})" for what, workers in found.items()]


def _named(workers: list[str]) -> str:
    more = f" and {len(workers) - _MANY} more" if len(workers) > _MANY else ""
    return ", ".join(sorted(workers)[:_MANY]) + more


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
