"""What is different between two runs, in sentences."""

from collections.abc import Iterator

import numpy as np

from flows.runs_diff import Reading, RunsDiffer
from flows.runs_diff_numbers import Gauge
from flows.runs_show import moment
from forecast.wording import STAGE_WORDS

SHOWN = 10  # gauges, readings or thresholds that are told one by one


def sentences(found: RunsDiffer) -> Iterator[str]:
    """Yield what is different, a sentence each; one sentence if nothing is."""
    if found.same:
        yield "The two runs saw the same and say the same."
        return
    for fact in found.facts:
        before, after = (moment(value) or "none" for value in (fact.before, fact.after))
        yield f"{_capital(fact.name)}: {before} before, {after} after."
    yield from _some([_reading(each) for each in found.readings], "readings differ")
    limits = [
        f"Thresholds of {each.name}: {each.before or 'none'} before, {each.after or 'none'} after."
        for each in found.limits
    ]
    yield from _some(limits, "thresholds differ")
    yield from _numbers(found)
    yield from found.notes


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _some(told: list[str], what: str) -> Iterator[str]:
    yield from told[:SHOWN]
    if len(told) > SHOWN:
        yield f".. and {len(told) - SHOWN} more: {len(told)} {what} in all."


def _reading(reading: Reading) -> str:
    of = f"{_capital(reading.variable.replace('_', ' '))} of {reading.station}"
    if reading.revised:
        return f"{of}: values were revised; the last one is of {reading.before or 'no time'}."
    before, after = (time or "no time" for time in (reading.before, reading.after))
    return f"{of}: last value of {before} before, of {after} after."


def _numbers(found: RunsDiffer) -> Iterator[str]:
    if not found.gauges:
        return
    moved = found.moved
    if not moved:
        yield f"The numbers of all {len(found.gauges)} gauges are the same to the bit."
        return
    yield f"Numbers differ at {len(moved)} of {len(found.gauges)} gauges."
    yield from _some([_gauge(gauge) for gauge in moved], "gauges differ")


def _gauge(gauge: Gauge) -> str:
    """Return a sentence such as `S1: median up to 0.12 m higher, at +6 h (2020-07-01T06:00Z).`."""
    parts = []
    if np.isfinite(gauge.largest) and gauge.largest:
        way = "higher" if gauge.largest > 0 else "lower"
        when = f"{str(gauge.valid_time)[:16]}Z"
        by = f"{abs(gauge.largest):.3g} {gauge.unit}".rstrip()
        parts.append(f"median up to {by} {way}, at {gauge.lead:+g} h ({when})")
    elif gauge.bits:
        parts.append("median as before, but other quantiles differ")
    if gauge.appeared:
        parts.append(f"{gauge.appeared} medians are there in one run only")
    if gauge.stages[0] != gauge.stages[1]:
        was, now = (STAGE_WORDS[stage]["en"] for stage in gauge.stages)
        parts.append(f"stage {was} before, {now} after")
    return f"{gauge.station}: {'; '.join(parts)}."
