"""USGS Water Data (OGC API v1), continuous values, through USGS's own client `dataretrieval`.

    ROOT/ogcapi/v1/collections/continuous/items?monitoring_location_id=USGS-06904500
        &parameter_code=00065&time=2026-07-20T00:00:00Z/2026-07-21T00:00:00Z

water_level is 00065 in ft, discharge 00060 in ft^3/s, rainfall 00045 in "in"; nothing in an answer
tells whether a rain gauge counts up, so choose one that does not. `id` is new at every refresh:
time and time_series_id name a value. A site is "06904500" or "USGS-06904500".
"""

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

import numpy as np

from data.errors import SourceError, SourceUnavailable
from data.reading import Parsed
from data.sources.ahead import not_ahead
from data.sources.asking import Access, Answer, Wanted
from data.sources.us_json import dig, loads, rows, shown, utc, written
from data.sources.us_series import counted
from data.sources.usgs_client import SOURCE, fetch
from data.sources.usgs_rows import Row, code, location, readings, words

__all__ = ["BASE_URL", "SOURCE", "ask", "parse"]

BASE_URL = "https://api.waterdata.usgs.gov"
LONGEST = np.timedelta64(1000, "D")  # of one request; the service gives up to 3 years
MOST = 50  # sites in one request: without a key USGS allows about 50 requests in an hour


def ask(access: Access, wanted: Wanted) -> Iterator[Answer]:
    """Yield one answer for at most `MOST` wanted sites and a span of at most `LONGEST`.

    Raises:
        SourceUnavailable: USGS is busy (429), broken (5xx) or cannot be reached.
        SourceError: It refuses what is asked, one id is none, or it has no such variable.
    """
    parameter = code(SOURCE, wanted.variable)
    edges = [*np.arange(wanted.since, wanted.until, LONGEST), wanted.until]
    spans = list(pairwise(edges)) or [(wanted.since, wanted.until)]
    places = [location(spot.id) for spot in wanted.spots]
    batches = [places[first : first + MOST] for first in range(0, len(places), MOST)]
    for batch, span in product(batches, spans):
        yield fetch(access, batch, parameter, span)


def parse(answer: Answer, wanted: Wanted) -> Parsed:
    """Return what an answer, as `ask` gives it or as the service sends it, tells of what is wanted.

    Raises:
        SourceUnavailable: It is no JSON, or says that too much was asked of late.
        SourceError: It has no `features`, or USGS has no such variable.
    """
    parameter = code(SOURCE, wanted.variable)
    body = loads(answer)
    spots = {location(spot.id): spot.id for spot in wanted.spots}
    by_site: dict[str, list[Row]] = {}
    complaints = ["the answer has further pages."] if _has_more(body) else []
    for feature in _features(body, answer):
        facts = dig(feature, "properties")
        place, measured = dig(facts, "monitoring_location_id"), dig(facts, "parameter_code")
        if measured == parameter and isinstance(place, str) and place in spots:
            by_site.setdefault(spots[place], []).append(_row(facts))
        else:
            complaints.append(f"a row of {shown(place)}, {shown(measured)} was not asked for.")
    for site, its_rows in list(by_site.items()):
        by_site[site], said = not_ahead(its_rows, lambda row: utc(row.time), answer.fetched)
        complaints += [f"{site}: {said}"] if said else []
    parsed = readings(by_site, wanted)
    told = tuple(f"{answer.what}: {sentence}" for sentence in counted(complaints))
    return Parsed(parsed.readings, parsed.complaints + told)


def _row(facts: Any) -> Row:
    return Row(
        series=written(dig(facts, "time_series_id")),
        time=dig(facts, "time"),
        value=dig(facts, "value"),
        unit=dig(facts, "unit_of_measure"),
        notes=words(dig(facts, "approval_status")) + words(dig(facts, "qualifier")),
        statistic=written(dig(facts, "statistic_id")),
        modified=dig(facts, "last_modified"),
    )


def _features(body: Any, answer: Answer) -> list[Any]:
    features = dig(body, "features")
    if isinstance(features, list):
        return features
    error = dig(body, "error") or body
    said = f"{written(dig(error, 'code'))}: {dig(error, 'description') or dig(error, 'message')}"
    busy = answer.status == 429 or "RATE_LIMIT" in said
    raise (SourceUnavailable if busy else SourceError)(
        f"{SOURCE}, {answer.what}: the answer has no list 'features' ({written(said)}).",
        "Ask again later." if busy else "See what the provider has changed.",
    )


def _has_more(body: Any) -> bool:
    return any(dig(link, "rel") == "next" for link in rows(dig(body, "links")))
