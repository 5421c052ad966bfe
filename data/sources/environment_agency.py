"""Levels, flows and rain of England: the Environment Agency's real-time flood-monitoring API.

    GET /data/readings?latest&parameter=level     all stations, the newest value of each
    GET /id/stations/{id}/readings?since=..       all measures of one station
    GET /id/measures/{id}/readings?since=..       one measure

{"items": [{"dateTime": "..Z", "measure": <address>, "value": 1.532}]}, spaced as Jena writes JSON.

A site is a station (`1491TH`) or one of its measures (`1491TH-level-downstage-i-15_min-mASD`).
Name the measure where a station has several: only then is it always the same sensor and datum.
A value may come a day late, in a batch; there are no quality flags.
No key. Open Government Licence v3, `ATTRIBUTION` must be shown; one `latest` in 15 min.
"""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import numpy as np

from data.errors import SourceError, SourceUnavailable
from data.reading import Parsed, Reading
from data.sources import environment_agency_measures as measures
from data.sources import web
from data.sources.ahead import not_ahead
from data.sources.asking import Access, Answer, Question, Wanted
from data.sources.environment_agency_items import LIMIT, items
from data.sources.environment_agency_measures import PARAMETERS
from data.sources.environment_agency_rows import STEP, Row, of_site, rows, short

SOURCE = "environment_agency"
BASE_URL = "https://environment.data.gov.uk/flood-monitoring"
ATTRIBUTION = (
    "This uses Environment Agency flood and river level data from the real-time data API (Beta), "
    "under the Open Government Licence v3.0."
)
MANY = 8  # stations from which on one call for all is kinder than one for each
_LATEST = "latest-"
_EVER = np.datetime64("1900-01-01", "ns")


def ask(access: Access, wanted: Wanted) -> Iterator[Answer]:
    """Yield the answers that hold what is wanted; a station that fails does not stop the others.

    Raises:
        SourceUnavailable: The provider did not answer for one station, after all others; or for
            two, at once: it is not the station then.
        SourceError: It refused, or measures no such variable.
    """
    failed: SourceUnavailable | None = None
    for question in _questions(wanted):
        try:
            answer = web.ask(access, question)
        except SourceUnavailable as error:
            if failed:
                raise
            failed = error
            continue
        yield answer
    if failed:
        raise failed


def parse(answer: Answer, wanted: Wanted) -> Parsed:
    """Return the readings of the wanted sites within the wanted time.

    Levels keep their datum, depths below one (mBDAT) are turned into heights, units that are not
    told (---) give no value. What came twice with two values has none. Of the newest readings of
    all stations those from before the wanted time are kept too: they tell how old they are.

    Raises:
        SourceUnavailable: The answer breaks off.
        SourceError: It is not in the shape that this was written for.
    """
    if answer.status == 404:
        return Parsed((), (f"{answer.what}: the provider knows no such site.",))
    parameter = _parameter(wanted)
    found, complaints = items(answer)
    stations: dict[str, list[Row]] = {}
    for row in rows(found, parameter, complaints):
        stations.setdefault(row.measure.station, []).append(row)
        stations.setdefault(row.measure.id, []).append(row)
    readings: list[Reading] = []
    latest = answer.what.startswith(_LATEST)
    asked = replace(wanted, since=_EVER) if latest else wanted
    for spot in wanted.spots:
        here = stations.get(spot.id, [])
        dated, said = not_ahead(here, lambda row: row.time, answer.fetched)
        complaints += [f"'{spot.id}': {said}"] if said else []
        readings += of_site(spot.id, dated, asked, complaints)
        if latest:
            complaints += _lacking(spot.id, here, wanted)
    return Parsed(tuple(readings), tuple(complaints))


def _questions(wanted: Wanted) -> Iterator[Question]:
    parameter = _parameter(wanted)
    if len(wanted.spots) >= MANY and wanted.until - wanted.since <= STEP:
        params = {"latest": "", "parameter": parameter, "_limit": str(LIMIT)}
        yield Question(SOURCE, f"{_LATEST}{parameter}", "/data/readings", params)
        return
    since = str((wanted.since - STEP).astype("datetime64[s]"))  # whether it includes is not told
    for spot in wanted.spots:
        kind = "measures" if measures.read(spot.id) else "stations"
        path = f"/id/{kind}/{quote(spot.id, safe='')}/readings"
        params = {"since": f"{since}Z", "_sorted": "", "_limit": str(LIMIT)}
        yield Question(SOURCE, f"readings-{spot.id}", path, params, accept=(200, 404))


def _parameter(wanted: Wanted) -> str:
    if wanted.variable not in PARAMETERS:
        raise SourceError(
            f"{SOURCE} measures no '{wanted.variable}'.", f"It has: {', '.join(PARAMETERS)}."
        )
    return PARAMETERS[wanted.variable]


def _lacking(site: str, here: list[Row], wanted: Wanted) -> Iterator[str]:
    if not here:
        yield f"'{site}' is not among the newest readings."
    elif (newest := max(row.time for row in here)) < wanted.since:
        since = short(wanted.since)
        yield f"'{site}': its newest reading is of {short(newest)}, before {since}."
