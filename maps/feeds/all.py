"""Write all feeds and files of one network; the same view and state give the same bytes.

alerts/      CAP 1.2, Atom feeds (all, by river, by gauge), state.json for the next release
api/         JSON API with its schemas
gauge/       CSV tables beside the gauge pages
ogc/         GeoJSON in the layout of OGC API - Features
pi/          Delft-FEWS PI-XML and PI-JSON
dcat.jsonld  the description of the data sets
forecast.nc  CF-1.11 NetCDF

A network of more than `maps.feeds.layout.LARGE` gauges has no files of single gauges: 64 share one
in the JSON API, 500 a page of GeoJSON; PI tells of the worst; tables are made by the pages.
"""

import logging
from pathlib import Path

from data.errors import InvalidData
from maps.feeds import alerts, api, chains_file, dcat, forecast_netcdf, large, small
from maps.feeds.chains import State
from maps.feeds.facts import Facts, facts, whole
from maps.feeds.gate import follow
from maps.feeds.head import Head, head
from maps.feeds.json_bytes import json_bytes
from maps.feeds.layout import large as is_large
from maps.feeds.openapi import openapi
from maps.feeds.publisher import NOBODY, Publisher
from maps.feeds.series import gather
from maps.plain import file_name
from maps.release import Draft, fresh
from maps.view import View

STATE = alerts.STATE
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


def write(
    view: View, folder: Draft | Path, before: State | None, publisher: Publisher = NOBODY
) -> State:
    """Write everything of one network and return the state of its alerts.

    Args:
        view: From `maps.plain.plain_view`.
        folder: The network's folder in the site.
        before: The state that the last release left, see `previous`.
    """
    draft = folder if isinstance(folder, Draft) else fresh(folder)
    series, top = gather(view), head(view)
    state = follow(view, before, publisher)
    alerts.write(view, draft, state, publisher)
    told = facts(view, top)
    if is_large(view.network):
        large.write(view, draft, top, series, told)
    else:
        small.write(view, draft, top, series, told)
    _network(view, draft, top, told, publisher)
    forecast_netcdf.write(draft.folder / "forecast.nc", view, series)
    return state


def _network(view: View, draft: Draft, top: Head, told: list[Facts], publisher: Publisher) -> None:
    """Write what describes the network as a whole."""
    worst = [whole(view, top, told[place], place) for place in api.worst(view)]
    draft.put("api/network.json", json_bytes(api.network(view, top, worst)) + b"\n")
    draft.put("api/openapi.json", json_bytes(openapi(view, top)) + b"\n")
    for name in api.schemas(view):
        draft.put(f"api/schema/{name}.json", api.schema_bytes(name))
    described = dcat.catalogue(view, file_name(view.network.name), publisher)
    draft.put("dcat.jsonld", json_bytes(described) + b"\n")
