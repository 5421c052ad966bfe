"""The files of a network with many gauges: shared by them, made anew only where needed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from data.stations import Stage
from maps.feeds import api, api_shards, geojson, layout, pi
from maps.feeds.all import STATE, previous, write
from maps.feeds.json_bytes import json_bytes
from maps.feeds.series import gather
from maps.publish import publish
from maps.release import Draft
from maps.view import View

etree = pytest.importorskip("lxml.etree", reason="lxml judges XML: pip install lxml")
jsonschema = pytest.importorskip("jsonschema", reason="jsonschema judges JSON: pip install it")
RIVER = replace(simulated.network(gauges=5), live=True)
FEEDS = Path(__file__).parent / "fixtures" / "feeds"
PI = {"p": "http://www.wldelft.nl/fews/PI"}
Maker = Callable[[Network], View]


@pytest.fixture(autouse=True)
def five_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two gauges a file, two features a page, the worst two: so five gauges show it all."""
    monkeypatch.setattr(layout, "LARGE", 4)
    monkeypatch.setattr(api_shards, "SHARD", 2)
    monkeypatch.setattr(api, "SHARD", 2)
    monkeypatch.setattr(api, "WORST", 2)
    monkeypatch.setattr(geojson, "PAGE", 2)


@pytest.fixture
def folder(tmp_path: Path, make_view: Maker) -> Path:
    write(make_view(RIVER), tmp_path, None)
    return tmp_path


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def names(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_only_gauges_with_alerts_have_files_of_their_own(folder: Path) -> None:
    own = {name for name in names(folder) if any(f"S{n}" in name for n in range(1, 6))}
    assert {name for name in own if name.startswith("alerts/gauge/")} == {
        f"alerts/gauge/S{n}.atom" for n in (1, 2, 3)
    }
    assert all(name.startswith("alerts/") for name in own)


def test_every_json_file_fits_the_schema_that_it_names(folder: Path) -> None:
    paths = [path for path in (folder / "api").rglob("*.json") if "schema" not in str(path)]
    named = {path.name: read(path).get("$schema") for path in paths}
    assert sum(bool(schema) for schema in named.values()) == 5  # openapi.json names none
    for path in (path for path in paths if "$schema" in read(path)):
        schema = path.parent / read(path)["$schema"]
        assert read(schema) == api.schema(schema.stem)
        jsonschema.Draft202012Validator.check_schema(read(schema))
        jsonschema.Draft202012Validator(read(schema)).validate(read(path))


@pytest.mark.parametrize(
    "change", [{"stage": "normal"}, {"peak": "5.5"}, {"more": 1}, {"flags": {"0": "good"}}]
)
def test_the_schema_rejects_what_would_mislead(folder: Path, change: dict[str, Any]) -> None:
    told = read(folder / "api" / "gauges" / "2.json")
    judge = jsonschema.Draft202012Validator(api.schema("gauges"))
    assert judge.is_valid(told)
    told["gauges"][0] |= change
    assert not judge.is_valid(told)


def test_a_gauge_is_found_by_its_place(folder: Path) -> None:
    index = read(folder / "api" / "index.json")
    place = index["ids"].index("S4")
    told = read(folder / "api" / "gauges" / f"{place // 2}.json")
    assert told["first"] == 2
    gauge = told["gauges"][place - told["first"]]
    assert (gauge["id"], gauge["stage"]) == ("S4", "normal")
    fixed = read(folder / "api" / "stations" / f"{place // 2}.json")["stations"][1]
    assert (fixed["id"], fixed["thresholds"]["severe"]) == ("S4", 5)


def test_quantiles_and_chances_are_those_of_the_forecast(folder: Path) -> None:
    told = read(folder / "api" / "gauges" / "0.json")
    first = told["gauges"][0]
    assert told["levels"] == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert [row[-1] for row in first["quantiles"]] == [4.7, 5.2, 5.5, 5.8, 6.3]
    assert first["chances"]["severe"][-1] == 0.85
    assert told["valid_time"][-1] == "2020-07-02T00:00:00Z"


def test_what_is_missing_is_null_and_named(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    level = view.observations.water_level.copy()
    level[0, 3] = np.nan
    write(replace(view, observations=view.observations.assign(water_level=level)), tmp_path, None)
    first = read(tmp_path / "api" / "gauges" / "0.json")["gauges"][0]
    assert first["observed"][3] is None
    assert first["flags"] == {"3": "not_reported"}
    silent = read(tmp_path / "api" / "gauges" / "2.json")["gauges"][0]
    assert (silent["stage"], silent["chances"], silent["peak"]) == ("unknown", {}, None)
    assert {value for row in silent["quantiles"] for value in row} == {None}


def test_the_network_tells_of_its_worst_gauges_and_how_many_there_are(folder: Path) -> None:
    network = read(folder / "api" / "network.json")
    assert [gauge["id"] for gauge in network["gauges"]] == ["S1", "S2"]
    assert (network["count"], network["stages"]["unknown"]) == (5, 1)


def test_pages_of_features_lead_to_each_other(folder: Path) -> None:
    items = folder / "ogc" / "collections" / "gauges"
    seen, path = [], "items.json"
    while path:
        page = read(items / path)
        seen += [feature["id"] for feature in page["features"]]
        assert (page["numberMatched"], page["numberReturned"]) == (5, len(page["features"]))
        links = {link["rel"]: link["href"] for link in page["links"]}
        assert links["self"] == path
        path = links.get("next", "")
    assert seen == RIVER.ids
    geo = pytest.importorskip("geojson", reason="geojson is not installed: pip install geojson")
    assert geo.loads((items / "items.2.json").read_text(encoding="utf-8")).is_valid


def test_every_path_that_is_described_is_there(folder: Path) -> None:
    given = {"{part}": "0", "{page}": "2"}
    for path in read(folder / "api" / "openapi.json")["paths"]:
        for mark, value in given.items():
            path = path.replace(mark, value)
        assert (folder / path.lstrip("/")).is_file(), path


def test_pi_holds_all_alerts_and_the_same_series_as_of_one_gauge(
    folder: Path, make_view: Maker
) -> None:
    grammar = etree.RelaxNG(etree.parse(str(FEEDS / "pi_timeseries.rng")))
    for kind in ("forecast", "observed"):
        file = etree.parse(str(folder / "pi" / f"worst.{kind}.xml"))
        assert grammar.validate(file), grammar.error_log
        places = [e.text for e in file.iterfind("p:series/p:header/p:locationId", PI)]
        assert list(dict.fromkeys(places)) == ["S1", "S2", "S3"]
    view = make_view(RIVER)
    series = gather(view)
    alone = pi.forecast(view, series, 2, (0.05, 0.5, 0.95))
    text = (folder / "pi" / "worst.forecast.xml").read_text(encoding="utf-8")
    assert all("".join(pi.series_xml(one)) in text for one in alone)
    assert len(series.moments) == 48
    (readings,) = pi.observed(view, series, 1, ("water_level",))
    text = (folder / "pi" / "worst.observed.xml").read_text(encoding="utf-8")
    assert "".join(pi.series_xml(readings)) in text


def test_texts_of_upstream_stay_texts_in_a_shared_file(tmp_path: Path, make_view: Maker) -> None:
    evil = "<b>%s</b>&]]>\x00\u202e" + "긴" * 5000
    stations = tuple(replace(s, name_ko=evil, name_en=evil) for s in RIVER.stations)
    write(make_view(replace(RIVER, stations=stations, provenance=evil)), tmp_path, None)
    file = etree.parse(str(tmp_path / "pi" / "worst.forecast.xml"))
    told = {e.text for e in file.iterfind("p:series/p:header/p:stationName", PI)}
    assert told == {"<b>%s</b>&]]>" + "긴" * 5000}
    for path in tmp_path.rglob("*.json"):
        assert "<" not in path.read_text(encoding="utf-8"), path


def test_every_file_says_that_it_is_simulated(folder: Path) -> None:
    plain = ("api/schema/", "ogc/conformance.json")
    for name in names(folder):
        if not name.startswith(plain):
            text = (folder / name).read_bytes().decode("utf-8", "replace")
            assert "SIMULATED" in text, name
            assert "ot an official flood warning" in text, name


def cycle(root: Path, view: View, number: int) -> Path:
    def draw(draft: Draft) -> None:
        write(view, draft / "simulated", previous(draft.before, "simulated"))

    return publish(root, draw, {"run_id": f"r{number}"})


def test_a_second_forecast_writes_only_what_has_changed(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    hour = RIVER.step
    issued = view.forecast.issue_time.values + hour
    later = replace(
        view,
        forecast=view.forecast.assign_coords(
            issue_time=issued, valid_time=view.forecast.valid_time + hour
        ),
        outlooks=tuple(replace(o, issue_time=o.issue_time + hour) for o in view.outlooks),
    )
    one, two = cycle(tmp_path, view, 1), cycle(tmp_path, later, 2)
    same = {n for n in names(two) if (two / n).stat().st_ino == _inode(one / n)}
    kept = {name.removeprefix("simulated/") for name in same}
    assert {"api/index.json", "api/stations/0.json", "api/schema/gauges.json"} <= kept
    messages = {n for n in names(two) if "/cap/" in n}
    assert len(messages) == 3  # the alerts of the first forecast, as they were sent
    assert messages <= same
    assert {f"alerts/gauge/S{n}.atom" for n in (1, 2, 3)} <= kept  # they change with a message
    assert "alerts/all.atom" not in kept  # it tells of the issue
    assert "api/gauges/0.json" not in kept
    chains = read(two / "simulated" / STATE)["chains"]
    assert {Stage(c["standing"]["stage"]) for c in chains.values()} == {
        Stage.SEVERE,
        Stage.WATCH,
        Stage.ATTENTION,
    }


def test_a_feed_of_one_gauge_tells_of_its_newest_message_and_of_no_issue(folder: Path) -> None:
    text = (folder / "alerts" / "gauge" / "S1.atom").read_text(encoding="utf-8")
    feed, entry = text.split("<entry>")
    assert "<updated>2020-07-01T09:00:00+09:00</updated>" in feed
    assert "<updated>2020-07-01T09:00:00+09:00</updated>" in entry
    assert "Changes only when an alert does. No alert does not mean safe." in feed
    assert "Of 5 gauges" not in feed


def test_an_array_that_does_not_lie_in_one_piece_is_written_as_any_other() -> None:
    table = np.array([[1.0, np.nan], [3.0, 4.0]], order="F")
    assert json_bytes({"row": table[0]}) == b'{"row":[1.0,null]}'
    with pytest.raises(TypeError, match="not JSON serializable"):
        json_bytes({"row": object()})


def _inode(path: Path) -> int:
    return path.stat().st_ino if path.exists() else -1


def test_another_threshold_makes_the_fixed_files_anew(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    first, *others = RIVER.stations
    assert first.thresholds is not None
    raised = replace(first, thresholds=replace(first.thresholds, severe=6.0))
    changed = make_view(replace(RIVER, stations=(raised, *others)))
    one, two = cycle(tmp_path, view, 1), cycle(tmp_path, changed, 2)
    path = "simulated/api/stations/0.json"
    assert [read(p / path)["stations"][0]["thresholds"]["severe"] for p in (one, two)] == [5, 6]
