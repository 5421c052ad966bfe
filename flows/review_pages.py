"""What the reviewer's page answers: a draft, a gauge of it, and what a form asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import numpy as np

from data.errors import MulgilError
from flows import manifest, review_book, review_desk, review_input
from flows.review_book import Overtaken
from flows.review_desk import Draft
from flows.review_input import BadReview
from flows.settings import Settings
from forecast.outlook import Language
from maps import review_page, review_words
from maps.listing import moment, title
from maps.review_page import Desk, Item

LINES = 20  # of the log
_last: dict[str, str] = {}  # who acted last, so that nobody types it again; of this process


@dataclass(frozen=True)
class Asking:
    """Who asks for a page."""

    settings: Settings
    language: Language
    token: str
    site: str
    query: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int
    text: str
    kind: str = "text/html"
    to: str = ""
    cookie: str = ""


@dataclass(frozen=True)
class _Tried:
    """A form that could not be saved."""

    status: int
    problem: str
    given: Mapping[str, str] = field(default_factory=dict)


def show(asking: Asking, parts: list[str]) -> Answer:
    """Return a page: `/`, `/n/NETWORK`, `/n/NETWORK/g/GAUGE`."""
    if not parts:
        return _drafts(asking)
    if parts[0] != "n" or len(parts) not in (2, 4):
        return _missing(asking)
    found = review_desk.draft(asking.settings, _network(asking, parts[1]))
    return _draft(asking, found) if len(parts) == 2 else _gauge(asking, found, parts[3])


def act(asking: Asking, parts: list[str], given: dict[str, str]) -> Answer:
    """Do what a form asks for; what could not be done comes back as it was typed."""
    if len(parts) != 3 or parts[0] != "n" or parts[2] not in ("edit", "decide"):
        return _missing(asking)
    network, station = _network(asking, parts[1]), given.get("station", "")
    kept = dict(given)
    try:
        found = review_desk.draft(asking.settings, network, given.pop("run", ""))
        if parts[2] == "edit":
            review_desk.edit(asking.settings, found, _form(given, found))
        else:
            _decide(asking, found, given)
    except (BadReview, Overtaken) as error:
        tried = _Tried(409 if isinstance(error, Overtaken) else 400, str(error), kept)
        found = review_desk.draft(asking.settings, network)
        return _gauge(asking, found, station, tried) if station else _draft(asking, found, tried)
    _last.update({key: kept.get(key, "") for key in ("role", "name") if kept.get(key)})
    here = f"/n/{quote(network, safe='')}" + (f"/g/{quote(station, safe='')}" if station else "")
    return Answer(303, "", to=f"{here}?lang={asking.language}&done=1")


def problem(asking: Asking, error: MulgilError) -> Answer:
    """Return a page that says what is wrong."""
    status = 400 if isinstance(error, BadReview) else 500
    return Answer(status, review_page.broken(_desk(asking), str(error)))


def _form(given: Mapping[str, str], found: Draft) -> review_input.Form:
    """Return the edit that a page's form asks for."""
    signed = {key: given.get(key, "") for key in ("role", "name", "reason", "hours", "saw")}
    asked: dict[str, Any] = signed | {"station": given.get("station", "")}
    if given.get("do") == "stage":
        asked |= {"kind": given.get("stage_kind", ""), "value": given.get("stage", "")}
        return review_input.form(asked)
    issue = found.view.issue_time
    asked |= {"kind": given.get("level_kind", ""), "value": given.get("value", "")}
    asked["fade_hours"] = given.get("fade_hours") or 0
    for key, name in (("from", "first"), ("to", "last")):
        if given.get(key):
            ahead = review_input.ahead(given[key])
            asked[name] = str(
                (issue + np.timedelta64(round(ahead * 3600), "s")).astype("datetime64[s]")
            )
    return review_input.form(asked)


def _decide(asking: Asking, found: Draft, given: Mapping[str, str]) -> None:
    fields = {key: given.get(key, "") for key in ("what", "role", "name", "reason", "saw")}
    asked = review_input.decided(fields)
    review_desk.decide(asking.settings, found, asked, given.get("id", ""))


def _drafts(asking: Asking) -> Answer:
    items = [_item(asking, name) for name in review_desk.networks(asking.settings.folders)]
    return Answer(200, review_page.drafts(_desk(asking), items))


def _item(asking: Asking, network: str) -> Item:
    try:
        found = review_desk.draft(asking.settings, network)
    except MulgilError as error:
        return Item(network, network, "–", "held", str(error), waits=False)
    view, language = found.view, asking.language
    said = review_words.status(view, language)
    issued = moment(view, view.issue_time)
    return Item(network, title(view, language), issued, said["state"], said["said"], found.waits)


def _draft(asking: Asking, found: Draft, tried: _Tried | None = None) -> Answer:
    entries = found.book.log.entries[-LINES:][::-1]
    log = [f"{entry.at} {review_book.told(entry)}" for entry in entries]
    desk, query = _desk(asking, tried), asking.query.get("q", "")
    text = review_page.draft(desk, found.view, _about(found), log, query)
    return Answer(tried.status if tried else 200, text)


def _gauge(asking: Asking, found: Draft, station: str, tried: _Tried | None = None) -> Answer:
    if station not in found.view.network.ids:
        return _missing(asking)
    n = found.view.network.ids.index(station)
    text = review_page.gauge(_desk(asking, tried), found.view, n, _about(found))
    return Answer(tried.status if tried else 200, text)


def _about(found: Draft) -> dict[str, Any]:
    run: manifest.Manifest = found.run
    decided = run.run_id in found.book.decisions
    return {"version": found.version, "run": run.run_id, "decided": decided}


def _desk(asking: Asking, tried: _Tried | None = None) -> Desk:
    given = _Given(tried.given if tried else _last)
    done = asking.query.get("done") == "1" and tried is None
    trouble = tried.problem if tried else ""
    return Desk(asking.language, asking.token, given, trouble, done, asking.site)


class _Given(dict[str, str]):
    """What was typed; "" for what was not."""

    def __missing__(self, key: str) -> str:
        return ""


def _network(asking: Asking, name: str) -> str:
    """Return the name of a network that has a forecast.

    Raises:
        BadReview: It has none.
    """
    known = review_desk.networks(asking.settings.folders)
    if name not in known:
        raise BadReview(f"'{name}' has no forecast to review.", f"There are: {', '.join(known)}.")
    return name


def _missing(asking: Asking) -> Answer:
    return Answer(404, review_page.broken(_desk(asking), "404"))
