"""The replay server over real loopback HTTP: its header, its faults, its switch."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest

from data.sources import simulated
from data.sources.web import REPLAYED
from flows.replay import worlds
from flows.replay.clock import Clock
from flows.replay.faults import NAMES, BadFault, Faults, parse
from flows.replay.server import SOURCES, Server, Stage, serving

NOW = np.datetime64("2026-07-20T04:25", "ns")  # 13:25 in Seoul
LIST = "/key/waterlevel/list/10M.json"
PERIOD = "/key/waterlevel/list/10M/S1/202607201200/202607201310.json"


@pytest.fixture(scope="module")
def only() -> Iterator[Server]:
    world = worlds.simulate(simulated.network(2), NOW)
    with serving(Stage(world, Clock(NOW, speed=0), Faults(SOURCES), pause=0.01)) as server:
        yield server


@pytest.fixture
def server(only: Server) -> Iterator[Server]:
    yield only
    only.stage.faults.clear()


def ask(server: Server, path: str = LIST, source: str = "hrfco", **how: Any) -> httpx.Response:
    return httpx.get(server.url(source) + path, timeout=5, **how)


def fault(server: Server, name: str, count: int | None = None, source: str = "hrfco") -> None:
    server.stage.faults.set(source, name, count)


def test_it_listens_on_loopback_only_and_counts_requests(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    before = server.asked("hrfco")
    assert ask(server).json()["content"][0]["ymdhm"] == "202607201310"  # 8 minutes late
    assert server.asked("hrfco") == before + 1


@pytest.mark.parametrize("path", ["/hrfco" + LIST, "/hrfco/", "/nobody", "/", "/faults"])
def test_every_answer_says_that_it_is_a_replay(server: Server, path: str) -> None:
    assert "SIMULATED" in httpx.get(server.url().rstrip("/") + path).headers[REPLAYED]


def test_even_a_method_that_it_does_not_have_is_answered_so(server: Server) -> None:
    reply = httpx.put(server.url("hrfco"))
    assert reply.status_code == 501
    assert "SIMULATED" in reply.headers[REPLAYED]


@pytest.mark.parametrize("name", sorted(NAMES - {"down", "cut"}))
def test_a_spoilt_answer_says_so_too(server: Server, name: str) -> None:
    fault(server, name)
    assert "SIMULATED" in ask(server).headers[REPLAYED]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_refusal_can_end_after_a_number_of_requests(server: Server, status: int) -> None:
    fault(server, f"http_{status}", 2)
    assert [ask(server).status_code for _ in range(3)] == [status, status, 200]


def test_too_many_requests_says_when_to_come_again(server: Server) -> None:
    fault(server, "http_429")
    assert ask(server).headers["Retry-After"] == "1"


def test_an_error_comes_in_http_200(server: Server) -> None:
    fault(server, "error_in_200")
    assert ask(server).status_code == 200
    assert ask(server).json()["code"] == "940"


def test_a_page_comes_instead_of_data(server: Server) -> None:
    fault(server, "html")
    assert ask(server).headers["Content-Type"].startswith("text/html")
    assert "점검" in ask(server).text


@pytest.mark.parametrize("name", ["down", "cut"])
def test_the_connection_breaks(server: Server, name: str) -> None:
    fault(server, name, 1)
    with pytest.raises(httpx.RemoteProtocolError):
        ask(server)
    assert ask(server).status_code == 200


def test_a_slow_body_trickles_but_comes_whole(server: Server) -> None:
    whole = ask(server).content
    fault(server, "slow")
    begun = time.monotonic()
    assert ask(server).content == whole
    assert time.monotonic() - begun >= 0.15  # some 20 pieces, 0.01 s before each


def test_json_can_break_off_be_noise_or_be_huge(server: Server) -> None:
    whole = ask(server).content
    fault(server, "truncated_json", 1)
    broken = ask(server).content
    assert 0 < len(broken) < len(whole)
    with pytest.raises(ValueError, match="line 1"):
        json.loads(broken)
    fault(server, "garbage", 2)
    one, two = ask(server).content, ask(server).content
    assert len(one) == len(two) == 2048
    assert one != two
    fault(server, "huge", 1)
    large = ask(server)
    assert len(large.content) == 13_000_000
    assert large.json() == json.loads(whole)


def test_rows_appear_late_twice_out_of_order_or_with_a_wrong_clock(server: Server) -> None:
    right = ask(server, PERIOD).json()["content"]
    assert [row["ymdhm"][-4:] for row in right] == [
        "1200",
        "1210",
        "1220",
        "1230",
        "1240",
        "1250",
        "1300",
        "1310",
    ]
    fault(server, "late", 1)
    assert ask(server, PERIOD).json()["content"] == right[:4]  # 40 minutes later than usual
    fault(server, "duplicated", 1)
    assert ask(server, PERIOD).json()["content"][:2] == [right[0]] * 2
    fault(server, "shuffled", 1)
    shuffled = ask(server, PERIOD).json()["content"]
    assert shuffled != right
    assert sorted(shuffled, key=lambda row: row["ymdhm"]) == right
    fault(server, "clock_skew", 1)
    assert ask(server, PERIOD).json()["content"][0]["ymdhm"] == "202607201400"


def test_values_can_be_revised_blank_or_under_another_name(server: Server) -> None:
    right = ask(server, PERIOD).json()["content"][0]
    fault(server, "revised", 2)
    one, two = (float(ask(server, PERIOD).json()["content"][0]["wl"]) for _ in range(2))
    assert abs(two - one) == pytest.approx(0.05, abs=0.011) or one - two == pytest.approx(0.95)
    fault(server, "blank_values", 1)
    assert {row["wl"] for row in ask(server, PERIOD).json()["content"]} == {" "}
    fault(server, "renamed_field", 1)
    row = ask(server, PERIOD).json()["content"][0]
    assert "ymdhm" not in row
    assert row["obsdt"] == right["ymdhm"]


def test_a_site_can_stand_in_the_wrong_place(server: Server) -> None:
    fault(server, "wrong_coordinates")
    site = ask(server, "/key/waterlevel/info.json").json()["content"][0]
    assert (site["lat"], site["lon"]) == ("36-12-00", "128-39-00")


def test_faults_are_switched_by_a_request(server: Server) -> None:
    where = server.url("faults")
    order = {"source": "hrfco", "fault": "http_500", "for_requests": 2}
    assert httpx.post(where, json=order).json()["hrfco"]["faults"] == [
        {"fault": "http_500", "for_requests": 2}
    ]
    assert ask(server).status_code == 500
    assert httpx.get(where).json()["hrfco"]["faults"][0]["for_requests"] == 1
    httpx.post(where, json={"source": "hrfco", "fault": None})
    assert ask(server).status_code == 200
    httpx.post(where, json={"fault": "down"})
    assert all(each["faults"] for each in httpx.get(where).json().values())


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"source": "hrfco", "fault": "fire"}, "No fault 'fire'"),
        ({"source": "nobody", "fault": "down"}, "No source 'nobody'"),
        ({"source": "hrfco", "fault": "down", "for_requests": 0}, "Give 1 or more"),
        ({"source": "hrfco", "fault": "down", "for_requests": "2"}, "whole number"),
        (["down"], "no order"),
    ],
)
def test_a_wrong_order_is_refused_with_the_reason(server: Server, order: Any, said: str) -> None:
    reply = httpx.post(server.url("faults"), json=order)
    assert reply.status_code == 400
    assert said in reply.json()["error"]
    assert httpx.post(server.url("faults"), content=b"{").status_code == 400


def test_faults_are_read_from_text() -> None:
    assert parse("hrfco=http_500") == ("hrfco", "http_500", None)
    assert parse("usgs=cut:3") == ("usgs", "cut", 3)
    for text in ("hrfco", "=cut", "hrfco=", "hrfco=cut:x", "hrfco=cut:"):
        with pytest.raises(BadFault, match="is no fault"):
            parse(text)


def test_the_same_seed_gives_the_same_bytes_from_another_server(server: Server) -> None:
    world = worlds.simulate(simulated.network(2), NOW)
    with serving(Stage(world, Clock(NOW, speed=0), Faults(SOURCES))) as twin:
        assert ask(twin, PERIOD).content == ask(server, PERIOD).content


def test_time_runs_on_between_two_answers() -> None:
    world = worlds.simulate(simulated.network(1), NOW)
    with serving(Stage(world, Clock(NOW, speed=36_000), Faults(SOURCES))) as server:
        first = ask(server).json()["content"][0]["ymdhm"]
        time.sleep(0.2)  # two hours of the replay
        assert ask(server).json()["content"][0]["ymdhm"] > first
