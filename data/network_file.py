"""A network of one's own in two files: `network.toml` and `stations.csv` beside it.

    title_ko = "낙동강 본류"            # shown on the pages
    title_en = "Nakdong main stem"
    quantity = "water_level"           # or "discharge"
    step = 60                          # minutes: readings are put on this grid, forecasts use it
    horizon = 24                       # steps ahead
    train = [2012, 2018]               # first and last year (UTC); the three must not overlap
    validate = [2019, 2019]
    test = [2020, 2021]
    provenance = "Who measured it, who published it, under which licence."
    caveat_ko = ""                     # what a reader must know before trusting a number
    caveat_en = ""
    delay = 10                         # minutes a cycle waits for readings of its issue time

    [[feeds]]                          # live readings; of one variable the first one comes first
    variable = "rainfall"
    source = "hrfco"
    [feeds.sites]                      # station id = the provider's ids: their mean stands for it
    S1 = ["10184100", "10184110"]

A site is a provider's id; for Open-Meteo and the KMA forecast, which answer by place, an empty
list stands for the place of the station itself.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data import station_table
from data.errors import SourceError
from data.feeds import Feed
from data.network import Network, Split
from data.reading import UNITS
from data.sources.asking import Spot
from data.stations import Quantity, Station

NAME, STATIONS = "network.toml", "stations.csv"
SOURCE = "own"  # of the readings that `mulgil init` reads from files
Year = Annotated[int, Field(ge=1800, le=2200)]
Pair = tuple[Year, Year]
_STRICT = ConfigDict(extra="forbid", frozen=True)


class FeedTable(BaseModel):
    """One `[[feeds]]` table."""

    model_config = _STRICT
    variable: str
    source: str
    sites: dict[str, list[str]]


class NetworkTable(BaseModel):
    """The whole file."""

    model_config = _STRICT
    title_ko: str
    title_en: str
    quantity: Quantity
    step: Annotated[int, Field(gt=0, le=1440, description="minutes")]
    horizon: Annotated[int, Field(gt=0, le=720, description="steps")]
    train: Pair
    validate_: Annotated[Pair, Field(alias="validate")]
    test: Pair
    provenance: str
    caveat_ko: str = ""
    caveat_en: str = ""
    delay: Annotated[int, Field(ge=0, le=360, description="minutes")] = 0
    feeds: list[FeedTable] = []

    @model_validator(mode="after")
    def _in_order(self) -> "NetworkTable":
        years = [*self.train, *self.validate_, *self.test]
        apart = self.train[1] < self.validate_[0] and self.validate_[1] < self.test[0]
        if not apart or years != sorted(years):
            raise ValueError("train, validate and test must follow each other and not overlap")
        return self


def exists(folder: Path) -> bool:
    """Whether there is a network in this folder."""
    return (folder / NAME).exists()


def read(folder: Path) -> Network:
    """Read the network of a folder; its name is the folder's.

    Raises:
        SourceError: A file is missing, or a line of it cannot be right; says which and why.
    """
    path = folder / NAME
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"'{path}' is missing.", "Make one: mulgil init --help") from None
    return _built(path, text, station_table.text(folder / STATIONS))


@lru_cache(maxsize=8)
def _built(path: Path, text: bytes, stations: str) -> Network:
    """Return the network of two files' contents: a cycle asks for it a dozen times."""
    try:
        table = NetworkTable.model_validate(tomllib.loads(text.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"'{path}' is no TOML: {error}.", "Correct that line.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the years"
        raise SourceError(f"'{path}', {where}: {first['msg']}.", "Correct it.") from None
    return build(path.parent.name, table, station_table.parse(stations, STATIONS), str(path))


def build(name: str, table: NetworkTable, stations: tuple[Station, ...], file: str) -> Network:
    """Put a network together from its two tables.

    Raises:
        SourceError: A feed names a station, a variable or a source that there is not.
    """
    wrong = [s.id for s in stations if s.quantity is not table.quantity]
    if wrong:
        raise SourceError(
            f"'{file}': the network is of {table.quantity}, but {wrong[0]} measures another.",
            "Make two networks of it.",
        )
    by_id = {station.id: station for station in stations}
    return Network(
        name=name,
        title_ko=table.title_ko,
        title_en=table.title_en,
        quantity=table.quantity,
        step=np.timedelta64(table.step, "m"),
        horizon=table.horizon,
        stations=stations,
        split=Split(table.train, table.validate_, table.test),
        source=SOURCE,
        provenance=table.provenance,
        caveat_ko=table.caveat_ko,
        caveat_en=table.caveat_en,
        live=bool(table.feeds),
        feeds=tuple(_feed(each, by_id, file) for each in table.feeds),
        delay=np.timedelta64(table.delay, "m"),
    )


def _feed(table: FeedTable, stations: Mapping[str, Station], file: str) -> Feed:
    if table.variable not in UNITS:
        known = ", ".join(UNITS)
        raise SourceError(f"'{file}': no variable '{table.variable}'.", f"Known: {known}.")
    strange = sorted(set(table.sites) - set(stations))
    if strange:
        raise SourceError(
            f"'{file}': a feed of {table.source} names station '{strange[0]}'.",
            f"The stations of '{STATIONS}' are: {', '.join(stations)}.",
        )
    sites = {key: _spots(ids, stations[key]) for key, ids in table.sites.items()}
    return Feed(table.source, table.variable, sites)


def _spots(ids: list[str], station: Station) -> tuple[Spot, ...]:
    here = (station.latitude, station.longitude)
    return tuple(Spot(each, *here) for each in ids or [station.id])


def text(table: Mapping[str, Any]) -> str:
    """Write the facts of a network (the names above, without feeds) as TOML."""
    return "".join(f"{name} = {_toml(value)}\n" for name, value in table.items())


def _toml(value: Any) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    return str(list(value) if isinstance(value, tuple) else value)
