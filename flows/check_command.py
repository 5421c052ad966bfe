"""`mulgil check`: is everything there, and if not, how do I get it?"""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from flows import settings
from flows.check_finding import Finding
from flows.options import Json, Name, NameOption, chosen, write
from flows.progress import console

HELP = """Look at the whole installation and say of each part whether it is good, and what to do.

    Settings, folders, disk, clock, libraries, keys (and where to apply for them), the network's
    files, record, model and last cycle, receivers of notifications. With `--prefect`, also whether
    schedules fire: a server is started and thrown away (20 s). With `--secrets`, whether a secret
    stands in any file, database, log or page below MULGIL_HOME.

    Exit status: 0 nothing is wrong (there may be notes) · 1 something is.

    Examples: `mulgil check han-live`, `mulgil check han-live --prefect --secrets --json`"""
COLOURS = {"ok": "green", "note": "yellow", "wrong": "red"}


def check(
    name: Name = None,
    network: NameOption = None,
    prefect: Annotated[
        bool, typer.Option("--prefect", help="Try a schedule on a server that is thrown away.")
    ] = False,
    secrets: Annotated[
        bool, typer.Option("--secrets", help="Search all that runs left for secrets.")
    ] = False,
    as_json: Json = False,
) -> None:
    """See `HELP`."""
    from flows import check as checking

    found = checking.check(settings.read(), chosen(name, network), prefect, secrets)
    ok = all(finding.mark != "wrong" for finding in found)
    if as_json:
        write({"ok": ok, "findings": [asdict(finding) for finding in found]})
    else:
        console.print(table(found))
    if not ok:
        raise typer.Exit(1)


check.__doc__ = HELP


def table(findings: list[Finding]) -> Table:
    """Return the findings for a person: what, how it is, and below it what to do."""
    drawn = Table(show_header=False, box=None, pad_edge=False)
    drawn.add_column(no_wrap=True)
    drawn.add_column(no_wrap=True)
    drawn.add_column(overflow="fold")
    for each in findings:
        colour = COLOURS[each.mark]
        lines = _plain(each.found) + (f"\n[bold]→ {_plain(each.remedy)}[/]" if each.remedy else "")
        drawn.add_row(f"[{colour}]{each.mark}[/]", _plain(each.what), lines)
    return drawn


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
