"""Write the climate half of the site: the map, a page per region and station, files; KO and EN."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language
from forecast.climate.observed_layers import TREND_FROM
from maps.climate import data_files, geometry, map_page, place_page
from maps.climate.climate_map import side_map
from maps.climate.headline import headline
from maps.climate.warming_rate import rates
from maps.climate.words import TEXT, window_name
from maps.page import Page, ending, json_text
from maps.shared_files import HEADLINE, HERE, LEAFLET, Assets
from maps.words import LANGUAGES

_OBSERVED_ONLY = ("climate_station.html", "climate_stations.html")
OWN = (
    "site.css",
    "climate.css",
    "climate_data.js",
    "climate_map.js",
    "climate_page.js",
    "climate_chart.js",
)


def draw(atlas: Atlas, folder: Path) -> None:
    """Write all pages and files into `folder`; the same atlas gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    assets = _assets(folder)
    data_files.write(atlas, folder)
    values = data_files.folder_of(atlas)
    data_files.put(folder / values / "regions.js", "regions", geometry.encoded(atlas))
    lines = {language: headline(atlas, language) for language in LANGUAGES}
    (folder / HEADLINE).write_text(json_text(lines), encoding="utf-8")
    for language in LANGUAGES:
        _map(atlas, assets, language, values)
        _stations(atlas, assets, language)
        _about(atlas, assets, language)
        for code in map(str, atlas.regions.index):
            told = place_page.region(atlas, code, language)
            _place(atlas, assets, language, f"region/{code}", told)
        for station in map(str, atlas.stations["station"].values):
            told = place_page.station(atlas, station, language)
            _place(atlas, assets, language, f"station/{station}", told)


def _assets(folder: Path) -> Assets:
    assets = Assets(folder)
    leaflet = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    for name in LEAFLET:
        assets.add(name, (leaflet / name).read_bytes())
    for name in OWN:
        assets.add(name, (HERE / name).read_bytes())
    return assets


def _map(atlas: Atlas, assets: Assets, language: Language, values: str) -> None:
    page = _page("climate_map.html", language, "", assets)
    for side in ("left", "right"):
        page.add_child(side_map(side))
    first = map_page.first_state(atlas)
    window = window_name(first["right"], language) if first["right"] != "obs" else ""
    mark = f"[{TEXT['synthetic'][language]}] " if atlas.facts.synthetic else ""
    _write(
        atlas,
        page,
        "index",
        first=first,
        groups=map_page.groups(atlas, language),
        sides=map_page.sides(atlas, language),
        bases=[(b, b.replace("-", "–")) for b in map(str, atlas.values["baseline"].values)],
        regions=_regions(atlas, language),
        headings=[
            f"{TEXT['observed'][language]} {first['base']}",
            f"{mark}{window} · {TEXT['change'][language]}",
            TEXT["range"][language],
            TEXT["robustness"][language],
            TEXT["models"][language],
        ],
        rows=map_page.rows(atlas, language),
        block=map_page.block(atlas, language, values),
        method=atlas.facts.method_ko if language == "ko" else atlas.facts.method_en,
        futures_source=atlas.facts.futures_source,
    )


def _about(atlas: Atlas, assets: Assets, language: Language) -> None:
    page = _page(f"climate_about.{language}.html", language, "", assets)
    _write(atlas, page, "about", trend_from=TREND_FROM, warming=rates(atlas))


def _regions(atlas: Atlas, language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the regions for a choice: the country, then each province with its districts."""
    name = f"name_{language}"
    table = atlas.regions
    found: list[tuple[str, list[tuple[str, str]]]] = [("", [("KR", str(table.at["KR", name]))])]
    for code in table.index[table["parent"] == "KR"]:
        inner = table.index[table["parent"] == code]
        listed = [(str(c), str(table.at[c, name])) for c in (code, *inner)]
        found.append((str(table.at[code, name]), listed))
    return found


def _stations(atlas: Atlas, assets: Assets, language: Language) -> None:
    page = _page("climate_stations.html", language, "", assets)
    rows = []
    for station in map(str, atlas.stations["station"].values):
        part = atlas.stations.sel(station=station)
        cells = [place_page.operating(part), f"{float(part['elevation']):.0f} m"]
        rows.append({"id": station, "name": str(part[f"name_{language}"].values), "cells": cells})
    headings = [TEXT["operating"][language], TEXT["elevation"][language]]
    _write(atlas, page, "stations", rows=rows, headings=headings)


def _place(
    atlas: Atlas, assets: Assets, language: Language, path: str, told: dict[str, Any]
) -> None:
    kind = path.partition("/")[0]
    page = _page(f"climate_{kind}.html", language, "../", assets)
    data = f"../{data_files.folder_of(atlas)}/{path}.js"
    _write(atlas, page, path, data=data, **told)


def _page(template: str, language: Language, up: str, assets: Assets) -> Page:
    return Page(template, language, up, assets)


def _write(atlas: Atlas, page: Page, at: str, **given: Any) -> None:
    """Write a page under its name, with a link to its other language and the texts it needs."""
    other: Language = "en" if page.language == "ko" else "ko"
    facts = atlas.facts
    text = page.render(
        home=f"{page.up}../",
        other=f"{Path(at).name}{ending(other)}.html",
        c={key: said[page.language] for key, said in TEXT.items()},
        caveat=_caveat(atlas, page),
        facts=facts,
        **given,
    )
    path = page.assets.folder / f"{at}{ending(page.language)}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _caveat(atlas: Atlas, page: Page) -> str:
    """Return what must stand on every page that shows a future."""
    if page.template in _OBSERVED_ONLY:
        return ""
    facts = atlas.facts
    return facts.futures_caveat_ko if page.language == "ko" else facts.futures_caveat_en
