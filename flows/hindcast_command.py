"""`mulgil hindcast`: every forecast of a period, as it would have been issued then."""

from time import perf_counter
from typing import Annotated

import typer

from flows import settings
from flows.options import Engine, Json, Name, NameOption, Workers, chosen, write
from flows.progress import bar, say
from flows.times import parse

HELP = """Make every forecast of a period as it would have been issued then, to judge a model by.

At each issue time nothing is seen that was received later. The model is the one in service;
fall-backs to persistence are left out. Months are files of their own in the network's folder
`hindcasts`: what is there from the same inputs stays, so a killed run goes on where it was.
Nothing is published at once, and none of it counts as issued. Their scores: `mulgil scorecard
NETWORK --kind hindcast --days 0`, and the skill page of the site from the next forecast on.

On a cluster: `--engine dask://HOST:PORT` (docs/scale.md), with MULGIL_HOME on storage that all
workers see.

Examples: `mulgil hindcast recorded --from 2019-01-01 --to 2019-12-31T23:00`,
`mulgil hindcast han-river --from 2020-07-01 --to 2020-09-30 --every 6 --engine processes`"""


def hindcast(
    name: Name = None,
    network: NameOption = None,
    since: Annotated[
        str, typer.Option("--from", help="First issue time, UTC, e.g. 2019-01-01.")
    ] = "",
    until: Annotated[str, typer.Option("--to", help="Last issue time, included.")] = "",
    every: Annotated[int, typer.Option(min=1, help="Steps between issue times.")] = 1,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Keep values to the bit; else to 0.1 mm or 1 l/s, in half."),
    ] = False,
    engine: Engine = "",
    workers: Workers = 0,
    verify: Annotated[bool, typer.Option(help="Score them afterwards.")] = True,
    as_json: Json = False,
) -> None:
    """Make every forecast of a period as it would have been issued then; see `HELP`."""
    from flows import hindcast as run
    from flows import verify_forecasts

    if not since or not until:
        raise typer.BadParameter("Name the period: --from TIME --to TIME.")
    found, river = settings.read(), chosen(name, network)
    asked = run.Asked(parse(since), parse(until), every, exact, engine or found.engine, workers)
    begun = perf_counter()
    with bar(f"Hindcasts of {river}") as report:
        told = run.hindcast(river, found.folders, asked, report)
    told["wall_s"] = round(perf_counter() - begun, 3)
    if verify:
        with bar(f"Verifying hindcasts of {river}") as report:
            done = verify_forecasts.verify(river, found.folders, "hindcast", report=report)
        told |= {"scorecard": str(done.path), "days_scored": done.days}
    if as_json:
        write(told)
    else:
        _say(told)


def _say(told: dict[str, object]) -> None:
    say(
        f"{told['gauge_forecasts']:,} forecasts of a gauge at {told['issue_times']:,} issue times, "
        f"months: {told['months_made']} made, {told['months_kept']} there already, "
        f"{told['wall_s']} s, {told['mb']} MB"
    )
    for note in told["notes"] if isinstance(told["notes"], list) else ():
        say(f"  Note: {note}")
    say(f"Folder {told['folder']}")
    if "scorecard" in told:
        say(f"Scorecard {told['scorecard']}")
        say("The skill page shows it, as hindcasts, from the next published forecast on.")
