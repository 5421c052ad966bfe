"""HRFCO, the Han River Flood Control Office: levels, flows, rain, dams and weirs of all Korea.

A client of the 한강홍수통제소 Open API that can be used alone. It needs a key (a GUID) that
hrfco.go.kr issues for the address of your machine; the key stays out of every message and answer.

    import os
    import numpy as np
    from data.sources import hrfco
    from data.sources.asking import Access

    access = Access(hrfco.BASE_URL, os.environ["HRFCO_KEY"])
    bridges = [s for s in hrfco.sites(access, "waterlevel") if "한강대교" in s.name]
    flood = hrfco.levels(access, ["1018683"], "2026-07-19T15:00", "2026-07-20T15:00")
    for reading in flood.readings:
        print(reading.time, reading.variable, reading.value, reading.flag.name)
    print(flood.complaints)                      # what could not be used, and why
    now = hrfco.latest(access, "rainfall")       # the newest row of every rain gauge
    warnings = hrfco.flood_reports(access)       # () where no flood report is in force

Times go in and come out as UTC; HRFCO writes KST. `time` is when a level, a flow of a river or a
dam's state was read; rain is the sum of the 10 minutes or the hour that end at `time`, as HRFCO
dates its rows (it does not say so in words); a day's value (1D) stands at the midnight, KST, that
ends it, and a day that is not over has none. Rows come 7 to 11 minutes late and are "raw, not
corrected". Levels are m above the gauge's zero, of dams and weirs m El.; a weir's id is `bo-` and
its code. A missing value is NaN with a flag, never 0.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from data.errors import SourceError, SourceUnavailable
from data.reading import Parsed
from data.sources.asking import Access, Answer, Newest, Spot, Wanted
from data.sources.hrfco_asking import MANY, SHORT, fetch, key_refused, planned
from data.sources.hrfco_facts import BASE_URL, DAY, SOURCE, TEN_MINUTES, WEIR
from data.sources.hrfco_parse import parse
from data.sources.hrfco_reports import FloodReport, flood_reports, parse_flood_reports
from data.sources.hrfco_sites import parse_sites, sites
from data.sources.hrfco_values import now

__all__ = [
    "BASE_URL",
    "SOURCE",
    "FloodReport",
    "ask",
    "dams",
    "flood_reports",
    "latest",
    "levels",
    "parse",
    "parse_flood_reports",
    "parse_sites",
    "rainfall",
    "sites",
    "weirs",
]

PAUSE = 0.35  # s between two requests, as other clients wait; no limit is published
NEWEST = Newest(MANY, (SHORT - 1) * TEN_MINUTES)
PATIENCE = 3  # failed requests in a row, then the rest is not asked


def ask(access: Access, wanted: Wanted) -> Iterator[Answer]:
    """Yield HRFCO's answers to what is wanted.

    One call brings the newest row of all stations, where that is enough: a single step that is the
    newest, or up to 3 newest steps of 20 stations or more, or no station named. Else each station
    is asked for its period, 15 days of 10M or a year of 1H at a time. A request that fails does
    not keep the others from being asked.

    Raises:
        SourceUnavailable: At the end: some requests had no answer.
        SourceError: At the end: some were refused. At once: no such variable, code, time or key.
    """
    failures: list[SourceError] = []
    failed = 0  # in a row
    for number, path in enumerate(list(planned(wanted, now()))):
        time.sleep(PAUSE if number else 0)
        try:
            answer = fetch(access, path)
        except SourceError as failure:
            failures.append(failure)
            failed += 1
            if failed == PATIENCE:
                break
            continue
        failed = 0
        yield answer
        if key_refused(answer):
            break
    if failures:
        raise _summed_up(failures)


def levels(
    access: Access,
    codes: Iterable[str],
    since: np.datetime64 | str,
    until: np.datetime64 | str,
    step: np.timedelta64 = TEN_MINUTES,
) -> Parsed:
    """Return water levels [m above gauge zero] and discharges [m3 s-1] of gauges.

    Args:
        since: First time wanted, UTC; `until` the last.
        step: 10 minutes, an hour or a day.

    Raises:
        SourceUnavailable: Nothing came.
        SourceError: Nothing came, and asking again gives the same.
    """
    return _series(access, ("water_level", "discharge"), codes, (since, until), step)


def rainfall(
    access: Access,
    codes: Iterable[str],
    since: np.datetime64 | str,
    until: np.datetime64 | str,
    step: np.timedelta64 = TEN_MINUTES,
) -> Parsed:
    """Return rain of gauges [mm in the step ending at its time]; else as `levels`."""
    return _series(access, ("rainfall",), codes, (since, until), step)


def dams(
    access: Access,
    codes: Iterable[str],
    since: np.datetime64 | str,
    until: np.datetime64 | str,
    step: np.timedelta64 = TEN_MINUTES,
) -> Parsed:
    """Return level [m El.], inflow and total release [m3 s-1] of dams; else as `levels`."""
    variables = ("dam_level", "dam_inflow", "dam_release")
    return _series(access, variables, codes, (since, until), step)


def weirs(
    access: Access,
    codes: Iterable[str],
    since: np.datetime64 | str,
    until: np.datetime64 | str,
    step: np.timedelta64 = TEN_MINUTES,
) -> Parsed:
    """Return upper level, inflow and total release of weirs, with or without `bo-`; as `dams`."""
    return dams(access, [WEIR + code.removeprefix(WEIR) for code in codes], since, until, step)


def latest(access: Access, variable: str) -> Parsed:
    """Return the newest value of one variable at every station, if it is not older than a day.

    Raises:
        SourceUnavailable: Nothing came.
        SourceError: Nothing came, and asking again gives the same.
    """
    until = now()
    return _collected(access, Wanted(variable, (), until - DAY, until))


def _series(
    access: Access,
    variables: tuple[str, ...],
    codes: Iterable[str],
    window: tuple[np.datetime64 | str, np.datetime64 | str],
    step: np.timedelta64,
) -> Parsed:
    spots = tuple(Spot(code) for code in codes)
    if not spots:
        raise SourceError("No station is named.", "Give codes, or ask `latest` for all stations.")
    since, until = (np.datetime64(time).astype("datetime64[ns]") for time in window)
    return _collected(access, Wanted(variables[0], spots, since, until, step), variables[1:])


def _collected(access: Access, wanted: Wanted, others: Iterable[str] = ()) -> Parsed:
    """Return all that came, of the wanted variable and of `others` in the same rows."""
    parts: list[Parsed] = []
    failures: list[SourceError] = []
    try:
        for answer in ask(access, wanted):
            try:
                for variable in (wanted.variable, *others):
                    parts.append(parse(answer, replace(wanted, variable=variable)))
            except SourceError as failure:
                failures.append(failure)
    except SourceError as failure:
        failures.append(failure)
    if failures and not parts:
        raise _summed_up(failures)
    complaints = [complaint for part in parts for complaint in part.complaints]
    return Parsed(
        tuple(reading for part in parts for reading in part.readings),
        tuple(dict.fromkeys([*complaints, *map(str, failures)])),
    )


def _summed_up(failures: list[SourceError]) -> SourceError:
    first = failures[0]
    if len(failures) == 1:
        return first
    kind = (
        SourceUnavailable
        if any(isinstance(f, SourceUnavailable) for f in failures)
        else SourceError
    )
    return kind(f"{len(failures)} requests failed, the first: {first.problem}", first.remedy)
