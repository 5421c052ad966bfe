"""Write the files of a network with more gauges than there can be files: many gauges in each."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from data.stations import Stage
from maps.feeds import api, api_shards, geojson, pi_many
from maps.feeds.facts import Facts
from maps.feeds.head import Head
from maps.feeds.json_bytes import json_bytes
from maps.feeds.series import Series, latest
from maps.listing import shown
from maps.release import Draft
from maps.view import View

PI_LEVELS = (0.05, 0.5, 0.95)  # quantiles in the PI file; forecast.nc holds all
PI_STEPS = 48  # observations in the PI file; the JSON API holds all that is shown


def write(view: View, draft: Draft, head: Head, series: Series, told: list[Facts]) -> None:
    """Write the files that many gauges share.

    Args:
        draft: The network's folder.
        told: `maps.feeds.facts.facts`.
    """
    _fixed(view, draft, head)
    for shard, content in api_shards.gauges(view, head, series, told):
        draft.put(f"api/gauges/{shard}.json", json_bytes(content) + b"\n")
    for path, items in geojson.files(view, head, told):
        draft.put(f"ogc/{path}", json_bytes(items) + b"\n")
    _pi(view, draft, series)


def _fixed(view: View, draft: Draft, head: Head) -> None:
    """Write what does not change between forecasts, unless the last release has it."""
    made_by = [
        Path(module.__file__ or "").read_text(encoding="utf-8") for module in (api, api_shards)
    ]
    facts: list[Any] = [made_by, head.said, view.network.name, view.network.stations]
    key = sha256(json_bytes(facts)).hexdigest()
    if not draft.keep("api/index.json", key):
        index = api_shards.index(view, head.said)
        draft.put("api/index.json", json_bytes(index) + b"\n", key)
    if not draft.keep_folder("api/stations", key):
        for shard, content in api_shards.stations(view, head.said):
            draft.put(f"api/stations/{shard}.json", json_bytes(content) + b"\n")
        draft.seal("api/stations", key)


def _pi(view: View, draft: Draft, series: Series) -> None:
    """Write every gauge at an alert stage, and the worst ones in any case, for Delft-FEWS."""
    alerts = [n for n, o in enumerate(view.outlooks) if shown(o) > Stage.NORMAL]
    places = sorted({*alerts, *api.worst(view)})
    forecasts = pi_many.forecast(view, series, places, PI_LEVELS)
    recent, quantity = latest(series, PI_STEPS), view.network.quantity.value
    observed = pi_many.observed(view, recent, places, quantity)
    draft.put("pi/worst.forecast.xml", forecasts)
    draft.put("pi/worst.observed.xml", observed)
