"""Remove old runs by one rule, and keep what is still needed.

A run goes, its forecast first and its manifest last, if it began more than so many days ago, and

- the site does not show it, nor its forecast beside a newer one (`flows.publishing`),
- nobody's edit names it (`<network>/review/edits.jsonl`),
- the ledger has scored every day that its forecast looks into for good (`flows.due`), so that no
  score is lost; a forecast that was never verified stays, and is counted.

What goes is written down in `<home>/pruned.jsonl`. The ledger, the scorecards, observations,
models, plans and what else runs used are never touched.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from data.errors import InvalidData, MulgilError
from flows import ledger, manifest, pulling, runs
from flows.due import DAY, SETTLED
from flows.folders import Folders
from flows.issued import KINDS
from flows.runs import Wanted
from flows.set_aside import place, run_of

SHOWN = "the site shows it"
EDITED = "an edit of a reviewer names it"
UNSCORED = "its forecast is not scored for good yet"
UNREADABLE = "its manifest cannot be read"
Row = dict[str, object]


@dataclass(frozen=True)
class Pruned:
    """What went, or would go.

    Attributes:
        runs: Their ids, the oldest first.
        files: Forecasts and manifests.
        size: Their bytes.
        stay: By reason, how many runs are old enough and stay.
    """

    runs: tuple[str, ...]
    files: tuple[Path, ...]
    size: int
    stay: dict[str, int]


@dataclass
class _Network:
    """What is to be known of a network, asked once."""

    step: np.timedelta64
    horizon: np.timedelta64
    shown: tuple[str, np.datetime64, str] | None  # run, issue time, kind
    edits: str
    scored: dict[str, dict[np.datetime64, np.datetime64]] = field(default_factory=dict)


def prune(
    folders: Folders, keep_days: int, dry_run: bool = False, now: np.datetime64 | None = None
) -> Pruned:
    """Remove runs that began more than `keep_days` days ago.

    Args:
        dry_run: Only tell what would go.
        now: UTC; None: the clock's.

    Raises:
        InvalidData: `keep_days` is below 1.
    """
    if keep_days < 1:
        raise InvalidData(f"{keep_days} days are too few.", "Keep runs for at least one day.")
    moment = now if now is not None else pulling.this_moment()
    before = str((moment - keep_days * DAY).astype("datetime64[s]"))
    rows = runs.listed(folders, Wanted()).rows
    old = [row for row in reversed(rows) if str(row["began"]).rstrip("Z") < before]
    networks = {str(row["network"]): None for row in old}
    known = {name: _network(folders, name) for name in networks}
    why = {str(row["run"]): _stays(row, known[str(row["network"])], folders) for row in old}
    gone = [row for row in old if not why[str(row["run"])]]
    files = tuple(path for row in gone for path in _files(row, folders))
    size = sum(path.stat().st_size for path in files)
    if not dry_run and gone:
        _write_down(folders, gone, keep_days, size)
        for path in files:
            path.unlink(missing_ok=True)
    stay = Counter(reason for reason in why.values() if reason)
    return Pruned(tuple(str(row["run"]) for row in gone), files, size, dict(stay))


def _network(folders: Folders, name: str) -> _Network | None:
    """Return what is to be known of a network; None where there is none of that name any more."""
    try:
        network = pulling.find(name, folders)
    except MulgilError:
        return None
    try:
        run = manifest.load(folders.shown(name))
        shown = (run.run_id, _time(run.issue_time), run.kind)
    except MulgilError:
        shown = None
    edits = folders.network(name) / "review" / "edits.jsonl"
    text = edits.read_text(encoding="utf-8") if edits.exists() else ""
    found = _Network(network.step, network.horizon * network.step, shown, text)
    for kind in KINDS:
        days = ledger.load(folders, name, kind)
        if days is not None:
            dates = days.day.values.astype("datetime64[D]")
            found.scored[kind] = dict(zip(dates, days.known_at.values, strict=True))
    return found


def _time(text: object) -> np.datetime64:
    return np.datetime64(str(text).rstrip("Z"), "ns")


def _stays(row: Row, network: _Network | None, folders: Folders) -> str:
    """Return why an old run stays; "" if it goes."""
    run, state = str(row["run"]), str(row["state"])
    if state == "unreadable":
        return UNREADABLE
    if network is None:
        return SHOWN if folders.shown(str(row["network"])).exists() else ""
    if run in network.edits:
        return EDITED
    return _forecast_stays(row, network) if row["forecast"] else ""


def _forecast_stays(row: Row, network: _Network) -> str:
    issue, kind = _time(row["issue_time"]), str(row["kind"])
    if _is_shown(str(row["run"]), issue, kind, network):
        return SHOWN
    return "" if _scored(issue, kind, network) else UNSCORED


def _is_shown(run: str, issue: np.datetime64, kind: str, network: _Network) -> bool:
    """Say whether a run is the one shown, or may be drawn as an earlier one beside it."""
    if network.shown is None:
        return False
    shown, newest, its_kind = network.shown
    near = newest - 2 * network.horizon <= issue <= newest
    return run == shown or (kind == its_kind and bool(near))


def _scored(issue: np.datetime64, kind: str, network: _Network) -> bool:
    """Say whether no score can come from a forecast any more."""
    scored = network.scored.get(kind, {})
    ends = (issue + network.step, issue + network.horizon)
    first, last = (time.astype("datetime64[D]") for time in ends)
    return all(_settled(scored, day) for day in np.arange(first, last + DAY))


def _settled(scored: dict[np.datetime64, np.datetime64], day: np.datetime64) -> bool:
    known_at = scored.get(day)
    return known_at is not None and bool(known_at >= day + DAY + SETTLED)


def _files(row: Row, folders: Folders) -> Iterator[Path]:
    """Yield the files of a run: its own forecast, not that of a run that took its place."""
    run, network = str(row["run"]), str(row["network"])
    if row["forecast"]:
        path = folders.forecasts(network) / str(row["forecast"])
        yield from (p for p in (path, place(path, run)) if run_of(p) == run)
    yield folders.run(run)


def _write_down(folders: Folders, gone: list[Row], keep_days: int, size: int) -> None:
    told = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "keep_days": keep_days,
        "bytes": size,
        "runs": [row["run"] for row in gone],
    }
    with (folders.home / "pruned.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(told, ensure_ascii=False) + "\n")
