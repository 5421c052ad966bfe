"""What the Environment Agency tells besides readings: stations, measures, floods; its envelope."""

from typing import Any

import numpy as np

from data.stations import Quantity, Stage
from flows.replay import jena
from flows.replay.messages import JSON, Reply
from flows.replay.stamps import floor, iso
from flows.replay.telling import Told
from flows.replay.world import World

BASE = "http://environment.data.gov.uk/flood-monitoring"
QUARTER = np.timedelta64(15, "m")
UTC = np.timedelta64(0, "h")
MEASURES = {  # parameter: variable, end of the measure's name, name, qualifier, unit, kind
    "level": (
        "water_level",
        "stage-i-15_min-mASD",
        "Water Level",
        "Stage",
        "mASD",
        "instantaneous",
    ),
    "flow": ("discharge", "-i-15_min-m3_s", "Flow", "", "m3/s", "instantaneous"),
    "rainfall": (
        "rainfall",
        "tipping_bucket_raingauge-t-15_min-mm",
        "Rainfall",
        "Tipping Bucket Raingauge",
        "mm",
        "total",
    ),
}
SEVERITY = {
    Stage.WATCH: ("Flood alert", 3),
    Stage.WARNING: ("Flood warning", 2),
    Stage.SEVERE: ("Severe flood warning", 1),
}
Item = dict[str, Any]


def packed(items: object, limit: int | None = None) -> Reply:
    """Return items in its envelope; None: the envelope without any, as it fails."""
    meta: Item = {
        "publisher": "Environment Agency",
        "licence": "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "documentation": f"{BASE}/doc/reference",
        "version": "0.9",
        "comment": "Status: Beta service",
    }
    if limit is not None:
        meta["limit"] = limit
    body: Item = {"@context": f"{BASE}/meta/context.jsonld", "meta": meta}
    if items is not None:
        body["items"] = items
    return Reply(f"{jena.dumps(body)}\n".encode(), JSON)


def parameters(world: World) -> list[str]:
    """Return what every station measures."""
    quantity = "level" if world.network.quantity is Quantity.WATER_LEVEL else "flow"
    return [quantity, "rainfall"]


def name(world: World, number: int, parameter: str) -> str:
    """Return the name of a measure."""
    return f"{world.ids[number]}-{parameter}-{MEASURES[parameter][1]}"


def measure(told: Told, number: int, parameter: str) -> Item:
    """Return the facts of one measure, with its latest reading where there is one."""
    _, _, label, qualifier, unit, kind = MEASURES[parameter]
    station = told.world.network.stations[number]
    here = name(told.world, number, parameter)
    return {
        "@id": f"{BASE}/id/measures/{here}",
        "label": f"{station.name_en} - {here.removeprefix(station.id + '-')}",
        "latestReading": f"{BASE}/data/readings/{here}/latest",
        "notation": here,
        "parameter": parameter,
        "parameterName": label,
        "period": 900,
        "qualifier": qualifier,
        "station": f"{BASE}/id/stations/{station.id}",
        "stationReference": station.id,
        "unitName": unit,
        "valueType": kind,
    }


def station(told: Told, number: int, full: bool) -> Item:
    """Return the facts of one station; in full, its scale is an object and not an address."""
    here = told.world.network.stations[number]
    latitude, longitude = told.place(number)
    short = ("@id", "parameter", "parameterName", "period", "qualifier", "unitName")
    measures = [measure(told, number, each) for each in parameters(told.world)]
    address = f"{BASE}/id/stations/{here.id}"
    scale: Item = {"@id": f"{address}/stageScale"}
    if here.thresholds and told.world.simulated:
        scale["typicalRangeHigh"] = here.thresholds.watch
    return {
        "@id": address,
        "label": f"{'SIMULATED' if told.world.simulated else 'REPLAY'} {here.name_en}",
        "lat": latitude,
        "long": longitude,
        "measures": [{key: each[key] for key in short} for each in measures],
        "notation": here.id,
        "riverName": here.river_en,
        "stageScale": scale if full else f"{address}/stageScale",
        "stationReference": here.id,
        "status": "http://environment.data.gov.uk/flood-monitoring/def/core/statusActive",
    }


def floods(told: Told) -> list[Item]:
    """Return what a simulated agency has in force; what the real one had is not in a record."""
    world = told.world
    if not world.simulated:
        return []
    stations = world.network.stations
    time = np.array([floor(told.latest, QUARTER, UTC)])
    levels = told.read("water_level", np.arange(len(stations)), time)[:, 0]
    stages = [
        each.thresholds.stage(float(level)) if each.thresholds else Stage.UNKNOWN
        for each, level in zip(stations, levels, strict=True)
    ]
    when = iso(told.dated(time), "")[0]
    return [
        _flood(told, number, stage, when)
        for number, stage in enumerate(stages)
        if stage >= Stage.WATCH
    ]


def _flood(told: Told, number: int, stage: Stage, when: str) -> Item:
    here = told.world.network.stations[number]
    severity, level = SEVERITY[stage]
    area = f"{BASE}/id/floodAreas/{here.id}"
    return {
        "@id": f"{BASE}/id/floods/{here.id}",
        "description": f"SIMULATED: {here.river_en} at {here.name_en}",
        "eaAreaName": "Simulated",
        "eaRegionName": "No longer used",
        "floodArea": {
            "@id": area,
            "county": "Simulated",
            "notation": here.id,
            "polygon": f"{area}/polygon",
            "riverOrSea": here.river_en,
        },
        "floodAreaID": here.id,
        "isTidal": False,
        "message": "SIMULATED. No river rises.",
        "severity": severity,
        "severityLevel": level,
        "timeMessageChanged": when,
        "timeRaised": when,
        "timeSeverityChanged": when,
    }
