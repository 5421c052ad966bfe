"""HRFCO's answers of a tiny world, whose values can be told by hand."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from flows.replay import hrfco
from flows.replay.hrfco_facts import dms
from flows.replay.messages import Reply, Request
from flows.replay.telling import Told
from flows.replay.world import World

START = np.datetime64("2020-08-06T00:00", "ns")  # 09:00 in Seoul
NOW = np.datetime64("2020-08-06T02:00", "ns")


def world(values: dict[str, list[list[float]]] | None = None, made_up: bool = True) -> World:
    """Return four hours: S1 rises by 1 m an hour from 1 m, S2 stands at 0.5 m with one gap."""
    nan = float("nan")
    given = {
        "water_level": [[1, 2, 3, 4], [0.5, 0.5, nan, 0.5]],
        "rainfall": [[0, 6, 12, 0], [0, 0, nan, 0]],
    } | (values or {})
    return World(
        network=simulated.network(2),
        label="SIMULATED",
        start=START,
        step=np.timedelta64(1, "h").astype("timedelta64[ns]"),
        values={name: np.array(table, dtype=float) for name, table in given.items()},
        rows=np.arange(2),
        simulated=made_up,
    )


def say(path: str, **told: Any) -> Reply:
    return hrfco.answer(replace(Told(world(), NOW), **told), Request(f"/key/{path}"))


def content(path: str, **told: Any) -> Any:
    return json.loads(say(path, **told).body)["content"]


def test_the_latest_row_of_every_station_is_told_in_the_bytes_of_the_provider() -> None:
    reply = say("waterlevel/list/10M.json", now=NOW - np.timedelta64(30, "m"))
    assert reply.content_type == "application/json;charset=UTF-8"
    assert reply.body == (
        b'{"links":[],"content":['
        b'{"wlobscd":"S1","ymdhm":"202008061030","wl":"2.50","fw":" ","links":[]},'
        b'{"wlobscd":"S2","ymdhm":"202008061030","wl":" ","fw":" ","links":[]}]}'
    )


def test_a_period_includes_both_ends_and_nothing_that_has_not_appeared() -> None:
    path = "waterlevel/list/10M/S1/202008061040/202008061230.json"
    rows = content(path, delay=np.timedelta64(8, "m"))  # at 11:00 the newest row is of 10:50
    assert [(row["ymdhm"], row["wl"]) for row in rows] == [
        ("202008061040", "2.67"),
        ("202008061050", "2.83"),
    ]


def test_the_rain_of_the_first_station_answers_for_any_rain_gauge() -> None:
    rows = content("rainfall/list/1H/10184100/2020080610/2020080610.json")
    assert [(row["rfobscd"], row["rf"]) for row in rows] == [("10184100", 6.0)]


def test_hours_and_days_have_their_own_times() -> None:
    rows = content("waterlevel/list/1H/S1/2020080609/2020080611.json")
    assert [(row["ymdhm"], row["wl"]) for row in rows] == [
        ("2020080609", "1.00"),
        ("2020080610", "2.00"),
        ("2020080611", "3.00"),
    ]
    (day,) = content("waterlevel/list/1D/S1.json")
    assert (day["ymdhm"], day["wl"]) == ("20200806", "2.00")  # the mean of 1, 2 and 3 m


def test_rain_is_a_number_that_fell_in_the_step() -> None:
    (ten,) = content("rainfall/list/10M/S1.json")
    assert (ten["ymdhm"], ten["rf"]) == ("202008061100", 2.0)  # 12 mm in the hour
    assert content("rainfall/list/1H/S1.json")[0]["rf"] == 12.0
    assert content("rainfall/list/1H/S2.json")[0]["rf"] == " "


def test_rain_of_a_day_is_known_once_its_whole_beginning_is() -> None:
    (day,) = content("rainfall/list/1D/S1.json")  # the record begins at 09:00
    assert day["rf"] == " "


def test_info_gives_degrees_minutes_seconds_and_what_is_announced() -> None:
    first = content("waterlevel/info.json")[0]
    assert list(first)[:4] == ["wlobscd", "agcnm", "obsnm", "addr"]
    assert (first["lat"], first["lon"]) == ("37-27-00", "127-24-00")
    assert (first["attwl"], first["srswl"], first["pfh"]) == ("2", "5", " ")
    assert "SIMULATED" in first["agcnm"]


def test_a_replayed_office_announces_no_derived_thresholds() -> None:
    first = content("waterlevel/info.json", world=world(made_up=False))[0]
    assert (first["attwl"], first["fstnyn"]) == (" ", "N")
    assert "REPLAY" in first["agcnm"]


def test_minutes_do_not_become_sixty() -> None:
    assert dms(126.959444) == "126-57-34"
    assert dms(127.9999999) == "128-00-00"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/bad/waterlevel/list/10M.json", "900"),
        ("/k/waterlevel/list/5M.json", "910"),
        ("/k/waterlevel/list/10M/S9.json", "920"),
        ("/k/waterlevel/list/10M/S1/20200806/20200807.json", "930"),
        ("/k/waterlevel/list/10M/S1/202008069999/202008069999.json", "930"),
        ("/k/waterlevel/list/10M/S1/201908060900/201908061000.json", "990"),
        ("/k/dam/list/10M.json", "990"),
        ("/k/fldfct/list/20190806.json", "990"),
    ],
)
def test_errors_come_in_http_200_with_a_code(path: str, code: str) -> None:
    reply = hrfco.answer(Told(world(), NOW), Request(path))
    said = json.loads(reply.body)
    assert reply.status == 200
    assert list(said) == ["code", "message", "links"]
    assert said["code"] == code


def test_a_dam_tells_what_the_record_has_of_it() -> None:
    dam = {"dam_level": [[25.0] * 4], "dam_inflow": [[100.0] * 4], "dam_release": [[90.0] * 4]}
    (row,) = content("dam/list/10M/1017310.json", world=world(dam))
    assert row == {
        "dmobscd": "1017310",
        "ymdhm": "202008061100",
        "swl": "25.000",
        "inf": "100.000",
        "sfw": " ",
        "ecpc": " ",
        "tototf": "90.000",
        "links": [],
    }
    facts, nothing = content("dam/info.json", world=world(dam))
    assert facts["dmobscd"] == "1017310"
    assert nothing is None


def test_a_weir_has_a_level_above_and_below() -> None:
    (row,) = content("bo/list/1H.json", now=NOW - np.timedelta64(1, "h"))
    assert (row["swl"], row["owl"]) == ("2.000", "0.500")


def test_a_simulated_flood_is_reported_when_the_level_reaches_watch() -> None:
    (report,) = content("fldfct/list.json")  # 3 m, watch, at 11:00
    assert (report["sttnm"], report["kind"], report["ancdt"]) == ("S1", "주의보", "202008061100")
    assert (report["sttcurhgt"], report["sttcurcng"]) == ("3.00", "상승")
    nobody = say("fldfct/list.json", world=world(made_up=False))
    assert json.loads(nobody.body)["code"] == "990"


def test_xml_is_the_twin_of_json() -> None:
    reply = say("waterlevel/list/1H/S1/2020080609/2020080610.xml")
    assert reply.content_type == "application/xml;charset=UTF-8"
    assert reply.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><entities><content>'
        "<Waterlevel><wlobscd>S1</wlobscd><ymdhm>2020080609</ymdhm><wl>1.00</wl><fw> </fw>"
        "</Waterlevel><Waterlevel><wlobscd>S1</wlobscd><ymdhm>2020080610</ymdhm><wl>2.00</wl>"
        "<fw> </fw></Waterlevel></content></entities>"
    )
    assert b"<result><code>910</code>" in say("waterlevel/list/9M.xml").body
    assert b"<Fldfct><ANCDT>202008061100</ANCDT>" in say("fldfct/list.xml").body


def test_a_station_of_discharge_has_a_flow_and_no_level() -> None:
    from data.stations import Quantity

    flowing = world({"discharge": [[10, 20, 30, 40], [1, 1, 1, 1]]})
    network: Network = replace(flowing.network, quantity=Quantity.DISCHARGE)
    (row,) = content("waterlevel/list/1H/S1.json", world=replace(flowing, network=network))
    assert (row["wl"], row["fw"]) == (" ", "30.00")
