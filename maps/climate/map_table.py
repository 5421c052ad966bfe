"""The table of the map page in its first state, as its script writes it for any other."""

from collections.abc import Mapping

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language
from maps.climate.map_page import OBSERVED, first_state
from maps.climate.published import Numbers, change_decimals, change_unit, written
from maps.climate.words import ROBUSTNESS, TEXT, window_name


def title(atlas: Atlas, side: str, language: Language) -> str:
    """Return the title of a map in the first state."""
    first = first_state(atlas)
    baseline = first["baseline"].replace("-", "–")
    if first[side] == OBSERVED:
        return f"{TEXT['observed_mean'][language]} {baseline}"
    window = first[side].removesuffix(":change")
    name = f"{marked(atlas, language)}{window_name(window, language)}"
    return f"{name} · {TEXT['change_from'][language].format(baseline)}"


def marked(atlas: Atlas, language: Language) -> str:
    """Return what stands before the name of every made-up future."""
    return f"[{TEXT['synthetic'][language]}] " if atlas.facts.synthetic else ""


def headings(atlas: Atlas, published: Mapping[str, Numbers], language: Language) -> list[str]:
    """Return the table's headings in the first state."""
    first = first_state(atlas)
    layer = published[first["layer"]].layer
    unit, moved = layer.unit_in(language), change_unit(layer, language)
    baseline = first["baseline"].replace("-", "–")
    found = [TEXT["region"][language], f"{TEXT['observed'][language]} {baseline} [{unit}]"]
    if first["right"] == OBSERVED:
        return found
    window = window_name(first["right"].removesuffix(":change"), language)
    name = f"{marked(atlas, language)}{window}"
    said = {key: TEXT[key][language] for key in ("change", "level_shown", "p10", "p90")}
    return [
        *found,
        f"{name} · {said['level_shown']} [{unit}]",
        f"{name} · {said['change']} [{moved}]",
        f"{said['p10']} · {said['change']} [{moved}]",
        f"{said['p90']} · {said['change']} [{moved}]",
        TEXT["robustness"][language],
        TEXT["k_of_n"][language],
    ]


def rows(
    atlas: Atlas, published: Mapping[str, Numbers], language: Language
) -> list[tuple[str, str, list[str]]]:
    """Return (code, name, cells) of every district in the first state."""
    first = first_state(atlas)
    found = published[first["layer"]]
    columns = _columns(atlas, found, language)
    return [
        (str(code), full_name(atlas, str(code), language), [column[n] for column in columns])
        for n, code in enumerate(atlas.regions.index)
        if len(str(code)) == 5
    ]


def _columns(atlas: Atlas, found: Numbers, language: Language) -> list[list[str]]:
    first = first_state(atlas)
    digits, moved = found.layer.decimals, change_decimals(found.layer)
    baseline = found.baselines.index(first["baseline"])
    columns = [[written(v, digits) for v in found.observed[baseline]]]
    if first["right"] == OBSERVED:
        return columns
    window = found.windows.index(first["right"].removesuffix(":change"))
    low, middle, high = found.change(baseline, window)
    columns.append([written(v, digits) for v in found.future[window, 1]])
    columns += [[written(v, moved, signed=True) for v in part] for part in (middle, low, high)]
    columns.append([ROBUSTNESS[code][language] for code in found.robustness[window].tolist()])
    models = zip(found.agree[window], found.members[window], strict=True)
    columns.append([TEXT["of"][language].format(k, n) if n else "" for k, n in models])
    return columns


def full_name(atlas: Atlas, code: str, language: Language) -> str:
    """Return a region's name; a district's with its province, as six are called 중구."""
    names = atlas.regions[f"name_{language}"]
    if len(code) != 5:
        return str(names[code])
    return f"{names[code]} ({names[atlas.regions.at[code, 'parent']]})"
