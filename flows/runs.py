"""The runs of an installation: which there are, and the one that a person means."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.errors import MulgilError, NothingThere
from flows import manifest, runs_index
from flows.folders import Folders
from flows.manifest import Manifest

_LATEST = re.compile(r"latest(?:~(\d+))?")
SHOWN = 5  # runs that an error names


class NotOneRun(MulgilError):
    """What was typed is no run, or could be several."""


@dataclass(frozen=True)
class Wanted:
    """Which runs are asked for; "" or None is all.

    Attributes:
        since: First issue time, UTC, itself included.
        until: Last issue time, UTC, itself included.
        degraded: Only those with a gauge that has no forecast, or only those without.
        limit: How many at most, 0 is all.
    """

    network: str = ""
    since: np.datetime64 | None = None
    until: np.datetime64 | None = None
    state: str = ""
    kind: str = ""
    degraded: bool | None = None
    triggered_by: str = ""
    limit: int = 0


@dataclass(frozen=True)
class Found:
    """What the catalogue tells.

    Attributes:
        rows: The newest run first, by when it began; columns as in `flows.runs_index.COLUMNS`.
        number: How many match, more than `rows` where a limit was set.
    """

    rows: tuple[dict[str, Any], ...]
    number: int


def listed(folders: Folders, wanted: Wanted = Wanted()) -> Found:
    """Return runs, the newest first; a manifest that cannot be read is named among them."""
    conditions = _conditions(wanted)
    where = " AND ".join(conditions) or "1"
    given = list(conditions.values())
    asked = f"SELECT * FROM run WHERE {where} ORDER BY began DESC, name DESC LIMIT ?"  # noqa: S608
    with runs_index.catalogue(folders) as db:
        values = [value for value in given if value is not None]
        rows = db.execute(asked, [*values, wanted.limit or -1]).fetchall()
        counted = f"SELECT count(*) FROM run WHERE {where}"  # noqa: S608  # our own words only
        (number,) = db.execute(counted, values).fetchone()
    return Found(tuple(_plain(dict(row)) for row in rows), int(number))


def _conditions(wanted: Wanted) -> dict[str, str | None]:
    """Return conditions in SQL, each with its value if it has one."""
    found: dict[str, str | None] = {}
    for column in ("network", "state", "kind", "triggered_by"):
        if value := getattr(wanted, column):
            found[f"{column} = ?"] = value
    if wanted.since is not None:
        found["issue_time >= ?"] = _minute(wanted.since)
    if wanted.until is not None:
        found["issue_time <= ?"] = _minute(wanted.until)
    if wanted.degraded is not None:
        found["degraded > 0" if wanted.degraded else "degraded = 0"] = None
    return found


def _minute(time: np.datetime64) -> str:
    return f"{time.astype('datetime64[m]')}Z"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as it is told: when it began as a time."""
    text = row["began"]
    day, clock = (f"{text[:4]}-{text[4:6]}-{text[6:8]}", f"{text[9:11]}:{text[11:13]}")
    told = {name: value for name, value in row.items() if name not in ("name", "changed", "size")}
    return told | {"began": f"{day}T{clock}:{text[13:15]}Z", "late": bool(row["late"])}


def find(folders: Folders, asked: str, network: str = "") -> Manifest:
    """Return the run that a person means.

    Nothing is written, not even the catalogue: the names of the manifests are enough.

    Args:
        asked: Its id, the beginning of it that no other run shares, `latest`, or `latest~2`: the
            second before it, by when they began.
        network: Only its runs.

    Raises:
        NotOneRun: There is none, or there are several.
        InvalidData: Its manifest cannot be read.
    """
    ids = [name.removesuffix(".json") for name in runs_index.manifests(folders)]
    mine = [run for run in ids if not network or runs_index.parts(run)[0] == network]
    counted = _LATEST.fullmatch(asked)
    run = _latest(mine, int(counted[1] or 0), network) if counted else _one(mine, asked)
    return manifest.load(folders.run(run))


def _latest(ids: list[str], back: int, network: str) -> str:
    ordered = sorted(ids, key=lambda run: (runs_index.parts(run)[2], run), reverse=True)
    if back >= len(ordered):
        of = f" of '{network}'" if network else ""
        raise NotOneRun(f"There are {len(ordered)} runs{of}.", "List them: mulgil runs")
    return ordered[back]


def _one(ids: list[str], asked: str) -> str:
    if asked in ids:
        return asked
    found = sorted(run for run in ids if run.startswith(asked)) if asked else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotOneRun(f"There is no run '{asked}'.", "List them: mulgil runs")
    named = ", ".join(found[:SHOWN]) + (" .." if len(found) > SHOWN else "")
    raise NotOneRun(f"'{asked}' begins {len(found)} runs: {named}.", "Write more of it.")


def require_forecast(run: Manifest) -> Manifest:
    """Return a run unchanged if it has issued a forecast.

    Raises:
        NothingThere: It has not.
    """
    if run.forecast:
        return run
    told = f" {run.error}" if run.error else ""
    raise NothingThere(
        f"The run {run.run_id} issued no forecast (state: {run.state}).{told}",
        "Choose another: mulgil runs",
    )
