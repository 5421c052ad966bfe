"""NOAA NWPS: stage and flow of a gauge, its official forecast, and the facts of all gauges."""

import json
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.reading import Reading, Site
from data.schema import Flag
from data.sources import nwps, nwps_gauges
from data.sources.asking import Access, Answer, Manners, Spot, Wanted

FIXTURES = Path(__file__).parent / "fixtures" / "nwps"
SHARED = Path(__file__).parents[2] / "shared" / "samples" / "providers" / "nwps"
NONE = "0001-01-01T00:00:00Z"


def at(text: str) -> np.datetime64:
    return np.datetime64(text, "ns")


def wanted(variable: str = "water_level", *gauges: str) -> Wanted:
    spots = tuple(Spot(gauge) for gauge in gauges or ("MULG1",))
    return Wanted(variable, spots, at("2031-01-01"), at("2032-01-01"))


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_bytes())


LATER = at("2040-01-01")  # than all rows here: the answer came after them


def answer(body: Any, what: str = "stageflow-observed-MULG1", status: int = 200) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer("nwps", what, "", raw, LATER, status)


def stageflow(*rows: Any, **changed: Any) -> Answer:
    return answer(fixture("observed") | changed | ({"data": list(rows)} if rows else {}))


def row(primary: Any = 10, secondary: Any = 2, **changed: Any) -> dict[str, Any]:
    times = {"validTime": "2031-06-01T00:00:00Z", "generatedTime": "2031-06-01T00:05:05Z"}
    return times | {"primary": primary, "secondary": secondary} | changed


def only(found: Answer, variable: str = "water_level") -> Reading:
    (reading,) = nwps.parse(found, wanted(variable)).readings
    return reading


def test_stage_is_in_metres_above_what_the_provider_calls_it() -> None:
    parsed = nwps.parse(stageflow(), wanted())
    assert [(str(r.time)[:16], r.value, r.datum) for r in parsed.readings[:2]] == [
        ("2031-06-01T00:00", 3.048, "Stage"),
        ("2031-06-01T00:15", 3.2004, "Stage"),
    ]
    assert only(stageflow(row(), primaryName="Pool")).datum == "Pool"
    assert parsed.complaints == ()


def test_flow_in_kcfs_is_a_thousand_times_flow_in_cfs() -> None:
    assert only(stageflow(row(10, 2)), "discharge").value == 56.633693184
    assert only(stageflow(row(10, 2), secondaryUnits="cfs"), "discharge").value == 0.056633693184
    assert only(stageflow(row(10, 2)), "discharge").datum == ""


def test_a_river_that_a_tide_pushes_back_has_a_negative_flow() -> None:
    assert only(stageflow(row(10, -0.5)), "discharge").value == -14.158423296
    assert only(stageflow(row(-1, 2))).value == -0.3048


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (-999, Flag.SENTINEL),
        (-999.0, Flag.SENTINEL),
        (-9999, Flag.SENTINEL),
        (None, Flag.NOT_REPORTED),
        ("", Flag.NOT_REPORTED),
        ("n/a", Flag.UNREADABLE),
        (False, Flag.UNREADABLE),
        ([1], Flag.UNREADABLE),
    ],
)
def test_what_is_no_value_is_missing_with_a_reason(value: Any, flag: Flag) -> None:
    reading = only(stageflow(row(value)))
    assert isnan(reading.value)
    assert reading.flag is flag


def test_zero_is_a_value_here() -> None:
    assert only(stageflow(row(0))).value == 0


def test_the_unit_tells_which_column_it_is_not_its_place() -> None:
    swapped = {"primaryUnits": "kcfs", "secondaryUnits": "ft", "primaryName": "Flow"}
    found = stageflow(row(2, 10), **swapped, secondaryName="Stage")
    assert only(found).value == 3.048
    assert only(found, "discharge").value == 56.633693184


@pytest.mark.parametrize("unit", ["m", "", None, "KCFS", 3])
def test_an_unknown_unit_is_refused(unit: Any) -> None:
    with pytest.raises(SourceError, match=r"no column has 'water_level': they are in .* 'kcfs'"):
        nwps.parse(stageflow(row(), primaryUnits=unit), wanted())
    with pytest.raises(SourceError, match="no column has 'discharge': they are in 'ft' and"):
        nwps.parse(stageflow(row(), secondaryUnits=unit), wanted("discharge"))


