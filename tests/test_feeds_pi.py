"""Delft-FEWS files: the order of the header, the flags, one tree in XML and JSON."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.network import Network
from data.schema import Flag
from data.sources import simulated
from maps.feeds import pi
from maps.feeds.series import gather
from maps.view import View

etree = pytest.importorskip("lxml.etree", reason="lxml judges XML: pip install lxml")
RIVER = simulated.network(gauges=5)
GRAMMAR = Path(__file__).parent / "fixtures" / "feeds" / "pi_timeseries.rng"
SAMPLE = Path(__file__).parents[2] / "shared/samples/providers/fews/pi_timeseries_forecast.xml"
NS = {"p": "http://www.wldelft.nl/fews/PI"}
Maker = Callable[[Network], View]


def judge(text: bytes) -> str:
    grammar = etree.RelaxNG(etree.parse(str(GRAMMAR)))
    return "" if grammar.validate(etree.fromstring(text)) else str(grammar.error_log)


def both(view: View, place: int = 0) -> tuple[list[pi.Told], list[pi.Told]]:
    series = gather(view)
    return pi.observed(view, series, place), pi.forecast(view, series, place)


def test_observations_and_forecast_are_valid_pi_xml(make_view: Maker) -> None:
    observed, forecast = both(make_view(RIVER))
    assert judge(pi.xml(observed)) == ""
    assert judge(pi.xml(forecast)) == ""


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"no sample of Delft-FEWS at {SAMPLE}")
def test_the_grammar_accepts_a_file_of_others() -> None:
    assert judge(SAMPLE.read_bytes()) == ""


def test_the_grammar_rejects_a_header_in_another_order(make_view: Maker) -> None:
    file = etree.fromstring(pi.xml(both(make_view(RIVER))[1]))
    header = file.find("p:series/p:header", NS)
    header.append(header.find("p:locationId", NS))
    assert judge(etree.tostring(file))


def test_each_quantile_is_a_series_of_its_own_and_no_member(make_view: Maker) -> None:
    file = etree.fromstring(pi.xml(both(make_view(RIVER))[1]))
    qualifiers = [e.text for e in file.iterfind("p:series/p:header/p:qualifierId[1]", NS)]
    assert qualifiers == [f"q{q}" for q in (0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95)]
    assert file.find(".//p:ensembleId", NS) is None
    last = file.findall("p:series", NS)[4].findall("p:event", NS)[-1]
    assert dict(last.attrib) == {
        "date": "2020-07-02",
        "time": "00:00:00",
        "value": "5.500",
        "flag": "0",
    }


def test_rain_is_accumulated_and_levels_are_instantaneous(make_view: Maker) -> None:
    headers = [told.header for told in both(make_view(RIVER))[0]]
    assert [(h["parameterId"], h["type"], h["units"]) for h in headers] == [
        ("H.obs", "instantaneous", "m"),
        ("P.obs", "accumulative", "mm"),
    ]


@pytest.mark.parametrize(
    ("flag", "value", "expected"),
    [
        (Flag.GOOD, 1.5, ("1.500", "0")),
        (Flag.GOOD, np.nan, ("-999.0", "9")),
        (Flag.NOT_REPORTED, np.nan, ("-999.0", "9")),
        (Flag.SPIKE, 1.5, ("1.500", "6")),
        (Flag.RATE_OF_CHANGE, 1.5, ("1.500", "3")),
    ],
)
def test_flags_become_those_of_fews(
    make_view: Maker, flag: Flag, value: float, expected: tuple[str, str]
) -> None:
    view = make_view(RIVER)
    level, flags = view.observations.water_level.copy(), view.observations.water_level_flag.copy()
    level[0, 0], flags[0, 0] = value, flag
    changed = view.observations.assign(water_level=level, water_level_flag=flags)
    observed, _ = both(replace(view, observations=changed))
    assert observed[0].events[0] == ("2020-06-29", "01:00:00", *expected)


def test_a_forecast_that_is_not_there_is_missing_and_not_0(make_view: Maker) -> None:
    _, forecast = both(make_view(RIVER), place=4)
    assert {event[2:] for told in forecast for event in told.events} == {("-999.0", "9")}
    assert judge(pi.xml(forecast)) == ""


def test_json_holds_the_same_tree_with_every_scalar_a_text(make_view: Maker) -> None:
    _, forecast = both(make_view(RIVER))
    kept = json.loads(pi.json(forecast))
    assert (kept["version"], kept["timeZone"], len(kept["timeSeries"])) == ("1.34", "0.0", 9)
    assert kept["timeSeries"][4]["events"][-1]["value"] == "5.500"
    assert list(kept["timeSeries"][0]["header"]) == list(forecast[0].header)
    assert {type(leaf) for leaf in _leaves(kept)} == {str}


def _leaves(tree: Any) -> list[Any]:
    if isinstance(tree, dict):
        return [leaf for value in tree.values() for leaf in _leaves(value)]
    if isinstance(tree, list):
        return [leaf for value in tree for leaf in _leaves(value)]
    return [tree]


def test_every_series_says_what_it_is(make_view: Maker) -> None:
    view = make_view(RIVER)
    drill = replace(view, manifest=view.manifest | {"replayed": "flood of 2020"})
    for told in [*both(drill)[0], *both(drill)[1]]:
        assert told.header["qualifierId"][-2:] == ["SIMULATED", "DRILL"]
        assert "Not an official flood warning" in told.header["fileDescription"]


def test_the_kept_reader_of_fews_reads_the_same(tmp_path: Path, make_view: Maker) -> None:
    reason = "fewsxml is not installed: pip install fewsxml"
    fewsxml = pytest.importorskip("fewsxml", reason=reason)
    path = tmp_path / "forecast.xml"
    path.write_bytes(pi.xml(both(make_view(RIVER))[1]))
    read = fewsxml.read(str(path))
    assert [series.header.qualifierId[0] for series in read.series][::4] == [
        "q0.05",
        "q0.5",
        "q0.95",
    ]
    assert read.series[4].event[-1].value == 5.5
