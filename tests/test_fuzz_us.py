"""Whatever bytes the American providers send: readings, or our own error; never anything else."""

import json
import os
from collections.abc import Callable
from copy import deepcopy
from math import isfinite, isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from data.errors import SourceError
from data.reading import Parsed, Site
from data.schema import Flag
from data.sources import nwps, nwps_gauges, usgs
from data.sources.asking import Answer, Spot, Wanted
from data.sources.usgs_iv import parse_iv

CASES = int(os.environ.get("MULGIL_FUZZ_CASES", "60"))
FIXTURES = Path(__file__).parent / "fixtures"
ODD = [  # what providers send where a value or a time is expected, and what breaks a naive reader
    *(None, True, "", " ", "-999999", -999, -9999, 0, "NaN", float("inf"), 10**400, "9" * 400),
    *("0001-01-01T00:00:00Z", "2031-06-01T00:00:00", "9999-12-31T23:59:59-23:59", "2031-W01-1"),
    *("Ice", ["P", "Dis"], [None], "\ud800", "1e-999999999999999999999", "٣", "1_0", "ft", "kcfs"),
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
LEAVES = st.sampled_from(ODD) | SCALARS
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every place of a structure but its root."""
    if not isinstance(node, dict | list):
        return []
    found = []
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
        found += [(*path, key), *places(inner, (*path, key))]
    return found


def change(body: Any, path: tuple[Any, ...], value: Any) -> None:
    """Put `value` at the end of `path`; where an earlier change cut the path, do nothing."""
    for key in path[:-1]:
        try:
            body = body[key]
        except (LookupError, TypeError):
            return
    if isinstance(body, dict) or (isinstance(body, list) and path[-1] in range(len(body))):
        body[path[-1]] = value


@st.composite
def structures(draw: st.DrawFn, name: str) -> bytes:
    """A fixture in which up to six places hold something else."""
    body = json.loads((FIXTURES / name).read_bytes())
    for path in draw(st.lists(st.sampled_from(places(body)), max_size=6)):
        change(body, path, deepcopy(draw(VALUES)))
    return written(body)


def written(body: Any) -> bytes:
    try:
        return json.dumps(body).encode()
    except ValueError:  # an integer too long to be written
        return b"[]"


@st.composite
def mangled(draw: st.DrawFn, name: str) -> bytes:
    """A fixture with a piece cut out and other bytes put in."""
    body = (FIXTURES / name).read_bytes()
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(start + 40, len(body))) | st.just(len(body)))
    return body[:start] + draw(st.binary(max_size=12)) + body[end:]


def bodies(name: str) -> st.SearchStrategy[bytes]:
    deep = st.sampled_from([400, 900, 5000]).map(lambda depth: b"[" * depth + b"]" * depth)
    return structures(name) | mangled(name) | st.binary(max_size=80) | VALUES.map(written) | deep


def wanted(variable: str) -> Wanted:
    spots = tuple(map(Spot, ("99000001", "MULG1")))
    first, last = (np.datetime64(year, "ns") for year in ("1700", "2200"))
    return Wanted(variable, spots, first, last)


def check_readings(parsed: Parsed) -> None:
    """A value is finite and good, or missing with a reason; nothing has no time."""
    for reading in parsed.readings:
        assert isfinite(reading.value) == (reading.flag is Flag.GOOD)
        assert isnan(reading.value) == (reading.flag is not Flag.GOOD)
        assert not np.isnat(reading.time)
        assert reading.time.dtype == "datetime64[ns]"
        assert reading.raw.encode() is not None
    assert len({(r.site, r.variable, r.time) for r in parsed.readings}) == len(parsed.readings)
    assert all(text.encode() and "\n" not in text for text in parsed.complaints)


def check_sites(found: tuple[tuple[Site, ...], tuple[str, ...]]) -> None:
    """A threshold is a number or missing, never infinite; a place is on earth or nowhere."""
    for site in found[0]:
        levels = (site.attention, site.watch, site.warning, site.severe)
        assert all(isnan(level) or (isfinite(level) and level != 0) for level in levels)
        assert isnan(site.latitude) or abs(site.latitude) <= 90
        assert site.id
        assert "".join((*site.notes, site.name, site.agency)).encode() is not None


def forecast(answer: Answer, asked: Wanted) -> Parsed:
    return nwps.parse_forecast(answer, asked).ahead


def gauges(answer: Answer, _: Wanted) -> tuple[tuple[Site, ...], tuple[str, ...]]:
    return nwps_gauges.sites(answer)


READERS: dict[str, tuple[Callable[[Answer, Wanted], Any], str, str, Callable[[Any], None]]] = {
    "usgs": (usgs.parse, "usgs/continuous.json", "continuous", check_readings),
    "usgs_iv": (parse_iv, "usgs/iv.json", "iv", check_readings),
    "nwps": (nwps.parse, "nwps/observed.json", "stageflow-observed-MULG1", check_readings),
    "forecast": (forecast, "nwps/forecast.json", "stageflow-forecast-MULG1", check_readings),
    "status": (nwps_gauges.parse_status, "nwps/gauge.json", "gauge-MULG1", check_readings),
    "sites": (gauges, "nwps/gauge.json", "gauge-MULG1", check_sites),
}


@pytest.mark.parametrize("name", list(READERS))
@settings(
    max_examples=CASES, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(data=st.data())
def test_any_bytes_give_readings_or_our_own_error(name: str, data: st.DataObject) -> None:
    read, fixture, what, check = READERS[name]
    body = data.draw(bodies(fixture))
    variable = data.draw(st.sampled_from(["water_level", "discharge", "rainfall"]))
    status = data.draw(st.sampled_from([200, 200, 200, 404, 429]))
    answer = Answer(name, what, "", body, np.datetime64("2031-06-02", "ns"), status)
    try:
        found = read(answer, wanted(variable))
    except SourceError as error:
        event(f"{name}: {type(error).__name__}")
        return
    check(found)
    event(f"{name}: read")
