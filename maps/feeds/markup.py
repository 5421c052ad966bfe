"""Write XML: whatever the text, the file stays well-formed, and the same text gives the same bytes.

What would be taken for markup is escaped. What XML 1.0 cannot hold at all (control characters,
halves of surrogate pairs) is left out, and so is what turns the direction of writing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from maps.plain import plain

_IMPOSSIBLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Element:
    """An element with either a text or children."""

    tag: str
    attributes: str = ""
    text: str = ""
    children: list["Element"] = field(default_factory=list)


def clean(text: str) -> str:
    """Return `text` without what an XML file cannot hold, and without marks of direction."""
    if text.isprintable():  # none of them is
        return text
    return _IMPOSSIBLE.sub("", plain(text))


def root(tag: str, namespace: str) -> Element:
    """Return a root element whose children need no prefix."""
    return Element(tag, attributes(xmlns=namespace))


def add(parent: Element, tag: str, text: str = "", **given: str) -> Element:
    """Append an element and return it."""
    child = Element(tag, attributes(**given) if given else "", escape(clean(text)) if text else "")
    parent.children.append(child)
    return child


def attributes(**given: str) -> str:
    """Return attributes as they stand in a tag; none is written that has no value."""
    return "".join([f" {name}={quoteattr(clean(value))}" for name, value in given.items() if value])


def line(tag: str, text: str, indent: str) -> str:
    """Return the line of an element that holds a text: as `lines`, without an `Element`."""
    return f"{indent}<{tag}>{escape(clean(text))}</{tag}>"


def maybe(parent: Element, tag: str, text: str) -> None:
    """Append an element if it has a text."""
    if clean(text):
        add(parent, tag, text)


def written(element: Element, last: Sequence[str] = ()) -> bytes:
    """Return the file.

    Args:
        last: Children of the root as `lines` gives them, to stand behind all others.
    """
    end = f"</{element.tag}>"
    body = lines(element, "").removesuffix(end)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return "\n".join([head, body.rstrip("\n"), *last, end, ""]).encode()


def lines(element: Element, indent: str) -> str:
    """Return an element with all in it, each element on a line of its own."""
    start = f"{indent}<{element.tag}{element.attributes}"
    if element.children:
        inside = "\n".join([lines(child, f"{indent} ") for child in element.children])
        return f"{start}>\n{inside}\n{indent}</{element.tag}>"
    return f"{start}>{element.text}</{element.tag}>" if element.text else f"{start}/>"
