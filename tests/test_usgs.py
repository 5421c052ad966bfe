"""USGS by its new API, through its own client and a server on this machine; and its old API."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import isnan
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.reading import Reading
from data.schema import Flag
from data.sources import usgs
from data.sources.asking import Access, Answer, Manners, Spot, Wanted
from data.sources.us_units import to_si
from data.sources.usgs_client import CONTENT_TYPE
from data.sources.usgs_iv import parse_iv

FIXTURES = Path(__file__).parent / "fixtures" / "usgs"
SHARED = Path(__file__).parents[2] / "shared" / "samples" / "providers"
SITE = "USGS-99000001"
KEY = "SECRET-KEY-0123"
ONCE = Manners(tries=1)


def at(text: str) -> np.datetime64:
    return np.datetime64(text, "ns")


def wanted(variable: str = "water_level", *sites: str) -> Wanted:
    spots = tuple(Spot(site) for site in sites or (SITE,))
    return Wanted(variable, spots, at("2030-01-01"), at("2032-01-01"))


LATER = at("2040-01-01")  # than all rows here: the answer came after them


def answer(body: Any, status: int = 200) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer("usgs", "made-up", "", raw, LATER, status)


def feature(**changed: Any) -> dict[str, Any]:
    facts = {
        "time_series_id": "aaaa",
        "monitoring_location_id": SITE,
        "parameter_code": "00065",
        "statistic_id": "00011",
        "time": "2031-06-01T00:00:00+00:00",
        "value": "10",
        "unit_of_measure": "ft",
        "approval_status": "Provisional",
        "qualifier": None,
        "last_modified": "2031-06-01T00:20:00+00:00",
    }
    return {"type": "Feature", "properties": facts | changed}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)} | more


def only(parsed_of: dict[str, Any]) -> Reading:
    (reading,) = usgs.parse(answer(collection(parsed_of)), wanted()).readings
    return reading


def test_ten_feet_are_3_048_m_and_nothing_is_lost_on_the_way() -> None:
    assert to_si(10, "ft", "water_level") == 3.048
    assert to_si(0.1, "ft", "water_level") == 0.03048  # 0.1 * 0.3048 is 0.030480000000000004
    assert to_si(1000, "ft^3/s", "discharge") == 28.316846592
    assert to_si(1, "kcfs", "discharge") == 28.316846592
    assert to_si(-2, "in", "rainfall") == -50.8


@pytest.mark.parametrize(
    ("unit", "variable"), [("m", "water_level"), ("ft", "discharge"), (None, "rainfall"), ([], "x")]
)
def test_an_unexpected_unit_is_refused(unit: Any, variable: str) -> None:
    with pytest.raises(SourceError, match=f"'{variable}' is in .*, expected one of"):
        to_si(1.0, unit, variable)


def test_a_body_gives_levels_with_approval_and_qualifiers_beside_them() -> None:
    parsed = usgs.parse(answer((FIXTURES / "continuous.json").read_bytes()), wanted())
    assert parsed.complaints == ()
    assert [(str(r.time)[:16], r.value, r.flag, r.raw) for r in parsed.readings[:2]] == [
        ("2031-06-01T00:00", 3.048, Flag.GOOD, "10.00 Approved"),
        ("2031-06-01T00:15", 3.2004, Flag.GOOD, "10.50 Provisional ESTIMATED ICE"),
    ]
    gone = parsed.readings[2]
    assert isnan(gone.value)
    assert (gone.flag, gone.raw) == (Flag.NOT_REPORTED, "null Provisional EQP")


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        ("-999999", Flag.SENTINEL),
        ("-999999.0", Flag.SENTINEL),
        (None, Flag.NOT_REPORTED),
        ("", Flag.NOT_REPORTED),
        ("Ice", Flag.UNREADABLE),
        ("1_000", Flag.UNREADABLE),
        ("inf", Flag.UNREADABLE),
        ("1e999", Flag.UNREADABLE),
        (True, Flag.UNREADABLE),
        ({"a": 1}, Flag.UNREADABLE),
    ],
)
def test_what_is_no_value_is_missing_with_a_reason(value: Any, flag: Flag) -> None:
    reading = only(feature(value=value))
    assert isnan(reading.value)
    assert reading.flag is flag


def test_zero_and_below_zero_are_values() -> None:
    assert only(feature(value="0.00")).value == 0
    assert only(feature(value="-1.5")).value == -0.4572


@pytest.mark.parametrize("mark", [["EQP"], "DIS", '["Dis"]', ["P", "Ssn"]])
def test_a_number_of_broken_equipment_is_no_reading_and_is_said(mark: Any) -> None:
    parsed = usgs.parse(answer(collection(feature(qualifier=mark))), wanted())
    assert isnan(parsed.readings[0].value)
    assert parsed.readings[0].flag is Flag.NOT_REPORTED
    assert parsed.readings[0].raw.startswith("10 Provisional")
    assert "is taken as missing" in parsed.complaints[0]


def test_rain_in_inches_is_in_mm_and_a_missing_unit_matters_only_where_there_is_a_value() -> None:
    rows = [
        feature(parameter_code="00045", unit_of_measure="in", value="0.04"),
        feature(parameter_code="00045", unit_of_measure=None, value=None, time="2031-06-01T01:00Z"),
    ]
    parsed = usgs.parse(answer(collection(*rows)), wanted("rainfall"))
    assert parsed.readings[0].value == 1.016
    assert isnan(parsed.readings[1].value)
    assert parsed.complaints == ()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (feature(unit_of_measure="m"), "'water_level' is in 'm', expected one of ['ft']"),
        (feature(time="2031-06-01T00:00:00"), "the time '2031-06-01T00:00:00' is none"),
        (feature(time=None), "the time null is none"),
        (feature(time="9999-12-31T23:59:59-23:59"), "is none in ISO 8601"),
        (feature(monitoring_location_id="USGS-1"), "a row of 'USGS-1', '00065' was not asked for"),
        (feature(parameter_code="00060"), f"a row of '{SITE}', '00060' was not asked for"),
        (None, "a row of null, null was not asked for"),
        ({"type": "Feature", "properties": []}, "a row of null, null was not asked for"),
    ],
)
def test_a_bad_row_is_a_complaint_and_the_good_one_stays(bad: Any, said: str) -> None:
    good = feature(time="2031-06-01T00:15:00Z")
    parsed = usgs.parse(answer(collection(bad, good)), wanted())
    assert [r.value for r in parsed.readings] == [3.048]
    (complaint,) = parsed.complaints
    assert said in complaint


def test_a_complaint_said_often_is_counted() -> None:
    rows = [feature(unit_of_measure="m", time=f"2031-06-01T00:{m:02d}Z") for m in range(60)]
    parsed = usgs.parse(answer(collection(*rows)), wanted())
    assert len(parsed.complaints) == 1
    assert parsed.complaints[0].endswith("(60 times)")


def test_only_wanted_times_come_both_ends_included() -> None:
    times = ["2029-12-31T23:45Z", "2030-01-01T00:00Z", "2032-01-01T00:00Z", "2032-01-01T00:15Z"]
    parsed = usgs.parse(answer(collection(*(feature(time=t) for t in times))), wanted())
    assert [str(r.time)[:16] for r in parsed.readings] == ["2030-01-01T00:00", "2032-01-01T00:00"]


def test_a_local_offset_is_brought_to_utc() -> None:
    assert only(feature(time="2031-06-01T00:00:00-05:00")).time == at("2031-06-01T05:00")


def test_a_value_written_again_takes_the_place_of_the_older_one() -> None:
    old = feature(value="1", last_modified="2031-06-01T00:20:00+00:00")
    new = feature(value="2", last_modified="2031-06-01T09:00:00+00:00")
    for rows in ([old, new], [new, old]):
        parsed = usgs.parse(answer(collection(*rows)), wanted())
        assert [r.value for r in parsed.readings] == [0.6096]
        assert "the one written last is taken" in parsed.complaints[0]
    again = usgs.parse(answer(collection(old, old)), wanted())
    assert (len(again.readings), again.complaints) == (1, ())


def test_of_two_sensors_one_is_taken_and_said_whatever_their_order() -> None:
    one, other = feature(time_series_id="aaaa"), feature(time_series_id="bbbb", value="20")
    for rows in ([one, other], [other, one]):
        parsed = usgs.parse(answer(collection(*rows)), wanted())
        assert [r.value for r in parsed.readings] == [3.048]
        assert parsed.complaints == (f"{SITE}: of 2 series 'aaaa' is taken, and 'bbbb' left.",)


def test_a_silent_sensor_and_a_mean_give_way() -> None:
    silent = feature(time_series_id="aaaa", value="-999999")
    mean = feature(time_series_id="bbbb", statistic_id="00003", value="30")
    alive = feature(time_series_id="cccc", value="20")
    parsed = usgs.parse(answer(collection(silent, mean, alive)), wanted())
    assert [r.value for r in parsed.readings] == [6.096]


def test_a_site_is_told_by_the_id_that_was_asked_with() -> None:
    parsed = usgs.parse(answer(collection(feature())), wanted("water_level", "99000001"))
    assert [r.site for r in parsed.readings] == ["99000001"]


def test_an_answer_with_further_pages_says_so() -> None:
    body = collection(feature(), links=[{"rel": "self"}, {"rel": "next", "href": "..."}])
    parsed = usgs.parse(answer(body), wanted())
    assert len(parsed.readings) == 1
    assert parsed.complaints == ("made-up: the answer has further pages.",)


def test_no_rows_are_no_complaint() -> None:
    parsed = usgs.parse(answer(collection()), wanted())
    assert (parsed.readings, parsed.complaints) == ((), ())


@pytest.mark.parametrize(
    "body", [b"", b"<!DOCTYPE html>", b'{"features": [', b"\xff\xfe", b"[" * 9999]
)
def test_what_is_no_json_may_come_right_later(body: bytes) -> None:
    with pytest.raises(SourceUnavailable, match="usgs, made-up: the answer is no JSON"):
        usgs.parse(answer(body), wanted())


@pytest.mark.parametrize("body", [[], {}, None, 3, {"features": {}}, {"features": None}])
def test_another_shape_is_refused(body: Any) -> None:
    with pytest.raises(SourceError, match="no list 'features'") as caught:
        usgs.parse(answer(body), wanted())
    assert not isinstance(caught.value, SourceUnavailable)


def test_a_refusal_is_told_in_the_words_of_usgs() -> None:
    refused = {"code": "InvalidParameterValue", "description": "datetime out of range"}
    with pytest.raises(SourceError, match="InvalidParameterValue: datetime out of range"):
        usgs.parse(answer(refused), wanted())
    busy = {"error": {"code": "OVER_RATE_LIMIT", "message": "You have exceeded your rate limit."}}
    with pytest.raises(SourceUnavailable, match="OVER_RATE_LIMIT: You have exceeded"):
        usgs.parse(answer(busy), wanted())


def test_usgs_has_no_tide() -> None:
    with pytest.raises(SourceError, match="offers no 'tide', only"):
        usgs.parse(answer(collection()), wanted("tide"))
    with pytest.raises(SourceError, match="offers no 'tide', only"):
        next(usgs.ask(Access("http://127.0.0.1:1"), wanted("tide")))


class Server(ThreadingHTTPServer):
    """Answers the n-th request with the n-th of `bodies` and `headers`, the last one for ever."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: list[bytes] = [(FIXTURES / "continuous.json").read_bytes()]
        self.status = 200
        self.headers: dict[str, str] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def access(self, manners: Manners = ONCE) -> Access:
        return Access(f"{self.url}/", KEY, manners)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        body = self.server.bodies[min(len(self.server.seen), len(self.server.bodies) - 1)]
        self.server.seen.append((self.path, dict(self.headers)))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(run_server: Callable[[Server], Server]) -> Server:
    return run_server(Server())


