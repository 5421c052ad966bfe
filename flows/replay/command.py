"""`mulgil replay-server`: the command."""

import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from data import networks
from data.errors import OutsideRecord
from data.network import Network
from flows.progress import say
from flows.replay import clock, worlds
from flows.replay.faults import NAMES, Faults, parse
from flows.replay.server import SOURCES, Server, Stage, serving
from flows.replay.world import World
from flows.times import parse as parse_time

HELP = f"""Answer like the providers, on this machine only: from a record, or from simulated rivers.

    Nothing here is real, and every answer says so in its header `Mulgil-Replay`. The server prints
    the addresses to point the connectors at; any key will do (HRFCO's `bad` is refused).

    Examples:

    `mulgil replay-server --gauges 20` simulates twenty gauges.

    `mulgil replay-server -n han-river --folder ../han-river --as-now 2020-08-06T00:00` replays the
    flood of August 2020 as if it were now.

    `mulgil replay-server --speed 600 --fault hrfco=http_500:3 --fault usgs=cut` lets ten minutes
    pass in a second; HRFCO fails three times, and each answer of USGS breaks off.

    While it runs, `curl -d '{{"source": "hrfco", "fault": "late"}}' http://127.0.0.1:PORT/faults`
    switches a fault on (null: all off), and `GET /faults` shows what is in force.

    Faults: {", ".join(sorted(NAMES))}.
"""


def replay_server(
    network: Annotated[
        str, typer.Option("--network", "-n", help="Whose stations: a network's name.")
    ] = "simulated",
    folder: Annotated[
        Path | None, typer.Option(help="Folder of a record, in the layout of han-river.")
    ] = None,
    gauges: Annotated[
        int | None, typer.Option(min=1, help="So many simulated gauges, in place of a network.")
    ] = None,
    as_now: Annotated[
        str | None, typer.Option(help="The time of the record that is now, UTC.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of simulated rivers.")] = 0,
    speed: Annotated[float, typer.Option(min=0, help="Seconds of replay in a second.")] = 1.0,
    port: Annotated[int, typer.Option(help="On loopback; 0 takes a free one.")] = 4320,
    delay: Annotated[float, typer.Option(min=0, help="Minutes until a reading appears.")] = 8.0,
    fault: Annotated[
        list[str] | None,
        typer.Option(help="source=fault or source=fault:requests; may be given again."),
    ] = None,
) -> None:
    """See HELP."""
    faults = Faults(SOURCES)
    for text in fault or []:
        faults.set(*parse(text))
    running = clock.real(speed)
    when = None if as_now is None else parse_time(as_now)
    known = networks.find(network) if gauges is None else worlds.gauged(gauges)
    world = choose(known, folder, when, running.now(), seed)
    late = np.timedelta64(round(delay * 60), "s")
    with serving(Stage(world, running, faults, late), port) as server:
        announce(server)
        wait()


def choose(
    network: Network,
    folder: Path | None,
    as_now: np.datetime64 | None,
    now: np.datetime64,
    seed: int = 0,
) -> World:
    """Return a record's truth where there is a record, else a simulated one.

    Raises:
        OutsideRecord: There is a record and no time of it is to be now, or the other way round.
        SourceError: A file of the record is missing or broken.
    """
    if folder is None and network.source != "recorded":
        if as_now is not None:
            raise OutsideRecord(
                f"There is no record of '{network.name}' to replay as of {str(as_now)[:16]}.",
                "Pass --folder with one, or leave out --as-now to simulate its rivers.",
            )
        return worlds.simulate(network, now, seed)
    if as_now is None:
        raise OutsideRecord(
            f"Which time of the record of '{network.name}' is now?",
            "Pass --as-now, e.g. --as-now 2020-08-06T00:00.",
        )
    return worlds.replay(worlds.with_table(network, folder), folder, as_now, now)


def announce(server: Server) -> None:
    """Print what is served, and the settings that point the connectors here."""
    world = server.stage.world
    say(f"{world.label}: {len(world.network.stations):,} stations, on this machine only.")
    say("Set these, then pull as usual; stop with Ctrl-C.")
    for source in SOURCES:
        say(f"  export MULGIL_{source.upper()}_URL={server.url(source)}")
    say(f"Faults and requests: {server.url('faults')}")


def wait() -> None:
    """Wait until Ctrl-C."""
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        say("Stopped.")


replay_server.__doc__ = HELP
