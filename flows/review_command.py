"""`mulgil review`: see drafts, edit, approve, hold, take back; or the same on a local page."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperGroup

from flows import review_decide_command, settings
from flows.options import Json, answer, write
from flows.progress import console, say
from flows.review_decide_command import Network, Person, Publish, Reason, Role, Run, Saw, tell
from forecast.wording import STAGE_WORDS

HELP = """Review forecasts: see a draft, edit levels or stages, approve or hold it.

`mulgil review` lists the forecasts that the site shows; `mulgil review NETWORK` shows one of them;
`mulgil review --serve` opens the same as a page on this machine.

The automatic forecast is published at once and never changed. Edits are a layer above it, shown
beside it with role, reason and end, and applied to later forecasts until they expire. Alerts (CAP)
with the status Actual wait for an approval, unless MULGIL_ALERTS=automatic.

Examples: `mulgil review edit han-live --station 1018662 --offset +0.3 --hours 6
--role "당직 수문관" --reason "gate opened at 21:00"`,
`mulgil review approve han-live --role "홍수예보관" --reason "checked"`"""


class _OrNetwork(TyperGroup):
    """`mulgil review NETWORK` is `mulgil review show NETWORK`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(cls=_OrNetwork, help=HELP, rich_markup_mode="markdown")


@app.callback(invoke_without_command=True)
def review(
    context: typer.Context,
    serve: Annotated[bool, typer.Option("--serve", help="Open a page on this machine.")] = False,
    port: Annotated[int, typer.Option(help="Its port.")] = 4320,
    site: Annotated[str, typer.Option(help="Address of the published site, for a link.")] = "",
    as_json: Json = False,
) -> None:
    """List the drafts, or serve the page; see `HELP`."""
    if serve:
        _serve(port, site)
    elif context.invoked_subcommand is None:
        list_drafts(as_json)


@app.command("list")
def list_drafts(as_json: Json = False) -> None:
    """List the forecasts that the site shows, and how they stand."""
    from data.errors import MulgilError
    from flows import review_desk, review_told

    found, rows = settings.read(), []
    for name in review_desk.networks(found.folders):
        try:
            rows.append(review_told.short(review_desk.draft(found, name)))
        except MulgilError as error:
            rows.append({"network": name, "state": "broken", "trouble": str(error)})
    if as_json:
        return write(rows)
    if not rows:
        return say("No forecast is published yet. Run: mulgil forecast")
    for row in rows:
        say("\n  ".join(str(part) for part in review_told.line(row)))
    return None


@app.command()
def show(network: Network, run: Run = "", as_json: Json = False) -> None:
    """Show a draft: each gauge's automatic and edited stage and peak, and the edits in force."""
    from flows import review_desk, review_told

    found = review_desk.draft(settings.read(), network, run)
    told = review_told.whole(found)
    if as_json:
        return write(told)
    say("\n  ".join(str(part) for part in review_told.line(told)))
    table = Table(title=f"Draft, version {told['version']} of the log")
    for head in ("gauge", "name", "now", "automatic", "peak", "shown", "peak"):
        table.add_column(head, justify="right" if head == "peak" else "left")
    for row in told["gauges"][:40]:
        stages = (row["stage_now"], row["stage_automatic"], row["stage"])
        now, raw, after = (STAGE_WORDS[review_told.stage(name)]["en"] for name in stages)
        peaks = [_number(row[key]) for key in ("peak_automatic", "peak")]
        table.add_row(row["id"], row["name_en"], now, raw, peaks[0], after, peaks[1])
    console.print(table)
    for each in told["edits"]:
        say(f"  {each['id']} {each['said']}")
    return None


@app.command()
def edit(
    network: Network,
    station: Annotated[str, typer.Option(help="The gauge.")],
    role: Role,
    reason: Reason,
    offset: Annotated[float | None, typer.Option(help="Add to all levels, e.g. +0.3.")] = None,
    level: Annotated[float | None, typer.Option(help="The median becomes this.")] = None,
    peak: Annotated[float | None, typer.Option(help="The highest median becomes this.")] = None,
    stage: Annotated[
        str, typer.Option(help="normal, attention, watch, warning, severe or unknown.")
    ] = "",
    at_least: Annotated[str, typer.Option(help="This stage or a worse one.")] = "",
    at_most: Annotated[str, typer.Option(help="This stage or a milder one.")] = "",
    hours: Annotated[
        float | None, typer.Option(help="It expires after so long; 72 at most.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(help="It expires then, UTC.")] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", help="First valid time of a level, UTC.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", help="Last valid time of a level, UTC.")
    ] = None,
    fade: Annotated[float, typer.Option(help="Then it fades over so many hours.")] = 0.0,
    name: Person = "",
    run: Run = "",
    saw: Saw = None,
    publish: Publish = True,
    as_json: Json = False,
) -> None:
    """Edit one gauge, in this forecast and later ones until the edit expires."""
    from flows import review_desk, review_input

    asked = {
        "offset": offset,
        "level": level,
        "peak": peak,
        "stage": stage or None,
        "at_least": at_least or None,
        "at_most": at_most or None,
    }
    chosen = {kind: value for kind, value in asked.items() if value is not None}
    if len(chosen) != 1:
        raise typer.BadParameter(
            "Say one of --offset, --level, --peak, --stage, --at-least, --at-most."
        )
    kind, value = next(iter(chosen.items()))
    found = settings.read()
    draft = review_desk.draft(found, network, run)
    given: dict[str, Any] = {
        "saw": draft.version if saw is None else saw,
        "station": station,
        "kind": kind,
        "value": value,
        "hours": hours,
        "until": until,
        "first": first,
        "last": last,
        "fade_hours": fade,
        "role": role,
        "reason": reason,
        "name": name,
    }
    tell(review_desk.edit(found, draft, review_input.form(given), publish), network, as_json)


review_decide_command.add_to(app)


@app.command()
def log(network: Network, as_json: Json = False) -> None:
    """Print the log of reviews, checked from the first line to the last: who, when, why, what."""
    from flows import review, review_book

    entries = review.book(settings.read().folders, network).log.entries
    if as_json:
        return write([vars(entry) for entry in entries])
    for entry in entries:
        who = f" [{entry.name}]" if entry.name else ""
        say(f"{entry.n}  {entry.at}  {review_book.told(entry)}{who}  {entry.digest[:12]}")
    return None


@app.command()
def restart(
    network: Network, role: Role, reason: Reason, name: Person = "", as_json: Json = False
) -> None:
    """Begin a new log where the old one cannot be trusted; that one is kept aside."""
    from flows import publishing, review, review_input, review_log

    found = settings.read()
    given = {"what": "hold", "saw": 0, "role": role, "reason": reason, "name": name}
    asked = review_input.decided(given)
    folder = review.folder(found.folders, network)
    begun = review_log.restart(folder, asked.role, asked.name, asked.reason)
    publishing.republish(found.folders, f"review: {asked.role}", found)
    aside = begun.entries[0].told["aside"]
    answer(
        {"n": begun.version, "aside": aside}, as_json, f"A new log is begun. The old one: {aside}"
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _serve(port: int, site: str) -> None:
    from flows.review_server import Server

    page = Server(settings.read(), site)
    with page.bind(port) as server:
        say(f"Open on this machine: {page.address(server)}")
        say("Whoever has this address may edit and approve. Ctrl+C ends it.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("Ended.")
