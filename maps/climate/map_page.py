"""What the map page is given: its catalogue, its choices and its first state."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from data.climate.scenarios import scenario
from forecast.climate.atlas import REFERENCE, Atlas
from forecast.climate.catalogue import Language
from maps.climate import classes
from maps.climate.published import Numbers, change_decimals, change_unit
from maps.climate.words import REASON, ROBUSTNESS, TEXT, window_name
from maps.page import ending

Choices = list[tuple[str, list[tuple[str, str]]]]  # (heading, [(value, text)])
OBSERVED = "observed"
FIRST = {
    "layer": "tas",
    "level": "sigungu",
    "baseline": "1991-2020",
    "left": OBSERVED,
    "right": "ssp585:2081-2100:change",
    "region": "",
}
_SPOKEN = (
    *("observed", "observed_mean", "change", "change_from", "level_shown", "missing", "agree"),
    *(
        "p10",
        "p90",
        "range",
        "models",
        "synthetic",
        "rule",
        "left_out",
        "small",
        "choose_region",
        "source",
    ),
    *("region", "robustness", "robust_only", "k_of_n", "reference", "median", "baseline", "of"),
    *("not_modelled", "no_such_region"),
)


def first_state(atlas: Atlas) -> dict[str, str]:
    """Return the state in which the page opens; what the atlas does not have gives way."""
    ids = [layer.id for layer in atlas.layers]
    windows = [str(w) for w in atlas.values["window"].values]
    wanted = FIRST["right"].removesuffix(":change")
    window = wanted if wanted in windows else windows[-1] if windows else ""
    return FIRST | {
        "layer": FIRST["layer"] if FIRST["layer"] in ids else ids[0],
        "right": f"{window}:change" if window else OBSERVED,
    }


def block(atlas: Atlas, published: Mapping[str, Numbers], language: Language) -> dict[str, Any]:
    """Return the JSON that the page's script reads."""
    names = atlas.regions[f"name_{language}"]
    return {
        "first": first_state(atlas),
        "regions": [
            [str(code), str(names[code]), str(atlas.regions.at[code, "parent"])]
            for code in atlas.regions.index
        ],
        "layers": [_layer(found, language) for found in published.values()],
        "windows": {
            str(w): _window(atlas, str(w), language) for w in atlas.values["window"].values
        },
        "synthetic": atlas.facts.synthetic,
        "caveat": getattr(atlas.facts, f"futures_caveat_{language}"),
        "errors": _errors(atlas),
        "reference": f"{REFERENCE[0]}–{REFERENCE[1]}",
        "words": {key: TEXT[key][language] for key in _SPOKEN},
        "robustness": {int(key): said[language] for key, said in ROBUSTNESS.items()},
        "reason": {key: said[language] for key, said in REASON.items()},
        "end": ending(language),
    }


def _layer(found: Numbers, language: Language) -> dict[str, Any]:
    layer = found.layer
    levels = classes.of_levels(found.observed, found.future[:, 1], layer)
    changes = classes.of_changes(all_changes(found), layer)
    return {
        "id": layer.id,
        "name": layer.name(language),
        "unit": layer.unit_in(language),
        "rule": layer.threshold(language),
        "source": layer.source,
        "percent": layer.change == "percent",
        "decimals": layer.decimals,
        "moved": [change_decimals(layer), change_unit(layer, language)],
        "levels": [levels.breaks, levels.colours],
        "changes": [changes.breaks, changes.colours],
    }


def all_changes(found: Numbers) -> np.ndarray:
    """Return every change that the page can show of a layer."""
    pairs = [
        found.change(baseline, window)[1]
        for baseline in range(len(found.observed))
        for window in range(len(found.future))
    ]
    return np.concatenate(pairs) if pairs else np.empty(0)


def _errors(atlas: Atlas) -> dict[str, float]:
    """Return each layer's error at a station left out, two figures; without those unknown."""
    error = atlas.values["leave_one_out"]
    values = zip(map(str, atlas.values["layer"].values), error.values.tolist(), strict=True)
    return {name: float(f"{value:.2g}") for name, value in values if np.isfinite(value)}


def _window(atlas: Atlas, window: str, language: Language) -> dict[str, Any]:
    part = atlas.values.sel(window=window)
    members = [m for m in str(part["window_members"].values).split(", ") if m]
    return {
        "name": window_name(window, language),
        "members": members,
        "note": str(part[f"window_note_{language}"].values),
    }


def layers(atlas: Atlas, language: Language) -> Choices:
    """Return the layers under their headings."""
    found: dict[str, list[tuple[str, str]]] = {}
    for layer in atlas.layers:
        said = f"{layer.name(language)} ({layer.threshold(language)})"
        found.setdefault(layer.group(language), []).append((layer.id, said))
    return list(found.items())


def sides(atlas: Atlas, language: Language) -> Choices:
    """Return what either map can show: what was observed, each window as change or as level."""
    found: Choices = [("", [(OBSERVED, TEXT["observed_mean"][language])])]
    windows = [str(w) for w in atlas.values["window"].values]
    for shown, word in (("change", "change"), ("level", "level_shown")):
        said = TEXT[word][language]
        for kind in dict.fromkeys(w.partition(":")[0] for w in windows):
            heading = TEXT["gwl"][language] if kind == "gwl" else scenario(kind).title
            options = [
                (f"{w}:{shown}", f"{window_name(w, language)} · {said}")
                for w in windows
                if w.startswith(f"{kind}:")
            ]
            found.append((f"{heading} · {said}", options))
    return found


def regions(atlas: Atlas, language: Language) -> Choices:
    """Return the regions: the country, then each province with its districts."""
    names, parents = atlas.regions[f"name_{language}"], atlas.regions["parent"]
    first = [("", TEXT["choose_region"][language]), ("KR", str(names["KR"]))]
    found: Choices = [("", first)]
    for code in parents.index[parents == "KR"]:
        inner = [str(code), *map(str, parents.index[parents == code])]
        found.append((str(names[code]), [(c, str(names[c])) for c in inner]))
    return found
