"""The answers of the other providers, of a tiny world whose values can be told by hand."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.sources import simulated
from flows.replay import (
    environment_agency,
    hrfco,
    kma_forecast,
    kma_hub,
    nwps,
    open_meteo,
    usgs,
)
from flows.replay.jena import dumps
from flows.replay.kma_forecast import amount
from flows.replay.messages import Provider, Reply, Request
from flows.replay.telling import Told
from flows.replay.world import World

HOUR = np.timedelta64(1, "h")
START = np.datetime64("2020-08-05T15:00", "ns")  # midnight in Seoul
NOW = START + 3 * HOUR
SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "providers"
KEY = {"serviceKey": "k", "authKey": "k"}


@pytest.fixture
def world() -> World:
    """Return six hours: S1 rises from 1 m by 0.5 m an hour, S2 stands at 0.5 m with a gap."""
    values = {
        "water_level": [[1.0, 1.5, 2.0, 2.5, 3.0, 3.5], [0.5, 0.5, 0.5, np.nan, 0.5, 0.5]],
        "discharge": [[10.0] * 6, [20.0] * 6],
        "rainfall": [[0.0, 1.5, 0.0, 12.0, 40.0, 60.0], [0.0, 0.0, 0.0, np.nan, 0.0, 0.0]],
    }
    return World(
        network=simulated.network(2),
        label="SIMULATED",
        start=START,
        step=HOUR.astype("timedelta64[ns]"),
        values={name: np.array(table) for name, table in values.items()},
        rows=np.arange(2),
        simulated=True,
    )


@pytest.fixture
def told(world: World) -> Told:
    return Told(world, NOW)


def ask(provider: Provider, told: Told, path: str, **query: str) -> Reply:
    return provider.answer(told, Request(path, KEY | query, "http://127.0.0.1:1/x"))


def read(provider: Provider, told: Told, path: str, **query: str) -> Any:
    return json.loads(ask(provider, told, path, **query).body)


# -- KMA's hub

HUB = "/api/typ01/url/kma_sfctm2.php"


def table(told: Told, path: str = HUB, **query: str) -> list[list[str]]:
    text = ask(kma_hub.PROVIDER, told, path, **query).body.decode("euc-kr")
    assert text.startswith("#START7777\n")
    assert text.endswith("#7777END\n")
    return [line.split() for line in text.splitlines() if not line.startswith("#")]


def test_a_row_of_the_hub_has_46_columns_with_the_rain_of_the_hour_and_the_day(told: Told) -> None:
    (row,) = table(told, stn="2")  # no station of KMA: gets S1
    assert len(row) == 46
    assert row[:2] == ["202008060300", "2"]
    assert row[15:19] == ["12.0", "13.5", "13.5", "-9.0"]


def test_no_rain_and_missing_rain_are_both_minus_nine(told: Told) -> None:
    dry, silent = table(told, HUB.replace("m2", "m3"), stn="1", tm1="202008060200", tm2="")
    assert dry[15:17] == silent[15:17] == ["-9.0", "-9.0"]
    assert dry[11] == "20.0"  # the rest of the row tells them apart
    assert {silent[column] for column in (2, 3, 7, 11, 13)} == {"-9", "-9.0"}


def test_all_stations_of_kma_are_told_at_once(told: Told) -> None:
    rows = table(told, stn="0", tm="202008060100")
    assert len(rows) == 95
    assert {row[0] for row in rows} == {"202008060100"}
    assert {row[15] for row in table(told, stn="108", tm="202008060100")} == {"-9.0"}  # S2 is near


def test_a_wrong_key_and_an_unknown_table_are_refused_in_json(told: Told) -> None:
    for key, path, status in (("bad", HUB, 401), ("k", "/kma_sfcdd.php", 403)):
        reply = ask(kma_hub.PROVIDER, told, path, authKey=key)
        assert reply.status == status
        assert json.loads(reply.body)["result"]["status"] == status
    assert ask(kma_hub.PROVIDER, told, "/elsewhere").status == 404


# -- KMA's forecast

VILAGE = "/1360000/VilageFcstInfoService_2.0/"
CELL = {"nx": "67", "ny": "123"}  # of S1: 37.45 N, 127.4 E


def forecast(told: Told, operation: str, day: str, clock: str, **query: str) -> Any:
    asked = CELL | {"dataType": "JSON", "base_date": day, "base_time": clock, "numOfRows": "1000"}
    return read(kma_forecast.PROVIDER, told, VILAGE + operation, **(asked | query))["response"]


def test_the_last_hour_is_told_as_a_number(told: Told) -> None:
    items = forecast(told, "getUltraSrtNcst", "20200806", "0200")["body"]
    assert items["items"]["item"][1] == {
        "baseDate": "20200806",
        "baseTime": "0200",
        "category": "RN1",
        "nx": 67,
        "ny": 123,
        "obsrValue": "0.0",
    }


def test_an_issue_is_out_ten_minutes_after_its_time(told: Told) -> None:
    late = replace(told, now=START + 2 * HOUR + np.timedelta64(9, "m"))
    assert forecast(late, "getVilageFcst", "20200806", "0200")["header"]["resultCode"] == "03"
    body = forecast(told, "getVilageFcst", "20200806", "0200")["body"]
    assert body["totalCount"] == 72 * 5 - 69 * 3  # POP, SNO and SKY are not told of what is unknown
    rain = [item for item in body["items"]["item"] if item["category"] == "PCP"]
    assert [item["fcstTime"] for item in rain[:3]] == ["0300", "0400", "0500"]
    assert rain[3]["fcstValue"] == "-999"


@pytest.mark.parametrize(
    ("mm", "words"),
    [
        (0.0, "강수없음"),
        (0.5, "1mm 미만"),
        (1.0, "1.0mm"),
        (29.94, "29.9mm"),
        (30.0, "30.0~50.0mm"),
        (50.0, "50.0mm 이상"),
    ],
)
def test_amounts_are_told_in_words(mm: float, words: str) -> None:
    assert amount(mm) == words


def test_pages_follow_one_another(told: Told) -> None:
    page = {"numOfRows": "2", "pageNo": "2"}
    body = forecast(told, "getUltraSrtFcst", "20200806", "0230", **page)["body"]
    assert (body["pageNo"], body["numOfRows"], body["totalCount"]) == (2, 2, 15)
    assert len(body["items"]["item"]) == 2


def test_the_gateway_answers_in_xml_whatever_was_asked_for(told: Told) -> None:
    reply = ask(
        kma_forecast.PROVIDER, told, VILAGE + "getVilageFcst", serviceKey="bad", dataType="JSON"
    )
    assert reply.status == 200
    assert b"<returnReasonCode>30</returnReasonCode>" in reply.body
    assert b">12<" in ask(kma_forecast.PROVIDER, told, VILAGE + "getFcstVersion").body
    assert forecast(told, "getVilageFcst", "2020", "0200")["header"]["resultCode"] == "10"
    nowhere = forecast(told, "getVilageFcst", "20200806", "0300")  # no issue at that hour
    assert nowhere["header"]["resultCode"] == "03"


def test_xml_comes_where_it_is_asked_for(told: Told) -> None:
    asked = CELL | {"base_date": "20200806", "base_time": "0300"}
    body = ask(
        kma_forecast.PROVIDER, replace(told, now=NOW + HOUR), VILAGE + "getUltraSrtNcst", **asked
    )
    assert b"<category>RN1</category>" in body.body
    assert b"<obsrValue>12.0</obsrValue>" in body.body


# -- USGS

ITEMS = "/ogcapi/v1/collections/continuous/items"


def test_a_value_of_usgs_is_a_text_in_feet_every_quarter_of_an_hour(told: Told) -> None:
    span = "2020-08-05T17:30:00Z/.."
    body = read(
        usgs.PROVIDER,
        told,
        ITEMS,
        monitoring_location_id="USGS-S1",
        parameter_code="00065",
        time=span,
    )
    facts = [feature["properties"] for feature in body["features"]]
    assert [(each["time"], each["value"]) for each in facts] == [
        ("2020-08-05T17:30:00+00:00", "7.38"),  # 2.25 m
        ("2020-08-05T17:45:00+00:00", "7.79"),
        ("2020-08-05T18:00:00+00:00", "8.20"),  # 2.5 m
    ]
    assert body["numberReturned"] == 3
    assert body["links"] == []


def test_flow_and_rain_come_in_cubic_feet_and_inches_and_a_gap_is_null(told: Told) -> None:
    at = {"time": "2020-08-05T18:00:00Z", "monitoring_location_id": "USGS-S1,USGS-S2"}
    body = read(usgs.PROVIDER, told, ITEMS, parameter_code="00060,00045,00065", **at)
    facts = [feature["properties"] for feature in body["features"]]
    assert [(each["value"], each["unit_of_measure"], each["qualifier"]) for each in facts] == [
        ("353", "ft^3/s", None),  # 10 m3/s
        ("706", "ft^3/s", None),
        ("0.12", "in", None),  # 3 mm of 12 mm/h
        (None, "in", ["EQUIP"]),
        ("8.20", "ft", None),
        (None, "ft", ["EQUIP"]),
    ]


def test_pages_are_linked_and_their_rows_have_new_ids_each_time(told: Told) -> None:
    asked = {"parameter_code": "00065", "monitoring_location_id": "USGS-S1", "limit": "2"}
    span = {"time": "2020-08-05T17:30:00Z/2020-08-05T18:00:00Z"}
    body = read(usgs.PROVIDER, told, ITEMS, **asked, **span)
    (link,) = body["links"]
    assert link["rel"] == "next"
    assert link["href"].startswith("http://127.0.0.1:1/x/ogcapi/v1/")
    rest = read(usgs.PROVIDER, told, ITEMS, **asked, **span, cursor="2")
    assert (rest["numberReturned"], rest["links"]) == (1, [])
    again = read(usgs.PROVIDER, replace(told, asked=1), ITEMS, **asked, **span)
    assert again["features"][0]["id"] != body["features"][0]["id"]


def test_a_question_in_cql2_is_understood(told: Told) -> None:
    wanted = {"op": "in", "args": [{"property": "monitoring_location_id"}, ["USGS-S1", "USGS-S2"]]}
    request = Request(
        ITEMS.replace("continuous", "latest-continuous"),
        {"parameter_code": "00060", "properties": "value,time", "skipGeometry": "true"},
        body=json.dumps(wanted).encode(),
    )
    features = json.loads(usgs.PROVIDER.answer(told, request).body)["features"]
    assert [feature["properties"]["value"] for feature in features] == ["353", "706"]
    assert features[0]["geometry"] is None
    assert set(features[0]["properties"]) == {"time", "value"}


def test_sites_a_schema_and_a_refusal_of_usgs(told: Told) -> None:
    path = "/ogcapi/v1/collections/monitoring-locations/items"
    (site,) = read(usgs.PROVIDER, told, path, monitoring_location_id="USGS-S2")["features"]
    assert site["id"] == "USGS-S2"
    assert site["geometry"]["coordinates"] == pytest.approx([127.3, 37.4])
    schema = read(usgs.PROVIDER, told, "/ogcapi/v1/collections/continuous/schema")
    assert "time_series_id" in schema["properties"]
    refused = ask(usgs.PROVIDER, told, ITEMS, time="yesterday")
    assert refused.status == 400
    assert json.loads(refused.body)["code"] == "InvalidParameterValue"
    assert ask(usgs.PROVIDER, told, ITEMS, time="2010-01-01/2020-01-01").status == 400
    assert read(usgs.PROVIDER, told, ITEMS, time="PT30M", limit="50")["numberReturned"] == 18
    assert read(usgs.PROVIDER, told, ITEMS, monitoring_location_id="USGS-9")["features"] == []


# -- NOAA NWPS


def test_stage_is_told_in_feet_and_flow_in_thousands_of_cubic_feet(told: Told) -> None:
    body = read(nwps.PROVIDER, told, "/gauges/S1/stageflow/observed")
    last = body["data"][-1]
    assert (body["primaryUnits"], body["secondaryUnits"]) == ("ft", "kcfs")
    assert (last["validTime"], last["primary"], last["secondary"]) == (
        "2020-08-05T18:00:00Z",
        8.2,
        0.35,
    )
    assert body["data"][0]["primary"] == -999  # a month ago
    both = read(nwps.PROVIDER, told, "/gauges/S1/stageflow")
    assert both["forecast"]["issuedTime"] == "2020-08-05T18:00:00Z"
    assert both["forecast"]["pedts"] == "HGIFF"
    assert len(both["forecast"]["data"]) == 12


def test_a_gauge_tells_its_flood_categories_and_where_it_stands(told: Told) -> None:
    gauge = read(nwps.PROVIDER, told, "/gauges/S1")
    assert gauge["flood"]["categories"]["action"] == {"stage": 6.56, "flow": -9999}
    assert gauge["status"]["observed"]["floodCategory"] == "action"
    silent = read(nwps.PROVIDER, told, "/gauges/S2")["status"]["observed"]
    assert (silent["primary"], silent["floodCategory"]) == (-999, "obs_not_current")
    assert silent["validTime"] == "0001-01-01T00:00:00Z"


def test_an_unknown_gauge_is_404_with_an_empty_body(told: Told) -> None:
    for path in ("/gauges/S9", "/gauges/S1/ratings", "/gauges/S1/stageflow/guessed"):
        reply = ask(nwps.PROVIDER, told, path)
        assert (reply.status, reply.body) == (404, b"")


def test_gauges_are_listed_within_a_box(told: Told) -> None:
    box = {"bbox.ymin": "37.42", "bbox.ymax": "38", "bbox.xmin": "127", "bbox.xmax": "128"}
    assert [g["lid"] for g in read(nwps.PROVIDER, told, "/gauges", **box)["gauges"]] == ["S1"]
    assert len(read(nwps.PROVIDER, told, "/gauges")["gauges"]) == 2


# -- Environment Agency

LEVEL = "S1-level-stage-i-15_min-mASD"


def test_json_is_spaced_as_jena_spaces_it() -> None:
    text = dumps({"a": "물", "b": [{"c": 1.5}, {}], "d": [], "e": ["x", 2]})
    assert text == (
        '{ \n  "a" : "물" ,\n  "b" : [\n    { \n      "c" : 1.5\n    } ,\n    {}\n  ] ,\n'
        '  "d" : [  ] ,\n  "e" : [ "x", 2 ]\n}'
    )


def test_the_newest_readings_of_all_stations_leave_out_what_is_missing(told: Told) -> None:
    body = read(environment_agency.PROVIDER, told, "/data/readings", latest="")
    found = {item["measure"].rpartition("/")[2]: item["value"] for item in body["items"]}
    assert found == {LEVEL: 2.5, "S1-rainfall-tipping_bucket_raingauge-t-15_min-mm": 3.0}
    assert "limit" not in body["meta"]


def test_readings_since_a_time_are_sorted_with_the_newest_first(told: Told) -> None:
    path = f"/id/measures/{LEVEL}/readings"
    since = {"since": "2020-08-05T17:30:00Z", "_sorted": ""}
    body = read(environment_agency.PROVIDER, told, path, **since)
    assert [(item["dateTime"], item["value"]) for item in body["items"]] == [
        ("2020-08-05T18:00:00Z", 2.5),
        ("2020-08-05T17:45:00Z", 2.375),
    ]
    one = read(environment_agency.PROVIDER, told, path, _limit="1", **since)
    assert (len(one["items"]), one["meta"]["limit"]) == (1, 1)


def test_readings_of_a_day_or_between_days(told: Told) -> None:
    path = f"/id/measures/{LEVEL}/readings"
    count = {
        "date": len(read(environment_agency.PROVIDER, told, path, date="2020-08-05")["items"]),
        "today": len(read(environment_agency.PROVIDER, told, path, today="")["items"]),
        "span": len(
            read(
                environment_agency.PROVIDER,
                told,
                path,
                startdate="2020-08-05",
                enddate="2020-08-05",
            )["items"]
        ),
    }
    assert count == {"date": 13, "today": 13, "span": 13}  # from 15:00 to 18:00


def test_a_station_is_an_object_alone_and_in_a_list_among_others(told: Told) -> None:
    one = read(environment_agency.PROVIDER, told, "/id/stations/S1")["items"]
    assert (one["notation"], one["stageScale"]["typicalRangeHigh"]) == ("S1", 3.0)
    listed = read(environment_agency.PROVIDER, told, "/id/stations")["items"]
    assert [item["notation"] for item in listed] == ["S1", "S2"]
    assert listed[0]["stageScale"].endswith("/S1/stageScale")
    measures = read(environment_agency.PROVIDER, told, "/id/stations/S1/measures")["items"]
    assert measures[0]["notation"] == LEVEL
    assert read(environment_agency.PROVIDER, told, f"/id/measures/{LEVEL}")["items"] == measures[0]
    assert ask(environment_agency.PROVIDER, told, "/id/stations/S9").status == 404
    assert ask(environment_agency.PROVIDER, told, "/id/measures/S9-level").status == 404


def test_floods_are_simulated_only_where_rivers_are(told: Told, world: World) -> None:
    high = replace(told, now=START + 4 * HOUR)  # 3 m: watch
    (flood,) = read(environment_agency.PROVIDER, high, "/id/floods")["items"]
    assert (flood["severity"], flood["severityLevel"]) == ("Flood alert", 3)
    assert flood["message"].startswith("SIMULATED")
    assert "Z" not in flood["timeRaised"]
    real = replace(high, world=replace(world, simulated=False))
    assert read(environment_agency.PROVIDER, real, "/id/floods")["items"] == []


# -- Open-Meteo

WHERE = {"latitude": "37.45", "longitude": "127.4"}


def test_open_meteo_prints_fixed_decimals_in_its_own_order(told: Told) -> None:
    span = {"start_hour": "2020-08-05T15:00", "end_hour": "2020-08-05T17:00"}
    reply = ask(open_meteo.PROVIDER, told, "/v1/forecast", **WHERE, hourly="precipitation", **span)
    assert reply.content_type == "application/json; charset=utf-8"
    assert reply.body.decode() == (
        '{"latitude":37.4375,"longitude":127.375,"generationtime_ms":0.06794929504394531,'
        '"utc_offset_seconds":0,"timezone":"GMT","timezone_abbreviation":"GMT","elevation":0.0,'
        '"hourly_units":{"time":"iso8601","precipitation":"mm"},"hourly":{"time":['
        '"2020-08-05T15:00","2020-08-05T16:00","2020-08-05T17:00"],'
        '"precipitation":[0.00,1.50,0.00]}}'
    )


def test_hours_ahead_are_a_forecast_and_not_the_truth(told: Told) -> None:
    span = {"start_hour": "2020-08-05T18:00", "end_hour": "2020-08-05T21:00"}
    body = read(open_meteo.PROVIDER, told, "/v1/forecast", **WHERE, hourly="precipitation", **span)
    now, ahead, _, unknown = body["hourly"]["precipitation"]
    assert now == 12.0
    assert 0 < ahead != 40.0
    assert unknown is None


def test_several_places_make_a_list_and_local_time_has_no_zone(told: Told) -> None:
    where = {"latitude": "37.45,37.4", "longitude": "127.4,127.3"}
    zone = {"timezone": "Asia/Seoul", "forecast_days": "1"}
    one, two = read(
        open_meteo.PROVIDER, told, "/v1/forecast", **where, hourly="precipitation", **zone
    )
    assert "location_id" not in one
    assert two["location_id"] == 1
    assert (one["utc_offset_seconds"], one["timezone_abbreviation"]) == (32400, "GMT+9")
    assert one["hourly"]["time"][0] == "2020-08-06T00:00"
    assert one["hourly"]["precipitation"][:4] == [0.0, 1.5, 0.0, 12.0]


def test_unix_times_and_daily_flow(told: Told) -> None:
    asked = {"daily": "river_discharge", "timeformat": "unixtime", "forecast_days": "1"}
    body = read(open_meteo.PROVIDER, told, "/v1/flood", **WHERE, **asked)
    assert body["daily_units"] == {"time": "unixtime", "river_discharge": "m³/s"}
    assert body["daily"]["time"] == [1596585600]
    assert "elevation" not in body


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"latitude": "95"}, "Latitude must be in range of -90 to 90°. Given: 95.0."),
        ({"hourly": "rainn"}, "from invalid String value rainn for key hourly"),
        ({"forecast_days": "17"}, "Forecast days is invalid. Allowed range 0 to 16. Given 17."),
        (
            {"start_date": "2019-01-01", "end_date": "2020-08-05"},
            "Parameter 'start_date' is out of allowed range from 2020-05-04 to 2020-08-20",
        ),
        ({"latitude": "x"}, "Value of type 'Float' required"),
        ({"latitude": "1,2"}, "same number of elements"),
        ({"timezone": "Mars/One"}, "Invalid timezone"),
        ({"start_date": "2020-08-05", "end_date": "soon"}, "not a valid date"),
    ],
)
def test_open_meteo_refuses_in_its_own_words(
    told: Told, asked: dict[str, str], reason: str
) -> None:
    reply = ask(open_meteo.PROVIDER, told, "/v1/forecast", **(WHERE | asked))
    assert reply.status == 400
    assert reason in json.loads(reply.body)["reason"]


# -- All


def shape(value: Any) -> Any:
    """Return the keys of JSON in their order; of a list those of its first row."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not beside this checkout")
