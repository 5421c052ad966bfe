"""The page of one region or one station: a table of every index, and what its chart needs."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.climate.scenarios import SCENARIOS
from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language, Layer
from forecast.climate.observed_layers import TREND_FROM
from forecast.climate.years import ENOUGH
from maps.climate.published import rounded
from maps.climate.words import ROBUSTNESS, TEXT, window_name

ENDS = ("ssp126:2081-2100", "ssp585:2081-2100")
_SPOKEN = ("missing", "observed", "trend", "year", "stripes", "range", "synthetic")


def region(atlas: Atlas, code: str, language: Language) -> dict[str, Any]:
    """Return what the page of a region shows."""
    part = atlas.values.sel(region=code)
    ends = [w for w in ENDS if w in part["window"].values]
    numbers = _numbers(part, ends)
    mark = f"[{TEXT['synthetic'][language]}] " if atlas.facts.synthetic else ""
    headings = [TEXT["normal"][language], TEXT["trend"][language]]
    headings += [f"{mark}{window_name(w, language)} ({TEXT['range'][language]})" for w in ends]
    return {
        "name": _name(atlas, code, language),
        "lines": _above(atlas, code, language),
        "home_map": f"../index{'' if language == 'ko' else '.en'}.html#region={code}"
        f"&level={'sido' if len(code) == 2 else 'sigungu'}",
        "headings": [TEXT["layer"][language], *headings],
        "rows": [_row(numbers, n, layer, language) for n, layer in enumerate(atlas.layers)],
        "parts": [
            (str(c), _name(atlas, str(c), language))
            for c in atlas.regions.index[atlas.regions["parent"] == code]
        ],
        "gaps": [],
        "layers": yearly(atlas, language),
        "block": block(atlas, code, language) | {"layers": _charted(atlas, code, language)},
    }


def station(atlas: Atlas, name: str, language: Language) -> dict[str, Any]:
    """Return what the page of a station shows."""
    part = atlas.stations.sel(station=name)
    layers = {layer.id: layer for layer in atlas.layers}
    known = [layers[str(n)] for n in part["layer"].values]
    return {
        "name": str(part[f"name_{language}"].values),
        "lines": [_where(part, language)],
        "home_map": "",
        "headings": [TEXT["layer"][language], TEXT["normal"][language]],
        "rows": [
            _named(layer, language)
            | {"cells": [number(part["normal"].sel(layer=layer.id).values, layer, language)]}
            for layer in known
        ],
        "parts": [],
        "gaps": gaps(atlas, name, language),
        "layers": yearly(atlas, language),
        "block": block(atlas, name, language) | {"layers": _charted(atlas, "", language)},
    }


def block(atlas: Atlas, code: str, language: Language) -> dict[str, Any]:
    """Return what the chart's script reads besides the series."""
    return {
        "code": code,
        "synthetic": atlas.facts.synthetic,
        "trendFrom": TREND_FROM,
        "words": {key: TEXT[key][language] for key in _SPOKEN},
        "scenarios": {s.name: s.title for s in SCENARIOS},
    }


def yearly(atlas: Atlas, language: Language) -> list[dict[str, str]]:
    """Return the layers that have a yearly series."""
    there = set(map(str, atlas.series["layer"].values))
    return [
        {"id": layer.id, "name": layer.name(language), "rule": layer.threshold(language)}
        for layer in atlas.layers
        if layer.id in there
    ]


def _charted(atlas: Atlas, code: str, language: Language) -> list[dict[str, Any]]:
    """Return what the chart needs to know of each layer, with its trend where there is one."""
    order = [layer.id for layer in atlas.layers]
    found = []
    trends = _numbers(atlas.values.sel(region=code), [])["trend"] if code else None
    for each in yearly(atlas, language):
        n = order.index(each["id"])
        layer = atlas.layers[n]
        trend = trends[n] if trends is not None else np.array([np.nan])
        known = [round(float(v), layer.decimals + 1) for v in trend]
        told = known if np.isfinite(trend).all() else None
        facts = {"unit": layer.unit_in(language), "decimals": layer.decimals, "trend": told}
        wet, turned = layer.palette in ("wet", "dry"), layer.palette in ("cold", "dry")
        found.append(each | facts | {"wet": wet, "turned": turned})
    return found


