"""The `mulgil` command: pull, train, forecast, verify, publish, serve; each teaches by `--help`."""

import sys
from typing import Annotated

import typer

from data.errors import MulgilError, SourceUnavailable
from flows import (
    bench,
    forecast_commands,
    init_command,
    models_command,
    record_commands,
    replaying_command,
    runs_command,
    settings,
    upload_command,
    verify_command,
    what_if_command,
)
from flows.climate import commands
from flows.options import DEFAULT, Source
from flows.progress import console
from flows.replay import command

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""**물길 Mulgil**: from river gauge to flood forecast to map.

    A first round: `mulgil pull`, `mulgil train`, `mulgil verify`, `mulgil forecast`; or all at
    once on a real flood: `mulgil demo`. A river of your own: `mulgil init`. The climate map:
    `mulgil climate`. Files go to `./var` (set MULGIL_HOME to change it).

    Exit status: 0 done · 1 cannot be done as asked (the message says what to change) · 2 wrong
    usage · 3 issued, but no gauge could be forecast · 75 a provider did not answer: try again.""",
)

app.add_typer(bench.app, name="bench")
app.command("init", help=init_command.HELP)(init_command.init)
app.command()(record_commands.pull)
app.command()(record_commands.stations)
app.command()(forecast_commands.train)
app.command()(forecast_commands.forecast)
app.command("what-if", help=what_if_command.HELP)(what_if_command.what_if)
app.command()(forecast_commands.verify)
app.command("verify-forecasts")(verify_command.verify_forecasts)
app.command()(verify_command.scorecard)
app.command("models")(models_command.models)
app.command()(upload_command.upload)
app.add_typer(runs_command.app, name="runs")
app.command("replay", help=replaying_command.HELP)(replaying_command.replay)
app.command("export")(record_commands.export_record)
app.command("replay-server", help=command.HELP)(command.replay_server)
app.command()(commands.climate)
app.command()(commands.fetch_climate)

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h


@app.command()
def demo() -> None:
    """Replay a real recorded flood (Black River, January 2019) from gauge to published site.

    Pulls, trains, verifies on years the model has not seen, issues forecasts before and in the
    flood, and publishes the site with the earlier forecasts beside what happened.
    """
    from flows import demo as replay

    replay.run(settings.read().folders)


@app.command()
def serve(
    network: Annotated[
        list[str] | None, typer.Option("--network", "-n", help="A network; may be given again.")
    ] = None,
    folder: Source = None,
    cron: Annotated[str, typer.Option(help="When to issue, UTC.")] = "12 * * * *",
    port: Annotated[int, typer.Option(help="Prefect's port on this machine.")] = 4310,
    site_port: Annotated[int, typer.Option(help="The site's port on this machine.")] = 8080,
) -> None:
    """Issue a forecast every hour, with Prefect's UI and the site on this machine."""
    from flows import pulling, serving

    names, folders = network or [DEFAULT], settings.read().folders
    for name in names:
        pulling.find(name, folders)
    serving.serve(names, folder, folders, cron, port, site_port)


def main() -> None:
    """Run the command; our own errors become one sentence and an exit status."""
    try:
        app(prog_name="mulgil")
    except SourceUnavailable as error:
        console.print(f"mulgil: {error}", style="red", markup=False)
        sys.exit(TRY_AGAIN)
    except MulgilError as error:
        console.print(f"mulgil: {error}", style="red", markup=False)
        sys.exit(1)
