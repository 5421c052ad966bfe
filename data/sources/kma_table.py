"""The text tables of KMA's API hub: EUC-KR, a header of two lines, rows by blanks or commas.

The columns are found by the header: `RN` over `mm` is rain of the hour, `RN` over `DAY` that of the
day. A table without header must have the 46 columns that are known.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from data.errors import SourceError, SourceUnavailable
from data.sources import kma_gateway
from data.sources.asking import Answer
from data.sources.kma_gateway import decoded, quoted
from data.sources.kma_refusals import LATER, where

TIME, STATION, RAIN, RAIN_DAY = "YYMMDDHHMI", "STN", "RN mm", "RN DAY"
NEEDED = (TIME, STATION, RAIN, RAIN_DAY)
WITNESSES = ("WS", "PA", "PS", "TA", "TD", "HM", "PV")  # a station at work gives one of these
_KNOWN = {TIME: 0, STATION: 1, "WS": 3, "PA": 7, "PS": 8, "TA": 11, "TD": 12, "HM": 13, "PV": 14}
_KNOWN |= {RAIN: 15, RAIN_DAY: 16}
_WIDTH = 46
_MARKS = frozenset({TIME, STATION, "WD", "TA", "HM", "RN", "VS"})  # three of them make a header
_REMEDY = "See what KMA has changed in this table."


@dataclass(frozen=True)
class Layout:
    """Where the columns stand that we need, and how many there are."""

    columns: dict[str, int]
    width: int


@dataclass(frozen=True)
class Table:
    """The rows of one answer, by column name, and what is wrong with the rest."""

    rows: tuple[dict[str, str], ...]
    complaints: tuple[str, ...] = ()


def table(answer: Answer) -> Table:
    """Return the rows of one answer of the hub.

    Raises:
        SourceUnavailable: An empty answer, a web page, or a refusal that may pass.
        SourceError: A refusal that stays, a column that has gone, or another number of columns.
    """
    text = decoded(answer.body)
    _refuse(answer, text.strip())
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", text)]
    layout = _layout(answer, [line for line in lines if line.startswith("#")])
    data = [line for line in lines if line and not line.startswith("#")]
    complaints = list(_shape(answer, lines, data))
    if complaints and data and not text.endswith(("\n", "\r")):
        complaints.append(f"{answer.what}: the last row {quoted(data.pop())} is not whole.")
    split = [_tokens(line) for line in data]
    good = [row for row in split if len(row) == layout.width]
    bad = [row for row in split if len(row) != layout.width]
    if bad and not good:
        problem = f"{where(answer)}: rows have {len(bad[0])} columns, expected {layout.width}"
        raise SourceError(f"{problem}; the first is {quoted(' '.join(bad[0]))}.", _REMEDY)
    complaints += [
        f"{answer.what}: row {quoted(' '.join(row))} has {len(row)} columns, not {layout.width}."
        for row in bad
    ]
    rows = tuple({name: row[at] for name, at in layout.columns.items()} for row in good)
    return Table(rows, tuple(complaints))


def _tokens(line: str) -> list[str]:
    """Return the values of a row, which may be set apart by commas and then ends with `,=`."""
    if "," not in line:
        return line.split()
    whole = line.removesuffix("=").rstrip().removesuffix(",")
    return [token.strip() for token in whole.split(",")]


def _layout(answer: Answer, comments: list[str]) -> Layout:
    """Find the needed columns in the header; without one, take those that are known.

    Raises:
        SourceError: A needed column is not in the header, or is there twice.
    """
    head, units = _header(comments)
    if not head:
        return Layout(_KNOWN, _WIDTH)
    names = list(_names(head, units))
    for name in NEEDED:
        if names.count(name) != 1:
            fault = f"has no column '{name}'" if name not in names else f"has '{name}' twice"
            found = ", ".join(dict.fromkeys(names))[:200]
            raise SourceError(f"{where(answer)}: the header {fault}; it has {found}.", _REMEDY)
    wanted = (*NEEDED, *(name for name in WITNESSES if names.count(name) == 1))
    return Layout({name: names.index(name) for name in wanted}, len(names))


def _header(comments: list[str]) -> tuple[list[str], list[str]]:
    """Return the tokens of the header's two lines; both empty where there is none."""
    split = [_tokens(line.strip("#").strip()) for line in comments]
    for line, after in pairwise([*split, []]):
        if len(_MARKS.intersection(line)) >= 3:
            return line, after
    return [], []


def _names(head: list[str], units: list[str]) -> Iterator[str]:
    """Yield a name per column; rain's is made of both lines, `RN mm`, `RN DAY`.

    The lines pair one by one up to the columns of cloud, which is as far as we read.
    """
    for at, name in enumerate(head):
        unit = units[at] if at < len(units) else ""
        yield f"{name} {unit}".strip() if name == "RN" else name


def _shape(answer: Answer, lines: list[str], data: list[str]) -> Iterator[str]:
    """Yield what is odd about a table as a whole: nothing in it, or its end is missing."""
    if not any(line.startswith("#7777END") for line in lines):
        yield f"{answer.what}: the end mark #7777END is missing; the table may be cut."
    elif not data:
        yield f"{answer.what}: the table has no rows."


def _refuse(answer: Answer, text: str) -> None:
    """Let a table pass.

    Raises:
        SourceUnavailable: It is empty, a web page, or a refusal that may pass.
        SourceError: It is a refusal that stays, or nothing that is known.
    """
    if text.startswith("{"):
        raise _refusal(answer, _status(answer, text))
    if text.startswith("<"):
        raise SourceUnavailable(" ".join(kma_gateway.page(answer).complaints), LATER)
    if answer.status >= 400:
        raise _refusal(answer, answer.status)
    if not text:
        raise SourceUnavailable(f"{where(answer)}: the answer is empty.", LATER)
    if not re.match(r"#|\d{12}[\s,]", text):
        raise SourceError(f"{where(answer)}: begins with {quoted(text)}, not a table.", _REMEDY)


def _status(answer: Answer, text: str) -> int:
    """Return the status that a JSON refusal tells, else that of HTTP."""
    try:
        result = json.loads(text)["result"]
        return int(result["status"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return answer.status


def _refusal(answer: Answer, status: int) -> SourceError:
    remedies = {
        400: "See what KMA has changed in the parameters.",
        401: "Check the key of apihub.kma.go.kr.",
        403: "Apply for this table at apihub.kma.go.kr with this key's account.",
        429: "Try again later: too many calls.",
    }
    kind = SourceUnavailable if status == 429 or status >= 500 else SourceError
    remedy = remedies.get(status, "See what KMA says of this status.")
    return kind(f"{where(answer)}: refused with status {status} in place of the table.", remedy)