def test_a_gauge_with_nothing_to_tell_is_a_complaint() -> None:
    empty = {"pedts": "", "issuedTime": NONE, "primaryUnits": "", "secondaryUnits": ""}
    for body in ({**empty, "data": []}, {**empty, "data": None}):
        parsed = nwps.parse(answer(body), wanted())
        assert parsed.readings == ()
        assert parsed.complaints == ("MULG1: there is nothing in the answer.",)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (row(validTime=NONE), f"the time '{NONE}' is none"),
        (row(validTime="2031-06-01T00:00:00"), "is none"),
        (None, "the time null is none"),
        ("text", "the time null is none"),
    ],
)
def test_a_bad_row_is_a_complaint_and_the_good_one_stays(bad: Any, said: str) -> None:
    parsed = nwps.parse(stageflow(bad, row(validTime="2031-06-01T00:15:00Z")), wanted())
    assert [r.value for r in parsed.readings] == [3.048]
    assert said in parsed.complaints[0]


def test_only_wanted_times_come() -> None:
    rows = [row(validTime=f"{year}-01-01T00:00:00Z") for year in (2030, 2031, 2032, 2033)]
    parsed = nwps.parse(stageflow(*rows), wanted())
    assert [str(r.time)[:4] for r in parsed.readings] == ["2031", "2032"]
    assert parsed.complaints == ()


def test_a_row_made_again_takes_the_place_of_the_older_one() -> None:
    old, new = row(1), row(2, generatedTime="2031-06-01T03:00:00Z")
    for rows in ([old, new], [new, old]):
        parsed = nwps.parse(stageflow(*rows), wanted())
        assert [r.value for r in parsed.readings] == [0.6096]
        assert "the one written last is taken" in parsed.complaints[0]


def test_a_forecast_is_issued_and_is_never_a_reading() -> None:
    ahead = answer(fixture("forecast"), "stageflow-forecast-MULG1")
    issued = nwps.parse_forecast(ahead, wanted())
    assert issued.issued == at("2031-06-01T00:10")
    assert [r.value for r in issued.ahead.readings] == [6.096, 9.144]
    with pytest.raises(SourceError, match="is of no wanted gauge, or no observed"):
        nwps.parse(ahead, wanted())
    with pytest.raises(SourceError, match="the series 'HGIFF' is no observed"):
        nwps.parse(answer(fixture("forecast")), wanted())
    with pytest.raises(SourceError, match="the series 'HGIRG' is no forecast"):
        nwps.parse_forecast(answer(fixture("observed"), "stageflow-forecast-MULG1"), wanted())


def test_of_an_answer_with_both_each_takes_its_part() -> None:
    both = {"observed": fixture("observed"), "forecast": fixture("forecast")}
    assert len(nwps.parse(answer(both), wanted()).readings) == 3
    ahead = nwps.parse_forecast(answer(both, "stageflow-forecast-MULG1"), wanted())
    assert ahead.issued == at("2031-06-01T00:10")
    assert len(ahead.ahead.readings) == 2


def test_a_forecast_that_was_never_issued_has_no_time() -> None:
    empty = {"pedts": "", "issuedTime": NONE, "primaryUnits": "", "data": []}
    issued = nwps.parse_forecast(answer(empty, "stageflow-forecast-MULG1"), wanted())
    assert np.isnat(issued.issued)
    assert issued.ahead.readings == ()


