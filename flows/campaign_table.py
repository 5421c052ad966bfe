"""The tables of campaigns, for a terminal."""

from collections.abc import Mapping

from rich.table import Table


def table(title: str, figures: Mapping[str, float | str], seed: int) -> Table:
    """Return figures as a table of two columns; the seed is in its caption."""
    made = Table(title=title, caption=f"seed {seed}: the same seed gives the same campaign")
    made.add_column("figure")
    made.add_column("value", justify="right")
    for name, value in figures.items():
        made.add_row(name, value if isinstance(value, str) else f"{value:,.5g}")
    return made
