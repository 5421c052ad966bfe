"""The page about the site: what it is not, how it works, and where every file lies."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from data.feeds import Feed
from data.network import Network
from data.sources import simulated
from data.sources.asking import Spot
from maps.about import about
from maps.site import draw
from maps.view import View

RIVER = simulated.network(gauges=2)
Maker = Callable[[Network], View]


def test_every_file_of_a_network_is_told_with_its_address_and_format(
    make_full_view: Maker,
) -> None:
    (told,) = about([make_full_view(RIVER)], "en")
    formats = {file["path"]: file["type"] for file in told["files"]}
    assert formats["alerts/all.atom"] == "application/atom+xml"
    assert formats["gauges.csv"] == "text/csv"
    assert formats["forecast.nc"] == "application/x-netcdf"
    assert formats["skill.csv"] == "text/csv"
    assert "scorecard.csv" not in formats  # nothing was issued yet
    assert {file["path"] for file in told["of_gauge"]} >= {"gauge/GAUGE.observed.csv"}
    assert (told["count"], told["step"], told["horizon"]) == ("2", "1 hour", "24 hours")


def test_who_is_asked_is_told_once_each(make_view: Maker) -> None:
    spots = {"S1": (Spot("a"),)}
    feeds = (
        Feed("hrfco", "water_level", spots),
        Feed("hrfco", "rainfall", spots),
        Feed("kma_hub", "rainfall", spots),
    )
    live = replace(RIVER, feeds=feeds)
    (told,) = about([make_view(live)], "ko")
    assert told["sources"] == ["한강홍수통제소", "기상청 API허브"]
    assert about([make_view(RIVER)], "en")[0]["sources"] == ["SIMULATED"]


@pytest.mark.parametrize(
    ("page", "said"),
    [("about.html", "공식 특보가 아닙니다"), ("about.en.html", "Not an official warning")],
)
def test_the_page_says_what_it_is_not_and_leads_to_the_office(
    tmp_path: Path, make_view: Maker, page: str, said: str
) -> None:
    draw([make_view(RIVER)], tmp_path)
    text = (tmp_path / page).read_text(encoding="utf-8")
    assert f'<h2 id="official">{said}</h2>' in text
    assert 'href="https://www.hrfco.go.kr"' in text
    assert 'class="banner">' in text  # simulated
    for key in ("official", "method", "reading", "data", "files", "licences"):
        assert f'href="#{key}"' in text
        assert f'id="{key}"' in text
    assert "<code>simulated/forecast.nc</code>" in text
