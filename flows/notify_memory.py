"""What people were told last of a network, so that nothing unchanged is told again.

<home>/notify/<network>.json          by its cycles; without it everything is news
<home>/notify/<network>.watch.json    by `mulgil watch`
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from data import whole
from flows.folders import Folders


@dataclass(frozen=True)
class Memory:
    """What was told last of a network.

    Attributes:
        stages: Of gauges that were at an alert stage when it was last known.
        degraded: Gauges without a forecast.
        failing: Providers and steps that failed.
        state: Of the last cycle, see `flows.cycle.State`.
        why: What a failure said, without its numbers.
        waiting: The highest stage at which an alert was told to wait for approval, by gauge.
        silent: Since when no cycle has been seen; "" while there are some.
    """

    stages: dict[str, int] = field(default_factory=dict)
    degraded: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    state: str = ""
    why: str = ""
    silent: str = ""
    waiting: dict[str, int] = field(default_factory=dict)


def folder(folders: Folders) -> Path:
    """Return where it is kept."""
    return folders.home / "notify"


def load(folders: Folders, network: str) -> Memory:
    """Return what was told last of a network; of an unreadable file it is nothing."""
    try:
        kept = read_json(folder(folders) / f"{network}.json")
        lists = {name: tuple(kept[name]) for name in ("degraded", "failing")}
        return Memory(**(kept | lists))
    except (OSError, ValueError, TypeError, LookupError):
        return Memory()


def save(folders: Folders, network: str, memory: Memory) -> None:
    """Keep what was told.

    Raises:
        OSError: The disk is full or read-only.
    """
    write_json(folder(folders) / f"{network}.json", asdict(memory))


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def write_json(path: Path, kept: dict[str, Any]) -> None:
    """Write a JSON object, whole or not at all."""
    whole.write(path, json.dumps(kept, ensure_ascii=False, indent=1).encode())
