"""Read a file with a line per time: `time` and a column per series.

`S1` is the quantity of station S1, `S1:rainfall` another variable of it, and `rainfall` one that
all stations share.
"""

import numpy as np

from data.archive import VARIABLES
from data.own import clock as own_clock
from data.own import long as own_long
from data.own import numbers as own_numbers
from data.own import units as own_units
from data.own.rows import WIDTH, Form, Known, Part, Rows, join, nearest, untold
from data.own.sheet import Sheet
from data.own.sieve import Sieve
from data.stations import Quantity


def read(sheet: Sheet, known: Known, form: Form) -> Part:
    """Read the readings of a file; what cannot be read is told in the answer."""
    sieve = Sieve(sheet)
    times = own_clock.read(sheet.cells["time"].fillna("").str.strip(), form.clock)
    own_long.refuse_times(sieve, "time", times, form)
    series = {str(name): _series(str(name), known) for name in sheet.cells if name != "time"}
    untimed = ~sieve.kept
    rows: list[Rows] = []
    refused_of: dict[int, int] = {}
    for name, number in series.items():
        if number < 0:
            continue
        numbers = own_numbers.read(sheet.cells[name], form.missing)
        own_long.refuse_numbers(sieve, name, numbers)
        bad = int((numbers.wrong | untimed).sum())
        refused_of |= {number: bad} if bad else {}
        keep = sieve.kept & ~numbers.wrong
        rows.append(_rows(number, times.utc, numbers, form).pick(keep))
    return Part(
        sheet.name,
        join(rows),
        sheet.rows,
        sieve.lost,
        tuple(sieve.refused),
        refused_of,
        tuple(_complaint(name, known) for name, number in series.items() if number < 0),
        times.naive,
        times.whole_days,
    )


def _rows(series: int, time: np.ndarray, numbers: own_numbers.Numbers, form: Form) -> Rows:
    variable = VARIABLES[series % WIDTH]
    up, down = own_units.factor(form.units.get(variable, ""), variable)
    size = len(time)
    which = np.full(size, series, "int32")
    return Rows(which, time, numbers.value * up / down, numbers.flag, untold(size))


def _series(column: str, known: Known) -> int:
    """Return the series of a column; -1 if it is none."""
    if column in known.stations:
        return known.stations.index(column) * WIDTH + VARIABLES.index(known.quantity)
    station, colon, variable = (part.strip() for part in column.rpartition(":"))
    if variable.lower() not in VARIABLES or (colon and station not in known.stations):
        return -1
    number = VARIABLES.index(variable.lower())
    if colon:
        return known.stations.index(station) * WIDTH + number
    if variable.lower() in list(Quantity):  # of which station? That of the only one
        return number if len(known.stations) == 1 else -1
    return known.shared * WIDTH + number


def _complaint(column: str, known: Known) -> str:
    """Say what is wrong with the name of a column that is not read."""
    station, colon, variable = (part.strip() for part in column.rpartition(":"))
    if colon and station in known.stations:
        return f"column '{column}' is not read: no variable '{variable}', " + nearest(
            variable, VARIABLES
        )
    if variable.lower() in list(Quantity):
        return f"column '{column}' is not read: it names no station, write '{known.stations[0]}'"
    return f"column '{column}' is not read: no such station, " + nearest(
        station or column, (*known.stations, *VARIABLES)
    )
