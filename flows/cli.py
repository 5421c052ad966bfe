"""The `mulgil` command: pull, train, forecast, verify, publish, serve; each teaches by `--help`."""

import sys
from typing import Annotated, Any

import typer

from data.errors import MulgilError, SourceUnavailable
from flows import bench, init_command, models_command, record_commands, settings
from flows.climate import commands
from flows.options import DEFAULT, Json, Name, NameOption, Source, answer, chosen, write
from flows.progress import bar, console, say
from flows.replay import command
from flows.times import parse

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
app.command("models")(models_command.models)
app.command("export")(record_commands.export_record)
app.command("replay-server", help=command.HELP)(command.replay_server)
app.command()(commands.climate)
app.command()(commands.fetch_climate)

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h
NOTHING_FORECAST = 3


@app.command()
def demo() -> None:
    """Replay a real recorded flood (Black River, January 2019) from gauge to published site.

    Pulls, trains, verifies on years the model has not seen, issues forecasts before and in the
    flood, and publishes the site with the earlier forecasts beside what happened.
    """
    from flows import demo as replay

    replay.run(settings.read().folders)


@app.command()
def train(
    name: Name = None,
    network: NameOption = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same weights.")] = 0,
    as_json: Json = False,
) -> None:
    """Train the LSTM and its companion; validation years decide when to stop and what counts."""
    from flows import training

    network = chosen(name, network)
    with bar(f"Training {network}") as report:
        path = training.train(network, settings.read().folders, training.operational(seed), report)
    answer({"checkpoint": str(path)}, as_json, f"In service: {path}")


@app.command()
def forecast(
    name: Name = None,
    network: NameOption = None,
    issue_time: Annotated[
        str | None,
        typer.Option(help="Replay the past as of this time, UTC, e.g. 2019-01-30T00:00."),
    ] = None,
    pull: Annotated[
        bool, typer.Option("--pull", help="Ask the live providers for what is new first.")
    ] = False,
    publish: Annotated[bool, typer.Option(help="Publish the site with this forecast.")] = True,
    as_json: Json = False,
) -> None:
    """Issue a forecast and publish it; nothing received after the issue time is seen."""
    from flows import issuing, manifest, publishing, pulling

    network, found = chosen(name, network), settings.read()
    when = None if issue_time is None else parse(issue_time)
    pulled = _pulled(network, found) if pull else None
    path = issuing.issue(network, when, found.folders, found.triggered_by, pulled)
    site = publishing.publish(path, found.folders) if publish else None
    run = manifest.load(path)
    if as_json:
        write(run.as_dict())
    else:
        _outlooks(run, found)
        say(f"Manifest {path}" + (f"\nSite     {site}" if site else ""))
    if set(run.degraded) >= set(pulling.find(network, found.folders).ids):
        raise typer.Exit(NOTHING_FORECAST)


@app.command()
def verify(
    name: Name = None,
    network: NameOption = None,
    from_year: Annotated[int | None, typer.Option(help="First year to score.")] = None,
    to_year: Annotated[int | None, typer.Option(help="Last year to score.")] = None,
    as_json: Json = False,
) -> None:
    """Score the LSTM beside persistence, ridge and LightGBM on years that none has seen."""
    from flows import pulling, tables, verifying
    from forecast.verify import to_table

    network, folders = chosen(name, network), settings.read().folders
    test = pulling.find(network, folders).split.test
    years = (from_year or test[0], to_year or max(from_year or test[0], test[1]))
    with bar(f"Verifying {network}") as report:
        scores = verifying.verify(network, folders, years, report=report)
    if as_json:
        write(to_table(scores))
    else:
        console.print(tables.skill(scores))


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


def _pulled(network: str, found: settings.Settings) -> Any:
    from flows import pulling

    return pulling.pull(network, None, found.folders, say, found.accesses)


def _outlooks(run: Any, found: settings.Settings) -> None:
    from flows import issuing, pulling
    from forecast.outlook import sentence

    network, _ = pulling.open_network(run.network, found.folders)
    _, outlooks = issuing.read(found.folders.forecasts(run.network) / run.forecast, network)
    say(f"{network.title_en}, issued {run.issue_time}" + (" (replay)" if run.replay else ""))
    for outlook in outlooks:
        say(f"  {network.station(outlook.station).name_en}: {sentence(outlook, network, 'en')}")
    for warning in run.warnings:
        say(f"  Note: {warning}")
