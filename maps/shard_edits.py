"""What persons edited, for the browser: beside a gauge's numbers the automatic forecast and words.

`edits` of a shard holds only gauges that a person edited, by their place in the shard:

    automatic   quantiles before the edits, as printed numbers (quantile, lead); null is missing
    peak        lead [steps] of their highest median; -1 without a forecast
    ko, en      `title`; `edits`, each with what, by, reason, until and idle; `sides`, the automatic
                forecast and the edited one: caption, said, stage, word and peak

Where nobody edited a gauge of it, a shard has no `edits` at all.
"""

from typing import Any

import numpy as np

from forecast.edits import Change
from forecast.outlook import Language, sentence
from maps import review_words
from maps.review_words import WORDS
from maps.view import View
from maps.words import LANGUAGES

DECIMALS = 3


def edits(view: View, part: slice) -> dict[str, Any]:
    """Return `edits` of the gauges of a shard, in a dict by that name; {} where there are none."""
    if view.review is None or not view.review.changes:
        return {}
    by_gauge = view.review.by_gauge
    found = {
        str(place): _gauge(view, by_gauge[station.id])
        for place, station in enumerate(view.network.stations[part])
        if station.id in by_gauge
    }
    return {"edits": found} if found else {}


def _gauge(view: View, change: Change) -> dict[str, Any]:
    rows = _automatic(view, change.station)
    median = rows[:, int(np.argmin(np.abs(view.forecast["quantile"].values - 0.5)))]
    known = np.isfinite(median).any()
    told: dict[str, Any] = {language: _words(view, change, language) for language in LANGUAGES}
    return {
        "automatic": [[_number(v) for v in row] for row in rows.T.tolist()],
        "peak": int(np.nanargmax(median)) if known else -1,
        **told,
    }


def _automatic(view: View, station: str) -> np.ndarray:
    """Return the automatic quantiles of a gauge, (lead, quantile)."""
    if view.review is None:
        raise ValueError(f"'{station}' was edited in a view without a review")
    issued = view.review.forecast.isel(issue_time=0).sel(station=station)
    values = issued[view.network.quantity.value].transpose("lead_time", "quantile").values
    return np.asarray(values.astype("float64"))


def _number(value: float) -> float | None:
    return round(value, DECIMALS) if np.isfinite(value) else None


def _words(view: View, change: Change, language: Language) -> dict[str, Any]:
    told = review_words.told(view, change, language)
    title = WORDS["edited"][language]
    return {
        "title": f"{title}: {told['way']}" if told["way"] else title,
        "edits": [_edit(each, language) for each in told["edits"]],
        "sides": [
            told[side] | _caption(view, change, side, language) for side in ("before", "after")
        ],
    }


def _edit(each: dict[str, str | bool], language: Language) -> dict[str, str | bool]:
    reason = f"{WORDS['reason'][language]} “{each['reason']}”"
    idle = f" ({WORDS['idle'][language]})" if each["idle"] else ""
    return {key: each[key] for key in ("what", "by")} | {
        "reason": reason,
        "until": f"{each['until']}{idle}",
    }


def _caption(view: View, change: Change, side: str, language: Language) -> dict[str, str]:
    outlook = change.before if side == "before" else change.after
    caption = WORDS["automatic" if side == "before" else "shown"][language]
    said = sentence(outlook, view.network, language, view.zone)
    return {"caption": caption, "said": f"{caption}: {said}"}
