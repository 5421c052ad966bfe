"""CAP 1.2 files, judged by a grammar written from the standard, and read by another's reader."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from data.stations import Stage
from maps.feeds.cap import cap
from maps.feeds.cap_codes import cap_time, codes
from maps.feeds.chains import advance
from maps.feeds.publisher import NOBODY, Publisher
from maps.feeds.warnings import Kind
from maps.view import View

etree = pytest.importorskip("lxml.etree", reason="lxml judges XML: pip install lxml")
RIVER = simulated.network(gauges=3)
GRAMMAR = Path(__file__).parent / "fixtures" / "feeds" / "cap_1_2.rng"
SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "providers" / "cap"
NS = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
HOSTILE = "<b>&\"']]>\x00\x0b\ud800\ufffe\u202e" + "긴" * 10_000
Maker = Callable[[Network], View]


def judge(text: bytes) -> str:
    """Return what the grammar finds wrong; "" for a valid file."""
    grammar = etree.RelaxNG(etree.parse(str(GRAMMAR)))
    return "" if grammar.validate(etree.fromstring(text)) else str(grammar.error_log)


def files(view: View, publisher: Publisher = NOBODY) -> list[bytes]:
    chains = advance(view, None, publisher).chains.values()
    return [cap(message, publisher) for chain in chains for message in chain.messages]


def texts(file: bytes, path: str) -> list[str]:
    found: list[Any] = etree.fromstring(file).findall(path, NS)
    return [element.text for element in found]


def test_every_alert_is_valid_cap(make_view: Maker) -> None:
    found = files(make_view(RIVER))
    assert len(found) == 3
    assert [judge(file) for file in found] == [""] * 3


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"no sample CAP files at {SAMPLES}")
@pytest.mark.parametrize(
    "sample", ["alert_ko_en", "update_ko_en", "BAD_sent_Z", "BAD_missing_urgency"]
)
def test_the_grammar_tells_good_files_of_others_from_bad_ones(sample: str) -> None:
    wrong = judge((SAMPLES / f"cap_{sample}.xml").read_bytes())
    assert bool(wrong) == sample.startswith("BAD")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"+09:00</sent>", b"Z</sent>"),
        (b":00+09:00</sent>", b":00.5+09:00</sent>"),
        (b"<msgType>Alert", b"<msgType>Update"),  # without references
        (b"<scope>Public</scope>", b""),
        (b"<urgency>Future", b"<urgency>Soon"),
        (b"<circle>", b"<circle>x"),
        (b"simulated.S1", b"simulated, S1"),
    ],
)
def test_the_grammar_rejects_what_the_standard_forbids(
    make_view: Maker, old: bytes, new: bytes
) -> None:
    good = files(make_view(RIVER))[0]
    assert old in good
    assert judge(good.replace(old, new, 1))


def test_each_language_has_its_own_info(make_view: Maker) -> None:
    file = files(make_view(RIVER))[0]
    assert texts(file, "c:info/c:language") == ["ko-KR", "en-US"]
    assert texts(file, "c:info/c:headline") == [
        "[모의] 모의 1: 심각 수위 예상",
        "[SIMULATED] Simulated 1: severe level expected",
    ]
    assert texts(file, "c:status") == ["Test"]
    for path in ("c:info/c:description", "c:note"):
        assert all("모의" in text or "SIMULATED" in text for text in texts(file, path))
    assert "공식 홍수특보가 아닙니다" in texts(file, "c:info/c:description")[0]


def test_the_circle_has_its_latitude_first(make_view: Maker) -> None:
    assert texts(files(make_view(RIVER))[0], "c:info/c:area/c:circle")[0] == "37.45000,127.40000 2"


def test_no_message_expires_before_what_it_tells_of_begins(make_view: Maker) -> None:
    for file in files(make_view(RIVER)):
        times = {n: texts(file, f"c:info/c:{n}")[0] for n in ("effective", "onset", "expires")}
        assert times["effective"] < times["onset"] < times["expires"]
    severe = files(make_view(RIVER))[0]
    assert texts(severe, "c:info/c:onset")[0] == "2020-07-02T07:00:00+09:00"  # 22 h after 09:00
    assert texts(severe, "c:info/c:expires")[0] == "2020-07-02T19:00:00+09:00"  # 12 h later


def test_times_have_an_offset_and_neither_z_nor_fraction(make_view: Maker) -> None:
    view = make_view(RIVER)
    time = np.datetime64("2020-07-01T00:00:59.987", "ns")
    assert cap_time(time, view.zone) == "2020-07-01T09:00:59+09:00"
    afar = replace(RIVER, stations=tuple(replace(s, longitude=0.0) for s in RIVER.stations))
    assert cap_time(time, make_view(afar).zone) == "2020-07-01T00:00:59-00:00"


def test_stages_have_the_words_of_cap() -> None:
    far = np.timedelta64(24, "h")
    words = [codes(Kind.RAISED, s, False, False, far)[:3] for s in list(Stage)[2:]]
    assert words == [
        ("Future", "Minor", "Possible"),
        ("Future", "Moderate", "Likely"),
        ("Future", "Severe", "Likely"),
        ("Future", "Extreme", "Likely"),
    ]
    there = codes(Kind.RAISED, Stage.SEVERE, observed=True, lost=False, ahead=far)
    assert there == ("Immediate", "Extreme", "Observed", "Avoid")


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, "Immediate"), (60, "Immediate"), (70, "Expected"), (360, "Expected"), (370, "Future")],
)
def test_urgency_follows_from_the_time_that_is_left(minutes: int, expected: str) -> None:
    ahead = np.timedelta64(minutes, "m")
    for stage in list(Stage)[2:]:
        assert codes(Kind.RAISED, stage, observed=False, lost=False, ahead=ahead)[0] == expected


def test_nothing_is_urgent_that_has_ended_and_what_is_lost_is_unknown() -> None:
    soon = np.timedelta64(10, "m")
    assert codes(Kind.ENDED, Stage.WATCH, False, False, soon)[0] == "Past"
    assert codes(Kind.LOST, Stage.WATCH, False, True, soon)[:3] == (
        "Unknown",
        "Moderate",
        "Unknown",
    )
    assert codes(Kind.RENEWED, Stage.WATCH, False, False, None)[0] == "Expected"


def test_the_file_tells_the_urgency_of_its_own_lead_time(make_view: Maker) -> None:
    severe = files(make_view(RIVER))[0]  # begins in 22 h
    assert texts(severe, "c:info/c:urgency") == ["Future", "Future"]


def test_an_address_of_the_page_is_full_or_missing(make_view: Maker) -> None:
    view = make_view(RIVER)
    assert texts(files(view)[0], "c:info/c:web") == []
    placed = files(view, Publisher(base_url="https://flood.example/"))[0]
    assert texts(placed, "c:info/c:web")[0] == "https://flood.example/simulated/gauge/S1.html"
    assert judge(placed) == ""


def test_hostile_text_stays_text_and_the_file_valid(make_view: Maker) -> None:
    stations = tuple(
        replace(s, name_ko=HOSTILE, name_en=HOSTILE, river_ko=HOSTILE) for s in RIVER.stations
    )
    for file in files(make_view(replace(RIVER, stations=stations))):
        assert judge(file) == ""
        assert all(len(line) <= 160 for line in texts(file, "c:info/c:headline"))
        assert "<b>&\"']]>" in texts(file, "c:info/c:area/c:areaDesc")[0]
        assert b"\x00" not in file
        assert "\u202e".encode() not in file


def test_another_reader_of_cap_reads_the_same(make_view: Maker) -> None:
    reason = "cap-tools, made from the XSD of OASIS, is not installed: pip install cap-tools"
    models = pytest.importorskip("cap_tools.models", reason=reason)
    parsers = pytest.importorskip("xsdata.formats.dataclass.parsers", reason=reason)
    alert = parsers.XmlParser().from_bytes(files(make_view(RIVER))[0], models.Alert)
    assert alert.identifier == "simulated.S1.20200701T0000Z.1"
    assert alert.status.value == "Test"
    assert [info.severity.value for info in alert.infos] == ["Extreme", "Extreme"]
