"""Take a feed's answers: keep them as they came, understand, judge and store what they tell.

What came before a failure counts. A large network is judged by the portion: reading the hours
before costs as much for one site as for all, so answers wait twice as long as the last one took.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from data import judging, raw
from data.beside import Beside, beside
from data.errors import MulgilError, SourceError, SourceUnavailable
from data.feeds import Feed
from data.live_cycle import Cycle, Told
from data.reading import Parsed
from data.sources.asking import Access, Answer, Spot, Wanted
from data.sources.connectors import CONNECTORS
from data.store import Tally

WAITS = 2.0  # times as long as judging took: so it takes a third of the time at most
Understood = tuple[Answer, Parsed]


def take(cycle: Cycle, feed: Feed, asked: list[Wanted]) -> Told:
    """Fetch what is asked of a feed, and store it; return what the feed did.

    Raises:
        SourceUnavailable: The gate of the cycle is closed.
        InvalidData, StoreUnavailable: See `data.judging.judged`.
    """
    parsed: list[Parsed] = []
    failures: list[SourceError] = []
    sums = Told(feed.source, feed.variable, "ok")
    near = beside(cycle.network, feed)
    for portion in portions(_understood(cycle, feed, asked, failures)):
        tally = _judged(cycle, feed, portion, near)
        parsed += [rows for _, rows in portion]
        sums = replace(
            sums,
            new=sums.new + tally.new,
            revised=sums.revised + tally.revised,
            replayed=sums.replayed or next((a.replayed for a, _ in portion if a.replayed), ""),
        )
    return _told(feed, parsed, failures, sums)


def portions(
    answers: Iterator[Understood], clock: Callable[[], float] = time.monotonic
) -> Iterator[list[Understood]]:
    """Yield answers one by one, or as many as come while what was done with the last ones repays.

    What is done with a portion is timed from its yield to the next step. The last portion comes
    when the answers end; an error of theirs comes after it.
    """
    waiting: list[Understood] = []
    failure: MulgilError | None = None
    until = clock()
    try:
        for each in answers:
            waiting.append(each)
            if (since := clock()) >= until:
                yield waiting
                ended = clock()
                waiting, until = [], ended + WAITS * (ended - since)
    except MulgilError as error:
        failure = error
    if waiting:
        yield waiting
    if failure is not None:
        raise failure


def _judged(cycle: Cycle, feed: Feed, portion: list[Understood], near: Beside) -> Tally:
    """Judge and store a portion; it counts as received when its last answer was."""
    readings = [reading for _, rows in portion for reading in rows.readings]
    with cycle.gate.passing():
        return judging.judged(cycle.store, feed.source, readings, portion[-1][0], near)


def _understood(
    cycle: Cycle, feed: Feed, asked: list[Wanted], failures: list[SourceError]
) -> Iterator[Understood]:
    """Yield each answer that can be read, with what it tells; all are kept as they came."""
    for wanted, answer in _all_answers(cycle, feed, asked, failures):
        raw.keep(cycle.raw, answer)
        try:
            rows = CONNECTORS[feed.source].parse(answer, wanted)
        except SourceError as error:
            failures.append(error)
        else:
            yield answer, rows


def _all_answers(
    cycle: Cycle, feed: Feed, asked: list[Wanted], failures: list[SourceError]
) -> Iterator[tuple[Wanted, Answer]]:
    """Yield answers, round by round; a provider that does not answer is not asked for more."""
    for wanted in asked:
        for answer in _answers(cycle.accesses[feed.source], feed, wanted, failures):
            yield wanted, answer
        if any(isinstance(failure, SourceUnavailable) for failure in failures):
            return


def _answers(
    access: Access, feed: Feed, wanted: Wanted, failures: list[SourceError]
) -> Iterator[Answer]:
    """Yield answers; where one site is refused, the others are asked one by one."""
    connector = CONNECTORS[feed.source]
    one_by_one: tuple[Spot, ...] = ()
    try:
        yield from connector.ask(access, wanted)
    except SourceUnavailable as error:  # the others would wait for the same dead server
        failures.append(error)
    except SourceError as error:
        failures.append(error)
        one_by_one = wanted.spots if len(wanted.spots) > 1 else ()
    for spot in one_by_one:
        yield from _answers(access, feed, replace(wanted, spots=(spot,)), failures)


def _told(feed: Feed, parsed: list[Parsed], failures: list[SourceError], sums: Told) -> Told:
    times = [r.time for rows in parsed for r in rows.readings if np.isfinite(r.value)]
    complaints = [*map(str, failures), *(c for rows in parsed for c in rows.complaints)]
    if not times:
        why = complaints[0] if complaints else f"It gave no {feed.variable} of the wanted sites."
        return replace(sums, state="failed", why=why, complaints=tuple(complaints))
    why = complaints[0] if complaints else ""
    return replace(sums, why=why, newest=max(times), complaints=tuple(complaints))
