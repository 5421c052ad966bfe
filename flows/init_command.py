"""`mulgil init`: make a network of one's own river out of CSV files."""

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from data.archive import VARIABLES
from data.network import Years
from data.own import clock as own_clock
from data.own import init as own_init
from data.own import units as own_units
from data.own import years as own_years
from data.own.clock import Clock
from data.own.init import Order
from data.own.network import Wishes
from data.own.numbers import Missing
from data.own.report import Report, Series
from data.own.rows import Form
from flows import settings
from flows.options import Json, write
from flows.progress import bar, console, say
from flows.pulling import this_moment

MOST = 12  # complaints that are told of the readings; --json tells all
_COUNTED = ("missing", "repeated", "refused", "doubted", "gaps > 1 d")

HELP = """Make a network of your own river out of CSV files, or add more files to it.

    mulgil init black-river --stations stations.csv --readings readings/

`stations.csv` has a line per gauge:

    id,name,river,latitude,longitude,quantity
    S1,Upper Bridge,Black River,-19.24,146.63,discharge

`readings/` has any number of CSV files (.csv, .csv.gz), a reading per line or a column per gauge:

    time,station,variable,value           time,S1,S1:rainfall
    2020-08-06T01:00,S1,discharge,12.4    2020-08-06T01:00,12.4,0.2
    2020-08-06T01:00,S1,rainfall,0.2      2020-08-06T02:00,13.1,1.4

Units are SI (m, m3/s, mm of the time since the reading before), times UTC, if you do not say
otherwise. What cannot be read is told with file, line and column, and the rest goes on. The step,
the years to learn from and the limits of each gauge are taken from the readings. Try it with
`--dry-run` first. The whole format: docs/bring-your-own-river.md

Exit status: 0 done · 1 cannot be done as asked · 2 wrong usage."""


