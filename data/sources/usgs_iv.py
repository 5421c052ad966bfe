"""USGS WaterServices, instantaneous values as JSON (WaterML): reading only, for kept answers.

The service is to be switched off in the first quarter of 2027; `data.sources.usgs` asks the new
one. Oddities: no data at all is an empty list; a value is a text, missing is "-999999" with a
qualifier; `qualifiers` is a list or a text; `values` holds one entry per sensor; times carry the
local offset, which jumps twice a year; an unknown site is an HTML page.
"""

from typing import Any

from data.errors import SourceError
from data.reading import Parsed
from data.sources.asking import Answer, Wanted
from data.sources.us_json import dig, loads, number, rows, written
from data.sources.us_series import counted
from data.sources.usgs_rows import NO_DATA, Row, code, location, readings, words

SOURCE = "usgs_iv"


def parse_iv(answer: Answer, wanted: Wanted) -> Parsed:
    """Return what an answer tells of the wanted sites; other sites and variables are passed over.

    Raises:
        SourceUnavailable: It is no JSON.
        SourceError: It has no `value.timeSeries`, or USGS has no such variable.
    """
    parameter = code(SOURCE, wanted.variable)
    found = dig(loads(answer), "value", "timeSeries")
    if not isinstance(found, list):
        raise SourceError(
            f"{SOURCE}, {answer.what}: the answer has no list 'value.timeSeries'.",
            "See what the provider has changed.",
        )
    spots = {location(spot.id): spot.id for spot in wanted.spots}
    by_site: dict[str, list[Row]] = {}
    for series in found:
        site = spots.get(_location(series))
        if site is not None and dig(series, "variable", "variableCode", 0, "value") == parameter:
            by_site.setdefault(site, []).extend(_rows(series))
    parsed = readings(by_site, wanted)
    silent = [
        f"{site}: no series of {parameter}." for site in spots.values() if site not in by_site
    ]
    return Parsed(parsed.readings, parsed.complaints + counted(silent))


def _location(series: Any) -> str:
    place = dig(series, "sourceInfo", "siteCode", 0)
    return f"{written(dig(place, 'agencyCode') or 'USGS')}-{written(dig(place, 'value'))}"


def _rows(series: Any) -> list[Row]:
    unit = dig(series, "variable", "unit", "unitCode")
    none = number(dig(series, "variable", "noDataValue"))
    return [
        Row(
            series=written(dig(sensor, "method", 0, "methodID")),
            time=dig(row, "dateTime"),
            value=dig(row, "value"),
            unit=unit,
            notes=words(dig(row, "qualifiers")),
            none=NO_DATA if none is None else none,
        )
        for sensor in rows(dig(series, "values"))
        for row in rows(dig(sensor, "value"))
    ]
