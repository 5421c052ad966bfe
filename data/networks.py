"""The networks that Mulgil knows by name."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from data import station_table
from data.errors import UnknownNetwork
from data.feeds import Feed
from data.network import Network, Split
from data.sources import simulated, simulated_korea
from data.sources.asking import Spot
from data.stations import Quantity, Station

TABLES = Path(__file__).parent / "tables"
HOUR = np.timedelta64(1, "h")


def names() -> list[str]:
    """Return the names of all known networks."""
    return list(_KNOWN)


def find(name: str) -> Network:
    """Return the network of that name; `simulated-korea` takes a number of gauges behind it.

    Raises:
        UnknownNetwork: There is none.
    """
    if name in _KNOWN:
        return _KNOWN[name]()
    if simulated_korea.asked(name):
        return simulated_korea.network(name)
    known = ", ".join(_KNOWN)
    raise UnknownNetwork(
        f"No network '{name}'.",
        f"Known networks: {known}, also as {simulated_korea.NAME}-N with N gauges. "
        "Your own: mulgil init --help",
    )


def _recorded() -> Network:
    return Network(
        name="recorded",
        title_ko="호주의 세 유역 (기록 자료)",
        title_en="Three recorded catchments in Australia",
        quantity=Quantity.DISCHARGE,
        step=HOUR,
        horizon=24,
        stations=station_table.read(TABLES / "recorded.csv"),
        split=Split(train=(2011, 2016), validate=(2017, 2018), test=(2019, 2021)),
        source="recorded",
        provenance=(
            "Hourly rain and flow 2011–2021, measured by the water departments of Queensland, "
            "Victoria and Tasmania (Hydrologic Reference Stations, Australian Bureau of "
            "Meteorology), published in the Python package pyfloodrisk 0.8.0 (MIT)."
        ),
        caveat_ko=(
            "세 유역 모두 유량이 강우보다 11–14시간 늦다. 두 기록의 시계가 9–10시간 어긋난 것으로 "
            "보이며, 강우 시각이 이르게 찍힌 듯하다. 따라서 강우에 기대는 예측 성능은 실제보다 "
            "좋게 나올 수 있다. 시각은 공표된 그대로 썼다."
        ),
        caveat_en=(
            "Flow lags rain by 11–14 h in all three catchments, probably because the two clocks "
            "differ by 9–10 h; rain seems stamped early, so skill that comes from rain may be "
            "flattered. The published clock is taken as it is."
        ),
    )


def _han_river() -> Network:
    return Network(
        name="han-river",
        title_ko="한강 서울 구간",
        title_en="Han River at Seoul",
        quantity=Quantity.WATER_LEVEL,
        step=HOUR,
        horizon=24,
        stations=station_table.read(TABLES / "han_river.csv"),
        split=Split(train=(2012, 2018), validate=(2019, 2019), test=(2020, 2021)),
        source="csv_folder",
        provenance=(
            "10-minute water level, rain, Paldang dam and Ganghwa tide, May–October 2012–2021: "
            "Han River Flood Control Office and others, as published for DACON 235949 (2022)."
        ),
        caveat_ko=(
            "5–10월 자료만 있다. 모든 지점이 조위의 영향을 받는다. 관측값은 관측 시각에 바로 "
            "들어왔다고 가정했으며, 튀는 값은 뒤이은 30분의 관측으로 가려낸 것이다."
        ),
        caveat_en=(
            "May to October only. The tide reaches every gauge. Each reading is assumed to have "
            "arrived at once, and spikes were told by the 30 minutes that follow them."
        ),
    )


def _han_river_10min() -> Network:
    return replace(
        _han_river(),
        name="han-river-10min",
        title_ko="한강 서울 구간 (10분)",
        title_en="Han River at Seoul, every 10 minutes",
        step=np.timedelta64(10, "m"),
        horizon=36,
    )


def _han_live() -> Network:
    river = _han_river()
    return replace(
        river,
        name="han-live",
        title_ko="한강 서울 구간 (실시간)",
        title_en="Han River at Seoul, live",
        provenance=(
            "Live: Han River Flood Control Office (한강홍수통제소, raw and uncorrected), Korea "
            "Meteorological Administration, Open-Meteo (CC BY 4.0). Record to learn from: "
            + river.provenance
        ),
        caveat_ko=(
            "실시간 자료는 보정 전의 원시 자료이다. 모든 지점이 조위의 영향을 받지만 조위의 실시간 "
            "자료는 아직 받지 않는다. Open-Meteo 강우는 우량계 관측이 아니라 수치모델의 값이다."
        ),
        caveat_en=(
            "Live readings are raw and uncorrected. The tide reaches every gauge, but its level is "
            "not received live yet. Rain of Open-Meteo is a weather model's, not a gauge's."
        ),
        live=True,
        feeds=_han_feeds(river.stations),
        delay=np.timedelta64(10, "m"),
    )


def _han_feeds(stations: tuple[Station, ...]) -> tuple[Feed, ...]:
    """Return who is asked for what: levels at each station, the rest for the whole reach."""
    places = {s.id: (Spot(s.id, s.latitude, s.longitude),) for s in stations}
    shared = {key: dict.fromkeys(places, spots) for key, spots in _sites("han-live").items()}
    return (
        Feed("hrfco", "water_level", places),
        *(Feed(source, variable, sites) for (source, variable), sites in shared.items()),
        Feed("kma_forecast", "rainfall", places),  # its analysis of now: tells a dry hour apart
        Feed("open_meteo", "rainfall", places),
        Feed("kma_forecast", "rainfall_forecast", places),
        Feed("open_meteo", "rainfall_forecast", places),
    )


def _sites(network: str) -> dict[tuple[str, str], tuple[Spot, ...]]:
    """Return the sites of a network's shared feeds, by source and variable, in their order."""
    found: dict[tuple[str, str], tuple[Spot, ...]] = {}
    with (TABLES / "feed_sites.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["network"] == network:
                spot = Spot(row["site"], float(row["latitude"]), float(row["longitude"]))
                key = (row["source"], row["variable"])
                found[key] = (*found.get(key, ()), spot)
    return found


_KNOWN: dict[str, Callable[[], Network]] = {
    "recorded": _recorded,
    "han-river": _han_river,
    "han-river-10min": _han_river_10min,
    "han-live": _han_live,
    "simulated": simulated.network,
    simulated_korea.NAME: simulated_korea.network,
}