def init(
    name: Annotated[str, typer.Argument(help="What to call it: a-z, 0-9, - and _.")],
    readings: Annotated[
        Path, typer.Option("--readings", "-r", help="Folder of CSV files, or one file.")
    ],
    stations: Annotated[
        Path | None,
        typer.Option("--stations", "-s", help="The station table; not needed to add readings."),
    ] = None,
    timezone: Annotated[
        str, typer.Option(help="Of times without an offset: Asia/Seoul, +09:00.")
    ] = "UTC",
    time_format: Annotated[
        str, typer.Option(help="If times are not ISO 8601: '%d/%m/%Y %H:%M'.", show_default=False)
    ] = "",
    unit: Annotated[
        list[str] | None,
        typer.Option(help="water_level=ft, discharge=cfs, rainfall=in; may be given again."),
    ] = None,
    missing: Annotated[
        list[str] | None,
        typer.Option(help="Also stands for 'no value', e.g. -99 or Ice; may be given again."),
    ] = None,
    above_sea: Annotated[
        bool, typer.Option("--above-sea", help="Water levels are elevations: take gauge_zero off.")
    ] = False,
    listed_only: Annotated[
        bool, typer.Option("--listed-only", help="Leave out stations that are not in the table.")
    ] = False,
    step: Annotated[
        int | None,
        typer.Option(min=10, max=1440, help="Minutes of the grid; else from the readings."),
    ] = None,
    horizon: Annotated[
        int | None, typer.Option(min=1, max=720, help="Steps ahead; else 24, or 36 of 10 min.")
    ] = None,
    train: Annotated[str, typer.Option(help="Years: 2012-2018.", show_default=False)] = "",
    validate: Annotated[str, typer.Option(help="Years: 2019.", show_default=False)] = "",
    test: Annotated[str, typer.Option(help="Years: 2020-2021.", show_default=False)] = "",
    title_en: Annotated[str, typer.Option(help="Its name on English pages.")] = "",
    title_ko: Annotated[str, typer.Option(help="Its name on Korean pages.")] = "",
    provenance: Annotated[
        str, typer.Option(help="Who measured and published it, under which licence.")
    ] = "",
    replace_stations: Annotated[
        bool, typer.Option("--replace-stations", help="Let another table take its place.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do it all and tell, but keep nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a network of your own river out of CSV files; `HELP` is what a person reads."""
    asked = {"train": train, "validate": validate, "test": test}
    years = {part: own_years.years(text) for part, text in asked.items() if text}
    wishes = Wishes(title_ko, title_en, provenance, step, horizon, years)
    clock = Clock(this_moment(), own_clock.zone(timezone), time_format)
    units = own_units.wishes(unit or [], VARIABLES)
    form = Form(clock, Missing.of(missing or []), units, listed_only)
    order = Order(stations, readings, form, wishes, replace_stations, above_sea)
    folder = settings.read().folders.network(name)
    with bar(f"Reading {name}") as report:
        done = own_init.make(folder, order, dry_run, report)
    if as_json:
        write(done.as_dict())
    else:
        _tell(done)


def _tell(done: Report) -> None:
    """Show what was read, what was refused, what to know, and what comes next."""
    console.print(_table(done))
    for line in _complaints(done):
        say(line)
    for remark in done.remarks:
        say(f"Note: {remark}")
    say(_plan(done))
    say(_next(done))


def _table(done: Report) -> Table:
    """Return what was read of each series; what no series has gets no column, but a word."""
    rows = [_cells(each) for each in done.series]
    none = [name for name in _COUNTED if all(row[name] == "0" for row in rows)]
    told = f"{', '.join(none)}: none. " if none else ""
    caption = f"{told}'used' is the share of the network's times that have a value."
    table = Table(title=f"{done.network.name}: what was read", caption=caption, box=box.SIMPLE)
    shown = [name for name in rows[0] if name not in none]
    for name in shown:
        right = name in {"read", "used", *_COUNTED[:3]}
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(row[name] for name in shown))
    return table


def _cells(each: Series) -> dict[str, str]:
    doubts = [f"{n:,} {why.replace('_', ' ')}" for why, n in each.flagged.items()]
    return {
        "station": each.station,
        "variable": each.variable,
        "read": f"{each.read:,}",
        "missing": f"{each.missing:,}",
        "repeated": f"{each.repeated:,}",
        "refused": f"{each.refused:,}",
        "doubted": "\n".join(doubts) or "0",
        "first, last": f"{each.first[:10]}\n{each.last[:10]}" if each.first else "no value",
        "gaps > 1 d": f"{each.gaps}, longest {each.longest_gap_days:g} d" if each.gaps else "0",
        "used": "no" if each.usable is None else f"{each.usable:.1%}",
    }


def _complaints(done: Report) -> list[str]:
    refused = [f"Refused: {each}" for part in done.files for each in part.refused]
    ignored = [f"Not read: {part.file}: {each}." for part in done.files for each in part.ignored]
    told = [*refused, *ignored]
    more = [f".. and {len(told) - MOST:,} more; --json tells all."] if len(told) > MOST else []
    return told[:MOST] + more


def _plan(done: Report) -> str:
    told, split = done.as_dict(), done.network.split
    years = (
        f"learns from {_years(split.train)}, is chosen on {_years(split.validate)}, judged by "
        f"{_years(split.test)}"
    )
    return (
        f"{done.network.quantity} every {told['step_minutes']} min, {done.network.horizon} steps "
        f"ahead; {years}. {done.tally.new:,} readings are new, {done.tally.revised:,} revised, "
        f"{done.tally.same:,} as before."
    )


def _years(years: Years) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}–{years[1]}"


def _next(done: Report) -> str:
    name = done.network.name
    if done.dry:
        return "Nothing was kept (--dry-run). Run it again without to make the network."
    made = f"Made {done.folder}" if done.made else f"Added to {done.folder}"
    return (
        f"{made}\nNext: mulgil train {name} && mulgil verify {name} && mulgil forecast {name}\n"
        f"To make it live, add [[feeds]] to {done.folder}/network.toml. To begin anew, take the "
        "folder away."
    )
