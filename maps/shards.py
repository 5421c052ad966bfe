"""The gauges' numbers for the browser: 64 gauges a file, loaded when one of them is opened.

`data/<key>/h/<n // 64>.js` holds the gauges n, in the order of the network; `<key>` changes with
the content, so that a browser may keep a file for ever and never mixes two forecasts. A file is
`Mulgil.put("h/3", {...})` with

    issue, label, unit (CF), minutes (of a step)
    first, observed, outcome, earlier, levels: see `maps.shard_numbers`
    skill       lead times [min] of the published scores; [] where there are none
    texts       [[Korean, English], ...]
    inputs      [[[variable, minutes before the issue or null, source or null], ...], ...]
    gauges      one list a gauge, see `FIELDS`
    edits       only where a person edited one of them, see `maps.shard_edits`
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from math import isnan
from typing import Any

import numpy as np

from data.stations import Stage, Station, Thresholds
from forecast.outlook import RISING
from forecast.wording import in_language
from maps import shard_edits, shard_numbers
from maps.curves import MINUTE, Curves
from maps.data_script import script
from maps.feeds.label import row_label
from maps.gauge_page import told
from maps.packing import pack
from maps.plain import file_name
from maps.release import Draft
from maps.shard_inputs import inputs_of
from maps.shard_numbers import Numbers
from maps.shard_skill import SkillRows, skill_rows
from maps.view import View
from maps.words import LANGUAGES, word

GAUGES = 64  # a file: 16 would be many files, 256 heavy for one click
FIELDS = (
    "id",
    "page",  # the name of its files, `maps.plain.file_name`; "" where that is its id
    "name_ko",
    "name_en",
    "river_ko",
    "river_en",
    "stage",  # expected, `forecast.outlook.Outlook.stage`
    "now",  # stage of the last reading
    "reached",  # lead [steps] at which `stage` is first reached; -1 where it is not
    "most",  # lead at which it is likeliest, where that is much more; else -1
    "peak",  # lead of the highest median; -1 without a forecast
    "age",  # of the last reading [min]; null where there is none
    "reason",  # why the stage is unknown: its place in `texts`; -1 where it is known
    "note",  # what else must be known: its place in `texts`; -1 where there is nothing
    "limits",  # thresholds, attention .. severe, as they are printed; null where unset
    "origin",  # who set them: its place in `texts`
    "inputs",  # its place in `inputs`
    "decimals",  # of the values: printed = integer / 10 ** decimals
    "numbers",  # see `maps.shard_numbers`, packed as `maps.packing` says
    "skill",  # see `maps.shard_skill`, packed; "" where the gauge was not verified
)


class _Distinct(dict[Any, int]):
    """Numbers things in the order in which they are first asked for."""

    def __missing__(self, thing: Any) -> int:
        self[thing] = len(self)
        return self[thing]


def write(curves: Curves, draft: Draft) -> str:
    """Write the files of a network; return the folder they lie in, from the network's."""
    texts = list(shards(curves))
    digest = sha256()
    for text in texts:
        digest.update(text)
    data = f"data/{digest.hexdigest()[:10]}"
    for number, text in enumerate(texts):
        draft.put(f"{data}/h/{number}.js", text)
    return data


def shards(curves: Curves) -> Iterator[bytes]:
    """Yield the content of each file."""
    view, numbers = curves.view, shard_numbers.numbers(curves)
    skill = skill_rows(view)
    shown = _head(curves) | {"skill": skill.leads}
    leads = _leads(view, numbers)
    for start in range(0, len(view.outlooks), GAUGES):
        part = slice(start, start + GAUGES)
        gauges = _gauges(view, numbers, skill, leads, part)
        told = shown | gauges | shard_edits.edits(view, part)
        yield script(f"h/{start // GAUGES}", told).encode("utf-8", "replace")


