"""What one report leaves for the next: the stage of every gauge, in a small file of the release.

A site is drawn again when another network is issued, or an edit approved. So the file holds what
this report was compared with, too: a report of the same issue time is compared with the same.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from maps.feeds.label import label
from maps.feeds.names import iso
from maps.listing import shown
from maps.plain import file_name
from maps.situation_review import edits
from maps.view import View

NAME = "report.state.json"
FORMAT = 1
_LOG = logging.getLogger("mulgil.situation")


@dataclass(frozen=True)
class State:
    """The stages of one issue.

    Attributes:
        label: What the numbers are (`maps.feeds.label`): a drill is compared with a drill.
        gauges: Their ids.
        stages: (gauge,) numbers of `Stage`, those that are shown.
        edited: Gauges that a person had edited, with the ids of the edits.
    """

    label: str
    issue_time: np.datetime64
    gauges: Sequence[str]
    stages: np.ndarray
    edited: dict[str, str]


def of_view(view: View) -> State:
    """Return the stages that a view shows."""
    return State(
        label(view),
        view.issue_time,
        [outlook.station for outlook in view.outlooks],
        np.array([shown(outlook) for outlook in view.outlooks], dtype="int8"),
        _edited(view),
    )


def _edited(view: View) -> dict[str, str]:
    """Return which edits are in force, by gauge."""
    found: dict[str, str] = {}
    for edit in edits(view.manifest):
        found[edit.station] = " ".join([found.get(edit.station, ""), edit.id]).strip()
    return found


def before(site: Path | None, view: View) -> State | None:
    """Return what a view is compared with: the last issue that was published before it.

    A file that cannot be read is told in the log, and the report says that there is nothing to
    compare with: a cycle does not stop for it.

    Args:
        site: The release that is published now.
    """
    if site is None:
        return None
    path = site / file_name(view.network.name) / NAME
    try:
        kept = read(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        _LOG.warning("'%s' cannot be read, nothing is compared with it: %r", path, error)
        return None
    here = [s for s in kept if s.label == label(view) and s.issue_time < view.issue_time]
    return max(here, key=lambda state: state.issue_time, default=None)


def read(path: Path) -> list[State]:
    """Return the states that a file holds, the newest first; none where there is no file.

    Raises:
        ValueError, KeyError, TypeError: It is not one of ours, or broken.
    """
    if not path.is_file():
        return []
    kept = orjson.loads(path.read_bytes())
    if kept["format"] != FORMAT:
        raise ValueError(f"format {kept['format']}, expected {FORMAT}")
    same = {"gauges": kept["now"]["gauges"]}
    return [_from_json(same | kept[key]) for key in ("now", "before") if kept[key]]


def to_bytes(now: State, compared: State | None) -> bytes:
    """Return the file of a report that was compared with another."""
    told = {"now": _to_json(now), "before": compared and _to_json(compared)}
    if compared and told["before"] and list(compared.gauges) == list(now.gauges):
        del told["before"]["gauges"]  # the same
    return orjson.dumps({"format": FORMAT} | told) + b"\n"


def _to_json(state: State) -> dict[str, Any]:
    return {
        "label": state.label,
        "issue_time": iso(state.issue_time),
        "gauges": list(state.gauges),
        "stages": (state.stages + 49).astype("uint8").tobytes().decode("ascii"),
        "edited": state.edited,
    }


def _from_json(kept: dict[str, Any]) -> State:
    stages = np.frombuffer(kept["stages"].encode("ascii"), dtype="uint8").astype("int8") - 49
    gauges = [str(gauge) for gauge in kept["gauges"]]
    if len(gauges) != stages.size or not all(-1 <= stage <= 4 for stage in np.unique(stages)):
        raise ValueError(f"{len(gauges)} gauges and {stages.size} stages")
    issued = np.datetime64(kept["issue_time"].rstrip("Z"), "ns")
    return State(kept["label"], issued, gauges, stages, dict(kept["edited"]))
