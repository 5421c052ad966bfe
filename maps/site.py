"""Write the whole site: front page, a page per network and gauge, skill, about; KO and EN."""

import json
import shutil
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from forecast.outlook import Language
from maps import base_map, content, flood_map
from maps.view import View
from maps.words import LANGUAGES, TEXT

HERE = Path(__file__).parent


def draw(views: Sequence[View], folder: Path) -> None:
    """Write a whole site into `folder`; the same views give the same bytes."""
    _assets(folder)
    pages = _environment()
    for language in LANGUAGES:
        _write(
            pages,
            "front.html",
            folder / _page("index", language),
            "",
            language,
            views=[content.summary(view, language) for view in views],
        )
        _write(pages, "about.html", folder / _page("about", language), "", language, views=views)
        for view in views:
            _network(pages, view, folder / view.network.name, language)
    for view in views:
        _forecast_csv(view, folder / view.network.name / "forecast.csv")


def _network(pages: Environment, view: View, folder: Path, language: Language) -> None:
    rows = content.rows(view, language)
    shared = {"view": view, "labels": content.labels(view, language)}
    _write(
        pages,
        "now.html",
        folder / _page("index", language),
        "../",
        language,
        rows=rows,
        gauges=content.gauges(view, rows),
        land=base_map.land(view.network),
        **shared,
    )
    _write(
        pages,
        "skill.html",
        folder / _page("skill", language),
        "../",
        language,
        tables=content.skill(view, language),
        **shared,
    )
    for row in rows:
        page = folder / "gauge" / _page(str(row["id"]), language)
        _write(
            pages,
            "gauge.html",
            page,
            "../../",
            language,
            row=row,
            gauge=content.gauge(view, str(row["id"]), language),
            **shared,
        )


def _page(name: str, language: Language) -> str:
    """Korean is the site's first language: `index.html`, `index.en.html`."""
    return f"{name}.html" if language == "ko" else f"{name}.en.html"


def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["json_block"] = json_block
    return pages


def json_block(value: Any) -> Markup:
    """Return JSON for a `<script type="application/json">`: no text can end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def _write(
    pages: Environment, template: str, path: Path, up: str, language: Language, **given: Any
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = pages.get_template(template).render(
        up=up,
        lang=language,
        other=_page(path.name.split(".")[0], "en" if language == "ko" else "ko"),
        t={key: said[language] for key, said in TEXT.items()},
        end="" if language == "ko" else ".en",
        **given,
    )
    path.write_text(text, encoding="utf-8")


def _assets(folder: Path) -> None:
    assets = folder / "assets"
    assets.mkdir(parents=True)
    leaflet = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    for name in ("leaflet.js", "leaflet.css"):
        (assets / name).write_bytes((leaflet / name).read_bytes())
    for name in ("age.js", "flood.js", "site.css"):
        shutil.copyfile(HERE / "assets" / name, assets / name)
    (assets / "map.js").write_text(flood_map.script(), encoding="utf-8")


def _forecast_csv(view: View, path: Path) -> None:
    """Write the numbers of the pages: one row per station and lead time."""
    issued = view.forecast.isel(issue_time=0)
    quantity = view.network.quantity
    given = {
        "label": _label(view),
        "issue_time": f"{str(issued.issue_time.values)[:16]}Z",
        "valid_time": [f"{str(t)[:16]}Z" for t in issued.valid_time.values],
        "quantity": quantity.value,
        "unit": quantity.unit,
    }
    tables = []
    for station in view.network.stations:
        values = issued[quantity.value].sel(station=station.id)
        quantiles = {f"q{q:g}": values.sel(quantile=q).values for q in values["quantile"].values}
        tables.append(pd.DataFrame({"station": station.id} | given | quantiles))
    pd.concat(tables).to_csv(path, index=False, float_format="%.3f")


def _label(view: View) -> str:
    """Return what every row must carry: that it is simulated, or of the past."""
    simulated = ["SIMULATED"] if view.network.simulated else []
    return " ".join([*simulated, "REPLAY" if view.replay else "FORECAST"])
