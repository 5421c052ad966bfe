"""All that is published of a layer as one CSV table, a row per region and span of time."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from forecast.climate.atlas import Atlas
from maps.climate.published import Numbers
from maps.climate.words import REASON, ROBUSTNESS, TEXT

HEAD = (
    *("code", "name_ko", "name_en", "label", "span", "value", "p10", "p90"),
    *("robustness", "robustness_word", "models_agree", "models", "note"),
    *("layer", "unit", "threshold", "source"),
)
Cells = Iterator[tuple[object, ...]]


def write(atlas: Atlas, found: Numbers, path: Path) -> None:
    """Write every baseline and window of a layer."""
    layer = found.layer
    what = (layer.id, layer.unit, layer.threshold_en, layer.source)
    regions = atlas.regions
    where = list(zip(regions.index, regions["name_ko"], regions["name_en"], strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEAD)
        for label, span, told in _spans(atlas, found):
            for place, cells in zip(where, told, strict=True):
                table.writerow((*place, label, span, *cells, *what))


def _spans(atlas: Atlas, found: Numbers) -> Iterator[tuple[str, str, Cells]]:
    """Yield label and name of each span of time, and its cells by region."""
    for row, baseline in enumerate(found.baselines):
        yield "OBSERVED", baseline, _observed(found, row)
    label = "SYNTHETIC" if atlas.facts.synthetic else "PROJECTION"
    for row, window in enumerate(found.windows):
        yield label, window, _future(found, row, str(atlas.values["window_note_en"].values[row]))


def _observed(found: Numbers, row: int) -> Cells:
    values = _texts(found.observed[row], found.layer.decimals)
    for value, reason in zip(values, found.reason[row].tolist(), strict=True):
        yield value, "", "", "", "", "", "", REASON[reason]["en"]


def _future(found: Numbers, row: int, note: str) -> Cells:
    low, middle, high = (_texts(part, found.layer.decimals) for part in found.future[row])
    judged = (part[row].tolist() for part in (found.robustness, found.agree, found.members))
    note = note if any(middle) else TEXT["not_modelled"]["en"]
    for value, p10, p90, code, agree, members in zip(middle, low, high, *judged, strict=True):
        yield value, p10, p90, code, ROBUSTNESS[code]["en"], agree, members, note


def _texts(values: np.ndarray, decimals: int) -> list[str]:
    known = np.isfinite(values).tolist()
    pairs = zip(values.tolist(), known, strict=True)
    return [f"{value:.{decimals}f}" if there else "" for value, there in pairs]
