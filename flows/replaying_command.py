"""`mulgil replay`: issue a past run anew and say whether the numbers are the same to the bit."""

from typing import Annotated

import typer

from flows import runs, settings
from flows.options import Json, write
from flows.progress import say

DIFFERENT = 1
HELP = """Issue a past run anew from the archive and compare every number, to the bit.

The same readings as they were known then, the same model, planner, plan, thresholds and fall-backs.
Nothing is published, and no forecast and no manifest is left behind.

Exit status: 0 the same · 1 not the same, with the reason.

Examples: `mulgil replay latest --network han-live`,
`mulgil replay han-live-2026-11-26T0100Z --json`"""


def replay(
    run: Annotated[
        str, typer.Argument(metavar="RUN", show_default=False, help="See `mulgil runs --help`.")
    ],
    network: Annotated[
        str, typer.Option("--network", "-n", help="Only runs of it.", show_default=False)
    ] = "",
    as_json: Json = False,
) -> None:
    """Issue a run anew; see `HELP`."""
    from flows import replaying_answer

    folders = settings.read().folders
    found = replaying_answer.replay(runs.find(folders, run, network), folders)
    if as_json:
        write(found.as_dict())
    else:
        say(f"{found.run.run_id}: {found.told}")
        told = [other.told for other in found.differs]
        told += [cause.told for cause in found.causes if cause.told not in found.told]
        for sentence in (*told, *found.notes):
            say(f"  {sentence}")
    if not found.same:
        raise typer.Exit(DIFFERENT)
