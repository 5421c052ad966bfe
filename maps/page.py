"""A page: our own HTML around folium's elements, under a policy that forbids inline script."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from branca.element import Element, Figure
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from forecast.outlook import Language
from maps.shared_files import Assets
from maps.words import TEXT

TEMPLATES = Path(__file__).parent / "templates"


class Page(Figure):
    """One page in one language.

    It is branca's figure, so that folium's elements can be added to it; but what they put into
    the page's script is written to a file, as the page's policy asks, and the frame around them
    is ours: language, title, landmarks, no style in the page.

    Args:
        up: The way from the page to the site's folder, `""`, `"../"` or `"../../"`.
    """

    def __init__(self, template: str, language: Language, up: str, assets: Assets) -> None:
        super().__init__()
        self.header = Element()  # without branca's own meta tag
        self.header._parent = self
        self.template, self.language, self.up, self.assets = template, language, up, assets

    def render(self, **given: Any) -> str:
        """Return the page; the script of its elements becomes one of the assets."""
        for child in self._children.values():
            child.render()
        script = self.script.render().strip()
        own = [self.assets.add("map.js", f"{script}\n".encode())] if script else []
        return template_of(self.template).render(
            up=self.up,
            lang=self.language,
            end=ending(self.language),
            t={key: said[self.language] for key, said in TEXT.items()},
            asset={name: self.up + path for name, path in self.assets.paths.items()},
            elements=Markup(self.html.render()),  # noqa: S704  # no name is in it, see flood_map
            scripts=[self.up + path for path in own],
            **given,
        )


def template_of(name: str) -> Template:
    """Return a template of the pages."""
    return _environment().get_template(name)


def ending(language: Language) -> str:
    """Return what a page's name carries before `.html`: Korean is the site's first language."""
    return "" if language == "ko" else ".en"


def json_block(value: Any) -> Markup:
    """Return JSON for a `<script type="application/json">`: no text can end the block."""
    return Markup(json_text(value))  # noqa: S704


def json_text(value: Any) -> str:
    """Return compact JSON in which no text can be taken for HTML."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["json_block"] = json_block
    return pages
