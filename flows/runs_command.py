"""`mulgil runs`: list, show and compare runs; remove old ones by a rule."""

from typing import Annotated, Any

import typer

from flows import runs as catalogue
from flows import settings
from flows.options import Json, answer, write
from flows.progress import console, say
from flows.runs import Wanted
from flows.runs_table import table
from flows.times import parse

DIFFERENT = 1
_NONE = "No forecast was issued yet. Run: mulgil forecast NETWORK"
HELP = """List, show and compare runs: what went in, what came out, who started it.

RUN is the id of a run, the beginning of it that no other shares, `latest`, or `latest~2`: the
second before it. Runs are ordered by when they began.

Examples: `mulgil runs --network han-live --degraded`, `mulgil runs show latest`,
`mulgil runs diff latest~1 latest --network han-live`, `mulgil runs prune --keep-days 400 --dry-run`
"""
app = typer.Typer(help=HELP, rich_markup_mode="markdown")
Run = Annotated[str, typer.Argument(metavar="RUN", show_default=False, help="See `mulgil runs`.")]
Network = Annotated[
    str, typer.Option("--network", "-n", help="Only runs of this network.", show_default=False)
]


@app.callback(invoke_without_command=True)
def listing(
    context: typer.Context,
    network: Network = "",
    since: Annotated[str, typer.Option(help="First issue time, UTC.", show_default=False)] = "",
    until: Annotated[str, typer.Option(help="Last issue time, UTC.", show_default=False)] = "",
    state: Annotated[
        str,
        typer.Option(
            help="published, forecast, running, failed or unreadable.", show_default=False
        ),
    ] = "",
    kind: Annotated[str, typer.Option(help="real-time, replay or drill.", show_default=False)] = "",
    degraded: Annotated[
        bool | None,
        typer.Option(help="With a gauge that has no forecast, or without.", show_default=False),
    ] = None,
    triggered_by: Annotated[str, typer.Option(help="Who started it.", show_default=False)] = "",
    limit: Annotated[int, typer.Option(min=0, help="How many at most; 0 is all.")] = 20,
    as_json: Json = False,
) -> None:
    """List runs, the newest first; see `HELP`."""
    if context.invoked_subcommand is not None:
        return None
    first, last = (parse(text) if text else None for text in (since, until))
    wanted = Wanted(network, first, last, state, kind, degraded, triggered_by, limit)
    found = catalogue.listed(settings.read().folders, wanted)
    if as_json:
        return write({"number": found.number, "runs": list(found.rows)})
    if not found.rows:
        return say("No run matches." if wanted != Wanted(limit=limit) else _NONE)
    console.print(table(found, console.width))
    for row in found.rows:
        if row["trouble"]:
            say(f"  {row['run']}: {row['trouble']}")
    return None


@app.command()
def show(run: Run = "latest", network: Network = "", as_json: Json = False) -> None:
    """Show the manifest of one run."""
    found = catalogue.find(settings.read().folders, run, network)
    if as_json:
        write(found.as_dict())
        return
    from flows.runs_show import lines

    for line in lines(found):
        say(line)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="RUN", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="RUN", show_default=False)],
    network: Network = "",
    as_json: Json = False,
) -> None:
    """Compare two runs: inputs, model, thresholds, numbers. Exit status 1 if they differ."""
    from flows import runs_diff
    from flows.runs_diff_words import sentences

    folders = settings.read().folders
    pair = [catalogue.find(folders, run, network) for run in (before, after)]
    found = runs_diff.compare(pair[0], pair[1], folders)
    if as_json:
        write(found.as_dict() | {"sentences": list(sentences(found))})
    else:
        say(f"{pair[0].run_id} (before)\n{pair[1].run_id} (after)")
        for sentence in sentences(found):
            say(f"  {sentence}")
    if not found.same:
        raise typer.Exit(DIFFERENT)


@app.command()
def prune(
    keep_days: Annotated[
        int, typer.Option(min=1, help="Runs that began in the last so many days stay.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Remove old runs and their forecasts; never what the site shows, nor any score.

    A forecast stays until all its days are scored for good: `mulgil verify-forecasts`. What goes
    is written down in `pruned.jsonl`. The rule in full: docs/runs.md
    """
    from flows import runs_prune

    found = runs_prune.prune(settings.read().folders, keep_days, dry_run)
    told: dict[str, Any] = {
        "dry_run": dry_run,
        "runs": list(found.runs),
        "files": len(found.files),
        "bytes": found.size,
        "stay": found.stay,
    }
    verb = "would go" if dry_run else "went"
    text = f"{len(found.runs)} runs {verb}, {len(found.files)} files, {found.size / 1e6:,.1f} MB."
    text += "".join(f"\n  {number} stay: {why}" for why, number in found.stay.items())
    answer(told, as_json, text)
