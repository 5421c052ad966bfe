"""The JSON API with its schemas, and the description of the data sets."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.network import Network
from data.sources import simulated
from maps.feeds.all import write
from maps.feeds.api import schema
from maps.feeds.licences import licences
from maps.feeds.publisher import Publisher
from maps.view import View

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema judges JSON: pip install it")
RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


@pytest.fixture
def folder(tmp_path: Path, make_view: Maker) -> Path:
    write(make_view(RIVER), tmp_path, None)
    return tmp_path


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def wrong(name: str, content: dict[str, Any]) -> list[str]:
    judge = jsonschema.Draft202012Validator(schema(name))
    return [error.message for error in judge.iter_errors(content)]


@pytest.mark.parametrize("name", ["network", "gauge"])
def test_the_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


def test_every_file_fits_the_schema_that_it_names(folder: Path) -> None:
    paths = [folder / "api" / "network.json", *(folder / "api" / "gauge").glob("*.json")]
    assert len(paths) == 6
    for path in paths:
        found = read(path)
        named = path.parent / found["$schema"]
        assert read(named) == schema(named.stem)
        assert wrong(named.stem, found) == []


@pytest.mark.parametrize(
    "change",
    [
        {"stage": "normal"},  # of a gauge of which nothing is known: its number is -1
        {"stage": "flood"},
        {"peak": "5.5"},
        {"issue_time": "2020-07-01T09:00:00+09:00"},
        {"label": "REAL"},
        {"more": 1},
    ],
)
def test_the_schema_rejects_what_would_mislead(folder: Path, change: dict[str, Any]) -> None:
    unknown = read(folder / "api" / "gauge" / "S5.json")
    assert wrong("gauge", unknown) == []
    assert wrong("gauge", unknown | change)


def test_the_worst_gauge_stands_first_and_stages_are_counted(folder: Path) -> None:
    network = read(folder / "api" / "network.json")
    assert [gauge["id"] for gauge in network["gauges"]] == ["S1", "S2", "S3", "S5", "S4"]
    assert network["stages"] == {
        "unknown": 1,
        "normal": 1,
        "attention": 1,
        "watch": 1,
        "warning": 0,
        "severe": 1,
    }
    assert network["overdue_at"] == "2020-07-01T02:00:00Z"


def test_a_gauge_has_its_readings_quantiles_and_chances(folder: Path) -> None:
    gauge = read(folder / "api" / "gauge" / "S1.json")
    assert gauge["forecast"]["quantiles"]["0.5"][-1] == 5.5
    assert gauge["forecast"]["lead_minutes"][-1] == 1440
    assert gauge["chances"]["severe"][-1] == 0.85
    assert gauge["observed"]["time"][-1] == "2020-07-01T00:00:00Z"


def test_a_gauge_without_forecast_has_null_and_no_chances(folder: Path) -> None:
    gauge = read(folder / "api" / "gauge" / "S5.json")
    assert set(gauge["forecast"]["quantiles"]["0.5"]) == {None}
    assert gauge["chances"] == {}
    assert gauge["stage"] == "unknown"


def test_every_other_format_that_a_gauge_names_is_there(folder: Path) -> None:
    files = read(folder / "api" / "gauge" / "S1.json")["files"]
    for name, path in files.items():
        if not name.startswith("page"):  # pages are drawn by maps.site
            assert (folder / "api" / "gauge" / path).is_file(), name


def test_every_path_that_is_described_is_there(folder: Path) -> None:
    described = read(folder / "api" / "openapi.json")
    for path, methods in described["paths"].items():
        assert (folder / path.replace("{gauge}", "S1").lstrip("/")).is_file(), path
        content = methods["get"]["responses"]["200"]["content"]
        for answer in content.values():
            if "$ref" in answer["schema"]:
                assert (folder / "api" / answer["schema"]["$ref"]).is_file()


def test_data_sets_are_described_for_portals_and_for_search_engines(folder: Path) -> None:
    found = read(folder / "dcat.jsonld")
    assert found["@type"] == ["dcat:Catalog", "DataCatalog"]
    assert [each["@id"] for each in found["dataset"]] == [
        each["@id"] for each in found["dcat:dataset"]
    ]
    for dataset in found["dataset"]:
        assert dataset["name"].startswith("[SIMULATED]")
        assert len(dataset["description"]) >= 50
        assert "Not an official flood warning" in dataset["description"]
        for file in dataset["distribution"]:
            if not file["contentUrl"].endswith(".csv"):  # they are written by maps.site
                assert (folder / file["contentUrl"]).is_file()


def test_with_an_address_files_are_named_in_full(tmp_path: Path, make_view: Maker) -> None:
    write(make_view(RIVER), tmp_path, None, Publisher(base_url="https://flood.example/"))
    first = read(tmp_path / "dcat.jsonld")["dataset"][0]["distribution"][0]
    assert first["contentUrl"] == "https://flood.example/simulated/forecast.nc"


def test_no_licence_is_claimed_that_is_not_known() -> None:
    assert licences(RIVER) == ["https://www.apache.org/licenses/LICENSE-2.0"]
    assert licences(replace(RIVER, source="csv_folder")) == []
