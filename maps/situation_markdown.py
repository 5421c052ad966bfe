"""A situation report as Markdown: no text from upstream can become a link, HTML or a heading."""

import re
from collections.abc import Iterator

from maps.situation_parts import Cell, Report, Section, Table

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&!])")
_BLANK = re.compile(r"\s+")


def markdown(report: Report) -> str:
    """Return the report; its tables are those of GitHub's Markdown."""
    lines = [f"# {_safe(report.title)}", ""]
    for mark in report.marks:
        lines += [f"> **{_safe(mark)}**", ">"]
    lines[-1] = ""
    lines += [f"{_safe(report.issued)} · {_safe(report.standing)}", ""]
    lines += [f"**{_safe(report.headline)}**", ""]
    for section in report.sections:
        lines += [f"## {_safe(section.title)}", "", *_section(section)]
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> Iterator[str]:
    for sentence in section.said:
        yield from (_safe(sentence), "")
    if section.table:
        yield from _table(section.table)
    yield from (f"- {_safe(point)}" for point in section.points)
    if section.points:
        yield ""


def _table(table: Table) -> Iterator[str]:
    yield _line([_safe(head) for head in table.heads])
    yield _line(["---", *["---"] * (len(table.heads) - 1)])
    yield from (_line([_cell(cell) for cell in row]) for row in table.rows)
    yield ""
    if table.rest:
        yield from (_safe(table.rest), "")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return _safe(f"{cell.text} ({cell.under})" if cell.under else cell.text)


def _safe(text: str) -> str:
    """Return a text in one line in which Markdown sees nothing but letters."""
    return _SPECIAL.sub(r"\\\1", _BLANK.sub(" ", text)).strip()
