"""`mulgil serve`: the clock on one machine."""

from typing import Annotated

import typer

from flows import settings
from flows.options import DEFAULT, Source

HELP = """Issue forecasts on their schedules, with Prefect's UI and the site on this machine.

Each network has its own schedule: so often as its step, twelve minutes past the hour where that is
an hour. In the UI runs are started by a form, inspected and paused; what is paused there stays
paused over a restart. After downtime the newest cycle is run first, and what was missed is filled
in afterwards, marked late. API, UI and site listen on this machine alone.

Examples: `mulgil serve -n han-live`, `mulgil serve -n han-live -n han-river-10min --every
han-live=10 --cron "han-river-10min=4-59/10 * * * *"`"""


def serve(
    network: Annotated[
        list[str] | None, typer.Option("--network", "-n", help="A network; may be given again.")
    ] = None,
    folder: Source = None,
    cron: Annotated[
        list[str] | None,
        typer.Option(metavar="[NETWORK=]CRON", help="When, UTC, e.g. '12 * * * *'."),
    ] = None,
    every: Annotated[
        list[str] | None,
        typer.Option(metavar="[NETWORK=]MINUTES", help="How often, e.g. han-live=10."),
    ] = None,
    port: Annotated[int, typer.Option(help="Prefect's port on this machine.")] = 4310,
    site_port: Annotated[int, typer.Option(help="The site's port on this machine.")] = 8080,
) -> None:
    """Serve; see `HELP`."""
    from flows import pulling, schedules, serving

    folders = settings.read().folders
    made = tuple(
        schedules.of(name, pulling.find(name, folders).step, cron or [], every or [])
        for name in dict.fromkeys(network or [DEFAULT])
    )
    serving.serve(serving.Plan(made, folders, folder, port, site_port))
