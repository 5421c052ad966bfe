"""Whatever bytes come for KMA: readings and complaints, or one of our errors; nothing else."""

import json
import os
from math import isnan
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import SourceError
from data.reading import FORECAST_RAIN, UNITS, Parsed
from data.schema import Flag
from data.sources import kma_asos, kma_forecast, kma_hub
from data.sources.asking import Answer, Spot, Wanted

FUZZ = settings(max_examples=int(os.environ.get("MULGIL_FUZZ_CASES", "60")), deadline=None)
SAVED = [p.read_bytes() for p in sorted((Path(__file__).parent / "fixtures/kma").iterdir())]
SPOTS = (Spot("108", 37.5665, 126.9780), Spot("090", 38.2509, 128.5647), Spot("lost"))
SPAN = (np.datetime64("2026-06-25", "ns"), np.datetime64("2026-07-05", "ns"))
WORDS = [
    "강수없음",
    "1mm 미만",
    "30.0~50.0mm",
    "50.0mm 이상",
    "-999",
    "-9.0",
    "",
    "0",
    "9",
    "1e999",
]
KEYS = ["response", "header", "resultCode", "body", "items", "item", "totalCount", "category"]
KEYS += ["nx", "ny", "baseDate", "baseTime", "fcstDate", "fcstTime", "fcstValue", "obsrValue"]
KEYS += [
    "cmmMsgHeader",
    "returnReasonCode",
    "tm",
    "stnId",
    "rn",
    "rnQcflg",
    "ta",
    "result",
    "status",
]
STATUSES = st.sampled_from([200, 200, 200, 400, 401, 403])

leaf = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([*WORDS, "PCP", "RN1", "108", "00", "03", "20260701", "0900"])
)
tree = st.recursive(
    leaf,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=20,
)
odd = tree | st.sampled_from(WORDS)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return a saved answer with a few pieces cut out, doubled or overwritten."""
    body = bytearray(draw(st.sampled_from(SAVED)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, max(len(body) - 1, 0)))
        end = start + draw(st.integers(0, 40))
        body[start:end] = draw(
            st.binary(max_size=12)
            | st.just(bytes(body[start:end]) * 2)
            | st.sampled_from([w.encode() for w in [*WORDS, '"', "{", "\n", ",", "<", "#", "[]"]])
        )
    return bytes(body[: draw(st.integers(0, len(body)))] if draw(st.booleans()) else body)


@st.composite
def shaped(draw: st.DrawFn) -> bytes:
    """Return an envelope of the right shape with items that are nearly right."""
    base = {"nx": 60, "ny": 127, "baseDate": "20260701", "baseTime": "0800", "category": "PCP"}
    base |= {"fcstDate": "20260701", "fcstTime": "0900", "fcstValue": "2.0mm", "obsrValue": "1"}
    base |= {"tm": "2026-07-01 03:00", "stnId": "108", "rn": "", "rnQcflg": "", "ta": "20"}
    items = []
    for _ in range(draw(st.integers(0, 4))):
        item = base | draw(st.dictionaries(st.sampled_from(sorted(base)), odd, max_size=4))
        for name in draw(st.lists(st.sampled_from(sorted(base)), max_size=1)):
            item.pop(name)
        items.append(item)
    wrapped = draw(st.sampled_from([{"item": items}, items, *items[:1], ""]) | odd)
    body = {"items": wrapped, "totalCount": draw(odd)}
    code = draw(st.just("00") | odd)
    root = {"response": {"header": {"resultCode": code}, "body": draw(st.just(body) | odd)}}
    return json.dumps(draw(st.just(root) | tree), ensure_ascii=draw(st.booleans())).encode(
        "utf-8", "surrogatepass"
    )


@st.composite
def tabled(draw: st.DrawFn) -> bytes:
    """Return a table with or without a header whose cells are nearly right."""
    lines = SAVED[4].decode("euc-kr").split("\r\n")
    cells = st.sampled_from([*WORDS, "-", "-99.0", "=", ",", "#", "3.5"]) | st.text(max_size=8)
    made = draw(st.lists(st.sampled_from(lines), max_size=6))
    for _ in range(draw(st.integers(1, 4))):
        tokens = draw(st.sampled_from(lines[3:16])).split()
        for at in draw(st.lists(st.integers(0, 18), max_size=4)):
            tokens[min(at, len(tokens) - 1)] = draw(cells)
        joined = draw(st.sampled_from([" ", ","])).join(tokens)
        made.append(joined + draw(st.sampled_from(["", ",=", "="])))
    text = draw(st.sampled_from(["\n", "\r\n"])).join(made)
    return text.encode(draw(st.sampled_from(["utf-8", "euc-kr"])), "replace")


bodies = st.binary(max_size=400) | st.text(max_size=200).map(
    lambda text: text.encode("utf-8", "replace")
)


def judge(parsed: Parsed) -> None:
    """See that each reading keeps the promises of `data.reading`, and can be written down."""
    for reading in parsed.readings:
        assert reading.variable in UNITS
        assert reading.site in {spot.id for spot in SPOTS}
        assert SPAN[0] <= reading.time <= SPAN[1]
        assert isnan(reading.value) == (reading.flag != Flag.GOOD)
        assert isnan(reading.value) or reading.value >= 0
        reading.raw.encode()
    " ".join(parsed.complaints).encode()


def tried(body: bytes, status: int) -> None:
    """Hand a body to every parser of KMA."""
    answer = Answer("kma", "asked", "", body, SPAN[1], status)
    for parse, variable in (
        (kma_hub.parse, "rainfall"),
        (kma_asos.parse, "rainfall"),
        (kma_forecast.parse, "rainfall"),
        (kma_forecast.parse, FORECAST_RAIN),
    ):
        try:
            judge(parse(answer, Wanted(variable, SPOTS, *SPAN)))
        except SourceError as error:
            told = (error.problem, error.remedy)
        else:
            told = ("a reading", "none needed")
        assert all(told)
        " ".join(told).encode()


@FUZZ
@given(bodies, STATUSES)
def test_any_bytes_are_parsed_or_refused(body: bytes, status: int) -> None:
    tried(body, status)


@FUZZ
@given(mutated(), STATUSES)
def test_damaged_answers_are_parsed_or_refused(body: bytes, status: int) -> None:
    tried(body, status)


@FUZZ
@given(shaped(), STATUSES)
def test_envelopes_of_nearly_the_right_shape_are_parsed_or_refused(
    body: bytes, status: int
) -> None:
    tried(body, status)


@FUZZ
@given(tabled(), STATUSES)
def test_tables_of_nearly_the_right_shape_are_parsed_or_refused(body: bytes, status: int) -> None:
    tried(body, status)
