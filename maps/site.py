"""Write the whole site: front page, pages and data of each network, about; KO and EN.

A network's page holds the worst gauges in its HTML; all of them lie in data files (`maps.now_data`,
`maps.shards`), so that the page of 20,000 gauges is hardly heavier than that of three.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast.outlook import Language
from maps import (
    about,
    base_map,
    gauge_site,
    gauge_table,
    listing,
    now_data,
    situation,
    skill_csv,
    skill_page,
)
from maps.config import config
from maps.feeds import all as feeds
from maps.feeds.label import label, notices, row_label
from maps.feeds.publisher import NOBODY, Publisher
from maps.feeds.tables import cell
from maps.flood_map import flood_map
from maps.now_words import NOW
from maps.page import Page, ending, json_text
from maps.plain import file_name, plain_view
from maps.release import Draft, fresh
from maps.shared_files import Assets, shared
from maps.view import View
from maps.words import LANGUAGES

Headlines = Mapping[Language, dict[str, Any]]
WORST = 50  # gauges in a page's HTML; the page's script and `gauges.csv` have the others


def draw(
    views: Sequence[View],
    site: Draft | Path,
    climate: Headlines | None = None,
    before: Path | None = None,
    publisher: Publisher = NOBODY,
) -> None:
    """Write a whole site; the same views and `before` give the same bytes.

    Args:
        site: The release that is drawn, or an empty folder.
        climate: What the front page says of the climate map, by language; None where there is
            none. Its pages are drawn apart, by `maps.climate.site`.
        before: The site that is published now: its alerts go on in this one, and its reports are
            what the new ones are compared with.
        publisher: Who sends the alerts.
    """
    views = [plain_view(view) for view in views]
    draft = site if isinstance(site, Draft) else fresh(site)
    layers = sorted({name for view in views for name in base_map.names(view)})
    assets = shared(draft.folder, [(name, base_map.script(name)) for name in layers])
    for language in LANGUAGES:
        _front(views, draft, assets, language, climate)
    for view in views:
        own = draft / file_name(view.network.name)
        _network(view, own, assets)
        situation.write(view, own, assets, before)
        _data(view, own)
        feeds.write(view, own, feeds.previous(before, view.network.name), publisher)


def _front(
    views: Sequence[View],
    draft: Draft,
    assets: Assets,
    language: Language,
    climate: Headlines | None,
) -> None:
    parts = [listing.summary(view, language) for view in views]
    told = climate[language] if climate else None
    front = Page("front.html", language, "", assets)
    _put(draft, front, "index", views=parts, climate=told)
    page = Page(f"about.{language}.html", language, "", assets)
    _put(draft, page, "about", views=about.about(views, language), a=about.words(language))


def _network(view: View, draft: Draft, assets: Assets) -> None:
    first, later = now_data.write(view, draft)
    shards = gauge_site.write(view, draft, assets, later)
    for language in LANGUAGES:
        block = config(view, language, "", later, shards) | {"gauge": gauge_site.words(language)}
        _now(view, draft, Page("now.html", language, "../", assets), first, block)
        _skill(view, draft, Page("skill.html", language, "../", assets))


def _now(view: View, draft: Draft, page: Page, data: list[str], block: dict[str, Any]) -> None:
    page.add_child(flood_map())
    count = len(view.outlooks)
    _put(
        draft,
        page,
        "index",
        labels=listing.labels(view, page.language),
        rows=listing.rows(view, page.language, WORST),
        counts=listing.counts(view, page.language),
        count=f"{count:,}",
        rest=count > WORST,
        layers=list(base_map.names(view)),
        data=data,
        config=block,
        n={key: said[page.language] for key, said in NOW.items()},
    )


def _skill(view: View, draft: Draft, page: Page) -> None:
    told = listing.labels(view, page.language)
    _put(draft, page, "skill", labels=told, **skill_page.page(view, page.language))


def _put(draft: Draft, page: Page, name: str, **given: Any) -> None:
    """Write a page under its name, with a link to its other language."""
    other: Language = "en" if page.language == "ko" else "ko"
    text = page.render(other=f"{name}{ending(other)}.html", **given)
    draft.put(f"{name}{ending(page.language)}.html", text)


def _data(view: View, draft: Draft) -> None:
    """Write the numbers of the pages, and the record of the run that made them."""
    record = view.manifest | {"label": label(view), "notice": notices(view)}
    draft.put("run.json", json_text(record) + "\n")
    draft.put(gauge_table.NAME, gauge_table.text(view))
    for name, key, text in skill_csv.files(view):
        if not draft.keep(name, key):
            draft.put(name, text(), key)
    if listing.has_table(view):
        draft.put("forecast.csv", _forecasts(view))


def _forecasts(view: View) -> str:
    """Return the quantiles of all gauges in one long table."""
    issued = view.forecast.isel(issue_time=0).sel(station=view.network.ids)
    quantity, leads = view.network.quantity, view.network.horizon
    values = issued[quantity.value].transpose("station", "lead_time", "quantile")
    names = [cell(station.id) for station in view.network.stations]
    valid = [f"{str(t)[:16]}Z" for t in issued.valid_time.values]
    columns = {
        "station": np.repeat(np.array(names, dtype=object), leads),
        "label": row_label(view),
        "issue_time": f"{str(issued.issue_time.values)[:16]}Z",
        "valid_time": np.tile(np.array(valid, dtype=object), len(names)),
        "quantity": quantity.value,
        "unit": quantity.unit,
    }
    flat = values.values.reshape(-1, values.sizes["quantile"])
    quantiles = {f"q{q:g}": flat[:, at] for at, q in enumerate(values["quantile"].values)}
    table = pd.DataFrame(columns | quantiles)
    return str(table.to_csv(index=False, float_format="%.3f", lineterminator="\n"))
