"""`mulgil sweep`: train in several ways side by side, and compare them on the validation years."""

from typing import Annotated, Any

import typer
from rich.table import Table

from flows import settings
from flows.options import Engine, Json, Name, NameOption, Workers, chosen, write
from flows.progress import bar, console, say

HELP = """Train in several ways, side by side, and compare them on the validation years.

Every combination of the settings that are named is trained in a worker of its own: on this
machine's cores, or on a cluster with `--engine dask://HOST:PORT` (docs/scale.md). What is done
stays, and a killed sweep goes on where it was. No model is put in service: the best of many on
the years that chose it flatters itself. Look at its card, then `mulgil models --promote`.

Examples: `mulgil sweep recorded --seeds 3`,
`mulgil sweep han-river --hidden 32,64,96 --rates 0.001,0.003 --seeds 2 --engine processes`"""


def sweep(  # an option each
    name: Name = None,
    network: NameOption = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds of each way.")] = 1,
    hidden: Annotated[str, typer.Option(help="Sizes of the LSTM, with commas between.")] = "",
    rates: Annotated[str, typer.Option(help="Highest learning rates.")] = "",
    dropouts: Annotated[str, typer.Option(help="Shares of the memory that are left out.")] = "",
    updates: Annotated[str, typer.Option(help="Steps of the optimiser.")] = "",
    lstm_only: Annotated[
        bool, typer.Option("--lstm-only", help="Without companion and left-out years: faster.")
    ] = False,
    engine: Engine = "",
    workers: Workers = 0,
    as_json: Json = False,
) -> None:
    """Train in several ways and compare them on the validation years; see `HELP`."""
    from flows import pulling, training
    from flows import sweep as run

    found, river = settings.read(), chosen(name, network)
    usual = training.operational(0, training.sampled(pulling.find(river, found.folders)))
    if lstm_only:
        usual = run.without_companion(usual)
    varied: run.Varied = {
        "hidden": numbers(hidden, int),
        "rate": numbers(rates, float),
        "dropout": numbers(dropouts, float),
        "updates": numbers(updates, int),
        "seed": list(range(seeds)),
    }
    ways = run.ways(usual, {name: values for name, values in varied.items() if values})
    with bar(f"Training {river} in {len(ways)} ways") as report:
        told = run.sweep(river, found.folders, ways, (engine or found.engine, workers), report)
    if as_json:
        write(told)
        return
    console.print(table(told))
    say(
        "Skill beside persistence on the validation years, which chose weights and intervals: it "
        f"flatters, the best of {len(told)} most. None is in service by this. One of them:"
    )
    say(f"mulgil models {river} --promote {told[0]['model']} --reason TEXT")


def numbers(text: str, kind: type[float] | type[int]) -> list[float | int]:
    """Return numbers that have commas between them.

    Raises:
        typer.BadParameter: One is none, or not above 0.
    """
    try:
        found = [kind(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise typer.BadParameter(f"'{text}': write numbers with commas, e.g. 32,64.") from error
    if any(value < 0 or (kind is int and not value) for value in found):
        raise typer.BadParameter(f"'{text}': none of these can be below 0, nor a count of 0.")
    return list(found)


def table(told: list[dict[str, Any]]) -> Table:
    """Return the ways, the best first."""
    made = Table(title="Ways of training, by skill on the validation years")
    for title in ("way", "model", "skill", "first lead", "last lead", "as good as serving", "s"):
        left = title in {"way", "model"}
        made.add_column(title, justify="left" if left else "right", no_wrap=title == "model")
    for row in told:
        skills = [row["skill"], row["skills"][0], row["skills"][-1]]
        shown = ["–" if value is None else f"{value:.3f}" for value in skills]
        beside = ("yes" if row["won"] else "no") if row["contest"]["model"] else "none serves"
        took = "kept" if row["kept"] else f"{row['seconds']:.0f}"
        made.add_row(row["way"], row["model"], *shown, beside, took)
    return made
