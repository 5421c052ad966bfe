"""The 95 stations of the Korean daily record: where each one stands.

`data/tables/kma_stations.csv` holds single facts: the station numbers and coordinates are those
that the Korea Meteorological Administration (KMA) publishes. The heights are KMA's as public
listings repeat them where `elevation_origin` is `published`; where it is `pressure` they follow
from the mean station pressure and temperature since 2000 in the record itself (hypsometric
equation, 1015.9 hPa at the sea). Tried on the 12 published heights this was within 10 m at 11
stations and 20 m too high at Daegwallyeong.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class ClimateStation:
    """One station of the daily record.

    Attributes:
        id: KMA station number, e.g. "108".
        elevation: Height above the sea [m].
        elevation_origin: `published` or `pressure` (see the module).
    """

    id: str
    name_ko: str
    name_en: str
    latitude: float
    longitude: float
    elevation: float
    elevation_origin: str


@cache
def read_stations() -> tuple[ClimateStation, ...]:
    """Return the 95 stations in the order of their numbers."""
    table = files("data").joinpath("tables", "kma_stations.csv")
    with table.open(encoding="utf-8") as file:
        return tuple(_station(row) for row in csv.DictReader(file))


def _station(row: dict[str, str]) -> ClimateStation:
    return ClimateStation(
        id=row["id"],
        name_ko=row["name_ko"],
        name_en=row["name_en"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        elevation=float(row["elevation"]),
        elevation_origin=row["elevation_origin"],
    )
