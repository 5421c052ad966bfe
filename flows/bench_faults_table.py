"""The fault matrix as a table for a terminal."""

from typing import Any

from rich.table import Table

MARKS = {"wrong_then": "wrong", "blanked": "blanked", "wrong": "stay wrong", "lost": "lost"}
GRAVE = ("ended", "lost", "zeros")


def table(raw: dict[str, Any]) -> Table:
    """Return what each fault did, a row a fault; the last columns are whole hours."""
    matrix, hours = raw["matrix"], raw["hours"]
    sources = list(dict.fromkeys(source for row in matrix.values() for source in row))
    afters = list(dict.fromkeys(hour["after"] for hour in hours))
    made = Table(title="What a faulty cycle did, and what was wrong, missing or lost")
    made.add_column("fault")
    for heading in (*sources, *(f"hour after {after}" for after in afters)):
        made.add_column(heading, overflow="fold")
    for fault, row in matrix.items():
        cells = [_cell(row[source]) if source in row else "" for source in sources]
        whole = {hour["after"]: hour["state"] for hour in hours if hour["fault"] == fault}
        made.add_row(fault, *cells, *(whole.get(after, "") for after in afters))
    return made


def _cell(told: dict[str, Any]) -> str:
    """Return a cell: the state of its feeds, once if they agree, and what is to be counted."""
    states = list(dict.fromkeys(part.split()[-1] for part in told["did"].split(", ") if part))
    counts = [f"{told[name]} {mark}" for name, mark in MARKS.items() if told[name]]
    text = ", ".join([told["ended"] and "ENDED", "/".join(states), *counts]).strip(", ")
    return f"[red]{text}[/red]" if any(told[name] for name in GRAVE) else text
