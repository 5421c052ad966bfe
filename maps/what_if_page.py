"""The page of a what-if, Korean and English: beside the automatic forecast, marked everywhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.stations import Stage, Station
from forecast.differences import Difference, Told
from forecast.outlook import Language, Outlook, sentence
from forecast.wording import STAGE_WORDS, chance, in_language, number
from maps.listing import moment, name, title
from maps.page import Page, ending
from maps.plain import plain, plain_view
from maps.shared_files import HERE, Assets
from maps.view import View
from maps.what_if_picture import Line, picture, scale
from maps.what_if_words import WORDS, said
from maps.words import LANGUAGES, QUANTITY, UNIT

STYLES = ("site.css", "what_if.css")
FILES = ("differences.csv", "scenario.json", "forecast.nc")
SHOWN = 2  # horizons of the past in a picture


@dataclass(frozen=True)
class Pages:
    """All that the pages show.

    Attributes:
        before: The automatic forecast; `after` the one with changed inputs.
        record: What scenario.json tells.
    """

    before: View
    after: View
    differences: tuple[Difference, ...]
    record: dict[str, Any]


def draw(pages: Pages, folder: Path) -> None:
    """Write `index.html` and `index.en.html`, with the style that they need beside them."""
    assets = Assets(folder)
    for style in STYLES:
        assets.add(style, (HERE / style).read_bytes())
    pages = Pages(
        plain_view(pages.before), plain_view(pages.after), pages.differences, pages.record
    )
    for language in LANGUAGES:
        page = Page("what_if.html", language, "", assets)
        other: Language = "en" if language == "ko" else "ko"
        text = page.render(
            other=f"index{ending(other)}.html",
            w={key: words[language] for key, words in WORDS.items()},
            page=_told(pages, language),
            files=FILES,
        )
        (folder / f"index{ending(language)}.html").write_text(text, encoding="utf-8")


def _told(pages: Pages, language: Language) -> dict[str, Any]:
    view, record = pages.before, pages.record
    network = view.network
    marks = {
        "simulated": network.simulated,
        "drill": bool(record["replayed"]),
        "replay": record["replay"],
    }
    return {
        "title": title(view, language),
        "banners": [said("banner", language)]
        + [said(m, language) for m, on in marks.items() if on],
        "issued": moment(view, view.forecast.issue_time.values[0]),
        "who": plain(str(record["who"])),
        "reason": plain(str(record["reason"])),
        "model": record["model"],
        "id": record["id"],
        "changes": [plain(in_language(text, language)) for text in record["changes"]],
        "notes": [plain(in_language(text, language)) for text in record["notes"]],
        "unit": UNIT[network.quantity],
        "quantity": QUANTITY[network.quantity][language],
        "stages": _stages(pages, language),
        "rows": [_row(pages, each, language) for each in pages.differences],
        "gauges": [_gauge(pages, row, language) for row in range(len(network.stations))],
        "provenance": network.provenance,
        "caveat": network.caveat_ko if language == "ko" else network.caveat_en,
    }


def _alerts(pages: Pages) -> list[Stage]:
    """Return the alert stages that any gauge has."""
    limits = [station.thresholds for station in pages.before.network.stations]
    return sorted({stage for each in limits if each for stage in each.alerts})


def _stages(pages: Pages, language: Language) -> list[str]:
    words = [STAGE_WORDS[stage][language] for stage in _alerts(pages)]
    return [said("chance", language).format(word) for word in words]


def _row(pages: Pages, each: Difference, language: Language) -> dict[str, Any]:
    view = pages.before
    quantity = view.network.quantity
    rise = "–" if np.isnan(each.rise) else f"{each.rise:+.2f}"
    sides = [_side(pages, told, language) for told in (each.before, each.after)]
    return {
        "name": name(view.network.station(each.station), language),
        "id": each.station,
        "rise": f"{rise} {UNIT[quantity]}" if rise != "–" else rise,
        "sides": sides,
    }


def _side(pages: Pages, told: Told, language: Language) -> dict[str, Any]:
    quantity = pages.before.network.quantity
    none = np.isnan(told.peak)
    return {
        "peak": said("none", language) if none else number(told.peak, quantity),
        "when": moment(pages.before, told.peak_time),
        "stage": int(told.stage),
        "word": STAGE_WORDS[told.stage][language],
        "reason": plain(in_language(told.reason, language)),
        "chances": [_chance(told.chances.get(s, np.nan), language) for s in _alerts(pages)],
    }


def _chance(value: float, language: Language) -> str:
    return "–" if np.isnan(value) else chance(value, language)


def _gauge(pages: Pages, row: int, language: Language) -> dict[str, Any]:
    """Return the two pictures of a gauge, on one scale."""
    views = (pages.before, pages.after)
    station = views[0].network.stations[row]
    lines = [_line(view, station) for view in views]
    on = scale(lines, station)
    pictures = []
    for view, line, key in zip(views, lines, ("automatic", "what_if"), strict=True):
        caption = said(key, language)
        about = f"{caption}: {_sentence(view, view.outlooks[row], language)}"
        drawn = picture(line, on, station, (f"{key}-{row}", about), view.zone, language)
        pictures.append({"key": key, "caption": caption, "svg": drawn, "said": about})
    return {"name": name(station, language), "id": station.id, "pictures": pictures}


def _sentence(view: View, outlook: Outlook, language: Language) -> str:
    return sentence(outlook, view.network, language, view.zone)


def _line(view: View, station: Station) -> Line:
    quantity, issue = view.network.quantity.value, view.forecast.issue_time.values[0]
    since = issue - SHOWN * view.network.horizon * view.network.step
    seen = view.observations[quantity].sel(station=station.id, time=slice(since, issue))
    issued = view.forecast.isel(issue_time=0).sel(station=station.id)
    values = issued[quantity].transpose("lead_time", "quantile").values
    return Line(seen.time.values, seen.values, issued.valid_time.values, values)
