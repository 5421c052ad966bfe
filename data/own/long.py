"""Read a file with a reading per line: `time,station,variable,value[,unit][,received][,flag]`.

A line without a station, or with `*`, is of all stations.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.archive import VARIABLES
from data.errors import SourceError
from data.own import clock as own_clock
from data.own import numbers as own_numbers
from data.own import units as own_units
from data.own.rows import WIDTH, Form, Known, Part, Rows, nearest, untold
from data.own.sheet import NAMED, Sheet
from data.own.sieve import Sieve
from data.reading import NAT
from data.schema import Flag

NEEDED = ("time", "station", "value")
ALL = ("", "*")
FLAGS = (
    {"": 0} | {str(int(flag)): int(flag) for flag in Flag} | {f.name.lower(): int(f) for f in Flag}
)
_UNKNOWN_TOLD = 20  # names that get a complaint of their own


def fits(sheet: Sheet) -> bool:
    """Whether a file has the columns of this form."""
    return {"station", "value"} <= set(sheet.cells)


def read(sheet: Sheet, known: Known, form: Form) -> Part:
    """Read the readings of a file; what cannot be read is told in the answer."""
    sieve = Sieve(sheet)
    times = own_clock.read(_words(sheet, "time"), form.clock)
    refuse_times(sieve, "time", times, form)
    series = _series(sheet, sieve, known, form)
    numbers = own_numbers.read(sheet.cells["value"], form.missing)
    refuse_numbers(sieve, "value", numbers)
    value = _in_si(sheet, sieve, series, numbers.value, form)
    received = _received(sheet, sieve, times.utc, form)
    flag = _flags(sheet, sieve, numbers.flag)
    rows = Rows(series.astype("int32"), times.utc, value, flag, received)
    counts = np.bincount(series[~sieve.kept & (series >= 0)])
    ignored = [f"column '{name}' is not read" for name in sheet.cells if name not in NAMED]
    keep = sieve.kept & (series >= 0)
    return Part(
        sheet.name,
        rows.pick(keep),
        sheet.rows,
        sieve.lost,
        tuple(sieve.refused),
        {int(s): int(counts[s]) for s in np.flatnonzero(counts)},
        tuple(ignored),
        times.naive,
        times.whole_days,
    )


def refuse_times(sieve: Sieve, column: str, times: own_clock.Times, form: Form) -> None:
    """Refuse the rows whose time cannot be read, a complaint for each reason."""
    for number in np.unique(times.reason[times.reason > 0]).tolist():
        sieve.rows(times.reason == number, column, own_clock.why(number, form.clock))


def refuse_numbers(sieve: Sieve, column: str, numbers: own_numbers.Numbers) -> None:
    """Refuse the cells that are no number."""
    reject = sieve.rows if column == "value" else sieve.cells
    reject(numbers.comma, column, "is no number: a decimal comma? Write 3.51")
    plain = numbers.wrong & ~numbers.comma
    reject(plain, column, "is no number; if it means 'missing': --missing WORD")


def _words(sheet: Sheet, column: str) -> pd.Series:
    return sheet.cells[column].fillna("").str.strip()


def _series(sheet: Sheet, sieve: Sieve, known: Known, form: Form) -> np.ndarray:
    """Return the series of each row; -1 where station or variable are unknown."""
    places = {name: number for number, name in enumerate(known.stations)}
    ids = _words(sheet, "station")
    station = _numbered(ids, places | dict.fromkeys(ALL, known.shared))
    if not form.listed_only:
        _refuse_unknown(sieve, "station", ids, station < 0, known.stations)
    variable = np.full(len(ids), VARIABLES.index(known.quantity))
    if "variable" in sheet.cells:
        names = _words(sheet, "variable").str.lower()
        variable = _numbered(names, {name: n for n, name in enumerate(VARIABLES)})
        there = station >= 0  # of other stations nothing is asked
        _refuse_unknown(sieve, "variable", names, (variable < 0) & there, VARIABLES)
    ours = np.isin(variable, [VARIABLES.index("water_level"), VARIABLES.index("discharge")])
    homeless = (station == known.shared) & ours
    sieve.rows(homeless, "station", "stands for all stations; a gauge's reading needs its id")
    there = (station >= 0) & (variable >= 0) & ~homeless
    return np.where(there, station * WIDTH + variable, -1)


def _numbered(words: pd.Series, numbers: Mapping[str, int]) -> np.ndarray:
    codes, unique = pd.factorize(words)
    return np.array([numbers.get(word, -1) for word in unique], int)[codes]


def _refuse_unknown(
    sieve: Sieve, column: str, words: pd.Series, bad: np.ndarray, known: tuple[str, ...]
) -> None:
    for word in words[bad].unique()[:_UNKNOWN_TOLD].tolist():
        which = bad & (words == word).to_numpy(bool)
        sieve.rows(which, column, f"is an unknown {column}, {nearest(word, known)}")
    sieve.rows(bad, column, f"is an unknown {column}")


def _in_si(
    sheet: Sheet, sieve: Sieve, series: np.ndarray, value: np.ndarray, form: Form
) -> np.ndarray:
    words = _words(sheet, "unit") if "unit" in sheet.cells else pd.Series([""] * len(value))
    written, unique = pd.factorize(words)
    converted, variable = value.copy(), series % WIDTH
    pairs = np.where(series >= 0, written * WIDTH + variable, -1)
    for pair in np.unique(pairs[pairs >= 0]).tolist():
        unit, name = unique[pair // WIDTH], VARIABLES[pair % WIDTH]
        which = pairs == pair
        try:
            up, down = own_units.factor(unit or form.units.get(name, ""), name)
        except SourceError as error:
            sieve.rows(which, "unit", f"is no known unit of {name}. {error.remedy.rstrip('.')}")
            continue
        converted[which] = value[which] * up / down
    return converted


def _received(sheet: Sheet, sieve: Sieve, time: np.ndarray, form: Form) -> np.ndarray:
    if "received" not in sheet.cells:
        return untold(len(time))
    text = _words(sheet, "received")
    told = (text != "").to_numpy(bool)
    times = own_clock.read(text, form.clock)
    for number in np.unique(times.reason[told & (times.reason > 0)]).tolist():
        sieve.rows(told & (times.reason == number), "received", own_clock.why(number, form.clock))
    early = told & (times.utc < time)
    sieve.rows(early, "received", "is before the reading's own time")
    return np.where(told, times.utc, NAT)


def _flags(sheet: Sheet, sieve: Sieve, flag: np.ndarray) -> np.ndarray:
    if "flag" not in sheet.cells:
        return flag
    text = _words(sheet, "flag").str.lower().str.replace(" ", "_")
    told = _numbered(text, FLAGS)
    ours = ", ".join(name for name in FLAGS if name.isidentifier())
    sieve.rows(told < 0, "flag", f"is no flag of ours; leave it blank, or write one of {ours}")
    return np.where(flag == Flag.GOOD, np.maximum(told, 0), flag).astype("int8")
