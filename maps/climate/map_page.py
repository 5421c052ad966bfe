"""What the map page is given: its catalogue, its choices, and the table of its first state."""

from typing import Any

import numpy as np

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language, Layer
from maps.climate import classes
from maps.climate.published import change, rounded
from maps.climate.words import REASON, ROBUSTNESS, TEXT, window_name

FIRST = {
    "layer": "tas",
    "level": "sigungu",
    "base": "1991-2020",
    "left": "obs",
    "right": "ssp585:2081-2100",
    "show": "change",
    "region": "",
}
_SPOKEN = (
    *("observed", "change", "missing", "of", "agree", "range", "models", "synthetic", "rule"),
    *("left_out", "small", "to_region", "choose_region", "level_shown", "base", "legend"),
    *("region", "robustness", "value", "left", "right"),
)


def block(atlas: Atlas, language: Language, folder: str) -> dict[str, Any]:
    """Return the JSON that the page's script reads."""
    ordered = [str(code) for code in atlas.regions.index]
    name = "name_ko" if language == "ko" else "name_en"
    return {
        "folder": folder,
        "first": first_state(atlas),
        "regions": [
            {
                "code": code,
                "name": str(atlas.regions.at[code, name]),
                "in": atlas.regions.at[code, "parent"],
            }
            for code in ordered
        ],
        "layers": [_layer(atlas, layer, language) for layer in atlas.layers],
        "windows": [_window(atlas, w, language) for w in map(str, atlas.values["window"].values)],
        "synthetic": atlas.facts.synthetic,
        "words": {key: TEXT[key][language] for key in _SPOKEN},
        "robustness": {int(key): said[language] for key, said in ROBUSTNESS.items()},
        "reason": {key: said[language] for key, said in REASON.items()},
        "end": "" if language == "ko" else ".en",
    }


def first_state(atlas: Atlas) -> dict[str, str]:
    """Return the state in which the page opens; what the atlas does not have gives way."""
    ids = [layer.id for layer in atlas.layers]
    windows = [str(w) for w in atlas.values["window"].values]
    return FIRST | {
        "layer": FIRST["layer"] if FIRST["layer"] in ids else ids[0],
        "right": FIRST["right"] if FIRST["right"] in windows else (windows or ["obs"])[-1],
    }


def _layer(atlas: Atlas, layer: Layer, language: Language) -> dict[str, Any]:
    part = atlas.values.sel(layer=layer.id)
    middle = part["future"].sel(quantile=0.5).values
    shown = classes.of_levels(part["observed"].values, middle)
    moved = classes.of_changes(changes(atlas, layer), layer)
    error = float(part["leave_one_out"])
    return {
        "id": layer.id,
        "name": layer.name(language),
        "unit": layer.unit_in(language),
        "rule": layer.threshold(language),
        "source": layer.source,
        "kind": layer.change,
        "decimals": layer.decimals,
        "future": bool(np.isfinite(part["future"].values).any()),
        "levels": [shown.breaks, shown.colours],
        "changes": [moved.breaks, moved.colours],
        "error": None if np.isnan(error) else float(f"{error:.2g}"),
    }


def changes(atlas: Atlas, layer: Layer) -> np.ndarray:
    """Return every change that the page can show of a layer: (region, baseline, window)."""
    part = atlas.values.sel(layer=layer.id)
    middle = rounded(part["future"].sel(quantile=0.5).values, layer)[:, None, :]
    return change(middle, rounded(part["observed"].values, layer)[:, :, None], layer)


def _window(atlas: Atlas, window: str, language: Language) -> dict[str, Any]:
    part = atlas.values.sel(window=window)
    members = [m for m in str(part["window_members"].values).split(", ") if m]
    return {
        "id": window,
        "name": window_name(window, language),
        "n": len(members),
        "note": str(part[f"window_note_{language}"].values),
    }


def groups(atlas: Atlas, language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the layers under their headings: (heading, [(id, name and rule)])."""
    found: dict[str, list[tuple[str, str]]] = {}
    for layer in atlas.layers:
        said = f"{layer.name(language)} ({layer.threshold(language)})"
        found.setdefault(layer.group(language), []).append((layer.id, said))
    return list(found.items())


def sides(atlas: Atlas, language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what either map can show, under headings: (heading, [(id, name)])."""
    found: dict[str, list[tuple[str, str]]] = {"": [("obs", TEXT["observed"][language])]}
    for window in map(str, atlas.values["window"].values):
        kind = window.partition(":")[0]
        heading = TEXT["gwl"][language] if kind == "gwl" else f"SSP{kind[3]}-{kind[4]}.{kind[5]}"
        found.setdefault(heading, []).append((window, window_name(window, language)))
    return list(found.items())


def rows(atlas: Atlas, language: Language) -> list[dict[str, str]]:
    """Return the table of the first state, for a reader without JavaScript."""
    state = first_state(atlas)
    layer = next(each for each in atlas.layers if each.id == state["layer"])
    part = atlas.values.sel(layer=layer.id, baseline=state["base"], window=state["right"])
    seen = rounded(part["observed"].values, layer)
    low, middle, high = rounded(part["future"].values, layer).T
    moved = change(middle, seen, layer)
    digits = 1 if layer.change == "percent" else layer.decimals
    name = "name_ko" if language == "ko" else "name_en"
    return [
        {
            "code": str(code),
            "name": str(atlas.regions.at[code, name]),
            "left": _number(seen[n], layer.decimals),
            "right": _number(moved[n], digits, "+"),
            "range": " – ".join(
                _number(v, digits, "+") for v in change(np.array([low[n], high[n]]), seen[n], layer)
            ),
            "why": ROBUSTNESS[int(part["robustness"].values[n])][language],
            "agree": f"{part['agree'].values[n]}/{part['members'].values[n]}",
        }
        for n, code in enumerate(atlas.regions.index)
        if len(str(code)) == 5
    ]


def _number(value: float, decimals: int, sign: str = "") -> str:
    """Return a number as the page's script writes it; an empty text where there is none."""
    if np.isnan(value):
        return ""
    return f"{value:{sign}.{decimals}f}".replace("-", "−")
