"""`mulgil campaign`: what takes too long for CI; each prints a table and its seed."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from flows import settings
from flows.progress import bar, console, say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Run Mulgil for simulated days, kill it, and see what is left. Nothing here is real.",
)
Json = Annotated[Path | None, typer.Option("--json", help="Write figures and detail to this file.")]
Seed = Annotated[int, typer.Option(help="Of rivers, faults and moments.")]
Home = Annotated[
    Path | None, typer.Option(help="Folder for all that is made; below MULGIL_HOME if not given.")
]
Gauges = Annotated[int, typer.Option(min=1, help="Simulated gauges.")]


@app.callback()
def campaign() -> None:
    """Run Mulgil for simulated days, kill it, and see what is left."""


@app.command()
def week(  # noqa: PLR0913, PLR0917  # an option each
    gauges: Gauges = 20,
    hourly_days: Annotated[float, typer.Option(min=0, help="Days of hourly cycles.")] = 7,
    ten_minute_days: Annotated[float, typer.Option(min=0, help="Of 10-minute cycles.")] = 3,
    outage_hours: Annotated[float, typer.Option(min=0, help="Without power.")] = 3,
    speed: Annotated[float, typer.Option(help="Simulated seconds in one of a cycle.")] = 10,
    faults: Annotated[bool, typer.Option(help="Let the providers fail.")] = True,
    seed: Seed = 0,
    home: Home = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where it was.")] = False,
    path: Json = None,
) -> None:
    """Run every cycle of a simulated week, unattended, while providers fail by a plan.

    `mulgil campaign week` takes some 20 minutes: 168 hourly cycles and 432 of ten minutes.
    `--hourly-days 0 --outage-hours 0` leaves the 432; a model of a few weights does for them.
    """
    from flows import campaign_figures, campaign_week
    from flows.campaign_table import table

    asked = campaign_week.Week(
        gauges, hourly_days, ten_minute_days, seed, speed, outage_hours, faults
    )
    where = _home(home, "week")
    with bar("Simulated week") as report:
        lines = campaign_week.run(asked, where, resume, report)
    found = campaign_figures.figures(lines, len(campaign_week.due(asked)), where)
    console.print(table("A simulated week", found, seed))
    _keep(path, found, asdict(asked), lines)


@app.command()
def kills(
    times: Annotated[int, typer.Option(min=1, help="How many cycles are killed.")] = 100,
    gauges: Gauges = 6,
    seed: Seed = 0,
    home: Home = None,
    path: Json = None,
) -> None:
    """Kill cycles (SIGKILL) at random moments; say what was lost, torn or stuck afterwards.

    Ends with status 1 if anything was.
    """
    from flows import campaign_kills
    from flows.campaign_table import table

    with bar("Kills") as report:
        done = campaign_kills.run(times, gauges, seed, _home(home, "kills"), report)
    found = campaign_kills.figures(done)
    console.print(table("Cycles killed at random moments", found, seed))
    _keep(
        path, found, {"times": times, "gauges": gauges, "seed": seed}, campaign_kills.as_rows(done)
    )
    if found["lost"] or found["torn"] or found["next_on_time"] != times:
        raise typer.Exit(1)


def _home(given: Path | None, name: str) -> Path:
    return given or settings.read().home / f"campaign-{name}"


def _keep(path: Path | None, figures: dict[str, Any], asked: dict[str, Any], raw: Any) -> None:
    if path is not None:
        told = {"figures": figures, "settings": asked, "raw": raw}
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        say(f"Written to {path}")
