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


@app.command("kills-prefect")
def kills_prefect(
    times: Annotated[int, typer.Option(min=1, help="How many kills.")] = 10,
    seed: Seed = 0,
    home: Home = None,
    path: Json = None,
) -> None:
    """Kill a run, Prefect's server, or everything under `mulgil serve`, in real time.

    Each takes some two to four minutes. Ends with status 1 if a run stays a zombie for more than
    three minutes, no later cycle is done, or anything is lost or torn.
    """
    from flows import campaign_kills_prefect as under_prefect
    from flows.campaign_table import table

    with bar("Kills under Prefect") as report:
        done = under_prefect.run(times, seed, _home(home, "kills-prefect"), report)
    found = under_prefect.figures(done)
    console.print(table("Killed under Prefect", found, seed))
    _keep(path, found, {"times": times, "seed": seed}, under_prefect.as_rows(done))
    if any(found[name] for name in ("zombies", "without_a_next", "torn", "lost")):
        raise typer.Exit(1)


@app.command()
def soak(
    cycles: Annotated[int, typer.Option(min=10, help="Hourly cycles in one process.")] = 300,
    gauges: Gauges = 6,
    seed: Seed = 0,
    home: Home = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where it was.")] = False,
    path: Json = None,
) -> None:
    """Run many cycles in one process and see whether it holds more and more memory.

    Ends with status 1 if it does.
    """
    from flows import campaign_figures, campaign_week
    from flows.campaign_table import table

    asked = campaign_week.Week(gauges, cycles / 24, 0, seed, outage_hours=0, faults=False)
    where = _home(home, "soak")
    with bar("Soak") as report:
        lines = campaign_week.run(asked, where, resume, report)
    found = campaign_figures.figures(lines, cycles, where)
    console.print(table(f"{cycles} cycles in one process", found, seed))
    _keep(path, found, asdict(asked), lines)
    if found["memory"] != campaign_figures.STEADY:
        raise typer.Exit(1)


@app.command()
def xss(
    gauges: Gauges = 12,
    home: Home = None,
    path: Json = None,
) -> None:
    """Put hostile texts into every field and open every page: nothing of them may run.

    Ends with status 1 if anything did.
    """
    from flows import campaign_xss
    from flows.campaign_table import table

    with bar("Hostile texts") as report:
        told = campaign_xss.run(gauges, _home(home, "xss"), report)
    found = campaign_xss.figures(told)
    console.print(table("Hostile texts through the whole site", found, 0))
    _keep(path, found, {"gauges": gauges}, told)
    if found["amiss"]:
        for line in told["amiss"][:20]:
            say(line)
        raise typer.Exit(1)


def _home(given: Path | None, name: str) -> Path:
    return given or settings.read().home / f"campaign-{name}"


def _keep(path: Path | None, figures: dict[str, Any], asked: dict[str, Any], raw: Any) -> None:
    if path is not None:
        told = {"figures": figures, "settings": asked, "raw": raw}
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        say(f"Written to {path}")
