"""What stands on the pages: plain lists and texts, ready for the templates."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.stations import Stage, Station
from forecast.outlook import Language, Outlook, sentence
from forecast.verify import mean_over_stations
from forecast.wording import chance, number, span
from maps.hydrograph import SIZES, hydrograph
from maps.view import View
from maps.words import QUANTITY, SCORE, VARIABLES, stage_word, word

LEADS = (1, 3, 6, 12, 24)


def labels(view: View, language: Language) -> dict[str, Any]:
    """Return what must stand on every page of a network: warnings, issue time, provenance."""
    network = view.network
    marks = [key for key, on in (("simulated", network.simulated), ("replay", view.replay)) if on]
    issue = view.forecast.issue_time.values[0]
    return {
        "banners": [word(key, language) for key in marks],
        "caveat": network.caveat_ko if language == "ko" else network.caveat_en,
        "title": title(view, language),
        "issued": moment(view, issue),
        "next": "" if view.replay else f"{str(issue + 2 * network.step)[:16]}Z",
        "quantity": QUANTITY[network.quantity][language],
        "unknown": stage_word(Stage.UNKNOWN, language),
        "provenance": network.provenance,
        "run": str(view.manifest.get("run_id", "")),
        "model": str(view.manifest.get("model", "")),
        "warnings": list(view.manifest.get("warnings", [])),
    }


def title(view: View, language: Language) -> str:
    """Return the network's title."""
    return view.network.title_ko if language == "ko" else view.network.title_en


def moment(view: View, time: np.datetime64) -> str:
    """Return a local time with its zone; an empty text for no time."""
    if np.isnat(time):
        return ""
    local = pd.Timestamp(time).tz_localize("UTC").tz_convert(view.zone)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def rows(view: View, language: Language) -> list[dict[str, Any]]:
    """Return the list of gauges: the worst stage first, UNKNOWN before NORMAL."""
    order = sorted(view.outlooks, key=_urgency)
    return [_row(view, outlook, language) for outlook in order]


def _urgency(outlook: Outlook) -> tuple[float, float]:
    """A gauge of which nothing is known may be in flood: it stands above the quiet ones."""
    stage = max(outlook.stage, outlook.stage_now)
    rank = 0.5 if stage is Stage.UNKNOWN else float(stage)
    likely = float(np.nanmax(outlook.probability)) if outlook.probability.size else 0.0
    return -rank, -likely


def _row(view: View, outlook: Outlook, language: Language) -> dict[str, Any]:
    station = view.network.station(outlook.station)
    quantity = view.network.quantity
    read = outlook.last_observed
    return {
        "id": station.id,
        "name": station.name_ko if language == "ko" else station.name_en,
        "river": station.river_ko if language == "ko" else station.river_en,
        "stage": int(outlook.stage),
        "word": stage_word(outlook.stage, language),
        "now_stage": int(outlook.stage_now),
        "now_word": stage_word(outlook.stage_now, language),
        "sentence": sentence(outlook, view.network, language, view.zone),
        "last": "" if np.isnan(read) else number(read, quantity),
        "last_time": moment(view, outlook.last_observed_time),
        "age": _age(outlook, language),
    }


def _age(outlook: Outlook, language: Language) -> str:
    if np.isnat(outlook.last_observed_time):
        return ""
    age = outlook.issue_time - outlook.last_observed_time
    return span(age, language)