def _numbers(part: xr.Dataset, ends: list[str]) -> dict[str, np.ndarray]:
    """Return what a region's table needs as plain arrays, layer first: xarray is slow by cell."""
    chosen = part.sel(window=ends)
    trend = np.stack([part[v].values for v in ("trend", "trend_low", "trend_high")], axis=1)
    return {
        "normal": part["observed"].sel(baseline="1991-2020").values,
        "trend": trend,
        "future": chosen["future"].transpose("layer", "window", "quantile").values,
        "robustness": chosen["robustness"].transpose("layer", "window").values,
    }


def _row(
    numbers: dict[str, np.ndarray], n: int, layer: Layer, language: Language
) -> dict[str, Any]:
    cells = [number(numbers["normal"][n], layer, language)]
    cells.append(_trend(numbers["trend"][n], layer, language))
    for future, code in zip(numbers["future"][n], numbers["robustness"][n], strict=True):
        low, middle, high = (_bare(float(v), layer) for v in rounded(future, layer))
        told = f"{middle} ({low} – {high}) · {ROBUSTNESS[int(code)][language]}"
        cells.append(told if np.isfinite(future).all() else TEXT["missing"][language])
    return _named(layer, language) | {"cells": cells}


def _named(layer: Layer, language: Language) -> dict[str, str]:
    return {"name": layer.name(language), "rule": layer.threshold(language)}


def _trend(ends: np.ndarray, layer: Layer, language: Language) -> str:
    if np.isnan(ends).any():
        return TEXT["missing"][language]
    told = [f"{v:+.{layer.decimals + 1}f}".replace("-", "−") for v in ends]
    return f"{told[0]} ({told[1]} … {told[2]})"


def number(value: Any, layer: Layer, language: Language) -> str:
    """Return a value with its unit, or that there is none."""
    if np.isnan(value):
        return TEXT["missing"][language]
    return f"{_bare(float(value), layer)} {layer.unit_in(language)}"


def _bare(value: float, layer: Layer) -> str:
    return f"{value:.{layer.decimals}f}".replace("-", "−")


def _name(atlas: Atlas, code: str, language: Language) -> str:
    return str(atlas.regions.at[code, f"name_{language}"])


def _above(atlas: Atlas, code: str, language: Language) -> list[str]:
    """Return the province of a district."""
    parent = str(atlas.regions.at[code, "parent"])
    return [_name(atlas, parent, language)] if parent else []


def operating(part: Any) -> str:
    """Return the first and last day of a station's record."""
    start, end = (pd.Timestamp(part[f"operating_{k}"].item()) for k in ("start", "end"))
    return f"{start:%Y-%m-%d} – {end:%Y-%m-%d}"


def _where(part: Any, language: Language) -> str:
    place = f"{float(part['latitude']):.4f}°N {float(part['longitude']):.4f}°E"
    height = f"{TEXT['elevation'][language]} {float(part['elevation']):.0f} m"
    return f"{TEXT['operating'][language]} {operating(part)} · {place} · {height}"


def gaps(atlas: Atlas, name: str, language: Language) -> list[str]:
    """Return which years of temperature and rain have no index, and why."""
    part = atlas.stations.sel(station=name)
    start, end = (pd.Timestamp(part[f"operating_{k}"].item()).year for k in ("start", "end"))
    years = part["year"].values
    told = []
    for variable, layer in (("tas", "tas"), ("pr", "PRCPTOT")):
        missing = np.isnan(part["observed"].sel(layer=layer).values)
        inside = (years >= start) & (years <= end) & missing
        share = part["days"].sel(variable=variable).values
        told += [
            _gap(variable, int(y), float(s), language)
            for y, s in zip(years[inside], share[inside], strict=True)
        ]
    return told


def _gap(variable: str, year: int, share: float, language: Language) -> str:
    what = {"tas": {"ko": "기온", "en": "temperature"}, "pr": {"ko": "강수", "en": "rain"}}
    if share < ENOUGH:
        why = TEXT["days_there"][language].format(f"{np.floor(100 * share + 1e-3):.0f}")
    else:
        why = TEXT["month_short"][language]
    return f"{year} · {what[variable][language]}: {why}"
