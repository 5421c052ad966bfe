"""Write the pages of all gauges of a network, and the numbers that they and the dialog show.

Up to `maps.feeds.layout.LARGE` gauges every page is whole without a script, and is written with
each forecast. Of a larger network a page holds what does not change between forecasts, and fills
itself from the gauge's shard: the folder `gauge/` is sealed under a key and taken over as it is.
What changes lies in `data/latest.js`, the one data file of a fixed name.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from markupsafe import escape

from data.stations import Station
from forecast.outlook import Language
from maps import gauge_page, gauge_table, listing, shards, symbols
from maps.config import config
from maps.curves import Curves, gather
from maps.data_script import script
from maps.feeds import layout, links
from maps.gauge_words import page_words, words
from maps.listing import labels, name
from maps.now_words import NOW
from maps.page import Page, ending
from maps.plain import file_name
from maps.release import Draft
from maps.shared_files import Assets
from maps.view import View
from maps.words import LANGUAGES

__all__ = ["words", "write"]

_HOLDING = ("alerts/all.atom", "forecast.nc")
_SHARD = "api/gauges/{part}.json"
LATEST = "data/latest.js"
_FIXED = ("zone", "step", "horizon", "leads", "quantity", "unit", "stages", "words")
# No upstream text holds a control character (`maps.plain`): it cannot be taken for a mark.
_MARKS = tuple(f"\x00{mark}\x00" for mark in ("name", "river", "id", "file", "n", "part"))
_NAME, _RIVER, _ID, _FILE, _N, _PART = _MARKS


def write(view: View, draft: Draft, assets: Assets, files: Mapping[str, str]) -> str:
    """Write pages and shards of a network; return the folder of the shards, from the network's.

    Args:
        draft: The network's folder.
        files: The lazy data files of the network, see `maps.config.config`.
    """
    curves = gather(view)
    data = shards.write(curves, draft)
    draft.put(LATEST, script("latest", _latest(view, files, data)))
    if layout.large(view.network):
        _stubs(view, draft, assets)
        return data
    for language in LANGUAGES:
        _pages(curves, draft, assets, language, {"files": files, "data": data})
    return data


def _latest(view: View, files: Mapping[str, str], data: str) -> dict[str, Any]:
    """Return what changes with each forecast, for pages that do not."""
    told = {language: labels(view, language) for language in LANGUAGES}
    return {
        "issue": told["ko"]["issue_time"],
        "next": told["ko"]["next"],
        "files": dict(files),
        "data": data,
        "banners": {language: told[language]["banners"] for language in LANGUAGES},
        "warnings": told["ko"]["warnings"],
        "review": {language: told[language]["review"] for language in LANGUAGES},
    }


def _pages(
    curves: Curves, draft: Draft, assets: Assets, language: Language, data: Mapping[str, Any]
) -> None:
    """Write the pages of one language, each whole."""
    view, told = curves.view, labels(curves.view, language)
    block = config(view, language, "../", data["files"], data["data"])
    block |= {"gauge": words(language)}
    for n, outlook in enumerate(view.outlooks):
        page = Page("gauge.html", language, "../../", assets)
        row = listing.row(view, outlook, language)
        shown = gauge_page.gauge(curves, n, language)
        file = row["page"].removesuffix(f"{ending(language)}.html")
        text = page.render(
            other=f"{file}{ending(_other(language))}.html",
            labels=told,
            row=row,
            gauge=shown,
            config=block,
            n=n,
        )
        draft.put(f"gauge/{row['page']}", text)


def _stubs(view: View, draft: Draft, assets: Assets) -> None:
    """Write pages that fill themselves, unless they are there already."""
    fixed = {language: _fixed(view, draft, language) for language in LANGUAGES}
    models = {language: _model(view, assets, language, fixed[language]) for language in LANGUAGES}
    stations = view.network.stations
    key = sha256(repr((models, [_told(station) for station in stations])).encode()).hexdigest()
    if draft.keep_folder("gauge", key):
        return
    for language, model in models.items():
        for n, station in enumerate(stations):
            page = f"gauge/{file_name(station.id)}{ending(language)}.html"
            draft.put(page, _filled(model, station, n, language))
    draft.seal("gauge", key)


def _fixed(view: View, draft: Draft, language: Language) -> str:
    """Write what all pages of one language share; return its path."""
    block = config(view, language, "../", {}, "")
    shared = {key: block[key] for key in _FIXED}
    shared |= {"gauge": words(language), "symbols": symbols.shapes()}
    text = script("page", shared)
    path = f"data/page.{language}.{sha256(text.encode()).hexdigest()[:10]}.js"
    draft.put(path, text)
    return path


def _model(view: View, assets: Assets, language: Language, fixed: str) -> str:
    """Return the page of no gauge in particular: marks stand where a gauge's own texts come."""
    network, korean = view.network, language == "ko"
    page = Page("gauge_stub.html", language, "../../", assets)
    return page.render(
        other=f"{_FILE}{ending(_other(language))}.html",
        name=_NAME,
        river=_RIVER,
        id=_ID,
        n=_N,
        title=listing.title(view, language),
        simulated=network.simulated,
        caveat=network.caveat_ko if korean else network.caveat_en,
        provenance=" ".join([network.provenance, *listing.credits_of(network)]),
        files=_files(language),
        says=page_words(language),
        config={
            "lang": language,
            "folder": "../",
            "files": {"page": fixed, "latest": LATEST},
        },
    )


def _files(language: Language) -> list[dict[str, Any]]:
    """Return the files that hold the forecast of every gauge."""
    said = NOW["all_gauges"][language]
    table = {"path": gauge_table.NAME, "type": "text/csv", "said": said}
    shard = next(file for file in links.of_shards(language) if file["path"] == _SHARD)
    own = shard | {"path": _SHARD.format(part=_PART)}
    return [table, own, *(f for f in links.of_network(language) if f["path"] in _HOLDING)]


def _told(station: Station) -> tuple[str, ...]:
    return (station.id, station.name_ko, station.name_en, station.river_ko, station.river_en)


def _filled(model: str, station: Station, n: int, language: Language) -> str:
    river = station.river_ko if language == "ko" else station.river_en
    told = {
        _NAME: name(station, language),
        _RIVER: river,
        _ID: station.id,
        _FILE: file_name(station.id),
        _N: str(n),
        _PART: str(n // layout.SHARD),
    }
    for mark, text in told.items():
        model = model.replace(mark, str(escape(text)))
    return model


def _other(language: Language) -> Language:
    return "en" if language == "ko" else "ko"
