"""The files that a page loads when it needs them, and those that a reader takes away."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Layer
from maps.climate import geometry
from maps.climate.published import all_rounded, described, integers, table
from maps.page import json_text


def folder_of(atlas: Atlas) -> str:
    """Return the folder of an atlas's values: its key, so that no page meets older numbers."""
    return f"d-{atlas.facts.key[:10]}"


def write(atlas: Atlas, folder: Path) -> None:
    """Write values for the maps, series for the charts, and CSV, GeoJSON and NetCDF."""
    data = folder / folder_of(atlas)
    (data / "region").mkdir(parents=True)
    (data / "station").mkdir()
    (folder / "csv").mkdir()
    for layer in atlas.layers:
        for group, content in values(atlas, layer).items():
            put(data / f"{layer.id}-{group}.js", f"{layer.id}-{group}", content)
        table(atlas, layer).to_csv(folder / "csv" / f"{layer.id}.csv", index=False)
    described(atlas).to_csv(folder / "csv" / "layers.csv", index=False)
    for row, code in enumerate(atlas.series["region"].values):
        put(data / "region" / f"{code}.js", "series", region_series(atlas, row))
    for row, station in enumerate(atlas.stations["station"].values):
        put(data / "station" / f"{station}.js", "series", station_series(atlas, row))
    (folder / "regions.geojson").write_text(geometry.geojson(atlas), encoding="utf-8")
    _netcdf(atlas.values, atlas, folder / "mulgil-climate.nc")
    _netcdf(atlas.series, atlas, folder / "mulgil-climate-series.nc")


def put(path: Path, name: str, content: Any) -> None:
    """Write a script that hands its content over: it also loads where a page is a mere file."""
    path.write_text(f"Mulgil.put({json.dumps(name)},{json_text(content)});\n", encoding="utf-8")


def values(atlas: Atlas, layer: Layer) -> dict[str, Any]:
    """Return the values of one layer by group: `obs`, each scenario, `gwl`; regions in order."""
    part = atlas.values.sel(layer=layer.id)
    base = [str(b) for b in part["baseline"].values]
    found: dict[str, Any] = {
        "obs": {
            "value": {b: integers(part["observed"].sel(baseline=b).values, layer) for b in base},
            "why": {b: _digits(part["observed_reason"].sel(baseline=b).values) for b in base},
        }
    }
    if np.isfinite(part["future"].values).any():
        for window in map(str, part["window"].values):
            group, _, span = window.partition(":")
            found.setdefault(group, {})[span] = _window(part.sel(window=window), layer)
    return found


def _window(part: xr.Dataset, layer: Layer) -> dict[str, Any]:
    return {
        "value": [integers(part["future"].values[:, row], layer) for row in range(3)],
        "why": _digits(part["robustness"].values),
        "agree": _digits(part["agree"].values),
        "models": _digits(part["members"].values),
    }


def _digits(codes: np.ndarray) -> str | list[int]:
    """Return small numbers as one text of digits, or as a list where one needs two."""
    return "".join(map(str, codes)) if codes.max(initial=0) < 10 else [int(c) for c in codes]


def region_series(atlas: Atlas, row: int) -> dict[str, Any]:
    """Return every yearly layer of a region: observed from `first`, futures from `after`."""
    years = atlas.series["year"].values
    later = years > atlas.facts.last_year
    observed = atlas.series["observed"].values[:, row]  # (layer, year)
    future = atlas.series["future"].values[:, row][:, :, later]  # (layer, scenario, year, quantile)
    scenarios = [str(s) for s in atlas.series["scenario"].values]
    layers = {layer.id: layer for layer in atlas.layers}
    found: dict[str, Any] = {}
    for n, name in enumerate(map(str, atlas.series["layer"].values)):
        coming = {
            scenario: [integers(future[n, s, :, q], layers[name]) for q in range(3)]
            for s, scenario in enumerate(scenarios)
            if np.isfinite(future[n, s]).any()
        }
        found[name] = _observed(observed[n, ~later], layers[name]) | {"future": coming}
    return {"first": int(years[0]), "after": atlas.facts.last_year, "layers": found}


def station_series(atlas: Atlas, row: int) -> dict[str, Any]:
    """Return every yearly layer of a station, as `region_series` without futures."""
    observed = atlas.stations["observed"].values[:, row]  # (layer, year)
    layers = {layer.id: layer for layer in atlas.layers if not layer.season}
    found = {
        name: _observed(observed[n], layers[name]) | {"future": {}}
        for n, name in enumerate(map(str, atlas.stations["layer"].values))
        if name in layers
    }
    first = int(atlas.stations["year"].values[0])
    return {"first": first, "after": atlas.facts.last_year, "layers": found}


def _observed(values_: np.ndarray, layer: Layer) -> dict[str, Any]:
    """Return a series from its first value on, as whole numbers of its last decimal."""
    known = np.flatnonzero(np.isfinite(values_))
    skip = int(known[0]) if known.size else len(values_)
    return {"skip": skip, "observed": integers(values_[skip:], layer)}


def _netcdf(ds: xr.Dataset, atlas: Atlas, path: Path) -> None:
    """Write a table as NetCDF that tells of itself."""
    layers = {layer.id: layer for layer in atlas.layers}
    names = [str(n) for n in ds["layer"].values]
    named = (
        all_rounded(ds, atlas.layers)
        .assign_coords(
            layer_unit=("layer", [layers[n].unit for n in names]),
            layer_name=("layer", [layers[n].name("en") for n in names]),
            layer_rule=("layer", [layers[n].threshold_en for n in names]),
            region_name=("region", list(atlas.regions["name_en"])),
        )
        .assign_attrs(
            Conventions="CF-1.11",
            title=("SYNTHETIC futures. " if atlas.facts.synthetic else "") + "Mulgil climate map",
            synthetic=str(atlas.facts.synthetic).lower(),
            source=f"{atlas.facts.source}; {atlas.facts.futures_source}",
            comment=atlas.facts.futures_caveat_en,
            method=atlas.facts.method_en,
            references=atlas.facts.attribution,
        )
    )
    packing = {str(v): {"zlib": True, "complevel": 4, "shuffle": True} for v in ds.data_vars}
    named.to_netcdf(path, engine="h5netcdf", encoding=packing)
