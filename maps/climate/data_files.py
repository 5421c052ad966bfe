"""The files that a page loads when it needs them, and those that a reader takes away."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from forecast.climate.atlas import Atlas
from maps.climate import csv_table, geometry, netcdf_file, series
from maps.climate.published import Numbers, integers
from maps.page import json_text
from maps.plain import file_name

REGIONS = "regions"


def release(atlas: Atlas) -> str:
    """Return a mark that changes with the numbers: no page meets a file kept from older ones."""
    return sha256(atlas.facts.key.encode()).hexdigest()[:10]


def write(atlas: Atlas, published: Mapping[str, Numbers], folder: Path) -> str:
    """Write values for the maps, series for the charts, CSV, GeoJSON and NetCDF.

    Returns:
        The path of the boundaries' file below `folder`.
    """
    data = folder / "data"
    for part in (data / "region", data / "station", folder / "csv"):
        part.mkdir(parents=True, exist_ok=True)
    for name, found in published.items():
        for group, content in groups(found).items():
            _put(data / f"{name}-{group}.js", f"{name}-{group}", content)
        csv_table.write(atlas, found, folder / "csv" / f"{name}.csv")
    for code, content in series.of_regions(atlas):
        _put(data / "region" / f"{code}.js", "series", content)
    for station, content in series.of_stations(atlas):
        _put(data / "station" / f"{file_name(station)}.js", "series", content)
    (folder / "regions.geojson").write_text(geometry.geojson(atlas), encoding="utf-8")
    netcdf_file.write(atlas, data)
    return _boundaries(atlas, folder)


def _boundaries(atlas: Atlas, folder: Path) -> str:
    content = json_text(geometry.encoded(atlas))
    path = f"data/{REGIONS}-{sha256(content.encode()).hexdigest()[:10]}.js"
    _put(folder / path, REGIONS, geometry.encoded(atlas))
    return path


def _put(path: Path, name: str, content: Any) -> None:
    """Write a script that hands its content over: it also loads where a page is a mere file."""
    path.write_text(f"Mulgil.put({json.dumps(name)},{json_text(content)});\n", encoding="utf-8")


def groups(found: Numbers) -> dict[str, Any]:
    """Return the values of one layer by file: `observed`, each scenario, `gwl`."""
    digits = found.layer.decimals
    parts: dict[str, Any] = {
        "observed": {
            "value": {
                b: integers(v, digits) for b, v in zip(found.baselines, found.observed, strict=True)
            },
            "why": {b: _digits(v) for b, v in zip(found.baselines, found.reason, strict=True)},
        }
    }
    for row, window in enumerate(found.windows):
        group, _, span = window.partition(":")
        parts.setdefault(group, {})[span] = {
            "value": [integers(v, digits) for v in found.future[row]],
            "why": _digits(found.robustness[row]),
            "agree": _digits(found.agree[row]),
            "models": _digits(found.members[row]),
        }
    return parts


def _digits(codes: np.ndarray) -> str | list[int]:
    """Return small numbers as one text of digits, or as a list where one needs two."""
    listed: list[int] = codes.tolist()
    return "".join(map(str, listed)) if max(listed, default=0) < 10 else listed
