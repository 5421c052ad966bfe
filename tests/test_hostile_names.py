"""Names that try to be more than names: a page of theirs has the same elements as any other."""

import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from data.network import Network
from data.sources import simulated
from forecast.outlook import assess
from maps.plain import plain
from maps.site import draw
from maps.view import View

CORPUS: list[str] = json.loads(
    (Path(__file__).parent / "fixtures" / "hostile_names.json").read_text(encoding="utf-8")
)
LONG = "<b>긴 이름</b>" * 700  # 10 KB
RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


class Elements(HTMLParser):
    """Collects the elements of a page with the names of their attributes, and its text."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.text: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def named(view: View, names: list[str]) -> View:
    """Return a view with one gauge for each name; rivers, reason and warnings have it, too."""
    ids = simulated.network(gauges=len(names)).stations
    stations = tuple(
        replace(s, name_ko=name, name_en=name, river_ko=name, river_en=name)
        for s, name in zip(ids, names, strict=True)
    )
    first = names[0]
    river = replace(
        RIVER,
        stations=stations,
        provenance=first,
        title_ko=first,
        title_en=first,
        caveat_ko=first,
        caveat_en=first,
    )
    places = [at % 5 for at in range(len(names))]
    forecast = view.forecast.isel(station=places).assign_coords(station=river.ids)
    return replace(
        view,
        network=river,
        forecast=forecast,
        observations=view.observations.isel(station=places).assign_coords(station=river.ids),
        outlooks=tuple(
            replace(outlook, reason=outlook.reason and name)
            for outlook, name in zip(assess(forecast.isel(issue_time=0), river), names, strict=True)
        ),
        manifest=view.manifest | {"warnings": [first], "model": first},
    )


def test_the_corpus_is_large_and_has_what_it_should() -> None:
    assert len(set(CORPUS)) >= 100
    assert any("\u202e" in name for name in CORPUS)  # turns the direction of writing
    assert len(LONG.encode()) > 10_000


@pytest.mark.slow
def test_no_name_adds_an_element_or_an_attribute_to_any_page(
    tmp_path: Path, make_view: Maker
) -> None:
    names = [*CORPUS[:40], LONG]  # a page each would take long: the list has all, see below
    draw([named(make_view(RIVER), names)], tmp_path / "hostile")
    draw([named(make_view(RIVER), [f"x{n}" for n, _ in enumerate(names)])], tmp_path / "plain")
    pages = sorted(p.relative_to(tmp_path / "plain") for p in tmp_path.glob("plain/**/*.html"))
    assert len(pages) == 2 * (5 + len(names))
    for page in pages:
        hostile, harmless = (Elements(tmp_path / side / page) for side in ("hostile", "plain"))
        assert hostile.found == harmless.found, page


@pytest.mark.slow
def test_every_name_of_the_corpus_is_shown_as_it_is(tmp_path: Path, make_view: Maker) -> None:
    for start in range(0, len(CORPUS), 50):  # what stands in the HTML of one page
        names = CORPUS[start : start + 50]
        at = tmp_path / str(start)
        draw([named(make_view(RIVER), names)], at)
        page = Elements(at / "simulated" / "index.html")
        shown = set(page.text)
        assert [name for name in names if plain(name).strip() and plain(name) not in shown] == []
        assert not any(name.startswith("on") for _, attrs in page.found for name in attrs)
