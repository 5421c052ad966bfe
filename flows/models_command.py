"""`mulgil models`: which models there are, what is known of each, the way back."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markdown import Markdown
from rich.table import Table

from data.network import Network
from flows import pulling, settings
from flows.folders import Folders
from flows.options import Json, Name, NameOption, chosen, write
from flows.progress import console, say

if TYPE_CHECKING:  # models bring torch: no other command shall wait for it
    from flows.models import Card


def models(
    name: Name = None,
    network: NameOption = None,
    show: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Show its card; `serving`: of that one.")
    ] = None,
    promote: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Let this one serve from now on.")
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Let the one serve that served before.")
    ] = False,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why it is promoted; goes on its card.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List the models of a network with their validation skill; show one; let another one serve.

    Every model that `mulgil train` made is kept with its card, as JSON and as Markdown, in
    `NETWORK/models/`. One that validation finds worse than the one in service does not take its
    place by itself.

    Examples: `mulgil models`, `mulgil models han-river --show 0123456789ab`,
    `mulgil models han-river --promote 0123456789ab --reason "new gauge"`,
    `mulgil models han-river --rollback`
    """
    from flows import models as kept

    if sum(map(bool, (show, promote, rollback))) > 1:
        raise typer.BadParameter("--show, --promote and --rollback: name one of them.")
    folders = settings.read().folders
    river = pulling.find(chosen(name, network), folders)
    if show:
        _show(folders, river, show, as_json)
        return
    if rollback:
        promote = kept.predecessor(folders, river)
        reason = reason or "rolled back to"
    if promote:
        kept.promote(folders, river, promote, reason)
        say(f"{promote} serves {river.name} from now on.")
    found = kept.cards(folders, river)
    if as_json:
        write([card.told | {"serves": card.serves} for card in found])
    else:
        _list(found, folders, river)


def _show(folders: Folders, river: Network, model_id: str, as_json: bool) -> None:
    from flows import models as kept
    from flows.model_card_text import markdown

    if model_id == "serving":
        model_id = kept.require_serving(folders, river).model_id
    card = kept.card(folders, river, model_id)
    if as_json:
        write(card.told | {"serves": card.serves})
    elif console.is_terminal:
        console.print(Markdown(markdown(card.told)))
    else:
        typer.echo(markdown(card.told))


def _list(found: list["Card"], folders: Folders, river: Network) -> None:
    from flows import models as kept

    console.print(_table(found, river.name))
    serving = kept.serves(folders, river)
    if serving is None:
        say(f"None serves {river.name}.")
    elif not any(card.serves for card in found):
        say(f"{serving.model_id} serves {river.name}; it has no card.")


def _table(cards: list["Card"], network: str) -> Table:
    table = Table(
        title=f"Models of {network}, the newest first",
        caption="Times are UTC. Skill: of validation, mean over all leads, as it was when the "
        "model was made; records may differ.",
    )
    for heading in ("model", "serves", "trained at", "learnt from", "seed", "skill"):
        table.add_column(heading, no_wrap=heading == "model")
    for card in cards:
        told = card.told
        forced = any(each.get("forced") for each in told.get("promotions", ()))
        table.add_row(
            card.model,
            ("yes" + " (forced)" * forced) if card.serves else "",
            str(told["trained_at"])[:16].replace("T", " "),
            "–".join(dict.fromkeys(str(day)[:4] for day in told["trained_on"])),
            str(told["seed"]),
            f"{card.skill:.3f}",
        )
    return table
