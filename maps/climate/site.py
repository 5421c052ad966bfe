"""Write the climate half of the site: the map, a page per region and station, files; KO and EN."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language
from forecast.climate.observed_layers import TREND_FROM
from maps.climate import data_files, map_page, map_table, region_page, station_page
from maps.climate.climate_map import side_map
from maps.climate.headline import headline
from maps.climate.published import Numbers, numbers
from maps.climate.warming_rate import rates
from maps.climate.words import TEXT
from maps.page import Page, ending, json_text
from maps.plain import file_name, plain
from maps.shared_files import HEADLINE, HERE, LEAFLET, Assets
from maps.words import LANGUAGES

OWN = (
    "site.css",
    "climate.css",
    "climate_data.js",
    "climate_map.js",
    "climate_legend.js",
    "climate_table.js",
    "climate_page.js",
    "climate_chart.js",
    "climate_series.js",
)


def draw(atlas: Atlas, folder: Path) -> None:
    """Write all pages and files into `folder`; the same atlas gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    atlas = replace(atlas, regions=_plain_names(atlas))
    assets = _assets(folder)
    published = {layer.id: numbers(atlas, layer) for layer in atlas.layers}
    boundaries = data_files.write(atlas, published, folder)
    lines = {language: headline(atlas, language) for language in LANGUAGES}
    (folder / HEADLINE).write_text(json_text(lines), encoding="utf-8")
    for language in LANGUAGES:
        _map(atlas, published, assets, language, boundaries)
        _regions(atlas, published, assets, language)
        _stations(atlas, assets, language)
        _write(
            atlas,
            Page(f"climate_about.{language}.html", language, "", assets),
            "about",
            {"trend_from": TREND_FROM, "warming": rates(atlas)},
        )


def _plain_names(atlas: Atlas) -> Any:
    names = {key: atlas.regions[key].map(plain) for key in ("name_ko", "name_en")}
    return atlas.regions.assign(**names)


def _assets(folder: Path) -> Assets:
    assets = Assets(folder)
    leaflet = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    for name in LEAFLET:
        assets.add(name, (leaflet / name).read_bytes())
    for name in OWN:
        assets.add(name, (HERE / name).read_bytes())
    return assets


def _map(
    atlas: Atlas,
    published: Mapping[str, Numbers],
    assets: Assets,
    language: Language,
    boundaries: str,
) -> None:
    page = Page("climate_map.html", language, "", assets)
    for side in ("left", "right"):
        page.add_child(side_map(side))
    baselines = [str(b) for b in atlas.values["baseline"].values]
    told = {
        "first": map_page.first_state(atlas),
        "layers": map_page.layers(atlas, language),
        "sides": map_page.sides(atlas, language),
        "baselines": [("", [(b, b.replace("-", "–")) for b in baselines])],
        "regions": map_page.regions(atlas, language),
        "titles": {side: map_table.title(atlas, side, language) for side in ("left", "right")},
        "headings": map_table.headings(atlas, published, language),
        "rows": map_table.rows(atlas, published, language),
        "boundaries": boundaries,
        "block": map_page.block(atlas, published, language)
        | {"release": data_files.release(atlas)},
    }
    _write(atlas, page, "index", told)


def _regions(
    atlas: Atlas, published: Mapping[str, Numbers], assets: Assets, language: Language
) -> None:
    for row, code in enumerate(map(str, atlas.regions.index)):
        page = Page("climate_region.html", language, "../", assets)
        told = region_page.region(atlas, published, row, language)
        _write(atlas, page, f"region/{code}", told | {"data": _series(atlas, f"region/{code}")})


def _stations(atlas: Atlas, assets: Assets, language: Language) -> None:
    page = Page("climate_stations.html", language, "", assets)
    told = {
        "rows": station_page.listed(atlas, language),
        "headings": station_page.columns(language),
    }
    _write(atlas, page, "stations", told)
    for name in map(str, atlas.stations["station"].values):
        page = Page("climate_station.html", language, "../", assets)
        path = f"station/{file_name(name)}"
        told_of = station_page.station(atlas, name, language) | {"data": _series(atlas, path)}
        _write(atlas, page, path, told_of)


def _series(atlas: Atlas, path: str) -> str:
    return f"../data/{path}.js?{data_files.release(atlas)}"


def _write(atlas: Atlas, page: Page, name: str, told: Mapping[str, Any]) -> None:
    """Write a page under its name, with a link to its other language and the texts it needs."""
    language = page.language
    other: Language = "en" if language == "ko" else "ko"
    text = page.render(
        home=f"{page.up}../",
        other=f"{Path(name).name}{ending(other)}.html",
        c={key: said[language] for key, said in TEXT.items()},
        caveat=getattr(atlas.facts, f"futures_caveat_{language}"),
        method=getattr(atlas.facts, f"method_{language}"),
        facts=atlas.facts,
        **told,
    )
    path = page.assets.folder / f"{name}{ending(language)}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
