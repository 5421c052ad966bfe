"""`mulgil cycle`: one whole cycle, for cron and for the day that Prefect is broken."""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from flows import settings
from flows.options import Json, Name, NameOption, Source, chosen, write
from flows.progress import say
from flows.times import parse

if TYPE_CHECKING:  # a cycle brings torch: no other command shall wait for it
    from flows.cycle import Cycle

NOTHING_FORECAST, NOT_ITS_TURN, TRY_AGAIN = 3, 4, 75
HELP = """Pull, forecast, publish, verify, tell: one whole cycle, as the clock runs it.

Needs no server: a line of cron is enough, and `mulgil serve` runs the same. Two cycles of a network
never overlap; a provider that has not answered by the deadline is left behind, and the forecast is
issued. Cycles that were missed are filled in afterwards, marked late.

Exit status: 0 issued · 1 cannot be done as asked · 3 issued, but no gauge could be forecast · 4
another one is running, or a newer one is due · 75 try again.

Examples: `mulgil cycle han-live`, `mulgil cycle han-live --json --deadline 120`; in a crontab:
`12 * * * * MULGIL_TRIGGERED_BY=cron mulgil cycle han-live`"""


def cycle(
    name: Name = None,
    network: NameOption = None,
    due: Annotated[
        str | None,
        typer.Option(help="When it was due, UTC, e.g. 2026-07-20T03:12; now without it."),
    ] = None,
    every: Annotated[
        int, typer.Option(min=0, help="Minutes between cycles; 0: the step of the network.")
    ] = 0,
    deadline: Annotated[
        float | None,
        typer.Option(min=0, help="Seconds that providers have; without it 300, or every / 5."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Run it however old it is.")] = False,
    catch_up: Annotated[bool, typer.Option(help="Fill in what was missed afterwards.")] = True,
    folder: Source = None,
    as_json: Json = False,
) -> None:
    """Run one cycle; see `HELP`."""
    from flows import cycle as clock

    found, when = settings.read(), None if due is None else parse(due)
    cadence = np.timedelta64(every, "m") if every else None
    how = clock.How(cadence, deadline, force, folder)
    done = clock.run(chosen(name, network), found, due=when, how=how)
    _answer(done, as_json)
    if catch_up:
        _catch_up(done, found, cadence)
    if code := status(done, found):
        raise typer.Exit(code)


def as_dict(done: "Cycle") -> dict[str, Any]:
    """Return a cycle for machines."""
    return {
        "network": done.network,
        "due": f"{done.due.astype('datetime64[s]')}Z",
        "state": done.state,
        "seconds": done.seconds,
        "told": done.told,
        "run": str(done.run or ""),
        "release": str(done.release or ""),
    }


def _answer(done: "Cycle", as_json: bool) -> None:
    if as_json:
        write(as_dict(done))
    else:
        say(f"{done.state}: {done.told}")


def _catch_up(done: "Cycle", found: settings.Settings, cadence: np.timedelta64 | None) -> None:
    from flows import catching_up, pulling

    every = cadence or pulling.find(done.network, found.folders).step
    late = catching_up.fill(done, found, every)
    for each in late:
        say(each.told)


def status(done: "Cycle", found: settings.Settings) -> int:
    """Return the exit status of a cycle."""
    from flows.cycle import ISSUED

    if done.state in ISSUED:
        return NOTHING_FORECAST if _nothing(done, found) else 0
    if done.state == "failed":
        return TRY_AGAIN if done.again else 1
    return NOT_ITS_TURN


def _nothing(done: "Cycle", found: settings.Settings) -> bool:
    from flows import manifest, pulling

    if done.run is None:
        return False
    gauges = set(pulling.find(done.network, found.folders).ids)
    return set(manifest.load(done.run).degraded) >= gauges
