"""What KMA is asked for, and that its key shows nowhere: against a server on this machine."""

import json
import logging
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.reading import FORECAST_RAIN
from data.sources import kma_asos, kma_forecast, kma_hub
from data.sources.asking import Access, Manners, Spot, Wanted

PLAIN, ENCODED = "s3cr+t/key==", "s3cr%2Bt%2Fkey%3D%3D"
HASTY = Manners(timeout=2, tries=2, first_wait=0.001, longest_wait=0.01)
SEOUL, BUSAN = Spot("108", 37.5665, 126.9780), Spot("159", 35.1798, 129.0750)
NOW = np.datetime64("2026-07-01T03:00", "ns")  # 12:00 KST
LAST = "2026-07-01T01:30"  # only the newest analysis, 11:00 KST, is of a later hour
REFUSED = "<r><returnAuthMsg>{}</returnAuthMsg><returnReasonCode>{}</returnReasonCode></r>"
NO_DATA = '{"response":{"header":{"resultCode":"03","resultMsg":"NO_DATA"}}}'
Asked = dict[str, str]
Reply = Callable[[Asked], tuple[int, str]]


class Server(ThreadingHTTPServer):
    """Answers with `reply`, and remembers the addresses that were asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply: Reply = lambda asked: (200, page())
        self.paths: list[str] = []

    def access(self, key: str = PLAIN) -> Access:
        return Access(f"http://127.0.0.1:{self.server_port}", key, HASTY)

    @property
    def asked(self) -> list[Asked]:
        queries = [parse_qs(urlsplit(path).query, strict_parsing=True) for path in self.paths]
        return [{name: values[0] for name, values in query.items()} for query in queries]

    @property
    def operations(self) -> list[str]:
        return [urlsplit(path).path.rpartition("/")[2] for path in self.paths]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        status, text = self.server.reply(self.server.asked[-1])
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def page(total: int = 1) -> str:
    body = {"items": {"item": [{"category": "PCP"}]}, "totalCount": total}
    return json.dumps({"response": {"header": {"resultCode": "00"}, "body": body}})


@pytest.fixture
def server(run_server: Callable[[Server], Server]) -> Server:
    return run_server(Server())


def wanted(variable: str, *spots: Spot, since: str = "2026-07-01T00:30") -> Wanted:
    return Wanted(variable, spots, np.datetime64(since, "ns"), NOW)


def test_forecasts_are_asked_for_by_cell_the_village_first_and_each_cell_once(
    server: Server,
) -> None:
    near = Spot("near", 37.5670, 126.9790)
    ask = wanted(FORECAST_RAIN, SEOUL, near, BUSAN)
    answers = list(kma_forecast.ask(server.access(), ask, NOW))
    assert server.operations == ["getVilageFcst"] * 2 + ["getUltraSrtFcst"] * 2
    first = server.asked[0]
    assert (first["nx"], first["ny"]) == ("60", "127")
    assert (first["base_date"], first["base_time"]) == ("20260701", "1100")
    assert (first["numOfRows"], first["pageNo"], first["dataType"]) == ("1000", "1", "JSON")
    assert server.asked[2]["base_time"] == "1030"  # 11:30 is out at 12:15
    assert [a.what for a in answers][:2] == [
        "getVilageFcst-60-127-202607011100",
        "getVilageFcst-98-76-202607011100",
    ]


def test_the_analysis_is_asked_for_at_the_newest_hour(server: Server) -> None:
    list(kma_forecast.ask(server.access(), wanted("rainfall", SEOUL, since=LAST), NOW))
    assert server.operations == ["getUltraSrtNcst"]
    assert server.asked[0]["base_time"] == "1100"


def test_missed_hours_of_the_last_day_are_asked_for_too_after_the_newest_of_all_cells(
    server: Server,
) -> None:
    list(kma_forecast.ask(server.access(), wanted("rainfall", SEOUL, BUSAN), NOW))
    asked = [(each["nx"], each["base_time"]) for each in server.asked]
    assert asked == [("60", "1100"), ("98", "1100"), ("60", "1000"), ("98", "1000")]
    server.paths.clear()
    list(kma_forecast.ask(server.access(), wanted("rainfall", SEOUL, since="2026-06-01"), NOW))
    assert len(server.asked) == 24
    assert server.asked[-1]["base_date"] + server.asked[-1]["base_time"] == "202606301200"


def test_the_clock_of_this_machine_is_used_where_no_time_is_given(server: Server) -> None:
    list(kma_forecast.ask(server.access(), wanted("rainfall", SEOUL)))
    assert server.asked[0]["base_date"] >= "20250101"


def test_pages_are_asked_for_until_all_rows_have_come(server: Server) -> None:
    server.reply = lambda asked: (200, page(total=2400))
    answers = list(kma_forecast.ask(server.access(), wanted("rainfall", SEOUL, since=LAST), NOW))
    assert [asked["pageNo"] for asked in server.asked] == ["1", "2", "3"]
    assert [a.what[-7:] for a in answers[1:]] == ["-page-2", "-page-3"]


def test_a_total_that_is_never_reached_ends_with_the_first_page_without_items(
    server: Server,
) -> None:
    empty = '{"response":{"header":{"resultCode":"00"},"body":{"items":"","totalCount":9999999}}}'
    server.reply = lambda asked: (200, page(9_999_999) if asked["pageNo"] == "1" else empty)
    list(kma_forecast.ask(server.access(), wanted("rainfall", SEOUL, since=LAST), NOW))
    assert len(server.paths) == 2


def test_an_endless_total_ends_all_the_same(server: Server) -> None:
    server.reply = lambda asked: (200, page(9_999_999))
    list(kma_forecast.ask(server.access(), wanted("rainfall", SEOUL, since=LAST), NOW))
    assert len(server.paths) == 30


def test_where_the_newest_issue_is_late_the_one_before_is_asked_for(server: Server) -> None:
    server.reply = lambda asked: (200, NO_DATA if asked["base_time"] == "1100" else page())
    answers = list(kma_forecast.ask(server.access(), wanted("rainfall", SEOUL), NOW))
    assert [asked["base_time"] for asked in server.asked] == ["1100", "1000"]
    assert len(answers) == 2


@pytest.mark.parametrize(("code", "calls"), [("30", 1), ("22", 1), ("05", 2)])
def test_a_wrong_key_ends_the_asking_and_a_hiccup_of_one_cell_does_not(
    server: Server, code: str, calls: int
) -> None:
    server.reply = lambda asked: (200, REFUSED.format("X", code))
    list(kma_forecast.ask(server.access(), wanted("rainfall", SEOUL, BUSAN, since=LAST), NOW))
    assert len(server.paths) == calls


def test_without_any_place_in_the_grid_nothing_is_asked(server: Server) -> None:
    with pytest.raises(SourceError, match="none of 1 spots lies in KMA's grid") as caught:
        list(kma_forecast.ask(server.access(), wanted("rainfall", Spot("lost")), NOW))
    assert "latitude" in caught.value.remedy
    assert server.paths == []


@pytest.mark.parametrize("key", [PLAIN, ENCODED, ENCODED.replace("%", "%25")])
def test_an_encoded_key_is_not_encoded_twice(server: Server, key: str) -> None:
    list(kma_forecast.ask(server.access(key), wanted("rainfall", SEOUL, since=LAST), NOW))
    list(kma_hub.ask(server.access(key), wanted("rainfall", SEOUL)))
    list(kma_asos.ask(server.access(key), wanted("rainfall", SEOUL, since="2026-06-01"), NOW))
    keys = [asked.get("serviceKey", asked.get("authKey")) for asked in server.asked]
    assert keys == [PLAIN] * 3
    assert all(f"Key={ENCODED}" in path for path in server.paths)


def test_the_hub_is_asked_for_full_hours_in_korean_time(server: Server) -> None:
    list(kma_hub.ask(server.access(), wanted("rainfall", SEOUL)))
    assert urlsplit(server.paths[0]).path == "/api/typ01/url/kma_sfctm3.php"
    assert server.asked[0] == {
        "tm1": "202607011000",
        "tm2": "202607011200",
        "stn": "108",
        "help": "0",
        "authKey": PLAIN,
    }


def test_one_hour_is_asked_for_with_the_smaller_call(server: Server) -> None:
    (answer,) = kma_hub.ask(server.access(), wanted("rainfall", SEOUL, since="2026-07-01T02:10"))
    assert server.operations == ["kma_sfctm2.php"]
    assert server.asked[0]["tm"] == "202607011200"
    assert answer.what == "kma_sfctm2-202607011200-108"


def test_between_two_full_hours_there_is_nothing_to_ask(server: Server) -> None:
    span = (np.datetime64("2026-07-01T02:10", "ns"), np.datetime64("2026-07-01T02:50", "ns"))
    assert list(kma_hub.ask(server.access(), Wanted("rainfall", (SEOUL,), *span))) == []


def test_a_long_span_is_asked_for_31_days_at_a_time(server: Server) -> None:
    list(kma_hub.ask(server.access(), wanted("rainfall", SEOUL, since="2026-05-01T03:00")))
    spans = [(asked.get("tm1"), asked.get("tm2")) for asked in server.asked]
    assert spans == [("202605011200", "202606011100"), ("202606011200", "202607011200")]


def test_a_few_stations_are_asked_for_one_by_one_and_many_at_once(server: Server) -> None:
    list(kma_hub.ask(server.access(), wanted("rainfall", *[Spot(str(n)) for n in range(90, 95)])))
    assert [asked["stn"] for asked in server.asked] == ["90", "91", "92", "93", "94"]
    list(kma_hub.ask(server.access(), wanted("rainfall", *[Spot(str(n)) for n in range(90, 96)])))
    assert [asked["stn"] for asked in server.asked[5:]] == ["0"]


def test_checked_hours_are_asked_for_as_far_as_they_are_out(server: Server) -> None:
    list(kma_asos.ask(server.access(), wanted("rainfall", SEOUL, since="2026-06-29T15:00"), NOW))
    asked = server.asked[0]
    assert (asked["startDt"], asked["startHh"]) == ("20260630", "00")
    assert (asked["endDt"], asked["endHh"]) == ("20260630", "23")
    assert (asked["stnIds"], asked["numOfRows"]) == ("108", "999")


def test_hours_that_are_not_out_yet_are_not_asked_for(server: Server) -> None:
    assert list(kma_asos.ask(server.access(), wanted("rainfall", SEOUL), NOW)) == []
    assert server.paths == []


@pytest.mark.parametrize("key", [PLAIN, ENCODED])
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 503])
def test_the_key_shows_nowhere_whatever_the_server_does(
    server: Server, key: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = REFUSED.format(f"{PLAIN} {ENCODED}", "30")
    server.reply = lambda asked: (status, said)
    ask, shown, later = wanted("rainfall", SEOUL, since="2026-06-01"), [], []
    for source in (kma_forecast, kma_hub, kma_asos):
        try:
            for answer in source.ask(server.access(key), ask):
                shown += [answer.url, answer.what]
                source.parse(answer, ask)
        except SourceError as error:
            shown += [str(error), repr(error), error.problem, error.remedy]
            later.append(isinstance(error, SourceUnavailable))
    shown += [record.getMessage() for record in caplog.records if "mulgil" in record.name]
    assert later == [status in {429, 503}] * 3
    assert not [text for text in shown if PLAIN in text or ENCODED in text or "s3cr" in text]


def test_another_variable_is_not_asked_for(server: Server) -> None:
    for source in (kma_forecast, kma_hub, kma_asos):
        with pytest.raises(SourceError, match="has no 'tide'"):
            list(source.ask(server.access(), wanted("tide", SEOUL)))
    assert server.paths == []
