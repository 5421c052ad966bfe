"""`mulgil bench cycle`, `ensemble` and `engines`: how work grows with gauges, members, workers."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from flows.bench import keep
from flows.bench_speed_table import verdict
from flows.progress import bar, console

GOALS: Final = {
    "cycle_s_223": (None, 5.0),
    "cycle_s_20000": (None, 60.0),
    "peak_mb_20000": (None, 3000.0),
    "growth_exponent": (None, 1.05),
    "ensemble_s": (None, 10.0),
    "differences_processes": (0.0, 0.0),
    "differences_dask": (0.0, 0.0),
    "differences_all_cores": (0.0, 0.0),
}
_PARTS = ("step_pull_s", "step_issue_s", "step_publish_s", "step_follow_s", "all_s", "peak_mb")


def cycle(
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures and detail to this file.")
    ] = None,
    gauges: Annotated[
        str, typer.Option(help="Sizes of the network, with commas between.")
    ] = "223,2000,20000",
    naive: Annotated[
        str, typer.Option(help="Sizes at which the naive way is measured beside; '' for none.")
    ] = "223",
) -> None:
    """Measure a whole cycle: pull, quality, archive, forecast, site, feeds, publishing.

    The replay server tells simulated gauges of Korea as HRFCO tells its own. Each size runs in a
    process of its own; beside it the naive way, a Prefect task, a file and a popup for each gauge.
    Takes some ten minutes. Leave the machine alone meanwhile: seconds suffer from other load.
    """
    from flows import bench_cycle

    with bar("Bench") as report:
        found = bench_cycle.run(report, sizes(gauges), sizes(naive))
    keep(found, path)
    console.print(parts(found["raw"]))
    console.print(table(found["figures"]))


def ensemble(
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures and detail to this file.")
    ] = None,
) -> None:
    """Measure 51 members of forecast rain at 223 gauges, 72 h ahead, beside the naive ways."""
    from flows import bench_ensemble

    with bar("Bench") as report:
        found = bench_ensemble.run(report)
    keep(found, path)
    console.print(table(found["figures"]))


def engines(
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures and detail to this file.")
    ] = None,
    gauges: Annotated[int, typer.Option(min=1, help="Simulated gauges.")] = 223,
    months: Annotated[int, typer.Option(min=1, help="Of hourly forecasts.")] = 6,
) -> None:
    """Measure the same hindcast on one core, on all, and on two workers of each engine.

    Ends with status 1 if one engine gives another result than the others, be it one bit.
    """
    from flows import bench_engines

    with bar("Bench") as report:
        found = bench_engines.run(report, gauges, months)
    keep(found, path)
    console.print(table(found["figures"]))
    if any(value for name, value in found["figures"].items() if name.startswith("differences")):
        raise typer.Exit(1)


def sizes(text: str) -> tuple[int, ...]:
    """Return numbers of gauges, ascending.

    Raises:
        typer.BadParameter: One is no number above 0.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not all(name.isdecimal() and int(name) > 0 for name in names):
        raise typer.BadParameter(f"'{text}': write numbers of gauges, e.g. 223,2000.")
    return tuple(sorted({int(name) for name in names}))


def parts(raw: dict[str, Any]) -> Table:
    """Return the seconds of each step, by size and cycle."""
    made = Table(title="Cycles in a row")
    for title in ("gauges", "cycle", "pull s", "issue s", "publish s", "verify s", "all s", "MB"):
        made.add_column(title, justify="right")
    for gauges, found in raw.items():
        for number, row in enumerate(found["cycles"], start=1):
            made.add_row(gauges, str(number), *(f"{row[name]:.2f}" for name in _PARTS))
    return made


def table(figures: dict[str, float]) -> Table:
    """Return all figures; those with a goal say whether it is met."""
    made = Table(title="Figures")
    for title in ("figure", "measured", "goal", ""):
        made.add_column(title)
    for name, value in figures.items():
        least, most = GOALS.get(name, (None, None))
        goal = f"≤ {most:g}" if most is not None else f"≥ {least:g}" if least is not None else ""
        made.add_row(name, f"{value:.4g}", goal, verdict(value, least, most))
    return made