def test_an_unknown_gauge_is_an_empty_404() -> None:
    with pytest.raises(SourceError, match="nwps knows no gauge 'MULG1'") as caught:
        nwps.parse(answer(b"", status=404), wanted())
    assert not isinstance(caught.value, SourceUnavailable)
    with pytest.raises(SourceError, match="nwps knows no 'gauge-NONE1'"):
        nwps_gauges.sites(answer(b"", "gauge-NONE1", 404))


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"data": [', b"\xff"])
def test_what_is_no_json_may_come_right_later(body: bytes) -> None:
    with pytest.raises(SourceUnavailable, match=r"nwps, stageflow-observed-MULG1: .* no JSON"):
        nwps.parse(answer(body), wanted())


@pytest.mark.parametrize("body", [[], {}, None, 1, {"observed": []}])
def test_another_shape_is_refused(body: Any) -> None:
    with pytest.raises(SourceError, match="has no 'data'"):
        nwps.parse(answer(body), wanted())


def test_nwps_has_no_rain() -> None:
    with pytest.raises(SourceError, match="nwps offers no 'rainfall'"):
        nwps.parse(stageflow(), wanted("rainfall"))
    with pytest.raises(SourceError, match="nwps offers no 'rainfall'"):
        list(nwps.ask(Access("http://127.0.0.1:1"), wanted("rainfall")))


def gauge(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = fixture("gauge") | changed
    return found


def site(**changed: Any) -> Site:
    (found,), complaints = nwps_gauges.sites(answer(gauge(**changed), "gauge-MULG1"))
    assert complaints == ()
    return found


def flood(unit: Any = "ft", **stages: Any) -> dict[str, Any]:
    return {"stageUnits": unit, "categories": {k: {"stage": v} for k, v in stages.items()}}


def test_flood_categories_are_our_stages_in_metres_and_an_unset_one_is_no_threshold() -> None:
    found = site()
    assert (found.source, found.id, found.kind) == ("nwps", "MULG1", "water_level")
    assert (found.name, found.agency) == ("Made Up River at Nowhere", "Nowhere")
    assert (found.latitude, found.longitude) == (39, -75)
    assert (found.attention, found.warning, found.severe) == (3.048, 9.144, 12.192)
    assert isnan(found.watch)  # 0 means: not set
    assert isnan(found.gauge_zero)


@pytest.mark.parametrize("unset", [0, 0.0, -999, -9999, None, "", "none"])
def test_without_a_threshold_none_is_made_up(unset: Any) -> None:
    names = ("action", "minor", "moderate", "major")
    found = site(flood=flood(**dict.fromkeys(names, unset)))
    levels = (found.attention, found.watch, found.warning, found.severe)
    assert all(isnan(level) for level in levels)
    assert "no threshold is set." in found.notes
    assert isnan(site(flood=None).severe)


def test_a_gauge_told_by_its_flow_has_thresholds_in_cfs() -> None:
    found = site(pedts={"observed": "QRIRG", "forecast": ""})
    assert found.kind == "discharge"
    assert found.attention == 28.316846592
    assert found.watch == 56.633693184
    assert isnan(found.warning)


def test_thresholds_in_an_unknown_unit_are_not_taken() -> None:
    found = site(flood=flood("m", action=3, major=5))
    assert isnan(found.attention)
    assert "its thresholds are not taken: 'water_level' is in 'm'" in found.notes[0]


def test_thresholds_that_do_not_rise_are_noted() -> None:
    found = site(flood=flood(action=10, minor=5))
    assert (found.attention, found.watch) == (3.048, 1.524)
    assert "its thresholds do not rise: 3.048, 1.524, nan, nan." in found.notes


@pytest.mark.parametrize(
    "category", ["obs_not_current", "not_defined", "low_threshold", "out_of_service"]
)
def test_what_nwps_says_is_amiss_is_noted(category: str) -> None:
    observed = fixture("gauge")["status"]["observed"] | {"floodCategory": category}
    found = site(status={"observed": observed})
    assert f"observed: {category}." in found.notes
    assert "forecast: fcst_not_current." in site().notes
    ended = site(inService={"enabled": False, "message": "removed"})
    assert "out of service: removed." in ended.notes


@pytest.mark.parametrize("latitude", [None, 91, "north", -999])
def test_a_place_off_the_earth_is_none(latitude: Any) -> None:
    found = site(latitude=latitude)
    assert isnan(found.latitude)
    assert found.longitude == -75
    assert "it has no place on earth." in found.notes


def test_of_a_listing_every_gauge_is_told_and_the_nameless_are_counted() -> None:
    listing = {"gauges": [gauge(), gauge(lid="MULG2"), {}, None, gauge(lid=7)]}
    found, complaints = nwps_gauges.sites(answer(listing, "gauges"))
    assert [s.id for s in found] == ["MULG1", "MULG2"]
    assert complaints == ("an entry has no 'lid'. (3 times)",)


@pytest.mark.parametrize("body", [[], {}, None, {"gauges": {}}, {"lid": ""}])
def test_what_lists_no_gauge_is_refused(body: Any) -> None:
    with pytest.raises(SourceError, match="neither 'gauges' nor 'lid'"):
        nwps_gauges.sites(answer(body, "gauges"))


def test_the_status_is_in_kcfs_where_the_categories_are_in_cfs() -> None:
    found = answer({"gauges": [gauge(), gauge(lid="OTHER", usgsId="")]}, "gauges")
    (flow,) = nwps_gauges.parse_status(found, wanted("discharge")).readings
    assert (flow.site, flow.time, flow.value) == ("MULG1", at("2031-06-01"), 56.633693184)
    (level,) = nwps_gauges.parse_status(found, wanted("water_level", "99000001")).readings
    assert (level.site, level.value) == ("99000001", 3.048)


def test_a_status_of_no_time_is_no_reading_and_is_said() -> None:
    none = {"primary": -999, "primaryUnit": "ft", "floodCategory": "obs_not_current"}
    found = answer(gauge(status={"observed": none | {"validTime": NONE}}), "gauge-MULG1")
    parsed = nwps_gauges.parse_status(found, wanted())
    assert parsed.readings == ()
    assert parsed.complaints == (
        f"MULG1: the time '{NONE}' is none.",
        "MULG1: observed: obs_not_current.",
    )
    bare = nwps_gauges.parse_status(answer(gauge(status=None), "gauge-MULG1"), wanted())
    assert "no column has 'water_level': they are in null and null" in bare.complaints[0]


PATHS = {
    "/nwps/v1/gauges/MULG1/stageflow/observed": "observed",
    "/nwps/v1/gauges/MULG1/stageflow/forecast": "forecast",
    "/nwps/v1/gauges/MULG1": "gauge",
    "/nwps/v1/gauges": "gauge",
}


class Server(ThreadingHTTPServer):
    """Serves the fixtures under their real paths, owning up to be a replay; else an empty 404."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def access(self) -> Access:
        url = f"http://127.0.0.1:{self.server_port}/nwps/v1"
        return Access(url, manners=Manners(tries=1))


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name = PATHS.get(self.path)
        body = (FIXTURES / f"{name}.json").read_bytes() if name else b""
        self.send_response(200 if name else 404)
        self.send_header("Mulgil-Replay", "invented, June 2031")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(run_server: Callable[[Server], Server]) -> Server:
    return run_server(Server())


def test_what_is_asked_is_what_is_read(server: Server) -> None:
    (observed,) = nwps.ask(server.access, wanted())
    assert (observed.what, observed.replayed) == ("stageflow-observed-MULG1", "invented, June 2031")
    assert len(nwps.parse(replace(observed, fetched=LATER), wanted()).readings) == 3
    (ahead,) = nwps.ask_forecast(server.access, wanted())
    assert len(nwps.parse_forecast(ahead, wanted()).ahead.readings) == 2
    (one,) = nwps_gauges.ask_sites(server.access, ("MULG1",))
    (everyone,) = nwps_gauges.ask_sites(server.access)
    assert nwps_gauges.sites(one)[0][0].severe == nwps_gauges.sites(everyone)[0][0].severe


def test_an_unknown_gauge_does_not_silence_the_others(server: Server) -> None:
    both = wanted("water_level", "NO/NE", "MULG1")
    unknown, known = nwps.ask(server.access, both)
    assert (unknown.status, unknown.body) == (404, b"")
    assert len(nwps.parse(replace(known, fetched=LATER), both).readings) == 3
    with pytest.raises(SourceError, match="knows no gauge 'NO/NE'"):
        nwps.parse(unknown, both)


def sample(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared sample {name} is not beside this checkout")
    return path.read_bytes()


def test_the_shared_samples_are_read() -> None:
    ever = Wanted("water_level", (Spot("TSTI4"),), at("1900-01-01"), at("2100-01-01"))
    both = sample("stageflow.json")
    observed = nwps.parse(answer(both, "stageflow-observed-TSTI4"), ever)
    assert [(r.raw, r.flag) for r in observed.readings] == [
        ("11.52", Flag.GOOD),
        ("-999", Flag.SENTINEL),
    ]
    ahead = nwps.parse_forecast(answer(both, "stageflow-forecast-TSTI4"), ever)
    assert [r.raw for r in ahead.ahead.readings] == ["12.9", "14.3"]
    (found,), _ = nwps_gauges.sites(answer(sample("gauge.json"), "gauge-TSTI4"))
    assert (found.attention, found.watch, found.warning, found.severe) == (
        3.048,
        3.6576,
        4.2672,
        4.8768,
    )
