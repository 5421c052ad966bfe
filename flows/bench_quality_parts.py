"""The columns of the Han River record, one `Part` for each kind, judged as when they are pulled."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import xarray as xr

from data import quality
from data.limits import Limits
from data.neighbours import all_others
from data.network import Network
from data.schema import Flag
from data.sources import csv_folder, csv_folder_kinds
from data.sources.csv_folder_kinds import FORCINGS, LEVEL, RAIN, Kind
from flows import bench_quality_listed as listed

CONTEXT = 288  # readings of 10 minutes that each cycle looks at: two days


@dataclass(frozen=True)
class Part:
    """Columns of one kind.

    Attributes:
        values: In SI, as published, dims (column, time).
        told: Flags of the reader alone.
        flags: Flags of quality control, with all later readings known.
        wrong: Which values are listed errors.
        jumps: (column, time) places of the readings after a listed jump.
    """

    columns: list[str]
    time: np.ndarray
    values: np.ndarray
    told: np.ndarray
    flags: np.ndarray
    wrong: np.ndarray
    jumps: list[tuple[int, int]]
    limits: list[Limits]

    @cached_property
    def flagged(self) -> np.ndarray:
        """Where quality control doubts a value that was reported."""
        return np.asarray((self.flags > Flag.NOT_REPORTED) & np.isfinite(self.values))

    @cached_property
    def unlisted(self) -> np.ndarray:
        """Where a flag is neither on a listed error nor on a reading that makes a listed jump."""
        known = self.wrong.copy()
        for row, place in self.jumps:
            known[row, place - 1 : place + 1] = True
        return np.asarray(self.flagged & ~known)

    def flagged_either(self, row: int, place: int) -> bool:
        """Say whether one of the two readings that make a jump has a flag."""
        return bool(self.flagged[row, place - 1 : place + 1].any())

    def as_known_at(self, place: int) -> np.ndarray:
        """Return the flags of the last two days as a cycle makes them when a reading arrives."""
        past = slice(max(0, place + 1 - CONTEXT), place + 1)
        beside = all_others(len(self.columns))
        return quality.judge(
            self.values[:, past], self.told[:, past], self.time[past], self.limits, beside
        )

    def caught_on_arrival(self, row: int, place: int) -> bool:
        """Say whether a reading of a jump had a flag when the second one arrived."""
        return bool((self.as_known_at(place)[row, -2:] > Flag.NOT_REPORTED).any())


def parts(folder: Path, network: Network) -> list[Part]:
    """Read and judge the record: levels first, then dam and tide, then rain."""
    files = csv_folder.fetch(folder)
    levels = [f"wl_{station}" for station in network.ids]
    gauges = sorted({name for file in files.rain for name in map(str, file.cells) if "rf_" in name})
    water = csv_folder.read(files.water, levels, list(FORCINGS), _silent)
    rain = csv_folder.read(files.rain, [], gauges, _silent)
    forcings = [_part(water, [column], kind, network) for column, kind in FORCINGS.items()]
    return [_part(water, levels, LEVEL, network), *forcings, _part(rain, gauges, RAIN, network)]


def _part(published: xr.Dataset, columns: list[str], kind: Kind, network: Network) -> Part:
    record = csv_folder.without_silent_dam(published)
    train = network.split.train
    values, flags = csv_folder_kinds.judged(record, columns, kind, train, _silent)
    levels = kind is LEVEL
    return Part(
        columns=columns,
        time=record.time.values,
        values=values,
        told=np.array([record[f"{column}_flag"].values for column in columns]),
        flags=flags,
        wrong=np.array([listed.values(published, column) for column in columns]),
        jumps=[
            (row, int(place))
            for row, column in enumerate(columns if levels else [])
            for place in listed.jumps(published, column)
        ],
        limits=csv_folder_kinds.learnt(values, record.time, kind, train),
    )


def _silent(message: str) -> None:
    """Tell nobody."""
