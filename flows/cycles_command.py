"""`mulgil cycles`: one cycle of each of several networks, side by side."""

from time import perf_counter
from typing import Annotated

import typer

from flows import settings
from flows.cycle_command import as_dict, status
from flows.options import Engine, Json, Workers, write
from flows.progress import bar, say
from flows.times import parse

HELP = """One whole cycle of each of several networks, side by side: a nation, basin by basin.

Each network has its own record, deadline and lock, and one that fails takes no other with it. They
run in processes of their own, one a core, or on the workers of `--engine dask://HOST:PORT`
(docs/scale.md). They publish one after the other, for the site is one.

Exit status: that of `mulgil cycle`, the worst of all: 0 only if each was issued.

Examples: `mulgil cycles han-live nakdong-live`; in a crontab:
`12 * * * * MULGIL_TRIGGERED_BY=cron mulgil cycles han-live nakdong-live`"""


def cycles(
    names: Annotated[list[str], typer.Argument(metavar="NETWORK...", help="Which networks.")],
    due: Annotated[
        str | None, typer.Option(help="When they were due, UTC; now without it.")
    ] = None,
    every: Annotated[
        int, typer.Option(min=0, help="Minutes between cycles; 0: the step of each network.")
    ] = 0,
    deadline: Annotated[
        float | None,
        typer.Option(min=0, help="Seconds that providers have; without it 300, or every / 5."),
    ] = None,
    catch_up: Annotated[bool, typer.Option(help="Fill in what was missed afterwards.")] = True,
    engine: Engine = "",
    workers: Workers = 0,
    as_json: Json = False,
) -> None:
    """Run one cycle of each network; see `HELP`."""
    from flows import cycles as many

    if len(set(names)) < len(names):
        raise typer.BadParameter("Name each network once.")
    found, when = settings.read(), None if due is None else parse(due)
    jobs = [many.Job(name, when, every, deadline, catch_up) for name in names]
    begun = perf_counter()
    with bar("Cycles") as report:
        done = many.run(jobs, (engine or found.engine, workers), report)
    told = many.figures(done, perf_counter() - begun)
    if as_json:
        write(told | {"cycles": [as_dict(each) for each in done]})
    else:
        for each in done:
            say(f"{each.network}: {each.state}, {each.seconds:.1f} s. {each.told}")
        say(f"{told['issued']} of {told['networks']} issued in {told['seconds']:.1f} s")
    if code := many.worst([status(each, found) for each in done]):
        raise typer.Exit(code)
