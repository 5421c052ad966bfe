"""Rain forecasts as they were known in the past, for hindcasts; and modelled rain since 1940.

    GET previous-runs-api /v1/forecast?hourly=precipitation_previous_day1,..
        What was forecast for each hour by the last model start at least 24 h, 48 h .. before it;
        since January 2024.
    GET single-runs-api /v1/forecast?run=2026-07-20T00:00&models=ecmwf_ifs
        One model start, whole; of ECMWF's IFS since March 2024.
    GET archive-api /v1/archive
        Modelled rain, not a gauge, known only days later; `data.sources.open_meteo.parse` reads it.

A model start is not yet a forecast: it has to be computed, sent and fetched. `received` counts
`PUBLICATION` after the start, so that a hindcast sees a forecast rather too late than too early.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

import numpy as np

from data.errors import SourceError
from data.reading import FORECAST_RAIN, Parsed, Reading
from data.schema import Flag
from data.sources import json_answer
from data.sources.asking import Access, Answer, Wanted
from data.sources.open_meteo import COLUMN, RAIN, check_variable
from data.sources.open_meteo_asking import Call, ask_places, hourly
from data.sources.open_meteo_places import Hour, Place, places

ARCHIVE_URL = "https://archive-api.open-meteo.com"
PREVIOUS_RUNS_URL = "https://previous-runs-api.open-meteo.com"
SINGLE_RUNS_URL = "https://single-runs-api.open-meteo.com"
DAY = np.timedelta64(24, "h")
# ECMWF sends the last hour of a run 7 h 34 min after its start, others need up to 9 h or so
PUBLICATION = np.timedelta64(12, "h")
DAYS = range(1, 8)


def ask_archive(access: Access, wanted: Wanted) -> Iterator[Answer]:
    """Yield answers with modelled rain of past years; raises as `data.sources.open_meteo.ask`."""
    check_variable(wanted, RAIN)
    yield from ask_places(access, wanted, Call("archive", "/v1/archive", hourly(wanted, [COLUMN])))


def ask_previous_runs(access: Access, wanted: Wanted, days: int = 3) -> Iterator[Answer]:
    """Yield answers with what was forecast 1 .. `days` days before each wanted hour.

    Args:
        days: Up to 7; a lead time of L h needs one more day than L / 24, rounded up.

    Raises:
        SourceUnavailable: The provider did not answer.
        SourceError: It refused, or has no such variable or day.
    """
    check_variable(wanted, FORECAST_RAIN)
    if days not in DAYS:
        raise SourceError(f"{days} days before are not kept.", "Ask for 1 to 7.")
    params = hourly(wanted, [_column(day) for day in DAYS[:days]])
    yield from ask_places(access, wanted, Call("previous-runs", "/v1/forecast", params))


def parse_previous_runs(answer: Answer, wanted: Wanted) -> Parsed:
    """Return each hour as often as it was forecast, `received` when that was known at the latest.

    A day that lacks an hour says nothing of it; an hour that all days lack is missing once.

    Raises:
        SourceUnavailable: The answer breaks off, or too much was asked for now.
        SourceError: The provider refuses, or answers another number of places than were asked.
    """
    check_variable(wanted, FORECAST_RAIN)
    found, complaints = places(answer, wanted)
    readings: list[Reading] = []
    for place in found:
        days = [day for day in DAYS if _column(day) in place.columns]
        if not days:
            complaints.append(f"'{', '.join(place.sites)}': no earlier forecasts.")
        told: dict[np.datetime64, dict[int, Hour]] = {}
        for day in days:
            for hour in place.hours(_column(day), complaints):
                told.setdefault(hour.time, {})[day] = hour
        for time, hours in told.items():
            if wanted.since <= time <= wanted.until:
                readings += _forecasts(place, hours, answer)
    return Parsed(tuple(readings), tuple(complaints))


def ask_single_run(
    access: Access, wanted: Wanted, run: np.datetime64, model: str = "ecmwf_ifs"
) -> Iterator[Answer]:
    """Yield answers with one model start, `run` UTC; raises as `data.sources.open_meteo.ask`."""
    check_variable(wanted, FORECAST_RAIN)
    when = str(run.astype("datetime64[m]"))
    params = hourly(wanted, [COLUMN]) | {"run": when, "models": model}
    yield from ask_places(access, wanted, Call(f"run-{when}", "/v1/forecast", params))


def parse_single_run(answer: Answer, wanted: Wanted) -> Parsed:
    """Return the hours after the start of the run, all `received` when it had been published.

    Raises:
        SourceUnavailable: The answer breaks off, or too much was asked for now.
        SourceError: The provider refuses, answers another number of places than were asked, or
            the address of the answer does not say which run it is.
    """
    check_variable(wanted, FORECAST_RAIN)
    run = json_answer.time("".join(parse_qs(urlsplit(answer.url).query).get("run", [])))
    if np.isnat(run):
        raise SourceError(f"{answer.what}: its address names no run.", "Ask by ask_single_run.")
    found, complaints = places(answer, wanted)
    readings = [
        _reading(site, hour, _known(run, answer))
        for place in found
        for hour in place.hours(COLUMN, complaints)
        for site in place.sites
        if hour.time > run and wanted.since <= hour.time <= wanted.until
    ]
    return Parsed(tuple(readings), tuple(complaints))


def _column(day: int) -> str:
    return f"{COLUMN}_previous_day{day}"


def _forecasts(place: Place, hours: Mapping[int, Hour], answer: Answer) -> Iterator[Reading]:
    """Yield what was known of one hour, the oldest first."""
    good = {day: hour for day, hour in hours.items() if hour.flag is Flag.GOOD}
    for day in sorted(good or {max(hours): hours[max(hours)]}, reverse=True):
        hour = hours[day]
        for site in place.sites:
            yield _reading(site, hour, _known(hour.time - day * DAY, answer))


def _known(start: np.datetime64, answer: Answer) -> np.datetime64:
    """Return when the forecast of a model start was known at the latest: by now, if it is here."""
    published = start + PUBLICATION
    return published if answer.replayed else min(published, answer.fetched)


def _reading(site: str, hour: Hour, received: np.datetime64) -> Reading:
    return Reading(site, FORECAST_RAIN, hour.time, hour.value, hour.flag, hour.raw, received)
