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
from forecast.edits import Edit, apply
from maps.feeds import pi, pi_many
from maps.feeds.series import gather
from maps.review import Reviewed
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


ISSUE = np.datetime64("2020-07-01T00", "ns")
HOUR = np.timedelta64(1, "h")


def edited(view: View, kind: Any = "offset", value: float = 0.5) -> View:
    """Return a view in which a person changed gauge S2 from 2 h to 4 h ahead."""
    given = {"id": "e1", "station": "S2", "kind": kind, "value": value}
    times: dict[str, Any] = {"created": ISSUE, "issued": ISSUE, "expires": ISSUE + 24 * HOUR}
    if kind == "offset":
        times |= {"first": ISSUE + 2 * HOUR, "last": ISSUE + 4 * HOUR}
    own = Edit(reason='a "gate" <opened>', role="당직 수문관", **given, **times)
    found = apply(view.forecast, view.outlooks, [own], view.network, ISSUE)
    known = Reviewed(view.forecast, view.outlooks, changes=found.changes)
    return replace(view, forecast=found.forecast, outlooks=found.outlooks, review=known)


def test_a_value_that_a_person_changed_is_marked_and_tells_the_automatic_one(
    make_view: Maker,
) -> None:
    view = make_view(RIVER)
    _, forecast = both(edited(view), place=1)
    text = pi.xml(forecast)
    assert judge(text) == ""
    events = etree.fromstring(text).findall("p:series", NS)[4].findall("p:event", NS)
    assert [event.get("flag") for event in events[:5]] == ["0", "1", "1", "1", "0"]
    automatic = 1 + 2.5 * 2 / 24  # from 1 m to 3.5 m in 24 h
    assert dict(events[1].attrib) == {
        "date": "2020-07-01",
        "time": "02:00:00",
        "value": f"{automatic + 0.5:.3f}",
        "flag": "1",
        "flagSource": "MAN",
        "comment": f"edited by a person; automatic {automatic:.3f}",
        "user": "당직 수문관",
    }
    assert "flagSource" not in events[0].attrib
    said = forecast[4].header["fileDescription"]
    assert 'EDITED by 당직 수문관 (stage WATCH, automatic WATCH): a "gate" <opened>' in said
    assert forecast[4].header["qualifierId"] == ["q0.5", "SIMULATED"]  # the same series for FEWS


def test_json_has_the_marks_too_and_other_gauges_and_observations_none(make_view: Maker) -> None:
    view = edited(make_view(RIVER))
    told = json.loads(pi.json(both(view, place=1)[1]))["timeSeries"][4]["events"]
    assert (told[1]["flag"], told[1]["flagSource"]) == ("1", "MAN")
    assert "flagSource" not in told[0]
    for observed, _ in (both(view, place=1), both(view, place=0)):
        assert b"MAN" not in pi.json(observed)
        assert b"EDITED" not in pi.json(observed)
    assert b"EDITED" not in pi.json(both(view, place=0)[1])


def test_a_stage_that_a_person_set_changes_no_value_and_is_told_of_the_series(
    make_view: Maker,
) -> None:
    _, forecast = both(edited(make_view(RIVER), "at_least", 4), place=1)
    assert {event[3] for event in forecast[4].events} == {"0"}
    assert (
        "EDITED by 당직 수문관 (stage SEVERE, automatic WATCH)"
        in (forecast[4].header["fileDescription"])
    )


def test_one_file_of_many_gauges_marks_the_same(make_view: Maker) -> None:
    view = edited(make_view(RIVER))
    series, levels = gather(view), (0.05, 0.5, 0.95)
    many = pi_many.forecast(view, series, [1, 0, 4], levels)  # the edited one comes first
    each = [told for n in (1, 0, 4) for told in pi.forecast(view, series, n, levels)]
    assert many == pi.xml(each)
    assert many.count(b"EDITED by") == 3  # quantiles of one gauge
