"""The page of one station, and the list of all: what was measured, what is missing, and why."""

from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language
from forecast.climate.years import ENOUGH
from maps.climate import series
from maps.climate.published import rounded, written
from maps.climate.region_page import block, choices, with_unit
from maps.climate.words import TEXT
from maps.plain import file_name, plain

KINDS = {"temperature": ("tas", "tas"), "rain": ("pr", "PRCPTOT")}  # word: (variable, its layer)


def station(atlas: Atlas, name: str, language: Language) -> dict[str, Any]:
    """Return what the page of a station shows."""
    part = atlas.stations.sel(station=name)
    charts = series.station_layers(atlas)
    return {
        "title": plain(str(part[f"name_{language}"].values)),
        "facts_of": _facts(part, language),
        "headings": [TEXT["layer"][language], TEXT["normal"][language]],
        "rows": _rows(atlas, part, language),
        "gaps": [(TEXT[word][language], _gaps(part, word, language)) for word in KINDS],
        "charts": choices(charts, language),
        "block": block(atlas, name, charts, language),
    }


def listed(atlas: Atlas, language: Language) -> list[tuple[str, str, str, list[str]]]:
    """Return (id, name, page, cells) of all stations."""
    found = []
    for name in map(str, atlas.stations["station"].values):
        part = atlas.stations.sel(station=name)
        cells = [text for _, text in _facts(part, language)]
        title = plain(str(part[f"name_{language}"].values))
        found.append((name, title, file_name(name), cells))
    return found


def columns(language: Language) -> list[str]:
    """Return the headings of the list."""
    return [TEXT[key][language] for key in ("station", "operating", "elevation")]


def _facts(part: xr.Dataset, language: Language) -> list[tuple[str, str]]:
    start, end = _operating(part)
    height = part["elevation"].item()
    told = TEXT["missing"][language] if np.isnan(height) else f"{height:.0f} m"
    return [
        (TEXT["operating"][language], f"{start:%Y-%m-%d} – {end:%Y-%m-%d}"),
        (TEXT["elevation"][language], told),
    ]


def _operating(part: xr.Dataset) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day of the record."""
    first, last = (pd.Timestamp(part[f"operating_{end}"].item()) for end in ("start", "end"))
    return first, last


def _rows(atlas: Atlas, part: xr.Dataset, language: Language) -> list[tuple[str, str, list[str]]]:
    normal = dict(zip(map(str, part["layer"].values), part["normal"].values, strict=True))
    found = []
    for layer in (each for each in atlas.layers if each.id in normal):
        value = rounded(normal[layer.id], layer.decimals).item()
        cell = with_unit(written(value, layer.decimals), layer, language)
        found.append((layer.name(language), layer.threshold(language), [cell]))
    return found


def _gaps(part: xr.Dataset, word: str, language: Language) -> list[str]:
    """Return spans of years without an index, and why, neighbours of one reason in one line."""
    variable, layer = KINDS[word]
    if layer not in part["layer"].values or variable not in part["variable"].values:
        return []
    missing = np.isnan(part["observed"].sel(layer=layer).values)
    share = part["days"].sel(variable=variable).values
    years = part["year"].values
    span = tuple(day.year for day in _operating(part))
    told = [
        (int(year), _why(span, int(year), float(days), language))
        for year, days in zip(years[missing], share[missing], strict=True)
    ]
    return [_line(reason, [year for year, _ in group]) for reason, group in _runs(told)]


def _runs(told: list[tuple[int, str]]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return neighbouring years of one reason together."""
    numbered = enumerate(told)
    runs = groupby(numbered, key=lambda pair: (pair[1][1], pair[1][0] - pair[0]))
    return [(reason, [each for _, each in group]) for (reason, _), group in runs]


def _line(reason: str, years: list[int]) -> str:
    span = f"{years[0]}" if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return f"{span}: {reason}"


def _why(span: tuple[int, ...], year: int, share: float, language: Language) -> str:
    """Return why a year has no index; `span` are the first and last year of operation."""
    first, last = span
    if not first <= year <= last:
        return TEXT["outside"][language].format(f"{first}–{last}")
    if np.isnan(share) or share < ENOUGH:
        percent = 0 if np.isnan(share) else int(100 * share)
        return TEXT["days_there"][language].format(percent)
    return TEXT["month_short"][language]
