"""Write the whole site: front page, a page per network and gauge, skill, about; KO and EN."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.outlook import Language
from maps import base_map, listing, skill
from maps.feeds import all as feeds
from maps.feeds.label import label, notices, row_label
from maps.feeds.publisher import NOBODY, Publisher
from maps.feeds.tables import cell
from maps.flood_map import flood_map
from maps.gauge_page import gauge
from maps.page import Page, ending, json_text
from maps.plain import file_name, plain_view
from maps.shared_files import Assets, shared
from maps.view import View
from maps.words import LANGUAGES

Headlines = Mapping[Language, dict[str, Any]]


def draw(
    views: Sequence[View],
    folder: Path,
    climate: Headlines | None = None,
    before: Path | None = None,
    publisher: Publisher = NOBODY,
) -> None:
    """Write a whole site into `folder`; the same views and `before` give the same bytes.

    Args:
        climate: What the front page says of the climate map, by language; None where there is
            none. Its pages are drawn apart, by `maps.climate.site`.
        before: The site that is published now: its alerts go on in this one.
        publisher: Who sends the alerts.
    """
    views = [plain_view(view) for view in views]
    layers = sorted({name for view in views for name in base_map.names(view)})
    assets = shared(folder, [(name, base_map.script(name)) for name in layers])
    for language in LANGUAGES:
        _front(views, assets, language, climate)
        for view in views:
            _network(view, assets, language)
    for view in views:
        own = folder / file_name(view.network.name)
        _data(view, own)
        feeds.write(view, own, feeds.previous(before, view.network.name), publisher)


def _front(
    views: Sequence[View], assets: Assets, language: Language, climate: Headlines | None
) -> None:
    parts = [listing.summary(view, language) for view in views]
    told = climate[language] if climate else None
    _write(Page("front.html", language, "", assets), "index", views=parts, climate=told)
    _write(Page(f"about.{language}.html", language, "", assets), "about", views=parts)


def _network(view: View, assets: Assets, language: Language) -> None:
    rows = listing.rows(view, language)
    labels = listing.labels(view, language)
    folder = labels["folder"]
    now = Page("now.html", language, "../", assets)
    now.add_child(flood_map())
    _write(
        now,
        f"{folder}/index",
        labels=labels,
        rows=rows,
        counts=listing.counts(rows, language),
        markers=listing.markers(view, rows),
        layers=list(base_map.names(view)),
    )
    scored = view.scores.attrs if view.scores is not None else {}
    tables = skill.tables(view, language)
    page = Page("skill.html", language, "../", assets)
    _write(page, f"{folder}/skill", labels=labels, tables=tables, scored=scored)
    for row in rows:
        page = Page("gauge.html", language, "../../", assets)
        name = row["page"].removesuffix(f"{ending(language)}.html")
        told = gauge(view, row["id"], language)
        _write(page, f"{folder}/gauge/{name}", labels=labels, row=row, gauge=told)


def _write(page: Page, name: str, **given: Any) -> None:
    """Write a page under its name below the site's folder, with a link to its other language."""
    other: Language = "en" if page.language == "ko" else "ko"
    path = page.assets.folder / f"{name}{ending(page.language)}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = page.render(other=f"{Path(name).name}{ending(other)}.html", **given)
    path.write_text(text, encoding="utf-8")


def _data(view: View, folder: Path) -> None:
    """Write the numbers of the pages, and the record of the run that made them."""
    record = view.manifest | {"label": label(view), "notice": notices(view)}
    (folder / "run.json").write_text(json_text(record) + "\n", encoding="utf-8")
    issued = view.forecast.isel(issue_time=0)
    quantity = view.network.quantity
    given = {
        "label": row_label(view),
        "issue_time": f"{str(issued.issue_time.values)[:16]}Z",
        "valid_time": [f"{str(t)[:16]}Z" for t in issued.valid_time.values],
        "quantity": quantity.value,
        "unit": quantity.unit,
    }
    tables = []
    for station in view.network.stations:
        values = issued[quantity.value].sel(station=station.id)
        quantiles = {f"q{q:g}": values.sel(quantile=q).values for q in values["quantile"].values}
        tables.append(pd.DataFrame({"station": cell(station.id)} | given | quantiles))
    pd.concat(tables).to_csv(folder / "forecast.csv", index=False, float_format="%.3f")
