"""Write all feeds and files of one network; the same view and state give the same bytes.

alerts/      CAP 1.2, Atom feeds (all, by river, by gauge), state.json for the next release
api/         JSON API with its schemas
gauge/       CSV tables beside the gauge pages
ogc/         GeoJSON in the layout of OGC API - Features
pi/          Delft-FEWS PI-XML and PI-JSON
dcat.jsonld  the description of the data sets
forecast.nc  CF-1.11 NetCDF
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.errors import InvalidData
from data.stations import Station
from maps.feeds import api, atom, chains_file, dcat, forecast_netcdf, geojson, pi
from maps.feeds.cap import cap
from maps.feeds.chains import State, advance
from maps.feeds.facts import facts
from maps.feeds.message import Message
from maps.feeds.publisher import NOBODY, Publisher
from maps.feeds.series import Series, gather
from maps.feeds.tables import tables
from maps.page import json_text
from maps.plain import file_name
from maps.view import View

STATE = "alerts/state.json"
_LOG = logging.getLogger("mulgil.feeds")


def previous(site: Path | None, network: str) -> State | None:
    """Return the state that the last release left of a network; None where there is none.

    A state that cannot be read is told in the log, and every alert begins anew: a cycle does not
    stop for it.
    """
    if site is None:
        return None
    try:
        return chains_file.read(site / file_name(network) / STATE)
    except InvalidData:
        _LOG.exception("The alerts of '%s' begin anew.", network)
        return None


def write(view: View, folder: Path, before: State | None, publisher: Publisher = NOBODY) -> State:
    """Write everything of one network and return the state of its alerts.

    Args:
        view: From `maps.plain.plain_view`.
        folder: The network's folder in the site.
        before: The state that the last release left, see `previous`.
    """
    series = gather(view)
    told = {outlook.station: facts(view, outlook) for outlook in view.outlooks}
    state = advance(view, before, publisher)
    _put(folder / STATE, chains_file.to_json_text(state, view))
    _alerts(view, folder, state, publisher)
    for place, station in enumerate(view.network.stations):
        _gauge(view, folder, series, place, told[station.id])
    _network(view, folder, told, publisher)
    forecast_netcdf.write(folder / "forecast.nc", view, series)
    return state


def _alerts(view: View, folder: Path, state: State, publisher: Publisher) -> None:
    messages = [m for _, chain in sorted(state.chains.items()) for m in chain.messages]
    for message in messages:
        _put(folder / "alerts" / "cap" / f"{message.identifier}.xml", cap(message, publisher))
    for scope in _scopes(view, messages):
        _put(folder / scope.path, atom.feed(view, scope, file_name(view.network.name), publisher))


def _scopes(view: View, messages: list[Message]) -> Iterator[atom.Scope]:
    """Yield what feeds are about: all gauges, those of each river, each gauge."""
    titles = (view.network.title_ko, view.network.title_en)
    yield atom.Scope("alerts/all.atom", "index.html", titles, view.outlooks, tuple(messages))
    by_river: dict[str, list[int]] = {}
    for place, station in enumerate(view.network.stations):
        by_river.setdefault(_river(station), []).append(place)
    for river, places in by_river.items():
        first, outlooks = view.network.stations[places[0]], [view.outlooks[at] for at in places]
        found = [m for m in messages if (m.en.river or m.ko.river) == river]
        names, path = (first.river_ko, first.river_en), f"alerts/river/{file_name(river)}.atom"
        yield atom.Scope(path, "index.html", names, tuple(outlooks), tuple(found))
    by_gauge: dict[str, list[Message]] = {}
    for message in messages:
        by_gauge.setdefault(message.gauge, []).append(message)
    for station, outlook in zip(view.network.stations, view.outlooks, strict=True):
        name, names = file_name(station.id), (station.name_ko, station.name_en)
        path, page = f"alerts/gauge/{name}.atom", f"gauge/{name}.html"
        yield atom.Scope(path, page, names, (outlook,), tuple(by_gauge.get(station.id, [])))


def _river(station: Station) -> str:
    return station.river_en or station.river_ko


def _gauge(view: View, folder: Path, series: Series, place: int, told: dict[str, Any]) -> None:
    name = file_name(view.network.stations[place].id)
    for kind, text in tables(view, series, place):
        _put(folder / "gauge" / f"{name}.{kind}.csv", text)
    both = {
        "observed": pi.observed(view, series, place),
        "forecast": pi.forecast(view, series, place),
    }
    for kind, found in both.items():
        _put(folder / "pi" / f"{name}.{kind}.xml", pi.xml(found))
        _put(folder / "pi" / f"{name}.{kind}.json", pi.json(found))
    _json(folder / "api" / "gauge" / f"{name}.json", api.gauge(view, series, place, told))


def _network(view: View, folder: Path, told: dict[str, Any], publisher: Publisher) -> None:
    for path, content in geojson.files(view, told):
        _json(folder / "ogc" / path, content)
    _json(folder / "api" / "network.json", api.network(view, told))
    _json(folder / "api" / "openapi.json", api.openapi(view))
    for name in api.SCHEMAS:
        _json(folder / "api" / "schema" / f"{name}.json", api.schema(name))
    described = dcat.catalogue(view, file_name(view.network.name), publisher)
    _json(folder / "dcat.jsonld", described)


def _json(path: Path, content: dict[str, Any]) -> None:
    _put(path, json_text(content) + "\n")


def _put(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
