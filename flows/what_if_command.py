"""`mulgil what-if`: the forecast with changed inputs, beside the automatic one, never published."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from data.stations import Stage
from flows import settings
from flows.options import Json, Name, NameOption, chosen, write
from flows.progress import console, say
from flows.times import parse
from forecast.wording import STAGE_WORDS, chance, in_language

HELP = """Forecast as if it rained more, a dam let go, or a gauge were wrong; publish nothing.

The result lies in a folder of its own, beside the automatic forecast of the same moment: a page in
Korean and English, a table of differences, the forecast as NetCDF. All say WHAT-IF (가정).

Rain is changed in the last hours (`--past-hours`) and, where a forecast or a plan of rain is
known, in the hours ahead. A release or rain to come needs a model that has learnt from plans:
`mulgil train NETWORK --with-plans`.

Examples: `mulgil what-if han-river --rain-factor 1.3 --reason "worst member of the ensemble"`,
`mulgil what-if han-live --release-csv plan.csv --reason "Paldang opens two gates at 21:00"`,
`mulgil what-if han-live --block 1018662 --correct 1018680=+0.12 --reason "debris at the bridge"`"""


def what_if(
    name: Name = None,
    network: NameOption = None,
    reason: Annotated[str, typer.Option(help="Why; it stands on every page and file.")] = "",
    issue_time: Annotated[
        str | None, typer.Option(help="As of this time, UTC, e.g. 2020-08-05T18:00.")
    ] = None,
    rain_factor: Annotated[
        float | None, typer.Option(help="Multiply rain, e.g. 1.3; 0 to 20.")
    ] = None,
    rain_add: Annotated[
        float, typer.Option(help="mm more in all, spread evenly; below 0: less.")
    ] = 0.0,
    rain_shift_hours: Annotated[
        float, typer.Option(help="Rain comes so much later; below 0: earlier.")
    ] = 0.0,
    rain_from: Annotated[
        str,
        typer.Option(
            metavar="STATION|EAST,NORTH",
            help="Rain of this station falls everywhere; or rain is moved by km, e.g. 12,-5.",
        ),
    ] = "",
    rain_csv: Annotated[
        Path | None, typer.Option(help="Own rain, columns time,rainfall (UTC, mm in the step).")
    ] = None,
    release_csv: Annotated[
        Path | None, typer.Option(help="Planned release, columns time,dam_release (UTC, m3/s).")
    ] = None,
    past_hours: Annotated[
        float, typer.Option(help="How far back rain is changed; 0: only the rain to come.")
    ] = 24.0,
    block: Annotated[
        list[str] | None, typer.Option(metavar="STATION", help="Take its readings away.")
    ] = None,
    correct: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATION=±D|=LEVEL",
            help="All its readings by so much (=+0.12), or its last reading (=2.35).",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Forecast with changed inputs; see `HELP`."""
    from flows import what_if as run

    found = settings.read()
    asked = run.Asked(
        reason=reason,
        who=found.triggered_by,
        rain_factor=rain_factor,
        rain_more=rain_add,
        rain_later_hours=rain_shift_hours,
        rain_from=rain_from.strip(),
        rain_csv=rain_csv,
        release_csv=release_csv,
        past_hours=past_hours,
        blocked=tuple(block or ()),
        corrected=tuple(correct or ()),
    )
    when = None if issue_time is None else parse(issue_time)
    made = run.what_if(chosen(name, network), when, found.folders, asked)
    if as_json:
        write(made.told | {"folder": str(made.folder)})
    else:
        _say(made.told, made.folder)


def _say(told: dict[str, Any], folder: Path) -> None:
    say(f"WHAT-IF (가정), {told['network']}, issue time {told['issue_time']}: not published")
    for text in told["changes"]:
        say(f"  {in_language(text, 'en')}")
    for text in told["notes"]:
        say(f"  Note: {in_language(text, 'en')}")
    table = Table(title="WHAT-IF beside the automatic forecast")
    for head in ("gauge", "peak", "what-if", "difference", "stage", "what-if", "chances"):
        table.add_column(head)
    for row in told["differences"]:
        sides = (row["automatic"], row["what_if"])
        peaks = [_number(side["peak"]) for side in sides]
        stages = [STAGE_WORDS[Stage[side["stage"]]]["en"] for side in sides]
        rise = _number(row["peak_difference"], "+")
        table.add_row(row["station"], *peaks, rise, *stages, _chances(*sides))
    console.print(table)
    say(f"Page {folder / 'index.html'}")


def _number(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.2f}"


def _chances(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Return e.g. `watch 40 % > 70 %` for each stage whose chance changes."""
    said = []
    for stage, was in before["chance"].items():
        now = after["chance"].get(stage)
        if was is not None and now is not None and round(100 * was) != round(100 * now):
            word = STAGE_WORDS[Stage[stage]]["en"]
            said.append(f"{word} {chance(was, 'en')} > {chance(now, 'en')}")
    return ", ".join(said)
