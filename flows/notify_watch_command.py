"""`mulgil watch`: the dead man's switch, for a timer; best on another machine."""

from dataclasses import asdict
from math import isnan
from typing import Annotated

import typer

from flows import settings
from flows.options import Json, Name, NameOption, answer, chosen
from flows.progress import say

HELP = """Say whether cycles still run; tell receivers once when they stop, once when they are back.

    A machine that is off tells nothing of itself: run this from a timer of its own
    (`deploy/mulgil-watch.timer`), best on a second machine with `--url` of the published site.

    Exit status: 0 there was a sign of life within the minutes · 1 there was none.

    Examples: `mulgil watch han-live --minutes 90`,
    `mulgil watch han-live --minutes 90 --url https://flood.example/`"""


def watch(
    name: Name = None,
    network: NameOption = None,
    minutes: Annotated[
        float, typer.Option(min=1, help="How old the last sign may be: the cadence and some more.")
    ] = 90.0,
    url: Annotated[
        str, typer.Option(metavar="URL", help="The published site; else the heartbeat file here.")
    ] = "",
    as_json: Json = False,
) -> None:
    """See `HELP`."""
    from flows import notify_watch

    found = notify_watch.watch(chosen(name, network), minutes, url, settings.read())
    told = asdict(found) | {"minutes": None if isnan(found.minutes) else found.minutes}
    answer(told, as_json, found.told)
    for trouble in found.troubles:
        say(f"Not told: {trouble}")
    if not found.alive:
        raise typer.Exit(1)


watch.__doc__ = HELP
