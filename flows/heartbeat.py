"""The heartbeat of a network: what its last cycle did, and when the next one is due.

<network>/heartbeat.json          the last cycle that ran to its end, whatever came of it
site/heartbeat/<network>.json     the same, for those who look from outside
"""

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from data import whole
from flows.folders import Folders

_LOG = logging.getLogger("mulgil.heartbeat")


@dataclass(frozen=True)
class Heartbeat:
    """What a cycle says of itself when it ends; times are UTC and end in Z.

    Attributes:
        due: When the cycle was due.
        finished: When it had ended.
        next_due: When the next one is; who sees it pass by much, sees silence.
        state: See `flows.cycle.State`.
        issue_time: Of the newest forecast issued by a cycle, be it this one or an earlier.
        run: Its run id; "" if none was ever issued.
        told: What happened, one sentence.
    """

    network: str
    due: str
    finished: str
    next_due: str
    state: str
    seconds: float
    issue_time: str
    run: str
    told: str

    @property
    def silent_since(self) -> np.datetime64:
        """When the next cycle was due."""
        return np.datetime64(self.next_due.rstrip("Z"), "ns")


def path_of(folders: Folders, network: str) -> Path:
    """Return the file of a network's heartbeat."""
    return folders.network(network) / "heartbeat.json"


def shown_at(folders: Folders, network: str) -> Path:
    """Return its copy beside the releases of the site."""
    return folders.site / "heartbeat" / f"{network}.json"


def read(folders: Folders, network: str) -> Heartbeat | None:
    """Return the last heartbeat; None if there is none that can be read."""
    try:
        told = json.loads(path_of(folders, network).read_text(encoding="utf-8"))
        return Heartbeat(**{name: told[name] for name in Heartbeat.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def beat(folders: Folders, heart: Heartbeat) -> None:
    """Write a heartbeat; where that fails it is logged, and silence tells the rest."""
    text = json.dumps(asdict(heart), ensure_ascii=False, indent=1).encode()
    for path in (path_of(folders, heart.network), shown_at(folders, heart.network)):
        try:
            whole.write(path, text)
        except OSError as error:
            _LOG.warning("%s: no heartbeat in '%s': %s", heart.network, path.parent.name, error)


def stamp(time: np.datetime64) -> str:
    """Return a time to the second, e.g. `2026-11-26T00:12:03Z`."""
    return f"{time.astype('datetime64[s]')}Z"
