"""The `mulgil` command: pull, train, forecast, verify, publish, serve; each teaches by `--help`."""

import sys

import typer

from data.errors import MulgilError, SourceUnavailable
from flows import (
    audit_command,
    bench,
    bench_scale_command,
    campaign,
    check_command,
    cycle_command,
    cycles_command,
    forecast_commands,
    hindcast_command,
    init_command,
    models_command,
    notify_command,
    notify_watch_command,
    record_commands,
    replaying_command,
    report_command,
    review_command,
    runs_command,
    serve_command,
    settings,
    sweep_command,
    upload_command,
    verify_command,
    what_if_command,
)
from flows.cli_hints import Hinting
from flows.climate import commands
from flows.progress import console
from flows.replay import command

app = typer.Typer(
    cls=Hinting,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="""**물길 Mulgil**: from river gauge to flood forecast to map.

    A first round: `mulgil pull`, `mulgil train`, `mulgil verify`, `mulgil forecast`; or all at
    once on a real flood: `mulgil demo`. A river of your own: `mulgil init`. The climate map:
    `mulgil climate`. Files go to `./var` (set MULGIL_HOME to change it).

    Exit status: 0 done · 1 cannot be done as asked (the message says what to change) · 2 wrong
    usage · 3 issued, but no gauge could be forecast · 4 a cycle whose turn it was not · 75 a
    provider did not answer: try again.""",
)

app.add_typer(bench.app, name="bench")
bench.app.command()(bench_scale_command.cycle)
bench.app.command()(bench_scale_command.ensemble)
bench.app.command()(bench_scale_command.engines)
app.add_typer(campaign.app, name="campaign")
app.command("init", help=init_command.HELP)(init_command.init)
app.add_typer(review_command.app, name="review")
app.command()(record_commands.pull)
app.command()(record_commands.stations)
app.command()(forecast_commands.train)
app.command()(forecast_commands.forecast)
app.command("cycle", help=cycle_command.HELP)(cycle_command.cycle)
app.command("cycles", help=cycles_command.HELP)(cycles_command.cycles)
app.command("serve", help=serve_command.HELP)(serve_command.serve)
app.command("what-if", help=what_if_command.HELP)(what_if_command.what_if)
app.command()(forecast_commands.verify)
app.command("sweep", help=sweep_command.HELP)(sweep_command.sweep)
app.command("hindcast", help=hindcast_command.HELP)(hindcast_command.hindcast)
app.command("verify-forecasts")(verify_command.verify_forecasts)
app.command()(verify_command.scorecard)
app.command("report", help=report_command.HELP)(report_command.report)
app.command("models")(models_command.models)
app.command()(upload_command.upload)
app.add_typer(runs_command.app, name="runs")
app.command("replay", help=replaying_command.HELP)(replaying_command.replay)
app.command("notify", help=notify_command.HELP)(notify_command.notify)
app.command("watch", help=notify_watch_command.HELP)(notify_watch_command.watch)
app.command("check", help=check_command.HELP)(check_command.check)
app.command("audit", help=audit_command.HELP)(audit_command.audit)
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
