"""Runs as a table for a person at a terminal: ids are whole, to be copied; the rest as it fits."""

from typing import Any

from rich.table import Table

from flows.runs import Found

HEADS = ("run", "issue time", "began", "state", "kind", "model", "no forecast", "by")
WANTED = ("run", "state", "no forecast", "kind", "by", "model", "issue time", "began")  # first
_AROUND = 3  # characters beside a column: its frame and a blank on each side


def table(found: Found, width: int) -> Table:
    """Return the runs with those columns that fit into a width; an id holds both times anyway.

    Args:
        width: Of the terminal [characters].
    """
    made = Table(title=f"{len(found.rows)} of {found.number} runs, the newest first (UTC)")
    columns = _columns(found)
    for head in (shown := _fitting(columns, width)):
        made.add_column(head, no_wrap=head == "run", overflow="fold")
    for row in zip(*(columns[head] for head in shown), strict=True):
        made.add_row(*row)
    return made


def _columns(found: Found) -> dict[str, list[str]]:
    rows = [_cells(row) for row in found.rows]
    return {head: [row[at] for row in rows] for at, head in enumerate(HEADS)}


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    state = f"{row['state']}, late" if row["late"] else row["state"]
    amiss = str(row["degraded"] or "") + (f" +{n} persist." if (n := row["fallback"]) else "")
    told = (row["run"], row["issue_time"], row["began"], state, row["kind"], row["model"])
    return (*map(str, told), amiss.strip(), str(row["triggered_by"]))


def _fitting(columns: dict[str, list[str]], width: int) -> list[str]:
    """Return the columns that are shown, in their order; the id is always among them."""
    chosen: list[str] = []
    left = width - 1
    for head in WANTED:
        left -= max(map(len, [head, *columns[head]])) + _AROUND
        if chosen and left < 0:
            break
        chosen.append(head)
    return [head for head in HEADS if head in chosen]
