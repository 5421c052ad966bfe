"""What is asked of HRFCO, in how many calls; and the key, which nobody may see."""

import datetime
import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.schema import Flag
from data.sources import hrfco
from data.sources.asking import Access, Manners, Spot, Wanted
from data.sources.hrfco_asking import planned

KEY = "0F3AC0DE-1111-2222-3333-SECRETSECRET"
HASTY = Manners(timeout=2, tries=2, first_wait=0.001, longest_wait=0.01)
TEN, HOUR, DAY = (np.timedelta64(m, "m") for m in (10, 60, 1440))
NOW = np.datetime64("2026-08-01T01:03", "ns")  # 10:03 KST
Reply = Callable[[BaseHTTPRequestHandler], None]


def wanted(
    since: str, until: str, ids: int = 1, step: np.timedelta64 = TEN, variable: str = "water_level"
) -> Wanted:
    """Ask for 2000001, 2000002 ..; times are UTC."""
    spots = tuple(Spot(str(2000001 + number)) for number in range(ids))
    first, last = (np.datetime64(f"2026-08-{time}", "ns") for time in (since, until))
    return Wanted(variable, spots, first, last, step)


def paths(asked: Wanted, now: np.datetime64 = NOW) -> list[str]:
    return list(planned(asked, now))


def test_a_period_is_asked_in_kst_both_ends_included() -> None:
    assert paths(wanted("01T00:00", "01T01:00")) == [
        "waterlevel/list/10M/2000001/202608010900/202608011000"
    ]
    assert paths(wanted("01T00:01", "01T00:59")) == [
        "waterlevel/list/10M/2000001/202608010910/202608010950"
    ]


@pytest.mark.parametrize(
    ("step", "path"),
    [
        (10, "10M/2000001/202608010900/202608020900"),
        (60, "1H/2000001/2026080109/2026080209"),
        (1440, "1D/2000001/20260801/20260801"),  # the one day that ends within
        (180, "1H/2000001/2026080109/2026080209"),  # of several that fit, the longest
        (30, "10M/2000001/202608010900/202608020900"),
        (5, "10M/2000001/202608010900/202608020900"),  # none shorter is offered
    ],
)
def test_the_spacing_is_the_longest_that_fills_the_step(step: int, path: str) -> None:
    asked = wanted("01T00:00", "02T00:00", step=np.timedelta64(step, "m"))
    assert paths(asked) == [f"waterlevel/list/{path}"]


def test_the_newest_step_of_several_stations_is_one_call() -> None:
    assert paths(wanted("01T01:00", "01T01:00", ids=2)) == ["waterlevel/list/10M"]
    assert paths(wanted("01T00:40", "01T01:00", ids=20)) == ["waterlevel/list/10M"]
    assert paths(wanted("01T01:00", "01T01:00", ids=2, step=HOUR)) == ["waterlevel/list/1H"]


def test_a_longer_or_older_span_and_days_are_asked_station_by_station() -> None:
    assert len(paths(wanted("01T00:30", "01T01:00", ids=20))) == 20  # four steps
    assert len(paths(wanted("01T00:40", "01T01:00", ids=19))) == 19  # few stations
    assert len(paths(wanted("01T00:00", "01T00:00", ids=2))) == 2  # an hour ago
    assert len(paths(wanted("01T15:00", "01T15:00", ids=2, step=DAY), NOW + DAY)) == 2


def test_no_call_spans_more_than_15_days_of_10m_or_a_year_of_1h() -> None:
    since, until = (np.datetime64(f"{year}-01-01", "ns") for year in (2024, 2026))
    years = Wanted("rainfall", (Spot("1"),), since, until)
    for step, form, longest in ((TEN, "%Y%m%d%H%M", 15), (HOUR, "%Y%m%d%H", 365)):
        spans = [
            [
                datetime.datetime.strptime(t, form).replace(tzinfo=datetime.UTC)
                for t in p.split("/")[-2:]
            ]
            for p in paths(replace(years, step=step))
        ]
        assert all(end - begin <= datetime.timedelta(longest) for begin, end in spans)
        gap = datetime.timedelta(minutes=step.astype(int).item())
        assert all(b[0] - a[1] == gap for a, b in pairwise(spans))
        assert spans[0][0].isoformat()[:16] == "2024-01-01T09:00"
        assert spans[-1][1].isoformat()[:16] == "2026-01-01T09:00"


def test_dams_and_weirs_are_asked_apart() -> None:
    spots = (Spot("2000210"), Spot("bo-2000801"))
    asked = replace(wanted("01T00:00", "01T01:00", variable="dam_release"), spots=spots)
    assert paths(asked) == [
        "dam/list/10M/2000210/202608010900/202608011000",
        "bo/list/10M/2000801/202608010900/202608011000",
    ]


