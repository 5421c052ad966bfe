"""The yearly series that the charts of regions and stations load, as small whole numbers.

A series is {skip, observed, future}: the observed years from the first value on, and for each
scenario three lists: the median, how far p10 lies below it, and how far p90 above; all in units of
the layer's last decimal.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Layer
from maps.climate.published import integers, rounded


def charted(atlas: Atlas) -> list[Layer]:
    """Return the layers with a yearly series: no seasons, as they would double the files."""
    there = set(map(str, atlas.series["layer"].values))
    return [layer for layer in atlas.layers if layer.id in there and not layer.season]


def of_regions(atlas: Atlas) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each region's code and what its chart loads."""
    parts = [(layer, *_arrays(atlas, layer)) for layer in charted(atlas)]
    for row, code in enumerate(map(str, atlas.series["region"].values)):
        layers = {
            layer.id: _observed(seen[row], layer) | {"future": _futures(atlas, coming[row], layer)}
            for layer, seen, coming in parts
        }
        yield code, _head(atlas.series["year"].values, atlas) | {"layers": layers}


def _arrays(atlas: Atlas, layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    """Return (region, year) observed and (region, scenario, quantile, later year)."""
    part = atlas.series.sel(layer=layer.id)
    later = atlas.series["year"].values > atlas.facts.last_year
    seen = part["observed"].transpose("region", "year").values[:, ~later]
    coming = part["future"].transpose("region", "scenario", "quantile", "year").values[..., later]
    return rounded(seen, layer.decimals), rounded(coming, layer.decimals)


def _futures(atlas: Atlas, coming: np.ndarray, layer: Layer) -> dict[str, Any]:
    found = {}
    for name, (low, middle, high) in zip(atlas.series["scenario"].values, coming, strict=True):
        if np.isfinite(middle).any():
            parts = (middle, middle - low, high - middle)
            found[str(name)] = [integers(part, layer.decimals) for part in parts]
    return found


def of_stations(atlas: Atlas) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each station's id and what its chart loads."""
    wanted = station_layers(atlas)
    values = {
        layer.id: rounded(
            atlas.stations["observed"].sel(layer=layer.id).transpose("station", "year").values,
            layer.decimals,
        )
        for layer in wanted
    }
    for row, station in enumerate(map(str, atlas.stations["station"].values)):
        layers = {
            layer.id: _observed(values[layer.id][row], layer) | {"future": {}} for layer in wanted
        }
        yield station, _head(atlas.stations["year"].values, atlas) | {"layers": layers}


def station_layers(atlas: Atlas) -> list[Layer]:
    """Return the layers that are charted of a station."""
    there = set(map(str, atlas.stations["layer"].values))
    return [layer for layer in atlas.layers if layer.id in there and not layer.season]


def _head(years: np.ndarray, atlas: Atlas) -> dict[str, Any]:
    return {"first": int(years[0]), "after": atlas.facts.last_year}


def _observed(values: np.ndarray, layer: Layer) -> dict[str, Any]:
    """Return a series from its first value to its last."""
    known = np.flatnonzero(np.isfinite(values))
    if not known.size:
        return {"skip": 0, "observed": []}
    first, last = int(known[0]), int(known[-1])
    return {"skip": first, "observed": integers(values[first : last + 1], layer.decimals)}
