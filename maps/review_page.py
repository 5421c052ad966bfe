"""The reviewer's own pages: drafts, one draft, one gauge of it; they work without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import numpy as np

from data.stations import Stage
from forecast.edits import LEVELS, STAGE_KINDS
from forecast.outlook import Language, sentence
from forecast.wording import STAGE_WORDS, number, span
from maps import listing, review_words
from maps.gauge_page import TOLD
from maps.page import template_of
from maps.plain import plain
from maps.review_page_words import page_words
from maps.review_panel import Side, pictures
from maps.view import View
from maps.words import QUANTITY, UNIT

MOST = 60  # gauges in a list; the others are found by name
ROLES = ("당직 수문관", "홍수예보관", "예보과장")
MINUTE = np.timedelta64(1, "m")


@dataclass(frozen=True)
class Desk:
    """What surrounds a page.

    Attributes:
        token: Proves that a form was ours.
        given: What the person typed, where it could not be saved.
        problem: Why it could not.
        done: That something was saved.
        site: Address of the published site; "" if unknown.
    """

    language: Language
    token: str
    given: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    done: bool = False
    site: str = ""


@dataclass(frozen=True)
class Item:
    """A draft in the list of drafts."""

    network: str
    title: str
    issued: str
    state: str
    said: str
    waits: bool


def drafts(desk: Desk, items: Sequence[Item]) -> str:
    """Return the page of all networks with a forecast to review."""
    return _page("review_drafts.html", desk, "", items=items)


def broken(desk: Desk, problem: str, back: str = "") -> str:
    """Return a page that says what is wrong."""
    return _page("review_problem.html", desk, back, text=problem)


def draft(
    desk: Desk, view: View, about: Mapping[str, Any], log: Sequence[str], query: str = ""
) -> str:
    """Return the page of one draft.

    Args:
        about: `version`, `run`, `decided` (whether there is a decision to take back).
        log: Entries in words, the newest first.
    """
    rows = _rows(view, desk.language, query)
    return _page(
        "review_draft.html",
        desk,
        f"n/{quote(view.network.name, safe='')}",
        **_head(view, desk),
        about=about,
        log=[plain(text) for text in log],
        rows=rows[:MOST],
        found=len(rows),
        query=query,
        counts=listing.counts(view, desk.language),
    )


def gauge(desk: Desk, view: View, n: int, about: Mapping[str, Any]) -> str:
    """Return the page of one gauge of a draft, with the form that edits it."""
    language, station = desk.language, view.network.stations[n]
    return _page(
        "review_gauge.html",
        desk,
        f"n/{quote(view.network.name, safe='')}/g/{quote(station.id, safe='')}",
        **_head(view, desk),
        about=about,
        row=_row(view, n, language),
        pictures=_pictures(view, n, language),
        values=_values(view, n, language),
        limits=_limits(view, n, language),
        unit=UNIT[view.network.quantity],
        level_kinds=LEVELS,
        stage_kinds=STAGE_KINDS,
        stages=[(s.name.lower(), int(s), STAGE_WORDS[s][language]) for s in Stage],
        change=review_words.change_of(view, station.id, language),
    )


def _page(template: str, desk: Desk, here: str, **given: Any) -> str:
    other: Language = "en" if desk.language == "ko" else "ko"
    return template_of(template).render(
        lang=desk.language,
        other=other,
        here=here,
        desk=desk,
        roles=ROLES,
        w=page_words(desk.language),
        **given,
    )


def _head(view: View, desk: Desk) -> dict[str, Any]:
    language = desk.language
    return {
        "network": view.network.name,
        "title": listing.title(view, language),
        "banners": listing.labels(view, language)["banners"],
        "issued": listing.moment(view, view.issue_time),
        "status": review_words.status(view, language),
        "warnings": view.manifest.get("warnings", []),
        "quantity": QUANTITY[view.network.quantity][language],
    }


def _rows(view: View, language: Language, query: str) -> list[dict[str, Any]]:
    """Return gauges worst first; edited ones before the others, and those that were asked for."""
    edited = set(view.review.by_gauge) if view.review else set()
    order = sorted(listing.order(view), key=lambda n: view.outlooks[n].station not in edited)
    if query.strip():
        order = [n for n in order if query.strip().lower() in _text(view, n)]
    return [_row(view, n, language) for n in order]


def _text(view: View, n: int) -> str:
    s = view.network.stations[n]
    return " ".join((s.id, s.name_ko, s.name_en, s.river_ko, s.river_en)).lower()


def _row(view: View, n: int, language: Language) -> dict[str, Any]:
    outlook, review = view.outlooks[n], view.review
    change = review.by_gauge.get(outlook.station) if review else None
    before = change.before if change else outlook
    return listing.row(view, outlook, language) | {
        "href": quote(outlook.station, safe=""),
        "automatic": int(before.stage),
        "automatic_word": STAGE_WORDS[before.stage][language],
        "forecast": int(outlook.stage),
        "forecast_word": STAGE_WORDS[outlook.stage][language],
        "now": int(outlook.stage_now),
        "automatic_said": sentence(before, view.network, language, view.zone),
        "edited": bool(change),
        "lowered": bool(change and change.lowered),
    }


def _pictures(view: View, n: int, language: Language) -> list[dict[str, Any]]:
    review, outlook = view.review, view.outlooks[n]
    before = review.by_gauge.get(outlook.station) if review else None
    raw = review.forecast if review else view.forecast
    sides = [Side("automatic", raw, before.before if before else outlook)]
    if before:
        sides.append(Side("shown", view.forecast, outlook))
    return pictures(view, n, sides, language)


def _values(view: View, n: int, language: Language) -> list[tuple[str, str, str]]:
    """Return lead time, automatic and edited median at some leads."""
    station, quantity = view.network.stations[n].id, view.network.quantity
    raw = view.review.forecast if view.review else view.forecast
    both = [
        f[quantity.value].isel(issue_time=0).sel(station=station, quantile=0.5).values
        for f in (raw, view.forecast)
    ]
    leads = view.network.lead_times
    at = np.flatnonzero(np.isin(leads / MINUTE, TOLD))
    texts = [["–" if np.isnan(v) else number(float(v), quantity) for v in row[at]] for row in both]
    return list(zip([span(lead, language) for lead in leads[at]], *texts, strict=True))


def _limits(view: View, n: int, language: Language) -> list[tuple[int, str]]:
    limits = view.network.stations[n].thresholds
    found = limits.alerts if limits else ()
    return [(int(s), f"{STAGE_WORDS[s][language]} {limits.of(s):g}") for s in found if limits]
