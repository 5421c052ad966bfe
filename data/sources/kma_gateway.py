"""The envelope of data.go.kr: pages of items, and the many shapes in which it refuses.

A refusal comes as XML with HTTP 200 although JSON was asked for, as its JSON twin with HTTP 400 or
403, or as a `resultCode` in the usual envelope; "no data" is one of those codes but no error.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from data.errors import SourceError, SourceUnavailable
from data.sources import web
from data.sources.asking import Access, Answer, Question
from data.sources.kma_amounts import written
from data.sources.kma_refusals import CHANGED, LATER, http_refused, refused, where

BASE_URL = "https://apis.data.go.kr"
ACCEPT = (200, 400, 401, 403)  # the last three may explain themselves
MOST_PAGES = 30
NO_DATA = 3
_XML_CODE = re.compile(r"<(?:returnReasonCode|resultCode)>\s*([^<]{1,20}?)\s*</")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True)
class Page:
    """The items of one answer, how many there are on all pages, and what is wrong with it."""

    items: tuple[Mapping[str, Any], ...]
    total: int = 0
    complaints: tuple[str, ...] = ()


def with_plain_key(access: Access) -> Access:
    """Return `access` with its key decoded: data.go.kr hands out keys that are already encoded."""
    key = access.key.strip()
    while _ENCODED.search(key):
        key = unquote(key)
    return replace(access, key=key)


def pages(access: Access, question: Question, rows: int) -> Iterator[Answer]:
    """Ask for one page of `rows` items after the other until all have come, or one is refused.

    Args:
        question: Without serviceKey, dataType, pageNo and numOfRows, which are added here.

    Raises:
        SourceUnavailable: See `web.ask`.
        SourceError: See `web.ask`.
    """
    access = with_plain_key(access)
    fixed = {"serviceKey": access.key, "dataType": "JSON", "numOfRows": str(rows)}
    for number in range(1, MOST_PAGES + 1):
        what = question.what if number == 1 else f"{question.what}-page-{number}"
        params = fixed | {"pageNo": str(number)} | dict(question.params)
        answer = web.ask(access, replace(question, what=what, params=params, accept=ACCEPT))
        yield answer
        if refusal(answer) or not _more(page(answer), number * rows):
            return


def refusal(answer: Answer) -> SourceError | None:
    """Return why an answer has no data that can be used; None if it has, or says "no data"."""
    try:
        page(answer)
    except SourceError as error:
        return error
    return None


def page(answer: Answer) -> Page:
    """Return the items of an answer; none, with a complaint, where it says that there is no data.

    Raises:
        SourceUnavailable: The answer is cut or empty, or a refusal that may pass.
        SourceError: A refusal that stays, or another shape than the one known.
    """
    text = decoded(answer.body).strip()
    if not text:
        raise SourceUnavailable(f"{where(answer)}: the answer is empty.", LATER)
    root = None if text.startswith("<") else _json(answer, text)
    code = _xml_code(answer, text) if root is None else _json_code(answer, root)
    if code == NO_DATA:
        return Page((), 0, (f"{answer.what}: the provider says that it has no data (code 03).",))
    if code != 0:
        raise refused(answer, code)
    if root is None or answer.status >= 400:
        form = "XML where JSON was asked for" if root is None else f"data with HTTP {answer.status}"
        raise SourceError(f"{where(answer)}: {form}.", "See what the provider has changed.")
    return _items(answer, root)


def require(answer: Answer, items: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    """Refuse items none of which has one of `names`: the provider has renamed something.

    Raises:
        SourceError: A name is in no item.
    """
    for name in names:
        if items and not any(name in item for item in items):
            found = quoted(", ".join(items[0]))
            problem = f"{where(answer)}: no item has '{name}'; the first has {found}."
            raise SourceError(problem, "See what the provider has renamed.")


def decoded(body: bytes) -> str:
    """Return a body as text: UTF-8 if it is that, else EUC-KR (as its superset CP949)."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp949", errors="replace")


def quoted(value: object) -> str:
    """Return the beginning of a value for a complaint."""
    return repr(written(value))


def _json(answer: Answer, text: str) -> dict[str, Any]:
    try:
        root = json.loads(text)
    except (ValueError, RecursionError):
        if answer.status >= 400:
            raise http_refused(answer) from None
        raise SourceUnavailable(f"{where(answer)}: the JSON is cut or broken.", LATER) from None
    if not isinstance(root, dict):
        found = type(root).__name__
        raise SourceError(f"{where(answer)}: the JSON holds a {found}, not an object.", CHANGED)
    return root


def _json_code(answer: Answer, root: dict[str, Any]) -> int:
    refused = "returnReasonCode"
    for path in (
        ("response", "header", "resultCode"),
        ("header", "resultCode"),
        ("OpenAPI_ServiceResponse", "cmmMsgHeader", refused),
        ("response", "cmmMsgHeader", refused),
        ("cmmMsgHeader", refused),
    ):
        if (code := _at(root, *path)) is not None:
            return _number(answer, code)
    if answer.status >= 400:
        raise http_refused(answer)
    raise SourceError(
        f"{where(answer)}: no response.header.resultCode, found {quoted(', '.join(root))}.",
        "See what the provider has changed.",
    )


def _xml_code(answer: Answer, text: str) -> int:
    if found := _XML_CODE.search(text):
        return _number(answer, found[1])
    if answer.status >= 400:
        raise http_refused(answer)
    raise SourceUnavailable(f"{where(answer)}: a web page or other XML in place of data.", LATER)


def _number(answer: Answer, code: object) -> int:
    text = str(code).strip()
    if text.isascii() and text.isdigit() and len(text) < 9:
        return int(text)
    raise SourceError(f"{where(answer)}: result code {quoted(code)} is no number.", CHANGED)


def _items(answer: Answer, root: dict[str, Any]) -> Page:
    items = _at(root, "response", "body", "items")
    rows = items.get("item") if isinstance(items, dict) else items
    if isinstance(rows, dict):
        rows = [rows]
    if not isinstance(rows, list) or not rows:
        return Page((), 0, (f"{answer.what}: the answer holds no items.",))
    good = tuple(row for row in rows if isinstance(row, dict))
    bad = [row for row in rows if not isinstance(row, dict)]
    complaints = tuple(f"{answer.what}: item {quoted(row)} is not an object." for row in bad)
    total = str(_at(root, "response", "body", "totalCount"))
    known = total.isascii() and total.isdigit() and len(total) < 9
    return Page(good, int(total) if known else len(rows), complaints)


def _more(seen: Page, asked: int) -> bool:
    return bool(seen.items) and asked < seen.total


def _at(root: object, *keys: str) -> Any:
    for key in keys:
        root = root.get(key) if isinstance(root, dict) else None
    return root
