"""Which requests bring what is wanted, and the request itself; the key never leaves this file."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import numpy as np

from data.errors import SourceError
from data.sources import web
from data.sources.asking import Access, Answer, Question, Wanted
from data.sources.hrfco_facts import FORMS, LONGEST, RESOURCES, SOURCE, STEPS, Resource
from data.sources.hrfco_values import KST

MANY = 20  # stations for which the newest row of all in one call is enough ..
SHORT = 3  # .. if no more than so many steps are wanted
_KEY = re.compile(r"[A-Za-z0-9._~-]+")
_CODE = re.compile(r"[A-Za-z0-9]+")
_KEY_REFUSED = re.compile(rb"code\W{1,6}(900|94[0-4])\b")


def planned(wanted: Wanted, now: np.datetime64) -> Iterator[str]:
    """Return what to ask for, as paths below the key without ending.

    Raises:
        SourceError: HRFCO has no such variable, no such time, or a site's id is no code of its.
    """
    step = spacing(wanted.step)
    first, last = _window(wanted, step)
    for resource in offering(wanted.variable):
        codes = _codes(wanted, resource)
        if _newest_is_enough(wanted, step, (first, last), now):
            yield from (f"{resource.name}/list/{step}",) if codes or not wanted.spots else ()
            continue
        for code in codes:
            for begin, stop in _pieces(first, last, step):
                span = f"{_token(begin, step)}/{_token(stop, step)}"
                yield f"{resource.name}/list/{step}/{code}/{span}"


def fetch(access: Access, path: str) -> Answer:
    """Ask for one path; the key is taken out of the answer too, should it come back in it.

    Raises:
        SourceUnavailable: No answer.
        SourceError: There is no key, or HRFCO refuses.
    """
    if not _KEY.fullmatch(access.key):
        raise SourceError(
            "The HRFCO key is missing, or has signs that no key has.",
            "Give the GUID that hrfco.go.kr (Open API) issues, without blanks.",
        )
    where = f"/{quote(access.key, safe='')}/{path}.json"
    answer = web.ask(access, Question(SOURCE, path.replace("/", "-"), where))
    key = re.compile(re.escape(access.key).encode(), re.IGNORECASE)
    return replace(answer, body=key.sub("…".encode(), answer.body))


def key_refused(answer: Answer) -> bool:
    """Tell whether HRFCO refuses the key: no other request will fare better."""
    return _KEY_REFUSED.search(answer.body[:400]) is not None


def spacing(step: np.timedelta64) -> str:
    """Return the longest spacing that HRFCO has and that fills `step` evenly; else 10M."""
    fitting = [name for name, each in STEPS.items() if step % each == np.timedelta64(0, "m")]
    return fitting[-1] if fitting else "10M"


def offering(variable: str) -> list[Resource]:
    """Return the resources that have a variable.

    Raises:
        SourceError: None has.
    """
    found = [each for each in RESOURCES.values() if variable in each.fields]
    if not found:
        names = sorted({name for each in RESOURCES.values() for name in each.fields})
        raise SourceError(f"HRFCO has no '{variable}'.", f"It has {', '.join(names)}.")
    return found


def _codes(wanted: Wanted, resource: Resource) -> list[str]:
    """Return the codes of the wanted sites that this resource has."""
    others = [o.before for o in offering(wanted.variable) if len(o.before) > len(resource.before)]
    codes = [
        spot.id.removeprefix(resource.before)
        for spot in wanted.spots
        if spot.id.startswith(resource.before) and not spot.id.startswith(tuple(others))
    ]
    for code in codes:
        if not _CODE.fullmatch(code):
            raise SourceError(
                f"'{code}' is no code of an HRFCO station.",
                "A code has digits alone, e.g. 1018683; a weir's id is 'bo-' and its code.",
            )
    return codes


def _window(wanted: Wanted, step: str) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and last time to ask for [KST], as HRFCO names them: a day by its date."""
    size = STEPS[step].astype("timedelta64[ns]")
    zero = np.datetime64("1970-01-01", "ns")
    first = zero - (zero - (wanted.since.astype("datetime64[ns]") + KST)) // size * size
    last = zero + (wanted.until.astype("datetime64[ns]") + KST - zero) // size * size
    if not first <= last:
        raise SourceError(
            f"No {step} step ends within {wanted.since} to {wanted.until} UTC.",
            "Let `since` lie before `until`, with a step between them.",
        )
    named = size if step == "1D" else np.timedelta64(0, "ns")
    return first - named, last - named


def _newest_is_enough(
    wanted: Wanted, step: str, window: tuple[np.datetime64, np.datetime64], now: np.datetime64
) -> bool:
    """Tell whether the newest row of all stations, in one call, is what is wanted.

    Never for days: the newest day is not over.
    """
    first, last = window
    steps = (last - first) // STEPS[step] + 1
    if not wanted.spots:
        return True
    if step == "1D" or now + KST - last >= 2 * STEPS[step] or len(wanted.spots) == 1:
        return False
    return bool(steps == 1 or (steps <= SHORT and len(wanted.spots) >= MANY))


def _pieces(
    first: np.datetime64, last: np.datetime64, step: str
) -> Iterator[tuple[np.datetime64, np.datetime64]]:
    """Cut a period, both ends included, into pieces of which none spans more than is allowed."""
    while first <= last:
        stop = min(first + LONGEST[step] - STEPS[step], last)
        yield first, stop
        first = stop + STEPS[step]


def _token(time: np.datetime64, step: str) -> str:
    moment = time.astype("datetime64[s]").item()
    return str(moment.strftime(FORMS[step]))
