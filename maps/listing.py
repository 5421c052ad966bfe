"""The list of gauges, worst first, and what must stand on every page of a network."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from data.network import Network
from data.sources.connectors import CONNECTORS
from data.stations import Stage, Station
from forecast.outlook import Language, Outlook, sentence
from forecast.wording import number, span
from maps import review_words
from maps.feeds import links
from maps.local_time import local_moment
from maps.page import ending
from maps.plain import file_name
from maps.view import View
from maps.words import QUANTITY, UNIT, stage_word, word

URGENCY = {stage: 0.5 if stage is Stage.UNKNOWN else float(stage) for stage in Stage}
TABLE, TABLE_GAUGES = "forecast.csv", 2000  # above, there is NetCDF for all and CSV for each
GRACE = np.timedelta64(1, "h")  # at least: forecasts are issued every hour, or more often


def labels(view: View, language: Language) -> dict[str, Any]:
    """Return what must stand on every page of a network: warnings, issue time, provenance."""
    network = view.network
    marks = [key for key, on in (("simulated", network.simulated), ("replay", view.replay)) if on]
    issue = view.forecast.issue_time.values[0]
    return {
        "banners": [word(key, language) for key in marks]
        + _drill(view, language)
        + review_words.banners(view, language),
        "review": review_words.status(view, language),
        "edits": review_words.changes(view, language),
        "r": review_words.words(language),
        "caveat": network.caveat_ko if language == "ko" else network.caveat_en,
        "title": title(view, language),
        "issued": moment(view, issue),
        "issue_time": _utc(issue),
        "next": "" if view.replay else _utc(overdue_at(view)),
        "quantity": QUANTITY[network.quantity][language],
        "unknown": stage_word(Stage.UNKNOWN, language),
        "provenance": " ".join([network.provenance, *credits_of(network)]),
        "run": str(view.manifest.get("run_id", "")),
        "model": str(view.manifest.get("model", "")),
        "warnings": list(view.manifest.get("warnings", [])),
        "folder": file_name(network.name),
        "files": [f for f in links.of_network(language) if f["path"] != TABLE or has_table(view)],
        "table": TABLE if has_table(view) else "",
    }


def has_table(view: View) -> bool:
    """Return whether all forecasts stand in one CSV file; of many gauges it is of no use."""
    return len(view.network.stations) <= TABLE_GAUGES


def credits_of(network: Network) -> list[str]:
    """Return what providers ask to be said where their data stand, if it is not said yet."""
    sources = dict.fromkeys(feed.source for feed in network.feeds)
    asked = [getattr(CONNECTORS[source], "ATTRIBUTION", "") for source in sources]
    return [credit for credit in asked if credit and credit not in network.provenance]


def _drill(view: View, language: Language) -> list[str]:
    """Return what a server says that it replays or simulates, as a warning."""
    said = str(view.manifest.get("replayed", ""))
    return [f"{word('drill', language)} ({said})"] if said else []


def overdue_at(view: View) -> np.datetime64:
    """Return when the next forecast is overdue: one step after this one, and some grace."""
    step = view.network.step
    overdue: np.datetime64 = view.forecast.issue_time.values[0] + step + max(step, GRACE)
    return overdue


def title(view: View, language: Language) -> str:
    """Return the network's title."""
    return view.network.title_ko if language == "ko" else view.network.title_en


def name(station: Station, language: Language) -> str:
    """Return the station's name."""
    return station.name_ko if language == "ko" else station.name_en


def moment(view: View, time: np.datetime64) -> str:
    """Return a local time with its zone; an empty text for no time."""
    return local_moment(view.zone, time)


def _utc(time: np.datetime64) -> str:
    return f"{str(time)[:16]}Z"


def shown(outlook: Outlook) -> Stage:
    """Return the stage that a gauge is shown with: the worst of now and the forecast.

    A gauge that is quiet now but has no forecast is UNKNOWN; one in flood is shown in flood.
    """
    if outlook.stage is Stage.UNKNOWN and outlook.stage_now <= Stage.NORMAL:
        return Stage.UNKNOWN
    return max(outlook.stage, outlook.stage_now)


def rows(view: View, language: Language, most: int | None = None) -> list[dict[str, Any]]:
    """Return the list of gauges: the worst stage first, UNKNOWN before NORMAL.

    Args:
        most: How many, from the worst on; None: all.
    """
    return [
        row(view, view.outlooks[place], language) | {"n": place} for place in order(view)[:most]
    ]


def order(view: View) -> list[int]:
    """Return the places of the gauges in `view.outlooks`, the worst first.

    A gauge of which nothing is known may be in flood: it stands above the quiet ones. Of two in
    one stage the likelier comes first, by whole percent, so that the page's own script, which has
    no more than these, makes the same list.
    """
    ranks = [-URGENCY[shown(outlook)] for outlook in view.outlooks]
    return [int(place) for place in np.lexsort((-percents(view.outlooks), np.array(ranks)))]


def percents(outlooks: Sequence[Outlook]) -> np.ndarray:
    """Return each gauge's highest chance of any alert in whole percent; -1 where none is known."""
    sizes = np.array([outlook.probability.size for outlook in outlooks], dtype=int)
    highest = np.full(len(sizes), np.nan)
    if sizes.any():
        every = np.concatenate([outlook.probability.ravel() for outlook in outlooks])
        starts = (np.cumsum(sizes) - sizes)[sizes > 0]
        highest[sizes > 0] = np.fmax.reduceat(every, starts)
    return np.where(np.isnan(highest), -1, np.rint(100 * highest)).astype(int)


def row(view: View, outlook: Outlook, language: Language) -> dict[str, Any]:
    """Return what the list tells of one gauge."""
    station = view.network.station(outlook.station)
    read, stage, quantity = outlook.last_observed, shown(outlook), view.network.quantity
    return {
        "id": station.id,
        "page": f"{file_name(station.id)}{ending(language)}.html",
        "name": name(station, language),
        "river": station.river_ko if language == "ko" else station.river_en,
        "stage": int(stage),
        "word": stage_word(stage, language),
        "now_word": stage_word(outlook.stage_now, language),
        "sentence": sentence(outlook, view.network, language, view.zone),
        "last": "" if np.isnan(read) else f"{number(read, quantity)} {UNIT[quantity]}",
        "last_time": moment(view, outlook.last_observed_time),
        "age": _age(outlook, language),
    }


def _age(outlook: Outlook, language: Language) -> str:
    if np.isnat(outlook.last_observed_time):
        return ""
    return span(outlook.issue_time - outlook.last_observed_time, language)


def counts(view: View, language: Language) -> list[tuple[int, str, int]]:
    """Return each stage, the worst first, with its word and the number of gauges in it."""
    counted = Counter(shown(outlook) for outlook in view.outlooks)
    stages = sorted(Stage, key=lambda stage: -URGENCY[stage])
    return [(int(stage), stage_word(stage, language), counted[stage]) for stage in stages]


def summary(view: View, language: Language) -> dict[str, Any]:
    """Return one network's part of the front page."""
    return {
        "labels": labels(view, language),
        "worst": rows(view, language, most=1)[0],
        "counts": [count for count in counts(view, language) if count[2]],
    }
