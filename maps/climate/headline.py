"""What the front page of the site says of the climate map."""

from typing import Any

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language, Layer
from maps.climate.map_table import marked
from maps.climate.published import Numbers, change_decimals, change_unit, numbers, written
from maps.climate.region_page import ENDS, NORMAL
from maps.climate.words import TEXT, window_name
from maps.page import ending

COUNTRY = "KR"
TOLD = ("tas", "HD33")


def headline(atlas: Atlas, language: Language) -> dict[str, Any]:
    """Return title, link, sentences with numbers of the country, and the futures' caveat.

    Returns:
        title, link (below the site), synthetic ("" or the word for it), said (sentences), caveat.
    """
    layers = {layer.id: layer for layer in atlas.layers}
    found = [numbers(atlas, layers[name]) for name in TOLD if name in layers]
    said = [sentence for each in found for sentence in _sentences(atlas, each, language)]
    return {
        "title": TEXT["atlas"][language],
        "link": f"climate/index{ending(language)}.html",
        "synthetic": TEXT["synthetic"][language] if atlas.facts.synthetic else "",
        "said": said,
        "caveat": getattr(atlas.facts, f"futures_caveat_{language}"),
    }


def _sentences(atlas: Atlas, found: Numbers, language: Language) -> list[str]:
    told = [_seen(atlas, found, language), _coming(atlas, found, language)]
    return [sentence for sentence in told if sentence]


def _seen(atlas: Atlas, found: Numbers, language: Language) -> str:
    """Return mean and trend of the country; "" where the mean is missing."""
    layer, row = found.layer, list(atlas.regions.index).index(COUNTRY)
    baseline = found.baselines.index(NORMAL)
    mean = written(found.observed[baseline, row], layer.decimals)
    if not mean:
        return ""
    unit, span = layer.unit_in(language), NORMAL.replace("-", "–")
    ends = [written(v, layer.decimals + 1, signed=True) for v in found.trend[:, row]]
    if language == "ko":
        trend = f", 10년마다 {ends[0]} {unit} ({ends[1]} … {ends[2]})" if ends[0] else ""
        return f"전국 {_name(layer, language)} {span}년 {mean} {unit}{trend}."
    trend = f", {ends[0]} {unit} per decade ({ends[1]} … {ends[2]})" if ends[0] else ""
    return f"{_name(layer, language)} of the country in {span}: {mean} {unit}{trend}."


def _coming(atlas: Atlas, found: Numbers, language: Language) -> str:
    """Return the change by the end of the century under the highest scenario; "" if unknown."""
    if ENDS[1] not in found.windows:
        return ""
    layer, row = found.layer, list(atlas.regions.index).index(COUNTRY)
    baseline = found.baselines.index(NORMAL)
    changes = found.change(baseline, found.windows.index(ENDS[1]))[:, row]
    low, middle, high = (written(v, change_decimals(layer), signed=True) for v in changes)
    if not middle:
        return ""
    unit, window = change_unit(layer, language), window_name(ENDS[1], language)
    name = _name(layer, language)
    told = f"{middle} {unit} ({low} … {high})"
    return f"{marked(atlas, language)}{window}: {name} {told}."


def _name(layer: Layer, language: Language) -> str:
    """Return a layer's name to begin a sentence, its rule where it counts days."""
    name = layer.name(language)
    name = name[0].upper() + name[1:]
    return f"{name} ({layer.threshold(language)})" if layer.unit == "days" else name
