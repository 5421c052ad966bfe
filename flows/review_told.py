"""Drafts and acts of review as plain JSON, for `mulgil review --json` and its tables."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from data.stations import Stage
from flows.review_book import iso
from flows.review_desk import Done, Draft
from forecast.outlook import Outlook
from forecast.wording import STAGE_WORDS
from maps import review_words
from maps.listing import order

_ACTS = {"approve": "Approved", "hold": "Held"}


def short(draft: Draft) -> dict[str, Any]:
    """Return how a draft stands."""
    view = draft.view
    return {
        "network": view.network.name,
        "run": draft.run.run_id,
        "issue_time": iso(view.issue_time),
        "shown": draft.shown,
        "state": view.review.state if view.review else "",
        "said": review_words.state(view, "en"),
        "alerts_wait": draft.waits,
        "version": draft.version,
        "edited": [change.station for change in view.review.changes] if view.review else [],
    }


def line(told: dict[str, Any]) -> Iterator[str]:
    """Yield what one line says of a draft."""
    yield told["network"]
    if "trouble" in told:
        yield told["trouble"]
        return
    yield f"issued {told['issue_time']}"
    yield told["said"]
    if told["alerts_wait"]:
        yield "alerts WAIT for review"
    if told["edited"]:
        yield f"edited: {', '.join(told['edited'])}"
    yield f"run {told['run']}"


def whole(draft: Draft) -> dict[str, Any]:
    """Return a draft with all its gauges, worst first, and the edits in force."""
    changes = draft.view.review.changes if draft.view.review else ()
    edits = [each for change in changes for each in change.edits]
    idle = tuple(name for change in changes for name in change.idle)
    return short(draft) | {
        "gauges": [_gauge(draft, place) for place in order(draft.view)],
        "edits": [
            {"id": each.id, "station": each.station, "said": _said(draft, each, idle)}
            for each in edits
        ],
    }


def done(act: Done) -> dict[str, Any]:
    """Return what an act did."""
    entry = act.entry
    told = {key: entry.told.get(key) for key in ("before", "after", "automatic") if entry.told}
    return {
        "n": entry.n,
        "kind": entry.kind,
        "id": f"e{entry.n}" if entry.kind == "edit" else "",
        "run": entry.run,
        "at": entry.at,
        **{key: value for key, value in told.items() if value},
        "lowered": act.change.lowered if act.change else None,
        "release": str(act.release) if act.release else "",
    }


def sentences(act: Done, network: str) -> Iterator[str]:
    """Yield what an act did, for a person."""
    entry, told = act.entry, act.entry.told
    if act.change is not None:
        yield f"Edit e{entry.n} of {told['station']}: {_move(told)}."
        if act.change.lowered:
            yield "  The stage is LOWERED; every page and file says so."
        yield f"  To take it back: mulgil review withdraw {network} --edit e{entry.n}"
    elif entry.kind == "withdraw":
        taken = f"Edit {told['id']} of {told['station']}" if told.get("id") else "The decision"
        yield f"{taken} is withdrawn."
    else:
        yield f"{_ACTS[entry.kind]} by {entry.role}: {entry.run}"
    yield f"Site     {act.release}" if act.release else "The site is not published with it yet."


def _move(told: dict[str, Any]) -> str:
    """Return the stage and the peak that an edit changes, before and after."""
    sides = [_side(told[name]) for name in ("before", "after", "automatic")]
    return f"{sides[0]} -> {sides[1]} (automatic: {sides[2]})"


def _side(told: dict[str, Any]) -> str:
    peak = "no peak" if told["peak"] is None else f"peak {told['peak']:.2f}"
    return f"{STAGE_WORDS[stage(told['stage'])]['en']}, {peak}"


def stage(name: str) -> Stage:
    """Return a stage by its name in small letters."""
    return Stage[name.upper()]


def _gauge(draft: Draft, place: int) -> dict[str, Any]:
    outlook, review = draft.view.outlooks[place], draft.view.review
    station = draft.view.network.stations[place]
    change = review.by_gauge.get(station.id) if review else None
    before = change.before if change else outlook
    return {
        "id": station.id,
        "name_ko": station.name_ko,
        "name_en": station.name_en,
        "stage_now": outlook.stage_now.name.lower(),
        "stage_automatic": before.stage.name.lower(),
        "peak_automatic": _peak(before),
        "stage": outlook.stage.name.lower(),
        "peak": _peak(outlook),
        "edited": bool(change),
        "lowered": bool(change and change.lowered),
    }


def _said(draft: Draft, edit: Any, idle: tuple[str, ...]) -> str:
    told = review_words.edit_words(draft.view, edit, idle, "en")
    still = " (changes nothing in this forecast)" if told["idle"] else ""
    return f"{edit.station}: {told['what']}, {told['by']}, {told['reason']}, {told['until']}{still}"


def _peak(outlook: Outlook) -> float | None:
    return None if np.isnan(outlook.peak) else round(float(outlook.peak), 3)
