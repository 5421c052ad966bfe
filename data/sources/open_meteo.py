"""Rain at any place from weather models, by Open-Meteo: of the past hours, and of those to come.

    GET /v1/forecast?latitude=37.55,..&longitude=127,..&hourly=precipitation&timezone=GMT
        &start_date=..&end_date=..

`rainfall` is **modelled rain, not a gauge** (`MODELLED_EN`, `MODELLED_KO`: pages must say so): for
hours that are past the models' own first hours after each of their starts stand in for rain that
was measured. `rainfall_forecast` are the hours that lie ahead. Both are mm in the hour ending at
`time`. Forecasts as they were in the past: `data.sources.open_meteo_past`.
"""

from collections.abc import Iterator

from data.errors import SourceError
from data.reading import FORECAST_RAIN, Parsed, Reading
from data.sources.asking import Access, Answer, Wanted
from data.sources.open_meteo_asking import ATTRIBUTION, SOURCE, Call, ask_places, hourly
from data.sources.open_meteo_places import Place, places

__all__ = ["ATTRIBUTION", "BASE_URL", "SOURCE", "ask", "parse"]

BASE_URL = "https://api.open-meteo.com"
RAIN = "rainfall"
MODELLED_EN = "Modelled rain (weather models, by Open-Meteo), not a gauge."
MODELLED_KO = "수치모델로 추정한 강우(Open-Meteo)이며 우량계 관측이 아닙니다."
COLUMN = "precipitation"


def ask(access: Access, wanted: Wanted) -> Iterator[Answer]:
    """Yield answers with rain at the wanted spots, up to 93 days back and 16 days ahead.

    Raises:
        SourceUnavailable: The provider did not answer.
        SourceError: It refused, or has no such variable.
    """
    check_variable(wanted, RAIN, FORECAST_RAIN)
    call = Call(wanted.variable, "/v1/forecast", hourly(wanted, [COLUMN]))
    yield from ask_places(access, wanted, call)


def parse(answer: Answer, wanted: Wanted) -> Parsed:
    """Return the rain of the wanted sites within the wanted time; a null is NaN, never dry.

    Hours that had not ended when the answer came are no `rainfall`, and those that had ended are
    told, as they are no longer a forecast; not of a replay, which may have another clock.

    Raises:
        SourceUnavailable: The answer breaks off, or too much was asked for now.
        SourceError: The provider refuses, or answers another number of places than were asked.
    """
    check_variable(wanted, RAIN, FORECAST_RAIN)
    found, complaints = places(answer, wanted)
    readings: list[Reading] = []
    for place in found:
        readings += _readings(place, wanted, complaints)
    ahead = [reading for reading in readings if reading.time > answer.fetched]
    if wanted.variable == RAIN and ahead:
        complaints.append(f"{len(ahead)} values of hours yet to come are no rain that has fallen.")
        readings = [reading for reading in readings if not reading.time > answer.fetched]
    elif wanted.variable == FORECAST_RAIN and len(ahead) < len(readings) and not answer.replayed:
        past = len(readings) - len(ahead)
        complaints.append(f"{past} of {len(readings)} values were of the past when they came.")
    return Parsed(tuple(readings), tuple(complaints))


def _readings(place: Place, wanted: Wanted, complaints: list[str]) -> Iterator[Reading]:
    for hour in place.hours(COLUMN, complaints):
        if wanted.since <= hour.time <= wanted.until:
            for site in place.sites:
                yield Reading(site, wanted.variable, hour.time, hour.value, hour.flag, hour.raw)


def check_variable(wanted: Wanted, *known: str) -> None:
    """Refuse a variable that is not offered.

    Raises:
        SourceError: It is not.
    """
    if wanted.variable not in known:
        raise SourceError(f"{SOURCE} has no '{wanted.variable}'.", f"It has: {', '.join(known)}.")
