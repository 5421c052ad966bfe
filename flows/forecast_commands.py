"""`mulgil train`, `mulgil forecast`, `mulgil verify`: from a record to a judged forecast."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows import settings
from flows.options import Json, Name, NameOption, answer, chosen, write
from flows.progress import bar, console, say
from flows.times import parse

if TYPE_CHECKING:
    from flows.futures import Plan

NOTHING_FORECAST = 3


def train(
    name: Name = None,
    network: NameOption = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same weights.")] = 0,
    gauges: Annotated[
        int,
        typer.Option(
            min=0, help="Learn from so many gauges, spread over the network; of more than 100: 100."
        ),
    ] = 0,
    with_plans: Annotated[
        bool,
        typer.Option("--with-plans", help="Also learn what planned releases and forecast rain do."),
    ] = False,
    force: Annotated[
        str,
        typer.Option(metavar="REASON", help="Put it in service even if validation finds it worse."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Train the LSTM and its companion; put the model in service unless validation is against it.

    Training years teach, validation years decide when to stop; groups of training years are
    left out in turn, to say what counts and how wide intervals are. Four gauges take some 20 min.
    A training that was killed goes on where it was. `mulgil models` lists what was trained.
    """
    from flows import planning, pulling, training

    network, folders = chosen(name, network), settings.read().folders
    some = gauges or training.sampled(pulling.find(network, folders))
    with bar(f"Training {network}") as report:
        config = training.operational(seed, some)
        path = training.train(network, folders, config, report, force)
        plans = with_plans or planning.wanted(network, folders)
        told = planning.train_planner(network, folders, report)[1] if plans else ""
    answer({"checkpoint": str(path), "plans": told}, as_json, f"In service: {path}\n{told}".strip())


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
    plan: Annotated[
        Path | None,
        typer.Option(
            help="What is planned or forecast: a CSV with the columns time,dam_release,rainfall "
            "(UTC, m3/s, mm in the step). Needs a model trained with --with-plans."
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="Where the plan comes from; needed with it.")] = "",
    as_json: Json = False,
) -> None:
    """Issue a forecast and publish it; nothing received after the issue time is seen.

    Examples: `mulgil forecast han-live --pull`, `mulgil forecast han-river --issue-time
    2020-08-05T18:00 --plan release.csv --reason "Paldang's schedule of 17:50"`
    """
    from flows import issuing, manifest, publishing, pulling, verify_forecasts

    network, found = chosen(name, network), settings.read()
    when = None if issue_time is None else parse(issue_time)
    given = _plan(plan, reason, found)
    pulled = _pulled(network, found) if pull else None
    path = issuing.issue(network, when, found.folders, found.triggered_by, pulled, given)
    site = publishing.publish(path, found.folders) if publish else None
    verify_forecasts.follow(path, found.folders)
    run = manifest.load(path)
    if as_json:
        write(run.as_dict())
    else:
        _outlooks(run, found)
        say(f"Manifest {path}" + (f"\nSite     {site}" if site else ""))
    if set(run.degraded) >= set(pulling.find(network, found.folders).ids):
        raise typer.Exit(NOTHING_FORECAST)


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


def _plan(path: Path | None, reason: str, found: settings.Settings) -> "Plan | None":
    from flows.futures import Plan

    if path is None:
        return None
    if not reason.strip():
        raise typer.BadParameter("Say where the plan comes from: --reason TEXT.")
    return Plan(path, found.triggered_by, reason)


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