def test_a_replayed_body_comes_through_the_real_client_and_reads_the_same(server: Server) -> None:
    server.headers = {"Mulgil-Replay": "invented, June 2031"}
    (got,) = usgs.ask(server.access(), wanted())
    assert usgs.parse(replace(got, fetched=LATER), wanted()) == usgs.parse(
        answer(server.bodies[0]), wanted()
    )
    assert got.replayed == "invented, June 2031"
    assert got.what == f"continuous-00065-{SITE}-2030-01-01"
    assert got.content_type == CONTENT_TYPE
    assert got.status == 200


def test_the_table_is_kept_as_it_came(server: Server) -> None:
    (got,) = usgs.ask(server.access(), wanted())
    came = [row["properties"] for row in json.loads(server.bodies[0])["features"]]
    kept = [row["properties"] for row in json.loads(got.body)["features"]]
    left = {"id", "method_category"}
    assert kept == [{k: v for k, v in row.items() if k not in left} for row in came]


def test_one_request_asks_for_all_sites_and_shows_no_key(server: Server) -> None:
    (got,) = usgs.ask(server.access(), wanted("discharge", "99000001", "USGS-2"))
    ((path, headers),) = server.seen
    asked = parse_qs(urlsplit(path).query)
    assert urlsplit(path).path == "/ogcapi/v1/collections/continuous/items"
    assert asked["monitoring_location_id"] == ["USGS-99000001,USGS-2"]
    assert asked["parameter_code"] == ["00060"]
    assert asked["time"] == ["2030-01-01T00:00:00Z/2032-01-01T00:00:00Z"]
    assert got.replayed == ""
    assert KEY not in f"{path} {headers} {got}"  # the key goes to the real host alone


