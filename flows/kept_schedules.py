"""Which schedules an operator has paused: they stay paused over a restart, and a lost database.

<home>/paused.json   {deployment: what is paused}, read back from Prefect while it runs:
                     "deployment" as a whole, its "schedule", or "" for nothing
"""

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from data import whole
from flows.folders import Folders

EVERY = 20.0  # seconds between two looks at Prefect
_LOG = logging.getLogger("mulgil.schedules")


def path_of(folders: Folders) -> Path:
    """Return the file."""
    return folders.home / "paused.json"


def read(folders: Folders) -> dict[str, str]:
    """Return what is known of each deployment; {} where nothing is."""
    try:
        told = json.loads(path_of(folders).read_text(encoding="utf-8"))
        return {str(name): str(paused) for name, paused in told.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def look() -> dict[str, str]:
    """Return what Prefect knows of each deployment that has a schedule."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        found = client.read_deployments()
    return {each.name: _paused(each) for each in found if each.schedules}


def merge(folders: Folders, seen: Mapping[str, str]) -> dict[str, str]:
    """Keep what was seen, and what was known of others; return all."""
    known = read(folders)
    now = known | dict(seen)
    if now != known:
        try:
            whole.write(path_of(folders), json.dumps(now, indent=1).encode())
        except OSError as error:
            _LOG.warning("what is paused cannot be kept: %s", error)
    return now


@contextmanager
def kept(folders: Folders, every: float = EVERY) -> Iterator[None]:
    """Keep what an operator pauses, while the block lasts and once more at its end."""
    stop = threading.Event()
    watch = threading.Thread(target=_watch, args=(folders, stop, every), daemon=True)
    watch.start()
    try:
        yield
    finally:
        stop.set()
        watch.join(timeout=5)
        _look_once(folders)


def _watch(folders: Folders, stop: threading.Event, every: float) -> None:
    while not stop.wait(every):
        _look_once(folders)


def _look_once(folders: Folders) -> None:
    try:
        merge(folders, look())
    except Exception as error:  # noqa: BLE001  # Prefect is away: what was known stays
        _LOG.debug("Prefect does not say what is paused: %s", error)


def _paused(deployment: Any) -> str:
    if deployment.paused:
        return "deployment"
    return "" if any(each.active for each in deployment.schedules) else "schedule"
