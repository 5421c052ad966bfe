"""Whatever the Environment Agency or Open-Meteo may send: readings and sentences, or our errors.

MULGIL_FUZZ_CASES sets how many answers are made up for each parser.
"""

import json
import os
from collections.abc import Callable
from copy import deepcopy
from math import isfinite, isinf
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import SourceError
from data.reading import UNITS, Parsed, Reading
from data.schema import Flag
from data.sources import (
    environment_agency,
    environment_agency_floods,
    environment_agency_sites,
    open_meteo,
    open_meteo_past,
)
from data.sources.asking import Answer, Spot, Wanted

FIXTURES = Path(__file__).parent / "fixtures"
fuzz = settings(
    max_examples=int(os.environ.get("MULGIL_FUZZ_CASES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
STAGE, BELOW = "X100-level-stage-i-15_min-mASD", "X100-level-downstage-i-15_min-mASD"
IDS = ("X100", BELOW, "X200", "X300", "X400", "X500", "X600")
SEOUL, HILLS = Spot("seoul", 37.5665, 126.978), Spot("hills", 37.6, 128.57)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
extreme = st.sampled_from(
    [
        10**400,
        -(10**30),
        1e308,
        -999,
        "-999",
        "---",
        " ",
        "1e5",
        "\ud800",
        [],
        {},
        [1, 2],
        [1.5],
        {"error": True},
        [[[]]],
    ]
)
odd = anything | extreme
times = st.sampled_from(
    [
        "2026-07-20T03:45:00Z",
        "2026-07-20T03:30:00Z",
        "2026-07-20T03:00",
        "2026-07-20T24:00",
        "2026-07-20T04:45:00+01:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:00Z",
        "1900-01-01T00:00",
        "2026-02-30T00:00",
    ]
)
names = st.sampled_from(
    [
        STAGE,
        BELOW,
        "X200-level-stage-i-15_min-mAOD",
        "X200-level-stage-Mean-1_h-mm",
        "X300-level-groundwater-i-1_h-mBDAT",
        "X400-flow--i-15_min-Ml_d",
        "X500-rainfall-tipping_bucket_raingauge-t-15_min-mm",
        "X600-level-stage-i-15_min----",
        "-level-stage-i-15_min-m",
        "X-level-----",
    ]
)


def mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return what is usual eleven times out of twelve, else anything."""
    return st.integers(0, 11).flatmap(lambda dice: usual if dice else odd)


def shaped(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return objects of this shape, with a field missing and others wrong at random."""
    whole = st.fixed_dictionaries({name: mostly(value) for name, value in fields.items()})
    lost = st.sampled_from([*fields, *[""] * 3 * len(fields)])
    return mostly(
        st.tuples(whole, lost).map(
            lambda made: {name: value for name, value in made[0].items() if name != made[1]}
        )
    )


def written(body: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    return body.map(lambda value: json.dumps(value).encode())


@st.composite
def mutated(draw: st.DrawFn, folder: str) -> bytes:
    """Return a saved answer with some bytes changed, removed, repeated, or cut off."""
    paths = sorted((FIXTURES / folder).iterdir())
    body = bytearray(draw(st.sampled_from(paths)).read_bytes())
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, max(len(body) - 1, 0)))
        to = at + draw(st.integers(0, 40))
        piece = draw(
            st.binary(max_size=6)
            | st.sampled_from(
                [b"null", b"[]", b"{}", b'"x"', b"-1", b"1e999", b"NaN", bytes(body[at:to]) * 2]
            )
        )
        body[at:to] = piece
    return bytes(body[: draw(st.integers(0, len(body)) | st.just(len(body)))])


@st.composite
def replaced(draw: st.DrawFn, folder: str) -> bytes:
    """Return a saved answer in which some values are something else."""
    paths = sorted(path for path in (FIXTURES / folder).iterdir() if path.suffix == ".json")
    root = [json.loads(draw(st.sampled_from(paths)).read_bytes())]
    for _ in range(draw(st.integers(1, 4))):
        node: Any = root
        key: Any = 0
        while isinstance(node[key], (dict, list)) and node[key] and draw(st.integers(0, 11)):
            node = node[key]
            inside = list(node) if isinstance(node, dict) else range(len(node))
            key = draw(st.sampled_from(inside))
        node[key] = deepcopy(draw(odd | times | names))  # a sample is shared, and changed later
    return json.dumps(root[0]).encode()


measure = shaped(
    **{
        "@id": names,
        "latestReading": shaped(dateTime=times, value=st.floats(-5, 50), measure=names),
    }
)
reading = shaped(dateTime=times, measure=names | measure, value=st.floats(-5, 50))
station = shaped(
    notation=st.sampled_from(IDS),
    label=st.text(max_size=5),
    measures=st.lists(names | measure, max_size=3) | measure,
    lat=st.floats(-99, 99),
    long=st.floats(-200, 200),
    stageScale=shaped(datum=st.floats(0, 50)),
    status=st.text(max_size=20),
    town=st.lists(scalars, max_size=2),
)
flood = shaped(
    **{
        "@id": st.just("/floods/1"),
        "floodArea": shaped(**{"@id": st.text(max_size=5), "county": scalars}),
        "severity": st.sampled_from(["Flood alert", ""]),
        "severityLevel": st.integers(-1, 5),
        "timeRaised": times,
        "isTidal": scalars,
    }
)
items = st.lists(reading | station | flood, max_size=6) | reading | station | flood
envelope = shaped(meta=shaped(limit=st.integers(0, 5)), items=items)
ea_bodies = st.binary(max_size=80) | written(envelope) | mutated("ea") | replaced("ea")

hours = st.sampled_from([f"2026-07-20T0{hour}:00" for hour in range(6)]) | times


def three(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(mostly(values), min_size=3, max_size=3)


hourly = shaped(
    time=three(hours),
    precipitation=three(st.floats(-5, 50)),
    precipitation_previous_day1=three(st.floats(0, 50)),
    precipitation_previous_day2=three(st.none() | st.floats(0, 50)),
)
units = st.just(
    dict.fromkeys(
        ("precipitation", "precipitation_previous_day1", "precipitation_previous_day2"), "mm"
    )
)
zones = st.sampled_from(
    [*["GMT"] * 24, "UTC", "Asia/Seoul", "Europe/London", "../x", "", "\x00", "A" * 300, "America"]
)
cell = shaped(
    latitude=st.just(37.55),
    longitude=st.just(127.0),
    utc_offset_seconds=st.sampled_from([*[0] * 12, 32400, 10**30]),
    timezone=zones,
    hourly=hourly,
    hourly_units=units,
    location_id=st.just(0),
)
refusal = shaped(
    error=st.just(True),
    reason=st.sampled_from(
        ["Minutely API request limit", "Daily API request limit", "for this location"]
    ),
)
om_bodies = (
    st.binary(max_size=80)
    | written(st.lists(cell, max_size=3) | cell | refusal)
    | mutated("openmeteo")
    | replaced("openmeteo")
)
statuses = st.sampled_from([*[200] * 12, 400, 404, 429, 503])
replays = st.sampled_from(["", "SIMULATED"])


def answer(source: str, what: str, body: bytes, status: int, replayed: str = "") -> Answer:
    url = "https://x/v1/forecast?run=2026-07-19T12:00"
    now = np.datetime64("2026-07-20T02:00", "ns")
    return Answer(source, what, url, body, now, status, replayed=replayed)


def wanted(variable: str, *spots: Spot) -> Wanted:
    span = np.array(["2026-07-19T12:00", "2026-07-20T12:00"], dtype="datetime64[ns]")
    return Wanted(variable, spots, span[0], span[1])


def told(error: SourceError) -> None:
    """Check that an error says what is wrong and what to do, in words that any file can hold."""
    assert error.problem
    assert error.remedy
    str(error).encode()


def sane(parse: Callable[[Answer, Wanted], Parsed], answer: Answer, wanted: Wanted) -> None:
    """Check that a parser gives what its promise allows, whatever the bytes."""
    try:
        parsed = parse(answer, wanted)
    except SourceError as error:
        told(error)
        return
    for one in parsed.readings:
        assert isinstance(one, Reading)
        assert one.variable in UNITS
        assert one.variable == wanted.variable
        assert one.site in {spot.id for spot in wanted.spots}
        assert isinstance(one.flag, Flag)
        assert isfinite(one.value) == (one.flag is Flag.GOOD)
        assert not isinf(one.value)
        assert one.time.dtype == np.dtype("datetime64[ns]")
        assert one.time <= wanted.until
        assert wanted.since <= one.time or answer.what.startswith("latest")
        assert one.received.dtype == np.dtype("datetime64[ns]")
        assert not ("rain" in one.variable and one.value < 0)
        (one.raw + one.datum).encode()
    keys = [(one.site, str(one.time), str(one.received)) for one in parsed.readings]
    assert len(keys) == len(set(keys))
    for text in parsed.complaints:
        assert text.strip()
        assert "\n" not in text
        text.encode()


@fuzz
@given(
    ea_bodies,
    statuses,
    st.sampled_from(["water_level", "discharge", "rainfall"]),
    st.sampled_from(["latest-level", "readings-X100"]),
)
def test_levels_of_any_answer_are_sane(body: bytes, status: int, variable: str, what: str) -> None:
    asked = wanted(variable, *map(Spot, IDS))
    given_ = answer("environment_agency", what, body, status)
    sane(environment_agency.parse, given_, asked)


@fuzz
@given(ea_bodies)
def test_stations_of_any_answer_are_sane(body: bytes) -> None:
    try:
        listed = environment_agency_sites.sites(answer("environment_agency", "stations", body, 200))
    except SourceError as error:
        told(error)
        return
    for site in listed.sites:
        assert site.id
        assert site.kind in UNITS
        assert isfinite(site.latitude) == isfinite(site.longitude)
        assert not isinf(site.gauge_zero)
        "".join((site.id, site.name, site.river, *site.notes)).encode()
    "".join(listed.complaints).encode()


@fuzz
@given(ea_bodies)
def test_floods_of_any_answer_are_sane(body: bytes) -> None:
    try:
        listed = environment_agency_floods.floods(answer("environment_agency", "floods", body, 200))
    except SourceError as error:
        told(error)
        return
    for one in listed.floods:
        assert one.id
        assert one.level in range(5)
        assert one.raised.dtype == np.dtype("datetime64[ns]")
        "".join((one.id, one.area, one.severity, one.message, one.river, *one.notes)).encode()
    "".join(listed.complaints).encode()


@fuzz
@given(om_bodies, statuses, st.sampled_from(["rainfall", "rainfall_forecast"]), replays)
def test_rain_of_any_answer_is_sane(body: bytes, status: int, variable: str, replayed: str) -> None:
    for spots in ((SEOUL,), (SEOUL, HILLS)):
        asked = wanted(variable, *spots)
        given_ = answer("open_meteo", "rain", body, status, replayed)
        sane(open_meteo.parse, given_, asked)


@fuzz
@given(om_bodies, statuses, replays)
def test_earlier_forecasts_of_any_answer_are_sane(body: bytes, status: int, replayed: str) -> None:
    asked = wanted("rainfall_forecast", SEOUL)
    given_ = answer("open_meteo", "previous-runs", body, status, replayed)
    sane(open_meteo_past.parse_previous_runs, given_, asked)


@fuzz
@given(om_bodies, statuses, replays)
def test_a_single_run_of_any_answer_is_sane(body: bytes, status: int, replayed: str) -> None:
    asked = wanted("rainfall_forecast", SEOUL)
    given_ = answer("open_meteo", "run", body, status, replayed)
    sane(open_meteo_past.parse_single_run, given_, asked)
