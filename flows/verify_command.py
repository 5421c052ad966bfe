"""`mulgil verify-forecasts` and `mulgil scorecard`: how good what was issued has been."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from data.network import Network
from flows import pulling, settings
from flows.options import Json, Name, NameOption, answer, chosen, write
from flows.progress import bar, console, say
from flows.times import parse

if TYPE_CHECKING:  # what is scored brings lightgbm: no other command shall wait for it
    from flows.issued import Kind

KINDS = "real-time, replay, drill, hindcast"  # `flows.issued.SCORED`
KindOption = Annotated[
    str | None,
    typer.Option(
        "--kind",
        help=f"Which forecasts: {KINDS}; they are never mixed. Without it: real-time "
        "of a live network, replays of a closed record.",
    ),
]


def verify_forecasts(
    name: Name = None,
    network: NameOption = None,
    kind: KindOption = None,
    known_at: Annotated[
        str | None,
        typer.Option(help="As it was known then, UTC, e.g. 2019-01-30T00:00; now without it."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Score issued forecasts by what was observed since; decide which gauges fall back.

    Days are scored once, and again within four days, as readings are corrected. What is scored
    stays when forecasts are removed: scorecard.nc and scorecard.csv in the network's folder. A
    gauge whose model has lost to persistence gets persistence from the next forecast on, until
    the model is better again.

    Examples: `mulgil verify-forecasts han-live`, `mulgil verify-forecasts recorded --json`
    """
    from flows import verify_forecasts as verifying

    folders = settings.read().folders
    river = pulling.find(chosen(name, network), folders)
    then = None if known_at is None else parse(known_at)
    with bar(f"Verifying forecasts of {river.name}") as report:
        done = verifying.verify(river.name, folders, _kind(kind, river), then, report)
    fallen = {s: state.words for s, state in done.states.items() if state.fallen}
    told = {
        "scorecard": str(done.path),
        "kind": done.kind,
        "days": done.days,
        "fallback": fallen,
        "trouble": done.trouble,
    }
    answer(told, as_json, f"{done.days} days scored. Scorecard {done.path}")
    if not as_json:
        _say_fallbacks(fallen, river, done.trouble)


def scorecard(
    name: Name = None,
    network: NameOption = None,
    days: Annotated[
        int, typer.Option(min=0, help="How many days back from the newest; 0 is all.")
    ] = 30,
    kind: KindOption = None,
    as_json: Json = False,
) -> None:
    """Show how good the issued forecasts have been, gauge by gauge.

    Persistence skill, errors and coverage by lead time; hits, misses and false alarms of the
    stages from watch on, and how early they were forecast. `mulgil verify-forecasts` brings it up
    to date, as every published forecast does.

    Examples: `mulgil scorecard han-live --days 7`, `mulgil scorecard recorded --days 0 --json`
    """
    from flows import fallbacks, scorecard_file, scorecard_table

    folders = settings.read().folders
    river = pulling.find(chosen(name, network), folders)
    sort = _kind(kind, river)
    kept = scorecard_file.scored(folders, river, sort)
    scores = scorecard_table.of_days(kept, days)
    until = scorecard_file.until(kept)
    fallen = fallbacks.fallen(folders, river, sort, until + np.timedelta64(1, "s"))
    if as_json:
        write(_told(scores, river, sort, until, fallen))
        return
    console.print(scorecard_table.errors(scores, river, sort))
    stages = scorecard_table.stages(scores, river)
    if stages.row_count:
        console.print(stages)
    else:
        say("No gauge reached a stage from watch on, and none was forecast to.")
    path = scorecard_file.path_of(folders, river, sort).with_suffix(".csv")
    say(f"As known at {str(until)[:16]}Z. All gauges, windows and months: {path}")
    _say_fallbacks(fallen, river, "")


def _told(
    scores: Any, river: Network, kind: "Kind", until: np.datetime64, fallen: dict[str, str]
) -> dict[str, Any]:
    from flows import scorecard_table

    return {
        "network": river.name,
        "kind": kind,
        "simulated": river.simulated,
        "first_day": scores.attrs["first"],
        "last_day": scores.attrs["last"],
        "known_until": f"{str(until)[:16]}Z",
        "unit": river.quantity.unit,
        "fallback": fallen,
        "rows": scorecard_table.to_rows(scores),
    }


def _say_fallbacks(fallen: dict[str, str], river: Network, trouble: str) -> None:
    for station, why in fallen.items():
        say(f"  {river.station(station).name_en} is on persistence: {why}")
    if trouble:
        say(f"  Note: {trouble}")


def _kind(asked: str | None, river: Network) -> "Kind":
    """Return the kind that was asked for, or the network's own.

    Raises:
        typer.BadParameter: There is no such kind.
    """
    from flows import issued

    if asked is None:
        return issued.own_kind(river)
    for kind in issued.SCORED:
        if kind == asked:
            return kind
    raise typer.BadParameter(f"'{asked}' is no kind of forecast: {KINDS}.")
