"""The symbols of the stages as plain data, for pages whose HTML does not hold them."""

from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from data.stations import Stage
from maps.page import template_of

Shape = list[Any]  # tag, attributes, children


@cache
def shapes() -> list[Shape]:
    """Return every stage's symbol of `templates/symbol.html`."""
    macro = template_of("symbol.html").module.symbol  # type: ignore[attr-defined]  # Jinja's
    return [_shape(ET.fromstring(str(macro(int(stage))))) for stage in Stage]  # noqa: S314  # ours


def _shape(element: ET.Element) -> Shape:
    return [element.tag, dict(element.attrib), [_shape(child) for child in element]]