def _head(curves: Curves) -> dict[str, Any]:
    view = curves.view
    return {
        "issue": f"{str(view.forecast.issue_time.values[0])[:16]}Z",
        "label": row_label(view),
        "unit": view.network.quantity.unit,
        "minutes": int(view.network.step / MINUTE),
        **shard_numbers.head(curves),
    }


def _leads(view: View, numbers: Numbers) -> np.ndarray:
    """Return by gauge the leads [steps] `reached`, `most`, `peak`, and `age` [min]; -1 for none."""
    outlooks, step = view.outlooks, view.network.step
    issue = view.forecast.issue_time.values[0]
    times = np.array([(o.stage_time, o.peak_time) for o in outlooks], dtype="datetime64[ns]")
    none = np.isnat(times.reshape(-1, 2))
    at = np.where(none, -1, (np.where(none, issue, times) - issue) // step - 1)
    reached, peak = at.T
    stage = np.array([int(o.stage) for o in outlooks])
    most = _most(numbers.likely, stage, reached)
    read = np.array([o.last_observed_time for o in outlooks], dtype="datetime64[ns]")
    age = np.where(np.isnat(read), -1, (issue - np.where(np.isnat(read), issue, read)) // MINUTE)
    return np.column_stack([reached, most, peak, age])


def _most(likely: np.ndarray, stage: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """Return the lead at which the stage is likeliest, where it grows much after it is reached."""
    found = np.full(len(stage), -1)
    places = np.flatnonzero((stage > Stage.NORMAL) & (reached >= 0))
    rows = np.where(np.isnan(own := likely[places, stage[places] - 1]), -1.0, own)
    first = rows[np.arange(len(places)), reached[places]]
    grows = ~(rows.max(axis=1) < first + RISING) if places.size else np.empty(0, dtype=bool)
    found[places[grows]] = rows.argmax(axis=1)[grows]
    return found


def _gauges(
    view: View, numbers: Numbers, skill: SkillRows, leads: np.ndarray, part: slice
) -> dict[str, Any]:
    texts, inputs, looked_at = _Distinct(), _Distinct(), inputs_of(view)
    rows, decimals = numbers.rows(part)
    columns = zip(
        view.network.stations[part],
        numbers.limits[part].tolist(),
        view.outlooks[part],
        leads[part].tolist(),
        decimals.tolist(),
        pack(rows),
        skill.packed(part),
        strict=True,
    )
    gauges = [
        [
            *_names(station),
            int(outlook.stage),
            int(outlook.stage_now),
            *at,
            age if age >= 0 else None,
            texts[_both(outlook.reason)] if outlook.reason else -1,
            texts[_both(outlook.note)] if outlook.note else -1,
            _limits(limits) if station.thresholds else None,
            texts[_origins(_who(station.thresholds))],
            inputs[looked_at.of(station.id)],
            *rest,
        ]
        for station, limits, outlook, (*at, age), *rest in columns
    ]
    return {"texts": list(texts), "inputs": list(inputs), "gauges": gauges}


def _names(station: Station) -> tuple[str, ...]:
    page = file_name(station.id)
    names = (station.name_ko, station.name_en, station.river_ko, station.river_en)
    return (station.id, "" if page == station.id else page, *names)


@lru_cache(maxsize=4096)
def _both(text: str) -> tuple[str, ...]:
    return tuple(in_language(text, language) for language in LANGUAGES)


def _who(limits: Thresholds | None) -> tuple[str, str] | None:
    """Return who set thresholds, and how; None where there are none."""
    return (limits.origin, limits.method) if limits else None


def _limits(values: list[float]) -> list[str | None]:
    return [None if isnan(value) else f"{value:g}" for value in values]


@lru_cache(maxsize=4096)
def _origins(limits: tuple[str, str] | None) -> tuple[str, ...]:
    if limits is None:
        return tuple(word("none", language) for language in LANGUAGES)
    return tuple(told(*limits, language) for language in LANGUAGES)