def test_a_long_time_is_asked_in_parts_that_meet(server: Server) -> None:
    server.bodies = [json.dumps(collection()).encode()]
    long = Wanted("water_level", (Spot(SITE),), at("2020-01-01"), at("2023-01-01"))
    answers = list(usgs.ask(server.access(), long))
    spans = [parse_qs(urlsplit(path).query)["time"][0].split("/") for path, _ in server.seen]
    assert [first for first, _ in spans] == ["2020-01-01T00:00:00Z", "2022-09-27T00:00:00Z"]
    assert [last for _, last in spans] == ["2022-09-27T00:00:00Z", "2023-01-01T00:00:00Z"]
    assert len({a.what for a in answers}) == 2


def test_an_instant_is_asked_for_as_well(server: Server) -> None:
    instant = Wanted("water_level", (Spot(SITE),), at("2031-06-01"), at("2031-06-01"))
    (got,) = usgs.ask(server.access(), instant)
    assert [r.value for r in usgs.parse(replace(got, fetched=LATER), instant).readings] == [3.048]


def test_further_pages_are_joined(server: Server) -> None:
    more = {"rel": "next", "href": f"{server.url}/page2"}
    second = feature(time="2031-06-01T00:15:00+00:00", value="20")
    server.bodies = [
        json.dumps(collection(feature(), links=[more])).encode(),
        json.dumps(collection(second)).encode(),
    ]
    (got,) = usgs.ask(server.access(), wanted())
    parsed = usgs.parse(replace(got, fetched=LATER), wanted())
    assert [r.value for r in parsed.readings] == [3.048, 6.096]
    assert parsed.complaints == ()