@pytest.mark.parametrize(
    ("provider", "path", "sample"),
    [
        (
            hrfco.PROVIDER,
            "/k/waterlevel/list/10M/S1.json",
            "hrfco/waterlevel_list_10M_1018683.json",
        ),
        (hrfco.PROVIDER, "/k/waterlevel/info.json", "hrfco/waterlevel_info.json"),
        (hrfco.PROVIDER, "/k/rainfall/list/10M/S1.json", "hrfco/rainfall_list_10M_10014010.json"),
        (hrfco.PROVIDER, "/k/rainfall/info.json", "hrfco/rainfall_info.json"),
        (hrfco.PROVIDER, "/bad/rainfall/info.json", "hrfco/error_900.json"),
        (nwps.PROVIDER, "/gauges/S1", "nwps/gauge.json"),
        (nwps.PROVIDER, "/gauges/S1/stageflow", "nwps/stageflow.json"),
        (environment_agency.PROVIDER, "/data/readings?latest", "ea/readings_latest.json"),
    ],
)
def test_the_order_of_fields_is_that_of_the_sample(
    told: Told, provider: Provider, path: str, sample: str
) -> None:
    bare, _, query = path.partition("?")
    ours = read(provider, told, bare, **({query: ""} if query else {}))
    theirs = json.loads((SAMPLES / sample).read_text(encoding="utf-8"))
    assert json.dumps(shape(ours)) == json.dumps(shape(theirs))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not beside this checkout")
def test_the_columns_of_the_hub_stand_where_they_do_in_the_sample(told: Told) -> None:
    sample = (SAMPLES / "kma" / "kma_sfctm2.euckr.txt").read_bytes().decode("euc-kr")
    ours = ask(kma_hub.PROVIDER, told, HUB, stn="2").body.decode("euc-kr")
    here, there = (
        next(line for line in text.splitlines() if line.startswith("20")) for text in (ours, sample)
    )
    ends = [
        [at for at in range(1, len(line)) if line[at - 1] != " " and line[at : at + 1] in {" ", ""}]
        for line in (here, there)
    ]
    assert ends[0] == ends[1]
    assert ours.splitlines()[2:4] == sample.splitlines()[2:4]