def test_what_cannot_be_asked_says_why() -> None:
    with pytest.raises(SourceError, match="HRFCO has no 'tide'"):
        paths(wanted("01T00:00", "01T01:00", variable="tide"))
    with pytest.raises(SourceError, match=r"'\.\./x' is no code of an HRFCO station"):
        paths(replace(wanted("01T00:00", "01T01:00"), spots=(Spot("../x"),)))
    with pytest.raises(SourceError, match="is no code"):
        paths(replace(wanted("01T00:00", "01T01:00"), spots=(Spot("bo-2000801"),)))
    with pytest.raises(SourceError, match="No 10M step ends within"):
        paths(wanted("01T00:01", "01T00:09"))
    with pytest.raises(SourceError, match="key is missing"):
        list(hrfco.ask(Access("http://127.0.0.1:9"), wanted("01T00:00", "01T01:00")))
    with pytest.raises(SourceError, match="No station is named"):
        hrfco.levels(Access("http://127.0.0.1:9", KEY), [], "2026-08-01", "2026-08-02")


class Handler(BaseHTTPRequestHandler):
    replies: list[Reply]
    seen: list[str]

    def do_GET(self) -> None:
        number = len(self.seen)
        self.seen.append(self.path)
        self.replies[min(number, len(self.replies) - 1)](self)

    def log_message(self, *args: object) -> None:
        pass