def gauges(view: View, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the gauges of the map, the worst last so that they are drawn on top."""
    places = {s.id: [round(s.latitude, 5), round(s.longitude, 5)] for s in view.network.stations}
    keys = ("id", "name", "stage", "word", "sentence")
    return [{key: row[key] for key in keys} | {"at": places[row["id"]]} for row in listed[::-1]]


def summary(view: View, language: Language) -> dict[str, Any]:
    """Return one network's line on the front page."""
    listed = rows(view, language)
    stages = [row["stage"] for row in listed]
    counts = [(int(s), stage_word(s, language), stages.count(s)) for s in reversed(Stage)]
    return {
        "name": view.network.name,
        "labels": labels(view, language),
        "worst": listed[0],
        "counts": [c for c in counts if c[2]],
    }


def gauge(view: View, station_id: str, language: Language) -> dict[str, Any]:
    """Return everything on one gauge's page."""
    station = view.network.station(station_id)
    outlook = next(o for o in view.outlooks if o.station == station_id)
    said = sentence(outlook, view.network, language, view.zone)
    return {
        "pictures": [hydrograph(view, station, said, language, size) for size in SIZES],
        "station": station,
        "thresholds": _thresholds(station, language),
        "origin": _origin(station, language),
        "chances": _chances(view, station, outlook, language),
        "values": _values(view, station_id, language),
        "inputs": _inputs(view, station_id, language),
        "has_earlier": view.earlier is not None,
        "has_outcome": view.outcome is not None,
        "skill": _station_skill(view, station, language),
    }


def _thresholds(station: Station, language: Language) -> list[tuple[int, str, str]]:
    limits = station.thresholds
    if limits is None:
        return []
    return [(int(s), stage_word(s, language), f"{limits.of(s):g}") for s in limits.alerts]


def _origin(station: Station, language: Language) -> str:
    if station.thresholds is None:
        return word("none", language)
    kind = word("official" if station.thresholds.origin == "official" else "derived", language)
    return f"{kind}: {station.thresholds.method}"


def _chances(view: View, station: Station, outlook: Outlook, language: Language) -> dict[str, Any]:
    if not outlook.probability.size or station.thresholds is None:
        return {}
    leads = [lead for lead in LEADS if lead <= view.network.horizon]
    return {
        "leads": [span(lead * view.network.step, language) for lead in leads],
        "rows": [
            (stage_word(stage, language), [chance(float(p), language) for p in row[_at(leads)]])
            for stage, row in zip(station.thresholds.alerts, outlook.probability, strict=True)
        ],
    }


def _at(leads: list[int]) -> list[int]:
    return [lead - 1 for lead in leads]


def _values(view: View, station_id: str, language: Language) -> list[list[str]]:
    issued = view.forecast.isel(issue_time=0).sel(station=station_id)
    values, quantity = issued[view.network.quantity.value], view.network.quantity
    if bool(values.isnull().all()):
        return []
    picked = values.sel(quantile=[0.05, 0.25, 0.5, 0.75, 0.95]).values
    return [
        [span(lead, language), moment(view, valid), *(number(float(v), quantity) for v in row)]
        for lead, valid, row in zip(
            values.lead_time.values, issued.valid_time.values, picked, strict=True
        )
    ]


def _inputs(view: View, station_id: str, language: Language) -> list[tuple[str, str]]:
    """Return what the forecast looked at, and the time of the last value; "" if it has none."""
    last = view.manifest.get("inputs", {}).get("last_value", {}).get(station_id, {})
    times = {n: moment(view, np.datetime64(t.rstrip("Z"))) if t else "" for n, t in last.items()}
    return [(VARIABLES[name][language], when) for name, when in times.items()]


def _station_skill(view: View, station: Station, language: Language) -> dict[str, Any]:
    if view.scores is None or station.id not in view.scores.station.values:
        return {}
    name = station.name_ko if language == "ko" else station.name_en
    return _table(name, view.scores.sel(station=station.id), language)


def skill(view: View, language: Language) -> list[dict[str, Any]]:
    """Return the tables of the skill page: the mean over gauges, then each gauge."""
    if view.scores is None:
        return []
    mean = mean_over_stations(view.scores)
    tables = [_table(word("all_stations", language), mean, language)]
    for station in view.network.stations:
        tables.append(_station_skill(view, station, language))
    return [table for table in tables if table]


def _table(name: str, scores: xr.Dataset, language: Language) -> dict[str, Any]:
    rows = [
        (SCORE[kind][language], str(model), _cells(scores.sel(model=model), kind))
        for kind in SCORE
        for model in scores.model.values
    ]
    leads = [span(lead, language) for lead in scores.lead_time.values]
    return {"name": name, "leads": leads, "rows": rows}


def _cells(scores: xr.Dataset, kind: str) -> list[str]:
    """Return `all hours (flood hours)` for each lead time."""
    pairs = zip(scores[kind].values, scores[f"{kind}_flood"].values, strict=True)
    return [f"{_figure(everywhere)} ({_figure(in_flood)})" for everywhere, in_flood in pairs]


def _figure(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3g}"
