"""Put lines beside what the store has, judge the whole record, and keep what is new of it.

Limits are learnt from the training years and remembered for the readings that come later. A value
that is doubted is kept as it was, with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from data import quality, store
from data.cadence import cadence
from data.judging import remember_limits
from data.limits import Limits, general
from data.neighbours import NONE
from data.network import Years
from data.network_file import SOURCE
from data.own.lines import Key, Line
from data.record_limits import limits_of_record
from data.schema import Flag
from data.stations import Station
from data.store import Columns, Tally

_NEVER = np.datetime64("NaT", "ns")


@dataclass(frozen=True)
class Record:
    """One series as it will be in the store.

    Attributes:
        line: All of it, with the verdicts.
        before: The flag of each reading in the store, -1 where there is none.
        fresh: Where the store has another value, or none.
        limits: What its readings were judged by.
    """

    line: Line
    before: np.ndarray
    fresh: np.ndarray
    limits: Limits


def judged(
    path: Path, lines: Mapping[Key, Line], stations: tuple[Station, ...], train: Years
) -> dict[Key, Record]:
    """Return every series with what the store knows of it, judged as a whole.

    Args:
        path: The store; it may not be there yet.
        train: The years that limits are learnt from.
    """
    found = {key: _beside(path, key, line, train) for key, line in lines.items()}
    found = {key: _judge_alone(record) for key, record in found.items()}
    levels = {key[0]: found[key] for key in found if key[1] == "water_level"}
    together = _judge_together(levels, stations)
    return found | {(station, "water_level"): record for station, record in together.items()}


def keep(path: Path, records: Mapping[Key, Record], now: np.datetime64) -> Tally:
    """Keep what is new or judged anew, and the limits; return how many readings were."""
    variables = dict.fromkeys(variable for _, variable in records)
    some = {
        variable: {station: records[station, v] for station, v in records if v == variable}
        for variable in variables
    }
    tally = store.append_columns(path, SOURCE, [_columns(v, some[v]) for v in some], now)
    for variable, by_station in some.items():
        limits = {station: record.limits for station, record in by_station.items()}
        remember_limits(path, SOURCE, variable, limits, now)
    return tally


def _beside(path: Path, key: Key, line: Line, train: Years) -> Record:
    """Return a line with what the store has of it; a value that is the same stays as it was."""
    known = _known(path, key)
    time = np.union1d(known.time, line.time)
    value, flag = np.full(len(time), np.nan), np.full(len(time), Flag.NOT_REPORTED, "int8")
    received, before = np.full(len(time), _NEVER), np.full(len(time), -1, "int8")
    at = np.searchsorted(time, known.time)
    value[at], flag[at], received[at], before[at] = (
        known.value, known.flag, known.received, known.flag,
    )  # fmt: skip
    at = np.searchsorted(time, line.time)
    new = line.value.astype("float32")
    same = (new == value[at].astype("float32")) | (np.isnan(new) & np.isnan(value[at]))
    other = (~same | (before[at] < 0)) | ((line.flag != Flag.GOOD) & (line.flag != flag[at]))
    put = at[other]
    value[put], flag[put], received[put] = new[other], line.flag[other], line.received[other]
    fresh = np.zeros(len(time), bool)
    fresh[put] = True
    whole = replace(line, time=time, value=value, flag=flag, received=received)
    return Record(whole, before, fresh, _limits(whole, key[1], train))


def _known(path: Path, key: Key) -> Line:
    empty = np.zeros(0, "datetime64[ns]")
    if not path.exists():
        return Line(empty, np.zeros(0), np.zeros(0, "int8"), empty)
    ds = store.read(path, store.Wanted(SOURCE, key[1], [key[0]]))
    columns = (ds["value"].values[0], ds["flag"].values[0], ds["received_time"].values[0])
    there = ~np.isnat(columns[2])
    value, flag, received = (column[there] for column in columns)
    return Line(ds.time.values[there], value.astype("float64"), flag, received)


def _limits(line: Line, variable: str, train: Years) -> Limits:
    year = line.time.astype("datetime64[Y]").astype(int) + 1970
    past = (year >= train[0]) & (year <= train[1])
    kept = quality.only_good(line.value, line.flag)
    known = general(variable, cadence(line.time))
    return limits_of_record(kept[past], line.time[past], variable, known)


def _judge_alone(record: Record) -> Record:
    line = record.line
    flag = quality.judge(line.value, line.flag, line.time, record.limits)
    return replace(record, line=replace(line, flag=flag))


def _judge_together(
    levels: Mapping[str, Record], stations: tuple[Station, ...]
) -> dict[str, Record]:
    """Judge water levels beside the stations up- and downstream, where they come equally often."""
    beside = {s.id: _linked(s, stations, levels) for s in stations if s.id in levels}
    beside = {station: others for station, others in beside.items() if others}
    paces = {cadence(levels[station].line.time) for station in beside}
    if not beside or len(paces) != 1:
        return {}
    ids = list(beside)
    time = np.unique(np.concatenate([levels[station].line.time for station in ids]))
    at = [np.searchsorted(time, levels[station].line.time) for station in ids]
    value, flag = np.full((len(ids), len(time)), np.nan), np.ones((len(ids), len(time)), "int8")
    for row, station in enumerate(ids):
        value[row, at[row]] = levels[station].line.value
        flag[row, at[row]] = levels[station].line.flag
    limits = [levels[station].limits for station in ids]
    flag = quality.judge(value, flag, time, limits, _table(ids, beside))
    return {
        station: replace(levels[station], line=replace(levels[station].line, flag=flag[n, at[n]]))
        for n, station in enumerate(ids)
    }


def _linked(
    station: Station, stations: tuple[Station, ...], levels: Mapping[str, Record]
) -> list[str]:
    near = [*station.upstream, *(s.id for s in stations if station.id in s.upstream)]
    return [each for each in dict.fromkeys(near) if each in levels]


def _table(ids: list[str], beside: Mapping[str, list[str]]) -> np.ndarray:
    """Return rows of each station's neighbours, `NONE` where it has no more."""
    width = max(len(others) for others in beside.values())
    rows = [[ids.index(each) for each in beside[station]] for station in ids]
    return np.array([row + [NONE] * (width - len(row)) for row in rows])


def _columns(variable: str, records: Mapping[str, Record]) -> Columns:
    """Return what the store lacks: fresh readings, new verdicts, and what was said earlier."""
    parts = []
    for number, record in enumerate(records.values()):
        line = record.line
        changed = record.fresh | ((record.before >= 0) & (record.before != line.flag))
        parts.append((number, line, np.flatnonzero(changed)))
        if line.earlier is not None:
            parts.append((number, line.earlier, np.arange(len(line.earlier.time))))
    site = np.concatenate([np.full(len(rows), number) for number, _, rows in parts])
    time, value, flag, received = (
        np.concatenate([getattr(line, name)[rows] for _, line, rows in parts])
        for name in ("time", "value", "flag", "received")
    )
    return Columns(variable, list(records), site, time, value, flag, received)
