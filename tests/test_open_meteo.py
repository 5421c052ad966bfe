"""Open-Meteo's answers and refusals, on two made-up places in Korea."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import isnan, nan
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.reading import Parsed
from data.schema import Flag
from data.sources import open_meteo, open_meteo_past, web
from data.sources.asking import Access, Answer, Question, Spot, Wanted
from data.sources.open_meteo import ask, parse
from data.sources.open_meteo_past import (
    ask_archive,
    ask_previous_runs,
    ask_single_run,
    parse_previous_runs,
    parse_single_run,
)

FIXTURES = Path(__file__).parent / "fixtures" / "openmeteo"
SEOUL, HILLS = Spot("seoul", 37.5665, 126.978), Spot("hills", 37.6, 128.57)
NOW = np.datetime64("2026-07-20T06:00", "ns")
HOURS = [f"2026-07-20T0{hour}:00" for hour in range(4)]


def time(text: str) -> np.datetime64:
    return np.datetime64(f"2026-07-{text}", "ns")


def wanted(*spots: Spot, variable: str = "rainfall", until: str = "20T23:00") -> Wanted:
    return Wanted(variable, spots or (SEOUL,), time("20T00:00"), time(until))


def answer(
    body: Any, status: int = 200, url: str = "https://api.open-meteo.com", **more: Any
) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer("open_meteo", "rainfall-1-places", url, raw, NOW, status, **more)


def fixture(name: str, **more: Any) -> Answer:
    return answer((FIXTURES / name).read_bytes(), **more)


def place(values: Any = (0, 1.5, 12.3, None), **more: Any) -> dict[str, Any]:
    values = list(values) if isinstance(values, tuple) else values
    return {
        "latitude": 37.55,
        "longitude": 127.0,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "hourly_units": {"precipitation": "mm"},
        "hourly": {"time": HOURS, "precipitation": values},
    } | more


def told(parsed: Parsed) -> list[tuple[str, str, float]]:
    return [(r.site, str(r.time)[8:16], r.value) for r in parsed.readings]


def test_rain_of_one_place_ends_at_its_time_and_a_null_is_not_dry() -> None:
    parsed = parse(fixture("forecast_one.json"), wanted())
    assert told(parsed)[:3] == [
        ("seoul", "20T00:00", 0.0),
        ("seoul", "20T01:00", 1.5),
        ("seoul", "20T02:00", 12.3),
    ]
    last = parsed.readings[3]
    assert isnan(last.value)
    assert (last.flag, last.raw, last.variable) == (Flag.NOT_REPORTED, "null", "rainfall")
    assert parsed.complaints == ()


def test_several_places_come_in_the_order_of_the_request() -> None:
    parsed = parse(fixture("forecast_two.json"), wanted(SEOUL, HILLS))
    assert [r.value for r in parsed.readings if r.site == "hills"] == [0.1, 0.2, 0.7, 3.0]
    url = "https://x/v1/forecast?latitude=37.5665,37.6000&longitude=126.9780,128.5700"
    turned = parse(fixture("forecast_two.json", url=url), wanted(HILLS, SEOUL))
    assert [r.value for r in turned.readings if r.site == "hills"] == [0.1, 0.2, 0.7, 3.0]


def test_a_kept_answer_finds_its_places_again_after_others_joined() -> None:
    url = "https://x/v1/forecast?latitude=37.5665&longitude=126.9780"
    parsed = parse(fixture("forecast_one.json", url=url), wanted(HILLS, SEOUL))
    assert {r.site for r in parsed.readings} == {"seoul"}


def test_two_sites_at_one_place_share_its_rain() -> None:
    twin = Spot("twin", SEOUL.latitude, SEOUL.longitude)
    parsed = parse(answer(place((1, 2, 3, 4))), wanted(SEOUL, twin))
    assert told(parsed)[:2] == [("seoul", "20T00:00", 1.0), ("twin", "20T00:00", 1.0)]


def test_another_number_of_places_is_an_error() -> None:
    with pytest.raises(SourceError, match="1 places for 2"):
        parse(fixture("forecast_one.json"), wanted(SEOUL, HILLS))


def test_a_place_that_answers_as_another_is_told() -> None:
    swapped = [place(), place(location_id=2, latitude=37.6, longitude=128.6)]
    parsed = parse(answer(swapped), wanted(SEOUL, HILLS))
    assert {r.site for r in parsed.readings} == {"seoul"}
    assert parsed.complaints == ("'hills': place 1 answers as '2'.",)


def test_a_cell_far_from_the_place_is_not_its_rain() -> None:
    near = parse(answer(place(latitude=37.5665 + 0.4)), wanted())  # 44 km
    assert len(near.readings) == 4
    far = parse(answer(place(latitude=37.5665 + 0.5)), wanted())  # 56 km
    assert far.readings == ()
    assert "the cell that answers is 56 km away, expected within 50 km" in far.complaints[0]
    lost = parse(answer(place(latitude=None)), wanted())
    assert "is nowhere" in lost.complaints[0]


def test_a_site_without_a_place_is_told_and_the_others_go_on() -> None:
    parsed = parse(
        fixture("forecast_one.json"), wanted(Spot("lost"), SEOUL, Spot("off", 95.0, 0.0))
    )
    assert {r.site for r in parsed.readings} == {"seoul"}
    assert parsed.complaints == (
        "'lost' has no place on Earth: nan, nan.",
        "'off' has no place on Earth: 95.0, 0.0.",
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hourly": None}, "its 'hourly' is 'null'"),
        ({"hourly_units": []}, "its 'hourly_units' is '[]'"),
        ({"hourly": {"time": "now"}}, "its times are 'now'"),
        ({"hourly": {"time": HOURS}}, "not there for each of its 4 hours"),
        ({"hourly": {"time": HOURS, "precipitation": [1.0]}}, "not there for each of its 4 hours"),
        ({"hourly_units": {"precipitation": "inch"}}, "is in 'inch', expected 'mm'"),
        ({"hourly_units": {}}, "is in 'null', expected 'mm'"),
        ({"utc_offset_seconds": None}, "its clock is 'GMT' ('null' s), GMT was asked for"),
        ({"timezone": "Nowhere/City"}, "its clock is 'Nowhere/City'"),
        ({"timezone": []}, "its clock is '[]'"),
    ],
)
def test_a_place_of_another_shape_is_told(change: dict[str, Any], words: str) -> None:
    parsed = parse(answer(place(**change)), wanted())
    assert parsed.readings == ()
    assert words in parsed.complaints[0]
    assert parse(answer([7, place()]), wanted(SEOUL, HILLS)).readings == ()  # the second is far


@pytest.mark.parametrize("raw", ["1.5", True, [1], {}])
def test_a_value_that_is_no_number_is_told(raw: Any) -> None:
    parsed = parse(answer(place((1, raw, 3, 4))), wanted())
    assert parsed.readings[1].flag is Flag.UNREADABLE
    assert isnan(parsed.readings[1].value)
    assert "1 values cannot be used" in parsed.complaints[0]


def test_negative_rain_is_none() -> None:
    parsed = parse(answer(place((-1, -2, 3, 4))), wanted())
    assert [r.flag for r in parsed.readings[:2]] == [Flag.OUT_OF_RANGE] * 2
    assert "2 values cannot be used, the first is '-1' at 2026-07-20T00:00Z" in parsed.complaints[0]


def test_hours_without_a_time_are_told_and_an_hour_with_two_values_has_none() -> None:
    times = {"time": ["x", HOURS[1], HOURS[1], "2026-07-20T02:00Z"], "precipitation": [1, 2, 3, 4]}
    parsed = parse(answer(place(hourly=times)), wanted())
    assert [(str(r.time)[11:16], r.raw, r.flag) for r in parsed.readings] == [
        ("01:00", "2 / 3", Flag.UNREADABLE)
    ]
    assert "2 are no times, e.g. 'x'" in parsed.complaints[0]


def test_times_of_a_zone_that_keeps_its_clock_are_turned_into_utc() -> None:
    seoul = place(utc_offset_seconds=32400, timezone="Asia/Seoul")
    asked = Wanted("rainfall", (SEOUL,), time("19T00:00"), time("20T00:00"))
    assert told(parse(answer(seoul), asked))[0] == ("seoul", "19T15:00", 0.0)
    wrong = parse(answer(seoul | {"utc_offset_seconds": 3600}), asked)
    assert wrong.readings == ()


def test_times_across_a_change_of_clocks_are_refused() -> None:
    hourly = {"time": ["2026-03-29T00:00", "2026-03-29T04:00"], "precipitation": [1, 2]}
    london = place(utc_offset_seconds=0, timezone="Europe/London", hourly=hourly)
    parsed = parse(answer(london), wanted())
    assert (parsed.readings, len(parsed.complaints)) == ((), 1)


def test_only_the_wanted_hours_are_kept() -> None:
    asked = Wanted("rainfall", (SEOUL,), time("20T01:00"), time("20T02:00"))
    assert told(parse(fixture("forecast_one.json"), asked)) == [
        ("seoul", "20T01:00", 1.5),
        ("seoul", "20T02:00", 12.3),
    ]


def test_rain_that_has_not_fallen_yet_is_no_rainfall() -> None:
    early = fixture("forecast_one.json")
    early = Answer(**{**vars(early), "fetched": time("20T01:10")})
    parsed = parse(early, wanted())
    assert [str(r.time)[11:16] for r in parsed.readings] == ["00:00", "01:00"]
    assert "2 values of hours yet to come" in parsed.complaints[0]
    replay = Answer(**{**vars(early), "replayed": "SIMULATED"})
    assert len(parse(replay, wanted()).readings) == 2  # whatever its clock: it has not fallen


def test_a_forecast_of_hours_that_are_past_is_told() -> None:
    parsed = parse(fixture("forecast_one.json"), wanted(variable="rainfall_forecast"))
    assert {r.variable for r in parsed.readings} == {"rainfall_forecast"}
    assert parsed.complaints == ("4 of 4 values were of the past when they came.",)


@pytest.mark.parametrize(
    ("status", "reason", "remedy"),
    [
        (429, "Minutely API request limit exceeded. Please try again in one minute.", "one minute"),
        (429, "Hourly API request limit exceeded. Please try again in the next hour.", "next hour"),
        (429, "Too many concurrent requests", "some seconds"),
        (503, "The service is overloaded. Please try again later.", "later"),
    ],
)
def test_too_much_for_now_can_be_asked_again(status: int, reason: str, remedy: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        parse(answer({"error": True, "reason": reason}, status), wanted())
    assert reason[:40] in caught.value.problem
    assert remedy in caught.value.remedy


def test_too_much_for_today_is_final_for_today() -> None:
    reason = "Daily API request limit exceeded. Please try again tomorrow."
    with pytest.raises(SourceError, match="HTTP 429") as caught:
        parse(answer({"error": True, "reason": reason}, 429), wanted())
    assert not isinstance(caught.value, SourceUnavailable)
    assert "tomorrow" in caught.value.remedy


@pytest.mark.parametrize(
    "reason",
    [
        "Parameter 'start_date' is out of allowed range from 2026-04-18 to 2026-08-05",
        "Cannot initialize WeatherVariable from invalid String value rainn for key hourly.",
        "Cannot initialize WeatherVariable from invalid String value rainn for key daily.",
    ],
)
def test_a_wrong_request_is_final_and_told_in_their_words(reason: str) -> None:
    with pytest.raises(SourceError, match=reason[:30]) as caught:
        parse(answer({"error": True, "reason": reason}, 400), wanted())
    assert not isinstance(caught.value, SourceUnavailable)
    assert "what was asked for" in caught.value.remedy


def test_a_place_without_data_costs_only_itself() -> None:
    refused = {"error": True, "reason": "No data is available for this location"}
    parsed = parse(answer(refused, 400), wanted())
    assert parsed.readings == ()
    assert "No data is available for this location" in parsed.complaints[0]


def test_a_stream_that_breaks_off_can_be_asked_again() -> None:
    with pytest.raises(SourceUnavailable, match="Unexpected error while streaming data: timeout"):
        parse(fixture("cut_stream.txt"), wanted())


@pytest.mark.parametrize(
    ("body", "status", "again"), [(b"<html>", 200, False), (b"<html>", 429, True), (b"", 200, True)]
)
def test_what_is_no_json_is_an_error(body: bytes, status: int, again: bool) -> None:
    with pytest.raises(SourceError) as caught:
        parse(answer(body, status), wanted())
    assert isinstance(caught.value, SourceUnavailable) is again


def test_other_variables_are_refused() -> None:
    for call in (
        ask(Access("x"), wanted(variable="tide")),
        ask_archive(Access("x"), wanted(variable="tide")),
    ):
        with pytest.raises(SourceError, match="has no 'tide'"):
            next(call)
    with pytest.raises(SourceError, match="8 days before are not kept"):
        next(ask_previous_runs(Access("x"), wanted(variable="rainfall_forecast"), days=8))


def test_pages_can_say_that_it_is_modelled() -> None:
    assert "not a gauge" in open_meteo.MODELLED_EN
    assert "우량계 관측이 아닙니다" in open_meteo.MODELLED_KO


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """Record the questions; a request with latitude 1.0 is refused for it, 2.0 is too much."""
    questions: list[Question] = []

    def fake(_: Access, question: Question) -> Answer:
        questions.append(question)
        latitudes = question.params["latitude"].split(",")
        if "1.0000" in latitudes:
            return answer({"error": True, "reason": "No data is available for this location"}, 400)
        return answer({}, 429 if "2.0000" in latitudes else 200)

    monkeypatch.setattr(web, "ask", fake)
    return questions


def somewhere(count: int, latitude: float = 3.0) -> list[Spot]:
    return [Spot(str(number), latitude, -170.0 - number / 1000) for number in range(count)]


def test_places_are_asked_a_hundred_a_call_in_a_short_address(asked: list[Question]) -> None:
    list(ask(Access(open_meteo.BASE_URL), wanted(*somewhere(101, -33.123456), Spot("lost"))))
    assert [q.params["latitude"].count(",") + 1 for q in asked] == [100, 1]
    assert len(urlencode(asked[0].params)) < 4000
    assert asked[0].path == "/v1/forecast"
    assert {k: v for k, v in asked[0].params.items() if "tude" not in k} == {
        "hourly": "precipitation",
        "start_date": "2026-07-20",
        "end_date": "2026-07-20",
        "timezone": "GMT",
    }
    assert asked[0].accept == (200, 400, 429)


def test_around_a_refused_place_the_others_are_asked_again(asked: list[Question]) -> None:
    spots = [*somewhere(3), Spot("bad", 1.0, 0.0)]
    answers = list(ask(Access(open_meteo.BASE_URL), wanted(*spots)))
    assert [a.status for a in answers] == [200, 200, 400]
    assert [len(q.params["latitude"].split(",")) for q in asked] == [4, 2, 2, 1, 1]


def test_after_too_many_requests_nothing_more_is_asked(asked: list[Question]) -> None:
    answers = list(ask(Access(open_meteo.BASE_URL), wanted(Spot("x", 2.0, 0.0), *somewhere(150))))
    assert ([a.status for a in answers], len(asked)) == ([429], 1)


def test_a_key_goes_with_the_request_and_not_into_its_name(asked: list[Question]) -> None:
    list(ask(Access("https://customer-api.open-meteo.com", "SECRET"), wanted()))
    assert asked[0].params["apikey"] == "SECRET"
    assert "SECRET" not in asked[0].what


def test_the_past_has_its_own_hosts_and_columns(asked: list[Question]) -> None:
    ahead = wanted(variable="rainfall_forecast")
    list(ask_previous_runs(Access(open_meteo_past.PREVIOUS_RUNS_URL), ahead, days=2))
    list(ask_single_run(Access(open_meteo_past.SINGLE_RUNS_URL), ahead, time("20T00:00")))
    list(ask_archive(Access(open_meteo_past.ARCHIVE_URL), wanted()))
    assert [q.path for q in asked] == ["/v1/forecast", "/v1/forecast", "/v1/archive"]
    assert asked[0].params["hourly"] == "precipitation_previous_day1,precipitation_previous_day2"
    assert (asked[1].params["run"], asked[1].params["models"]) == ("2026-07-20T00:00", "ecmwf_ifs")


def test_an_earlier_forecast_was_known_half_a_day_after_its_start() -> None:
    parsed = parse_previous_runs(
        fixture("previous_runs.json"), wanted(variable="rainfall_forecast", until="20T00:00")
    )
    assert [(r.value, str(r.received)[:13]) for r in parsed.readings] == [
        (10.0, "2026-07-18T12"),  # started 48 h before midnight of the 20th
        (1.0, "2026-07-19T12"),
    ]


def test_a_hindcast_sees_only_what_was_known() -> None:
    parsed = parse_previous_runs(
        fixture("previous_runs.json"), wanted(variable="rainfall_forecast")
    )
    issued = time("19T12:30")
    known = {r.time: r.value for r in parsed.readings if r.received <= issued}
    assert list(known.values())[:3] == [1.0, 20.0, 30.0]  # of 01:00 the fresher one came at 13:00


def test_an_hour_that_a_run_lacks_is_left_to_older_runs_and_missing_once_if_all_do() -> None:
    parsed = parse_previous_runs(
        fixture("previous_runs.json"), wanted(variable="rainfall_forecast")
    )
    by_hour = [
        [r.value for r in parsed.readings if r.time == time(f"20T0{h}:00")] for h in range(4)
    ]
    assert by_hour[:3] == [[10.0, 1.0], [20.0, 2.0], [30.0]]
    assert len(by_hour[3]) == 1
    assert isnan(by_hour[3][0])


def test_what_has_arrived_is_known_even_if_it_came_early() -> None:
    early = Answer(**{**vars(fixture("previous_runs.json")), "fetched": time("18T01:00")})
    parsed = parse_previous_runs(early, wanted(variable="rainfall_forecast"))
    assert {r.received for r in parsed.readings} == {time("18T01:00")}


def test_without_earlier_forecasts_nothing_is_made_up() -> None:
    parsed = parse_previous_runs(fixture("forecast_one.json"), wanted(variable="rainfall_forecast"))
    assert (parsed.readings, parsed.complaints) == ((), ("'seoul': no earlier forecasts.",))


def test_a_single_run_is_known_half_a_day_after_its_start() -> None:
    url = "https://x/v1/forecast?latitude=37.5665&longitude=126.9780&run=2026-07-19T12%3A00"
    ahead = wanted(variable="rainfall_forecast")
    parsed = parse_single_run(fixture("forecast_one.json", url=url), ahead)
    assert {r.received for r in parsed.readings} == {time("20T00:00")}
    later = parse_single_run(fixture("forecast_one.json", url=url.replace("19T12", "20T01")), ahead)
    assert [str(r.time)[11:16] for r in later.readings] == ["02:00", "03:00"]  # after its start
    with pytest.raises(SourceError, match="names no run"):
        parse_single_run(fixture("forecast_one.json"), ahead)


class Handler(BaseHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        body = (FIXTURES / "forecast_two.json").read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def served() -> Iterator[tuple[str, list[str]]]:
    handler = type("OneTest", (Handler,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield f"http://127.0.0.1:{server.server_port}", handler.seen  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def test_over_the_wire_the_answer_finds_its_places_by_the_address(
    served: tuple[str, list[str]],
) -> None:
    url, seen = served
    (only,) = ask(Access(url, "KEY-1"), wanted(SEOUL, HILLS))
    query = parse_qs(urlsplit(seen[0]).query)
    assert query["latitude"] == ["37.5665,37.6000"]
    assert query["apikey"] == ["KEY-1"]
    assert "KEY-1" not in repr(only)
    parsed = parse(only, wanted(HILLS, SEOUL))
    values = {(r.site, str(r.time)[11:16]): r.value for r in parsed.readings}
    assert (values["seoul", "02:00"], values["hills", "03:00"]) == (12.3, 3.0)


def test_a_spot_at_no_place_is_not_asked_for(asked: list[Question]) -> None:
    assert list(ask(Access("x"), wanted(Spot("lost", nan, 1.0)))) == []
    assert asked == []
