"""`mulgil review approve`, `hold` and `withdraw`: one act, three words for it."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from flows import settings
from flows.options import Json, write
from flows.progress import say

Network = Annotated[str, typer.Argument(metavar="NETWORK", help="Which network.")]
Role = Annotated[str, typer.Option(help="Who speaks; shown to everyone, e.g. 당직 수문관.")]
Reason = Annotated[str, typer.Option(help="Why; shown to everyone.")]
Person = Annotated[str, typer.Option(help="Your name; it stays in the log.")]
Run = Annotated[str, typer.Option(help="Id of the run; the one that the site shows if not said.")]
Saw = Annotated[
    int | None,
    typer.Option(help="Version of the log that you saw, as `show` says; not said: the newest."),
]
Publish = Annotated[bool, typer.Option(help="Publish the site with it.")]
EditId = Annotated[
    str, typer.Option("--edit", help="Id of an edit; not said: what was decided of the run.")
]
HELP = {
    "approve": "Approve a forecast: the role stands on the site, and its alerts go out.",
    "hold": "Hold a forecast: it stays visible, marked as held, and its alerts stop.",
    "withdraw": "Withdraw an edit, or an approval or hold.",
}


def add_to(app: typer.Typer) -> None:
    """Add the three commands."""
    for what, text in HELP.items():
        app.command(what, help=text)(_withdraw if what == "withdraw" else _of_run(what))


def _of_run(what: str) -> Callable[..., None]:
    """Return the command that decides of a whole run: the same without an edit's id."""

    def command(
        network: Network,
        role: Role,
        reason: Reason,
        name: Person = "",
        run: Run = "",
        saw: Saw = None,
        publish: Publish = True,
        as_json: Json = False,
    ) -> None:
        given = {"what": what, "role": role, "reason": reason, "name": name}
        _decide(given, network, (run, saw, ""), publish, as_json)

    return command


def _withdraw(
    network: Network,
    role: Role,
    reason: Reason,
    edit_id: EditId = "",
    name: Person = "",
    run: Run = "",
    saw: Saw = None,
    publish: Publish = True,
    as_json: Json = False,
) -> None:
    given = {"what": "withdraw", "role": role, "reason": reason, "name": name}
    _decide(given, network, (run, saw, edit_id), publish, as_json)


def _decide(
    given: dict[str, Any],
    network: str,
    of: tuple[str, int | None, str],
    publish: bool,
    as_json: bool,
) -> None:
    from flows import review_desk, review_input

    run, saw, edit_id = of
    found = settings.read()
    draft = review_desk.draft(found, network, run)
    asked = review_input.decided(given | {"saw": draft.version if saw is None else saw})
    tell(review_desk.decide(found, draft, asked, edit_id, publish), network, as_json)


def tell(done: Any, network: str, as_json: bool) -> None:
    """Say what an act did (`flows.review_desk.Done`)."""
    from flows import review_told

    if as_json:
        return write(review_told.done(done))
    for sentence in review_told.sentences(done, network):
        say(sentence)
    return None
