"""Any bytes that HRFCO may send give readings or an error of ours, and never a wrong number."""

import json
import os
from math import isnan
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import SourceError
from data.reading import Parsed
from data.schema import Flag
from data.sources import hrfco
from data.sources.asking import Answer, Spot, Wanted
from data.sources.hrfco_facts import LIMITS, RAIN, RESOURCES, STEPS

CASES = settings(max_examples=int(os.environ.get("MULGIL_FUZZ_CASES", "60")), deadline=None)
BODIES = [
    path.read_bytes() for path in sorted((Path(__file__).parent / "fixtures" / "hrfco").iterdir())
]
NOW = np.datetime64("2026-08-01T05:00", "ns")
VARIABLES = sorted({name for each in RESOURCES.values() for name in each.fields})
FIELDS = ["wlobscd", "rfobscd", "dmobscd", "boobscd", "ymdhm", "wl", "fw", "rf", "swl", "inf"]
FIELDS += ["tototf", "obsnm", "lon", "lat", "gdt", "attwl", "almwl", "kind", "ancdt", "sttnm"]

texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from([" ", "", "-99", "0", "2000001", "202608010900", "2026080109", "20260731"]),
    st.sampled_from(
        ["202602300000", "202608012400", "999912312359", "126-57-34", "1e999", "\ud800"]
    ),
    st.floats().map(str),
    st.floats(-12, 110).map("{:.2f}".format),
    st.integers().map(str),
)
values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts, st.lists(st.none()))
rows = st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text(max_size=4)), values, max_size=12)
full = st.fixed_dictionaries(dict.fromkeys(FIELDS, values))
codes = st.sampled_from(["2000001", " 2000001 ", "2000210", "2000801", "99999999"])
times = st.sampled_from(["202608010900", "202607311400", "202607312400", "2026080109", "20260730"])
likely = st.lists(
    st.fixed_dictionaries(
        dict.fromkeys(FIELDS, values) | dict.fromkeys(FIELDS[:4], codes) | {"ymdhm": times},
    ),
    min_size=1,
    max_size=6,
)
unlikely = st.lists(st.one_of(values, rows, full, likely.map(lambda some: some[0])), max_size=5)
contents = st.one_of(values, unlikely)
answers = st.one_of(
    st.fixed_dictionaries({"content": contents}, optional={"code": values, "message": values}),
    st.fixed_dictionaries({"code": st.sampled_from(["200", "900", "990", 500])}),
    rows,
    contents,
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return a fixture in which a piece was cut, replaced or doubled."""
    body = draw(st.sampled_from(BODIES))
    first = draw(st.integers(0, len(body)))
    last = draw(st.integers(first, min(len(body), first + 40)))
    piece = draw(st.one_of(st.binary(max_size=8), st.just(body[first:last] * 2)))
    return body[:first] + piece + (body[last:] if draw(st.booleans()) else b"")


@st.composite
def marked_up(draw: st.DrawFn) -> bytes:
    """Return XML of the right shape with any text in it, well formed or not."""
    cells = draw(st.lists(st.tuples(st.sampled_from(FIELDS), texts), max_size=8))
    inner = "".join(f"<{name}>{cell}</{name}>" for name, cell in cells)
    whole = f"<entities><content><Row>{inner}</Row></content></entities>"
    return whole.encode("utf-8", errors="replace")


bodies = st.one_of(
    st.binary(max_size=200),
    mutated(),
    marked_up(),
    answers.map(lambda told: json.dumps(told).encode()),
    likely.map(lambda some: json.dumps({"content": some}).encode()),
)


def answer(body: bytes) -> Answer:
    return Answer("hrfco", "waterlevel-list-10M", "", body, NOW)


@CASES
@given(bodies, st.sampled_from(VARIABLES), st.sampled_from(sorted(STEPS)), st.booleans())
def test_any_bytes_give_readings_that_can_be_or_an_error(
    body: bytes, variable: str, step: str, everyone: bool
) -> None:
    spots = () if everyone else (Spot("2000001"), Spot("2000210"), Spot("bo-2000801"))
    since = np.datetime64("2026-07-01", "ns")
    wanted = Wanted(variable, spots, since, NOW, STEPS[step])
    try:
        parsed = hrfco.parse(answer(body), wanted)
    except SourceError as error:
        error.problem.encode()
        return
    assert isinstance(parsed, Parsed)
    limits = RAIN[step] if variable == "rainfall" else LIMITS[variable]
    for reading in parsed.readings:
        assert isnan(reading.value) == (reading.flag != Flag.GOOD)
        assert isnan(reading.value) or limits.lowest <= reading.value <= limits.highest
        assert reading.value != 0 or float(reading.raw) == 0  # nothing but a zero becomes 0
        assert since <= reading.time <= NOW
        assert everyone or reading.site in {spot.id for spot in spots}
        reading.raw.encode()
    " ".join(parsed.complaints).encode()


@CASES
@given(bodies, st.sampled_from(sorted(RESOURCES)))
def test_any_bytes_give_stations_that_can_be_or_an_error(body: bytes, resource: str) -> None:
    try:
        found = hrfco.parse_sites(answer(body), resource)
    except SourceError:
        return
    for site in found:
        assert isnan(site.latitude) == isnan(site.longitude)
        assert isnan(site.latitude) or 32 < site.latitude < 40
        assert 0 not in (site.attention, site.watch, site.warning, site.severe)
        repr(site).encode()


@CASES
@given(bodies)
def test_any_bytes_give_reports_or_an_error(body: bytes) -> None:
    try:
        found = hrfco.parse_flood_reports(answer(body))
    except SourceError:
        return
    for report in found:
        repr(report).encode()
