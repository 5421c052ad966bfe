"""From the bytes of HRFCO's answer to its rows, or to an error that says what it means.

Errors come with HTTP 200, as `{"code": "900", ..}` or `<result><code>`; a gateway may answer with
a page of HTML, and XML may come although JSON was asked for.
"""

import json
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

from data.errors import SourceError, SourceUnavailable
from data.sources.asking import Answer
from data.sources.hrfco_facts import CODES, NOTHING
from data.sources.hrfco_values import text

LATER = "Try again later."
CHANGED = "See what HRFCO has changed in its API, and adapt data/sources/hrfco_facts.py."
_CUT_XML = (3, 5, 6)  # expat: no element found, unclosed token, partial character


class NoRows(SourceUnavailable):
    """HRFCO says that it has no row of what was asked for."""


@dataclass(frozen=True)
class Rows:
    """The rows of an answer, fields in lower case, and a sentence for each that is none."""

    rows: tuple[dict[str, object], ...]
    complaints: tuple[str, ...] = ()

    @property
    def fields(self) -> list[str]:
        """All fields that any row has."""
        return sorted({name for row in self.rows for name in row})

    @property
    def distinct(self) -> tuple[dict[str, object], ...]:
        """The rows, of several that say the same only one."""
        said = [tuple(sorted((k, text(v, 1000)) for k, v in row.items())) for row in self.rows]
        return tuple(dict(zip(said, self.rows, strict=True)).values())


def rows(answer: Answer) -> Rows:
    """Return the rows of an answer.

    Raises:
        NoRows: It says that there are none.
        SourceUnavailable: It is cut short, empty under load, or a page of a gateway.
        SourceError: It refuses the key or the request, or has another form than published.
    """
    body = answer.body.decode("utf-8-sig", errors="replace").strip()
    if not body:
        raise SourceUnavailable(f"{_who(answer)}: nothing was sent.", LATER)
    if body.startswith("<") and "html" in body[:500].lower():
        raise SourceUnavailable(f"{_who(answer)}: a page of HTML was sent, not data.", LATER)
    content = _xml(body, answer) if body.startswith("<") else _json(body, answer)
    if not content:
        raise NoRows(f"{_who(answer)} has no row.", "Rows come 7 to 11 minutes late. " + LATER)
    return _sorted_out(content, answer)


def refuse_renamed(found: Rows, expected: str, answer: Answer) -> None:
    """Refuse an answer in which no row has a field.

    Raises:
        SourceError: Naming the fields that it has.
    """
    if expected not in found.fields:
        names = ", ".join(f"'{text(name, 30)}'" for name in found.fields[:20])
        raise SourceError(
            f"{_who(answer)}: no row has the field '{expected}', found {names or 'none'}.", CHANGED
        )


def _who(answer: Answer) -> str:
    return f"HRFCO, {text(answer.what)}" if answer.what else "HRFCO"


def _json(body: str, answer: Answer) -> list[Any]:
    try:
        told = json.loads(body, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        if body[0] in "{[" and (body[-1] not in "}]" or error.pos >= len(body)):
            raise SourceUnavailable(f"{_who(answer)} was cut short.", LATER) from None
        raise SourceError(f"{_who(answer)} is no JSON: {error}.", CHANGED) from None
    except RecursionError:
        raise SourceError(f"{_who(answer)} is nested too deep.", CHANGED) from None
    if not isinstance(told, dict):
        raise SourceError(f"{_who(answer)} is {text(told)}, expected an object.", CHANGED)
    return _content(told, answer)


def _xml(body: str, answer: Answer) -> list[Any]:
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise SourceError(f"{_who(answer)} is XML that defines entities.", CHANGED)
    try:
        root = ET.fromstring(body)  # noqa: S314 entities are refused above
    except ET.ParseError as error:
        if error.code in _CUT_XML or not body.endswith(">"):
            raise SourceUnavailable(f"{_who(answer)} was cut short.", LATER) from None
        raise SourceError(f"{_who(answer)} is no XML: {error}.", CHANGED) from None
    parts = {_tag(part): part for part in root}
    told: dict[str, Any] = {name: part.text for name, part in parts.items()}
    if "content" in parts:
        told["content"] = [{_tag(cell): cell.text for cell in row} for row in parts["content"]]
    return _content(told, answer)


def _tag(part: ET.Element) -> str:
    return part.tag.rpartition("}")[2].lower()


def _content(told: dict[str, Any], answer: Answer) -> list[Any]:
    code = text(told.get("code"))
    if code not in {"", "200"}:
        _refuse(code, text(told.get("message")), answer)
    if "content" not in told and not code:
        names = ", ".join(f"'{text(name, 30)}'" for name in list(told)[:20])
        raise SourceError(f"{_who(answer)} has no 'content', found {names or 'none'}.", CHANGED)
    content = told.get("content")
    if content is None:
        raise SourceUnavailable(f"{_who(answer)} has no content, as under load.", LATER)
    if not isinstance(content, list):
        raise SourceError(f"{_who(answer)}: 'content' is {text(content)}, not a list.", CHANGED)
    return content


def _refuse(code: str, message: str, answer: Answer) -> NoReturn:
    said = f" ({message})" if message else ""
    if code == NOTHING:
        raise NoRows(
            f"{_who(answer)}: code 990, a gap: no data of what was asked for{said}.",
            "Rows come 7 to 11 minutes late; ask again later, and see if the station reports.",
        )
    if code in CODES:
        meaning, remedy = CODES[code]
        raise SourceError(f"{_who(answer)}: code {code}, {meaning}{said}.", remedy)
    if code.startswith("5"):
        raise SourceUnavailable(f"{_who(answer)}: code {code}{said}.", LATER)
    raise SourceError(f"{_who(answer)}: code '{code}' is not published{said}.", CHANGED)


def _sorted_out(content: list[Any], answer: Answer) -> Rows:
    """Keep what are rows; a null among them is usual, nothing but nulls is no answer."""
    good = tuple(
        {str(name).lower(): value for name, value in row.items()}
        for row in content
        if isinstance(row, dict)
    )
    if not good and all(row is None for row in content):
        raise SourceUnavailable(f"{_who(answer)} has nothing but nulls, as under load.", LATER)
    strange = [
        f"Row {place} of {text(answer.what)} is {'null' if row is None else text(row, 40)}."
        for place, row in enumerate(content, start=1)
        if not isinstance(row, dict)
    ]
    return Rows(good, tuple(strange))