Served = tuple[Access, type[Handler]]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(hrfco, "PAUSE", 0)
    handler = type("OneTest", (Handler,), {"replies": [], "seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield Access(f"http://127.0.0.1:{server.server_port}", KEY, HASTY), handler
    server.shutdown()
    server.server_close()


def say(body: str, status: int = 200) -> Reply:
    def reply(to: BaseHTTPRequestHandler) -> None:
        raw = body.replace("{KEY}", KEY).replace("{key}", KEY.lower()).encode()
        to.send_response(status)
        to.send_header("Content-Length", str(len(raw)))
        to.end_headers()
        to.wfile.write(raw)

    return reply


def rows(code: str, *clocks: str, **values: str) -> str:
    content = [
        {code.split("=")[0]: code.split("=")[1], "ymdhm": f"20260801{c}"} | values for c in clocks
    ]
    return json.dumps({"links": [], "content": content})


LEVELS = ["2000001", "2000002", "2000003"]
SINCE, UNTIL = "2026-08-01T00:00", "2026-08-01T01:00"


def test_the_key_is_the_first_part_of_the_path_and_not_of_the_answer(served: Served) -> None:
    access, handler = served
    handler.replies = [say('{"echo":["{KEY}","{key}"],"content":[]}')]
    (answer,) = hrfco.ask(access, wanted("01T00:00", "01T01:00"))
    path = "waterlevel/list/10M/2000001/202608010900/202608011000"
    assert handler.seen == [f"/{KEY}/{path}.json"]
    assert answer.what == path.replace("/", "-")
    assert answer.url.endswith(f"/…/{path}.json")
    assert KEY not in repr(answer) + answer.body.decode()
    assert '"echo":["…","…"]' in answer.body.decode()


FAILURES = [
    say("{KEY} is busy", 503),
    say("no such page: /{KEY}/waterlevel", 404),
    say("{KEY}", 403),
    say('{"code":"900","message":"{KEY} 인증키가 유효하지 않습니다."}'),
    say('{"code":"999","message":"{KEY}"}'),
    say('{"{KEY}":[]}'),
    say('{"content":[{"{KEY}":1}]}'),
    say('{"content":["{KEY}"]}'),
    say("<html>{KEY}</html>"),
    say("{KEY}"),
    say('{"content":[{"{KEY}'),
    say("<{KEY}>x</b>"),
    lambda to: to.close_connection,  # hangs up without a word
]


@pytest.mark.parametrize("reply", FAILURES)
def test_the_key_is_in_no_error_and_no_log(
    served: Served, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    access, handler = served
    handler.replies = [reply]
    caplog.set_level(logging.DEBUG)
    for call in (
        lambda: hrfco.levels(access, ["2000001"], SINCE, UNTIL),
        lambda: hrfco.sites(access, "waterlevel"),
        lambda: hrfco.flood_reports(access, datetime.date(2026, 8, 1)),
    ):
        with pytest.raises(SourceError) as caught:
            call()
        shown = "".join(traceback.format_exception(caught.value))
        assert "SECRET" not in shown + repr(caught.value) + caplog.text + repr(access)


def test_an_unreachable_server_does_not_show_the_key() -> None:
    access = Access("http://127.0.0.1:9", KEY, HASTY)
    with pytest.raises(SourceUnavailable) as caught:
        hrfco.latest(access, "rainfall")
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("key", ["", " ", f"{KEY}\n", f"a/{KEY}"])
def test_a_key_that_is_none_is_refused_unseen(key: str) -> None:
    with pytest.raises(SourceError, match="key is missing, or has signs") as caught:
        hrfco.sites(Access("http://127.0.0.1:9", key), "dam")
    assert "SECRET" not in str(caught.value)


def test_a_station_that_fails_does_not_keep_the_others_from_being_asked(served: Served) -> None:
    access, handler = served
    good = [say(rows(f"wlobscd={code}", "0900", wl="1.5", fw=" ")) for code in LEVELS]
    handler.replies = [good[0], say("", 404), good[2]]
    answers = hrfco.ask(access, wanted("01T00:00", "01T01:00", ids=3))
    assert [next(answers).what.split("-")[3] for _ in range(2)] == ["2000001", "2000003"]
    with pytest.raises(SourceError, match="HTTP 404"):
        next(answers)


def test_a_provider_that_is_down_is_left_alone_after_three_requests(served: Served) -> None:
    access, handler = served
    handler.replies = [say("", 503)]
    with pytest.raises(SourceUnavailable, match="3 requests failed, the first: hrfco, waterlevel"):
        list(hrfco.ask(access, wanted("01T00:00", "01T01:00", ids=9)))
    assert len(handler.seen) == 3 * HASTY.tries


def test_a_refused_key_is_not_tried_on_the_other_stations(served: Served) -> None:
    access, handler = served
    handler.replies = [say('{"code":"942","message":"차단된 인증키입니다."}')]
    with pytest.raises(SourceError, match="code 942, the key is blocked"):
        hrfco.levels(access, LEVELS, SINCE, UNTIL)
    assert len(handler.seen) == 1


def test_levels_brings_levels_and_discharges_and_a_gap_is_a_complaint(served: Served) -> None:
    access, handler = served
    handler.replies = [
        say(rows("wlobscd=2000001", "0900", "1000", wl="1.5", fw="20")),
        say('{"code":"990","message":"검색된 자료가 없습니다."}'),
    ]
    parsed = hrfco.levels(access, LEVELS[:2], SINCE, np.datetime64(UNTIL))
    assert [(r.variable, r.value) for r in parsed.readings] == [
        ("water_level", 1.5),
        ("water_level", 1.5),
        ("discharge", 20.0),
        ("discharge", 20.0),
    ]
    assert len(parsed.complaints) == 1
    assert "waterlevel-list-10M-2000002-202608010900" in parsed.complaints[0]
    assert "code 990, a gap" in parsed.complaints[0]


def test_rain_dams_and_weirs_are_asked_by_their_codes(served: Served) -> None:
    access, handler = served
    flows = {"swl": "100", "inf": "5", "tototf": " "}
    handler.replies = [
        say(rows("rfobscd=7", "09", rf="3.5")),
        say(rows("dmobscd=8", "0900", **flows)),
        say(rows("boobscd=9", "0900", **flows)),
    ]
    rain = hrfco.rainfall(access, ["7"], SINCE, UNTIL, HOUR)
    assert [(r.site, r.value) for r in rain.readings] == [("7", 3.5)]
    for parsed, site in (
        (hrfco.dams(access, ["8"], SINCE, UNTIL), "8"),
        (hrfco.weirs(access, ["9"], SINCE, UNTIL), "bo-9"),
    ):
        assert [(r.site, r.variable, r.flag) for r in parsed.readings] == [
            (site, "dam_level", Flag.GOOD),
            (site, "dam_inflow", Flag.GOOD),
            (site, "dam_release", Flag.NOT_REPORTED),
        ]
    assert [path.split("/", 2)[2] for path in handler.seen] == [
        "rainfall/list/1H/7/2026080109/2026080110.json",
        "dam/list/10M/8/202608010900/202608011000.json",
        "bo/list/10M/9/202608010900/202608011000.json",
    ]


def test_latest_sites_and_reports_are_one_call_each(served: Served) -> None:
    access, handler = served
    now = np.datetime64(datetime.datetime.now(datetime.UTC).replace(tzinfo=None), "m")
    clock = str(now + np.timedelta64(9, "h")).translate({ord(sign): None for sign in "-T:"})
    site = '{"content":[{"dmobscd":"8","obsnm":"댐","lat":"37-00-00","lon":"127-00-00"}]}'
    handler.replies = [
        say(json.dumps({"content": [{"rfobscd": "7", "ymdhm": clock, "rf": 0.5}]})),
        say(site),
        say('{"code":"990"}'),
        say('{"code":"990"}'),
    ]
    assert [r.value for r in hrfco.latest(access, "rainfall").readings] == [0.5]
    assert [s.id for s in hrfco.sites(access, "dam")] == ["8"]
    assert hrfco.flood_reports(access) == ()
    assert hrfco.flood_reports(access, datetime.date(2026, 8, 1)) == ()
    assert [path.removeprefix(f"/{KEY}/") for path in handler.seen] == [
        "rainfall/list/10M.json",
        "dam/info.json",
        "fldfct/list.json",
        "fldfct/list/20260801.json",
    ]
