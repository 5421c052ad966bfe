"""The page of one region: a table of every index, and what its chart needs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data.climate.scenarios import SCENARIOS
from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language, Layer
from forecast.climate.observed_layers import TREND_FROM
from maps.climate import series
from maps.climate.map_table import full_name, marked
from maps.climate.published import Numbers, written
from maps.climate.words import ROBUSTNESS, TEXT, window_name
from maps.page import ending

ENDS = ("ssp126:2081-2100", "ssp585:2081-2100")
NORMAL = "1991-2020"
_SPOKEN = (
    *("missing", "observed", "trend", "year", "stripes", "median", "synthetic", "warmest"),
    *("coldest", "p10", "p90"),
)


def region(
    atlas: Atlas, published: Mapping[str, Numbers], row: int, language: Language
) -> dict[str, Any]:
    """Return what the page of a region shows.

    Args:
        row: Of the region in the atlas.
    """
    code = str(atlas.regions.index[row])
    inner = atlas.regions.index[atlas.regions["parent"] == code]
    level = "sido" if len(code) == 2 else "sigungu"
    charts = series.charted(atlas)
    slopes = {layer.id: _ends(published[layer.id], row) for layer in charts}
    return {
        "title": full_name(atlas, code, language),
        "above": _above(atlas, code, language),
        "map_link": f"../index{ending(language)}.html#region={code}&level={level}",
        "headings": _headings(atlas, language),
        "rows": [_row(found, row, language) for found in published.values()],
        "parts": [(str(c), str(atlas.regions.at[c, f"name_{language}"])) for c in inner],
        "charts": choices(charts, language),
        "block": block(atlas, code, charts, language) | {"trends": slopes},
    }


def choices(layers: Sequence[Layer], language: Language) -> list[tuple[str, str]]:
    """Return the layers that a chart can show."""
    return [(each.id, f"{each.name(language)} ({each.threshold(language)})") for each in layers]


def block(atlas: Atlas, code: str, layers: Sequence[Layer], language: Language) -> dict[str, Any]:
    """Return what the chart's script reads besides the series."""
    return {
        "code": code,
        "synthetic": atlas.facts.synthetic,
        "trendFrom": TREND_FROM,
        "trends": {},
        "words": {key: TEXT[key][language] for key in _SPOKEN},
        "scenarios": {s.name: s.title for s in SCENARIOS},
        "layers": {
            each.id: [each.name(language), each.unit_in(language), each.decimals, each.palette]
            for each in layers
        },
    }


def _above(atlas: Atlas, code: str, language: Language) -> tuple[str, str] | None:
    """Return code and name of what the region lies in."""
    parent = str(atlas.regions.at[code, "parent"])
    return (parent, str(atlas.regions.at[parent, f"name_{language}"])) if parent else None


def _headings(atlas: Atlas, language: Language) -> list[str]:
    mark = marked(atlas, language)
    told = [
        f"{mark}{window_name(str(w), language)}: {TEXT['median'][language]}"
        for w in atlas.values["window"].values
        if w in ENDS
    ]
    said = [TEXT[key][language] for key in ("layer", "normal", "trend")]
    return [*said, *told]


def _row(found: Numbers, row: int, language: Language) -> tuple[str, str, list[str]]:
    """Return name, rule and cells of one index."""
    layer = found.layer
    baseline = found.baselines.index(NORMAL)
    missing = TEXT["missing"][language]
    seen = written(found.observed[baseline, row], layer.decimals)
    cells = [
        with_unit(seen, layer, language),
        _trend(found, row) or missing,
    ]
    ends = [n for n, window in enumerate(found.windows) if window in ENDS]
    cells += [_told(found, n, row, language) or missing for n in ends]
    return layer.name(language), layer.threshold(language), cells


def with_unit(text: str, layer: Layer, language: Language) -> str:
    """Return a written number with its unit, or that there is none."""
    unit = layer.unit_in(language)
    if not text:
        return TEXT["missing"][language]
    return text if unit == "–" else f"{text} {unit}"


def _told(found: Numbers, window: int, row: int, language: Language) -> str:
    """Return median, range and robustness of a window; "" where there is none."""
    low, middle, high = (written(v, found.layer.decimals) for v in found.future[window, :, row])
    said = ROBUSTNESS[int(found.robustness[window, row])][language]
    return f"{middle} ({low} – {high}) · {said}" if middle else ""


def _trend(found: Numbers, row: int) -> str:
    ends = _ends(found, row)
    if ends is None:
        return ""
    slope, low, high = (written(v, found.layer.decimals + 1, signed=True) for v in ends)
    return f"{slope} ({low} … {high})"


def _ends(found: Numbers, row: int) -> list[float] | None:
    """Return the trend and the ends of its interval; None where there is none."""
    ends: list[float] = found.trend[:, row].tolist()
    return None if np.isnan(ends).any() else ends
