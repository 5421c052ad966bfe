"""Write XML: whatever the text, the file stays well-formed, and the same text gives the same bytes.

`xml.etree` escapes what would be taken for markup. What XML 1.0 cannot hold at all (control
characters, halves of surrogate pairs) is left out here, and so is what turns the direction of
writing.
"""

import re
from xml.etree import ElementTree as ET  # written, never parsed

from maps.plain import plain

_IMPOSSIBLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return `text` without what an XML file cannot hold, and without marks of direction."""
    return _IMPOSSIBLE.sub("", plain(text))


def root(tag: str, namespace: str, **attributes: str) -> ET.Element:
    """Return a root element whose children need no prefix."""
    return ET.Element(tag, {"xmlns": namespace} | attributes)


def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Append an element and return it; no attribute is written that has no value."""
    given = {key.rstrip("_"): clean(value) for key, value in attributes.items() if value}
    child = ET.SubElement(parent, tag, given)
    child.text = clean(text) or None
    return child


def maybe(parent: ET.Element, tag: str, text: str) -> None:
    """Append an element if it has a text."""
    if clean(text):
        add(parent, tag, text)


def written(element: ET.Element) -> bytes:
    """Return the file."""
    ET.indent(element, " ")
    body = ET.tostring(element, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()
