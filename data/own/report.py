"""What was read of each station and variable, what is missing, doubted and refused."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr

from data.network import Network
from data.own.lines import Key, Line
from data.own.record import Record
from data.own.rows import Part
from data.schema import Flag
from data.store import Tally

DAY = np.timedelta64(1, "D")
CLOCKS = np.timedelta64(1, "h")  # by which a day may be longer, when clocks go back
HALF = 0.5


@dataclass(frozen=True)
class Series:
    """One variable of one station.

    Attributes:
        read: Readings in the files.
        missing: How many of them were blank or stood for "no value".
        repeated: How many gave way to a later row of the same time.
        refused: How many could not be read.
        flagged: How many of the whole record are doubted, by reason.
        first, last: UTC, of the whole record, as `2020-08-06T01:00Z`; "" if it has no value.
        gaps: How many gaps are longer than a day, and the longest one in days.
        usable: Share of the grid times from first to last that have a value; None if not used.
    """

    station: str
    variable: str
    read: int
    missing: int
    repeated: int
    refused: int
    flagged: dict[str, int]
    first: str
    last: str
    gaps: int
    longest_gap_days: float
    usable: float | None


@dataclass(frozen=True)
class Report:
    """What `mulgil init` did, or would do.

    Attributes:
        remarks: What a person should know before trusting a number.
        made: Whether the network was made, or only added to.
        dry: Nothing was written.
    """

    network: Network
    folder: str
    files: tuple[Part, ...]
    series: tuple[Series, ...]
    tally: Tally
    remarks: tuple[str, ...]
    made: bool
    dry: bool

    def as_dict(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        network, split = self.network, self.network.split
        return {
            "network": network.name,
            "folder": self.folder,
            "made": self.made,
            "dry_run": self.dry,
            "quantity": network.quantity.value,
            "step_minutes": int(network.step / np.timedelta64(1, "m")),
            "horizon_steps": network.horizon,
            "train": list(split.train),
            "validate": list(split.validate),
            "test": list(split.test),
            "new": self.tally.new,
            "revised": self.tally.revised,
            "as_before": self.tally.same,
            "series": [asdict(each) for each in self.series],
            "files": [_file(part) for part in self.files],
            "remarks": list(self.remarks),
        }


def series(
    lines: Mapping[Key, Line], records: Mapping[Key, Record], observations: xr.Dataset
) -> tuple[Series, ...]:
    """Return what was read of each series.

    Args:
        lines: As read, before they were put beside the store.
        records: The whole record, judged.
        observations: The same on the network's grid.
    """
    return tuple(
        _series(key, lines[key], records[key].line, _usable(key, records[key].line, observations))
        for key in lines
    )


def dropped(found: Sequence[Series], records: Mapping[Key, Record]) -> tuple[str, ...]:
    """Return a remark for each series of which the grid uses far less than was read."""
    remarks = []
    for each in found:
        flag = records[each.station, each.variable].line.flag
        good = float((flag == Flag.GOOD).mean()) if flag.size else 0.0
        if each.usable is not None and good > HALF and each.usable < HALF * _filled(each):
            remarks.append(
                f"Only {each.usable:.0%} of the grid times have {each.variable} of "
                f"'{each.station}': its readings lie unevenly beside the grid. "
                "A coarser --step may fit them."
            )
    return tuple(remarks)


def _filled(each: Series) -> float:
    """Return the share of the days from first to last that are in no gap, at the least."""
    if not each.first:
        return 0.0
    span = np.datetime64(each.last[:-1]) - np.datetime64(each.first[:-1])
    days = max(float(span / DAY), 1.0)
    return max(0.0, 1 - each.gaps * each.longest_gap_days / days)


def _series(key: Key, read: Line, whole: Line, usable: float | None) -> Series:
    times = whole.time[whole.good]
    holes = np.diff(times)
    holes = holes[holes > DAY + CLOCKS]
    longest = float(holes.max() / DAY) if holes.size else 0.0
    doubts = {
        flag.name.lower(): int((whole.flag == flag).sum())
        for flag in Flag
        if flag not in {Flag.GOOD, Flag.NOT_REPORTED, Flag.SENTINEL}
    }
    return Series(
        *key,
        read=read.read,
        missing=read.blank,
        repeated=read.repeated,
        refused=read.refused,
        flagged={name: count for name, count in doubts.items() if count},
        first=_time(times[:1]),
        last=_time(times[-1:]),
        gaps=len(holes),
        longest_gap_days=round(longest, 1),
        usable=usable,
    )


def _usable(key: Key, line: Line, observations: xr.Dataset) -> float | None:
    station, variable = key
    if variable not in observations or not line.good.any():
        return None
    times = line.time[line.good]
    values = observations[variable].sel(station=station, time=slice(times[0], times[-1]))
    return round(float(values.notnull().mean()), 4) if values.size else None


def _time(times: np.ndarray) -> str:
    return f"{str(times[0])[:16]}Z" if times.size else ""


def _file(part: Part) -> dict[str, Any]:
    return {
        "file": part.file,
        "rows": part.count,
        "rows_refused": part.lost,
        "refused": [asdict(each) for each in part.refused],
        "ignored": list(part.ignored),
    }
