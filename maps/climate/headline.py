"""What the front page of the site says of the climate map."""

from typing import Any

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language
from maps.climate.place_page import ENDS
from maps.climate.words import TEXT, window_name


def headline(atlas: Atlas, language: Language) -> dict[str, Any]:
    """Return title, sentences with numbers of the country, and the caveat of the futures."""
    return {
        "title": TEXT["atlas"][language],
        "caveat": getattr(atlas.facts, f"futures_caveat_{language}"),
        "said": [text for text in (_warming(atlas, language), _future(atlas, language)) if text],
    }


def _warming(atlas: Atlas, language: Language) -> str:
    part = atlas.values.sel(region="KR", layer="tas")
    mean = float(part["observed"].sel(baseline="1991-2020"))
    slope, low, high = (float(part[v]) for v in ("trend", "trend_low", "trend_high"))
    last = atlas.facts.last_year
    if language == "ko":
        return (
            f"전국 평균기온 1991–2020년 {mean:.1f} °C, 1973–{last}년 10년마다 {slope:+.2f} °C "
            f"({low:+.2f} … {high:+.2f})."
        )
    return (
        f"Mean temperature of the country {mean:.1f} °C in 1991–2020; {slope:+.2f} °C per decade "
        f"({low:+.2f} … {high:+.2f}) in 1973–{last}."
    )


def _future(atlas: Atlas, language: Language) -> str:
    window = ENDS[1]
    known = window in atlas.values["window"].values and "HD33" in atlas.values["layer"].values
    if not known:
        return ""
    part = atlas.values.sel(region="KR", layer="HD33")
    now = float(part["observed"].sel(baseline="1991-2020"))
    low, middle, high = part["future"].sel(window=window).values
    mark = f"[{TEXT['synthetic'][language]}] " if atlas.facts.synthetic else ""
    name = window_name(window, language)
    span = f"{middle:.0f} ({low:.0f}–{high:.0f})"
    if language == "ko":
        return f"{mark}폭염일수(33 °C 이상) {now:.1f}일 → {name} {span}일."
    return f"{mark}Heat days (33 °C and more) {now:.1f} a year → {name} {span}."