@pytest.mark.parametrize("status", [429, 500, 503, 408])
def test_a_busy_usgs_is_unavailable_and_the_key_is_not_told(server: Server, status: int) -> None:
    server.status, server.bodies = status, [json.dumps({"code": "X", "message": KEY}).encode()]
    with pytest.raises(SourceUnavailable, match=f"usgs, continuous-00065-{SITE}.*: {status}") as no:
        list(usgs.ask(server.access(), wanted()))
    assert KEY not in str(no.value)
    assert no.value.__cause__ is None


@pytest.mark.parametrize(("status", "remedy"), [(403, "Check the key"), (404, "what is asked")])
def test_a_refusal_is_final_and_the_key_is_not_told(
    server: Server, status: int, remedy: str
) -> None:
    server.status, server.bodies = status, [json.dumps({"code": "X", "message": KEY}).encode()]
    with pytest.raises(SourceError, match=remedy) as caught:
        list(usgs.ask(server.access(), wanted()))
    assert not isinstance(caught.value, SourceUnavailable)
    assert KEY not in str(caught.value)


def test_a_busy_usgs_is_asked_again_as_often_as_manners_say(server: Server) -> None:
    server.status = 503
    with pytest.raises(SourceUnavailable):
        list(usgs.ask(server.access(Manners(tries=2)), wanted()))
    assert len(server.seen) == 2


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html>down for maintenance</html>", SourceUnavailable),
        (b'{"features": [', SourceUnavailable),
        (b"null", SourceError),
        (b'{"features": [1]}', SourceError),
        (
            b'{"features": [{"properties": {"time": 1}}, {"properties": {"time": "x"}}]}',
            SourceError,
        ),
        (
            json.dumps(
                collection(feature(), links=[{"rel": "next", "href": "http://b.c"}])
            ).encode(),
            SourceError,
        ),
    ],
)
def test_what_the_client_cannot_read_is_our_error(
    server: Server, body: bytes, kind: type[SourceError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.bodies = [body]
    with pytest.raises(SourceError, match=f"usgs, continuous-00065-{SITE}") as caught:
        list(usgs.ask(server.access(), wanted()))
    assert type(caught.value) is kind
    assert KEY not in caplog.text


def test_odd_values_pass_the_client_unharmed_and_warn_of_nothing(server: Server) -> None:
    server.bodies = [json.dumps(collection(feature(value="Ice", time="yesterday"))).encode()]
    (got,) = usgs.ask(server.access(), wanted())
    parsed = usgs.parse(got, wanted())
    assert "the time 'yesterday' is none" in parsed.complaints[0]


def test_too_large_an_answer_is_refused(server: Server) -> None:
    with pytest.raises(SourceError, match="more than 300 bytes"):
        list(usgs.ask(server.access(Manners(tries=1, largest=300)), wanted()))


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable, match="usgs, continuous-00065"):
        list(usgs.ask(Access("http://127.0.0.1:1", KEY, ONCE), wanted()))


@pytest.mark.parametrize("address", ["nonsense", "http://", "http://[", "http://127.0.0.1:99999"])
def test_a_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(SourceError, match="usgs, continuous-00065"):
        list(usgs.ask(Access(address, KEY, ONCE), wanted()))


def test_an_impossible_id_is_refused_before_asking(server: Server) -> None:
    with pytest.raises(SourceError, match=r"Invalid monitoring_location_id.*Check the site's id"):
        list(usgs.ask(server.access(), wanted("water_level", "no good")))
    assert server.seen == []


def iv(*sensors: Any, **changed: Any) -> dict[str, Any]:
    body = json.loads((FIXTURES / "iv.json").read_bytes())
    series = body["value"]["timeSeries"][0]
    series["variable"] |= changed
    if sensors:
        series["values"] = list(sensors)
    found: dict[str, Any] = body
    return found


def sensor(number: int, value: str, **row: Any) -> dict[str, Any]:
    facts = {"value": value, "qualifiers": ["P"], "dateTime": "2031-06-01T00:00:00.000-05:00"}
    return {"value": [facts | row], "method": [{"methodID": number}]}


def test_the_old_api_keeps_local_offsets_over_the_end_of_summer_time() -> None:
    parsed = parse_iv(answer(iv()), wanted("discharge", "99000001"))
    assert parsed.complaints == ()
    assert [(str(r.time)[:16], r.raw) for r in parsed.readings] == [
        ("2030-11-03T05:45", "1000 A"),
        ("2030-11-03T06:00", "2000 P e"),
        ("2030-11-03T06:15", "-999999 P Ice"),
    ]
    assert [r.value for r in parsed.readings[:2]] == [28.316846592, 56.633693184]
    assert isnan(parsed.readings[2].value)
    assert parsed.readings[2].flag is Flag.SENTINEL


def test_the_old_api_may_write_qualifiers_as_a_text_and_another_number_for_none() -> None:
    body = iv(sensor(1, "-123456", qualifiers="A e"), noDataValue=-123456.0)
    (reading,) = parse_iv(answer(body), wanted("discharge", SITE)).readings
    assert (reading.flag, reading.raw, reading.site) == (Flag.SENTINEL, "-123456 A e", SITE)


def test_of_two_sensors_of_the_old_api_one_is_taken() -> None:
    parsed = parse_iv(answer(iv(sensor(2, "2"), sensor(1, "1"))), wanted("discharge", SITE))
    assert [r.raw for r in parsed.readings] == ["1 P"]
    assert parsed.complaints == (f"{SITE}: of 2 series '1' is taken, and '2' left.",)


def test_without_a_unit_the_old_api_tells_nothing() -> None:
    parsed = parse_iv(answer(iv(sensor(1, "5"), unit=None)), wanted("discharge", SITE))
    assert parsed.readings == ()
    assert "'discharge' is in null, expected one of" in parsed.complaints[0]


def test_no_series_is_a_complaint_of_each_site() -> None:
    parsed = parse_iv(answer({"value": {"timeSeries": []}}), wanted("discharge", "99000001", "2"))
    assert parsed.readings == ()
    assert parsed.complaints == ("99000001: no series of 00060.", "2: no series of 00060.")


@pytest.mark.parametrize("body", [[], {}, {"value": []}, {"value": {"timeSeries": None}}])
def test_another_shape_of_the_old_api_is_refused(body: Any) -> None:
    with pytest.raises(SourceError, match=r"value\.timeSeries"):
        parse_iv(answer(body), wanted("discharge"))


def test_the_old_api_answers_an_unknown_site_with_a_page() -> None:
    with pytest.raises(SourceUnavailable, match="no JSON"):
        parse_iv(answer(b"<html>No sites found</html>", 404), wanted("discharge"))


def sample(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared sample {name} is not beside this checkout")
    return path.read_bytes()


def ever(variable: str, *sites: str) -> Wanted:
    return Wanted(variable, tuple(map(Spot, sites)), at("1900-01-01"), at("2100-01-01"))


def test_the_shared_sample_of_the_new_api_is_read() -> None:
    body = sample("usgs/continuous.json")
    parsed = usgs.parse(answer(body), ever("water_level", "06904500"))
    assert [r.raw for r in parsed.readings] == ["11.52 Provisional", "null Provisional ICE"]
    assert parsed.readings[0].value == 3.511296
    for name, kind in {"error_400": SourceError, "error_429": SourceUnavailable}.items():
        with pytest.raises(kind):
            usgs.parse(answer(sample(f"usgs/{name}.json")), ever("water_level", "06904500"))


def test_recorded_answers_are_read() -> None:
    recorded = json.loads(sample("recorded/usgs/waterdata_ogc_fixtures.json"))["continuous"]
    parsed = usgs.parse(answer(recorded), ever("water_level", "06904500"))
    assert len(parsed.readings) == len(recorded["features"])
    assert parsed.complaints == ()
    old = sample("recorded/usgs/waterservices_iv.txt")
    sites = ("01491000", "01645000")
    flow = parse_iv(answer(old), ever("discharge", *sites))
    level = parse_iv(answer(old), ever("water_level", *sites))
    assert (len(flow.readings), len(level.readings)) == (10, 10)
    assert flow.complaints + level.complaints == ()
