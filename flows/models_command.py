"""`mulgil models`: which models there are, which one serves, and the way back."""

from typing import Annotated

import typer
from rich.table import Table

from flows import models as kept
from flows import pulling, settings
from flows.models import Card
from flows.options import Json, Name, NameOption, chosen, write
from flows.progress import console, say


def models(
    name: Name = None,
    network: NameOption = None,
    promote: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Let this one serve from now on.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the models of a network with their validation skill; let another one serve.

    Every model that `mulgil train` made is kept. One that validation finds worse than the one in
    service does not take its place by itself.

    Examples: `mulgil models`, `mulgil models han-river --promote 0123456789ab`
    """
    folders = settings.read().folders
    river = pulling.find(chosen(name, network), folders)
    if promote:
        kept.promote(folders, river, promote)
        say(f"{promote} serves {river.name} from now on.")
    found = kept.cards(folders, river)
    if as_json:
        write([card.told | {"serves": card.serves} for card in found])
    else:
        console.print(_table(found, river.name))


def _table(cards: list[Card], network: str) -> Table:
    table = Table(title=f"Models of {network}, the newest first")
    for heading in ("model", "serves", "trained at", "learnt from", "seed", "validation skill"):
        table.add_column(heading)
    for card in cards:
        told = card.told
        table.add_row(
            card.model,
            "yes" if card.serves else "",
            str(told["trained_at"]),
            " to ".join(str(day)[:10] for day in told["trained_on"]),
            str(told["seed"]),
            f"{card.skill:.3f}",
        )
    return table
