"""`mulgil bench`: how fast and lean we are beside the libraries that do the same."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from flows.progress import bar, console, say

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Measure speed and memory beside the libraries that do the same, on this machine.",
)


@app.callback()
def bench() -> None:
    """Measure speed and memory beside the libraries that do the same, on this machine."""


@app.command()
def climate(
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures and detail to this file.")
    ] = None,
    grid: Annotated[
        int, typer.Option(min=0, help="Instead a run on a grid of so many cells a side, e.g. 400.")
    ] = 0,
    years: Annotated[int, typer.Option(min=20, help="Years of days on that grid.")] = 30,
    engines: Annotated[
        str, typer.Option(help="Where that run is computed, one after the other, with commas.")
    ] = "local",
) -> None:
    """Measure climate indices beside xclim, and regional means beside exactextract.

    Takes some eight minutes. Needs the rivals: `pip install 'xclim<1.0' 'exactextract>=0.3'`

    With `--grid 400` a run too large for memory, from its files to the layers of the map: some
    half an hour and 15 GB of disk for a while. `--engines serial,processes,dask` compares.
    """
    with bar("Bench") as report:
        if grid:
            from flows import bench_climate_grid

            found = bench_climate_grid.run(report, grid, years, tuple(engines.split(",")))
        else:
            from flows import bench_climate

            found = bench_climate.run(report)
    keep(found, path)
    if not grid:
        console.print(index_table(found["detail"]["indices"]))
    for name, value in found["figures"].items():
        say(f"{name:>24} {value:.4g}")


@app.command()
def quality(
    folder: Annotated[
        Path, typer.Option(help="The Han River record: `water_data/` and `rf_data/` in it.")
    ],
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures and detail to this file.")
    ] = None,
) -> None:
    """Measure what quality control finds of the known errors of a real record, and doubts more."""
    from flows import bench_quality

    with bar("Bench") as report:
        found = bench_quality.run(folder, report)
    keep(found, path)
    for name, value in found["figures"].items():
        say(f"{name:>30} {value:.4g}")


@app.command()
def archive(
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures and detail to this file.")
    ] = None,
) -> None:
    """Measure the store of observations beside one row per value, and NetCDF by increments.

    Two weeks of ten-minute levels of 1,420 and 20,000 gauges; takes some thirteen minutes and
    4 GB of disk for a while.
    """
    from flows import bench_archive

    with bar("Bench") as report:
        found = bench_archive.run(report)
    keep(found, path)
    for name, value in found["figures"].items():
        say(f"{name:>20} {value:.3g}")


@app.command()
def skill(
    folder: Annotated[
        Path, typer.Option("--data", help="The record: `water_data/` and `rf_data/` in it.")
    ],
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures and detail to this file.")
    ] = None,
    train_years: Annotated[str, typer.Option(help="To learn from.")] = "2012-2018",
    validate_years: Annotated[str, typer.Option(help="To choose on.")] = "2019",
    test_years: Annotated[
        str, typer.Option(help="To judge by; they choose nothing.")
    ] = "2020-2021",
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds of the LSTM.")] = 3,
    ten_minutes: Annotated[
        bool, typer.Option("--ten-minutes", help="At ten-minute steps, up to 6 h ahead.")
    ] = False,
) -> None:
    """Measure the forecast beside every baseline on a real river: skill, intervals, CRPS.

    Takes some forty minutes with three seeds: each model is taught four times, without a group of
    years in turn. Gauges are those of the Han at Seoul, or of the `stations.csv` in the folder.
    """
    from flows import bench_skill

    split = bench_skill.split(train_years, validate_years, test_years)
    say(f"train {split.train}, validate {split.validate}, test {split.test}; both years included")
    with bar("Skill") as report:
        name = bench_skill.TEN_MINUTES if ten_minutes else bench_skill.HOURLY
        found = bench_skill.run(folder, split, range(seeds), report, name)
    keep(found, path)
    for name, value in found["figures"].items():
        say(f"{name:>40} {value:7.3f}")


@app.command()
def speed(
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures, machine and rounds to this file.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--data", help="The Han River record; without it no training to the best."),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Of each side, in turn; medians count.")] = 5,
) -> None:
    """Measure training beside NeuralHydrology, and forecasts of 223 and of 20,000 gauges.

    Takes some six minutes. NeuralHydrology 1.13 is installed into a throw-away environment; where
    that fails its figures are left out, and the reason is told. Leave the machine alone meanwhile:
    the sides take turns, so ratios suffer less from other load than seconds do.
    """
    from flows import bench_speed, bench_speed_table

    with bar("Bench") as report:
        found = bench_speed.run(folder, rounds, report)
    keep(found, path)
    console.print(bench_speed_table.table(found["figures"], found["raw"]))


@app.command()
def site(
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures and detail to this file.")
    ] = None,
    gauges: Annotated[
        str, typer.Option(help="Sizes of the network, with commas between.")
    ] = "223,20000",
    naive_20000: Annotated[
        bool, typer.Option("--naive-20000", help="Draw 20,000 gauges by stock folium, too; slow.")
    ] = False,
    rounds: Annotated[int, typer.Option(min=1, help="Visits to each page; medians count.")] = 5,
    phone: Annotated[
        bool, typer.Option("--lighthouse/--no-lighthouse", help="Score the site as a phone has it.")
    ] = True,
) -> None:
    """Measure the site beside stock folium: weight, speed, a cycle's writing, access.

    Takes some fifteen minutes. Needs Chromium (`apt install chromium`) and Playwright
    (`pip install playwright axe-playwright-python`); for Lighthouse also Node and npm, which
    install it once into the user's cache. What cannot be measured is left out, and says why.
    Gauges are simulated. Leave the machine alone meanwhile: seconds suffer from other load.
    """
    from flows import bench_site, bench_site_table

    asked = bench_site.asked(gauges, naive_20000, rounds, phone)
    with bar("Bench") as report:
        found = bench_site.run(report, asked)
    keep(found, path)
    console.print(bench_site_table.table(found))


@app.command()
def faults(
    path: Annotated[
        Path | None, typer.Option("--json", help="Write figures and the matrix to this file.")
    ] = None,
) -> None:
    """Measure what every fault of every provider does to a live cycle; takes some five minutes.

    Exit status 1 where something must not be: a cycle that ended, a value that was lost, a key ..
    """
    from flows import bench_faults, bench_faults_table

    with bar("Bench") as report:
        found = bench_faults.run(report)
    keep(found, path)
    console.print(bench_faults_table.table(found["raw"]))
    figures = found["figures"]
    for name, value in figures.items():
        say(f"{name:>20} {value:.4g}")
    if any(figures[name] for name in bench_faults.MUST_BE_ZERO):
        say(f"Must be 0: {', '.join(bench_faults.MUST_BE_ZERO)}.")
        raise typer.Exit(1)


def index_table(rows: dict[str, dict[str, Any]]) -> Table:
    """Return the indices by seconds and memory, ours and xclim's."""
    table = Table(title="Climate indices beside xclim, 30 years of days")
    table.add_column("index")
    for title in ("cells", "ours s", "xclim s", "times", "ours MB", "xclim MB", "difference"):
        table.add_column(title, justify="right")
    for name, row in rows.items():
        table.add_row(
            name,
            str(row["cells"]),
            *(f"{row[key]:.3f}" for key in ("ours_s", "theirs_s")),
            *(f"{row[key]:.1f}" for key in ("ratio", "ours_mb", "theirs_mb")),
            f"{row['max_difference']:.1e}",
        )
    return table


def keep(found: dict[str, Any], path: Path | None) -> None:
    """Write figures and detail to the file that was asked for."""
    if path:
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
