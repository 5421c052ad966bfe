"""What the log of reviews says: which edits there are, what was decided of which run."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from data.errors import MulgilError
from data.stations import Stage
from flows.review_log import Entry, Log
from forecast.edits import NO_FADE, NOT_A_TIME, STAGE_KINDS, Edit

State = Literal["automatic", "approved", "held"]
SECOND = np.timedelta64(1, "s")


class Overtaken(MulgilError):
    """Somebody else wrote what the writer has not seen; nothing was lost, nothing was written."""

    def __init__(self, entries: tuple[Entry, ...], version: int) -> None:
        self.entries, self.version = entries, version
        said = "; ".join(told(entry) for entry in entries)
        super().__init__(
            f"Meanwhile somebody else wrote: {said}.",
            "Nothing of yours was written. Look at it again and send it again "
            f"(version {version}).",
        )


@dataclass(frozen=True)
class Decision:
    """What a person decided of a run."""

    n: int
    run: str
    state: State
    role: str
    at: np.datetime64
    reason: str


@dataclass(frozen=True)
class Book:
    """The log, read.

    Attributes:
        edits: All that were not withdrawn, in the order they were made, expired ones included.
        touched: Numbers of the entries that made or withdrew an edit, with its issue time.
        decisions: The newest of each run.
    """

    log: Log
    edits: tuple[Edit, ...]
    touched: tuple[tuple[int, np.datetime64], ...]
    decisions: dict[str, Decision]

    def decision(self, run: str, issue_time: np.datetime64) -> Decision | None:
        """Return what holds of a run: an approval ends with the next edit that changes the run."""
        found = self.decisions.get(run)
        if found is None or found.state != "approved":
            return found
        later = [n for n, issued in self.touched if n > found.n and issued <= issue_time]
        return None if later else found


def read(log: Log) -> Book:
    """Return what a log says."""
    edits: dict[str, Edit] = {}
    every: dict[str, Edit] = {}
    touched: list[tuple[int, np.datetime64]] = []
    decisions: dict[str, Decision] = {}
    for entry in log.entries:
        if entry.kind == "edit":
            edit = _edit(entry)
            edits[edit.id] = every[edit.id] = edit
            touched.append((entry.n, edit.issued))
        elif entry.kind == "withdraw" and entry.told["id"]:
            edits.pop(entry.told["id"], None)
            touched.append((entry.n, every[entry.told["id"]].issued))
        elif entry.kind == "withdraw":
            decisions.pop(entry.run, None)
        elif entry.kind in ("approve", "hold"):
            decisions[entry.run] = _decision(entry)
    return Book(log, tuple(edits.values()), tuple(touched), decisions)


def overtaken(log: Log, saw: int, kind: str, station: str) -> None:
    """Check that nobody wrote what concerns an entry and its writer has not seen.

    Edits of different gauges do not concern each other; a decision concerns everything.

    Raises:
        Overtaken: Somebody did.
    """
    newer = log.since(saw)
    if kind == "edit":
        newer = tuple(e for e in newer if e.kind not in ("edit", "withdraw") or _of(e) == station)
    if newer:
        raise Overtaken(newer, log.version)


def told(entry: Entry) -> str:
    """Return an entry in a few words."""
    what = entry.told
    if entry.kind == "edit":
        asked = f"{what['kind']} {asked_for(what['kind'], what['value'])}"
        return f"{entry.role} edited {what['station']} ({asked}; {what['reason']})"
    if entry.kind == "withdraw" and what["id"]:
        return f"{entry.role} withdrew edit {what['id']} of {what['station']} ({what['reason']})"
    return f"{entry.role}: {entry.kind} {entry.run} {what['reason']}".strip()


def asked_for(kind: str, value: float) -> str:
    """Return the value of an edit as a person reads it."""
    return Stage(int(value)).name.lower() if kind in STAGE_KINDS else f"{value:+g}"


def as_told(edit: Edit) -> dict[str, Any]:
    """Return an edit as the log keeps it."""
    return {
        "station": edit.station,
        "kind": edit.kind,
        "value": edit.value,
        "reason": edit.reason,
        "issued": iso(edit.issued),
        "expires": iso(edit.expires),
        "first": iso(edit.first),
        "last": iso(edit.last),
        "fade_seconds": int(edit.fade / SECOND),
    }


def iso(time: np.datetime64) -> str:
    """Return a time to the second; "" for none."""
    return "" if np.isnat(time) else f"{np.datetime_as_string(time, unit='s')}Z"


def time_of(text: str) -> np.datetime64:
    """Return a time as `iso` wrote it."""
    return np.datetime64(text.rstrip("Z"), "ns") if text else NOT_A_TIME


def _of(entry: Entry) -> str:
    return str(entry.told.get("station", ""))


def _edit(entry: Entry) -> Edit:
    kept = entry.told
    edit = Edit(
        id=f"e{entry.n}",
        station=kept["station"],
        kind=kept["kind"],
        value=float(kept["value"]),
        reason=kept["reason"],
        role=entry.role,
        created=time_of(entry.at),
        issued=time_of(kept["issued"]),
        expires=time_of(kept["expires"]),
        first=time_of(kept["first"]),
        last=time_of(kept["last"]),
    )
    return replace(edit, fade=max(int(kept["fade_seconds"]) * SECOND, NO_FADE))


def _decision(entry: Entry) -> Decision:
    state: State = "approved" if entry.kind == "approve" else "held"
    at, reason = time_of(entry.at), str(entry.told.get("reason", ""))
    return Decision(entry.n, entry.run, state, entry.role, at, reason)
