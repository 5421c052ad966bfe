"""Options that several commands share, and how they answer."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from data import networks
from flows.progress import say
from flows.redaction import redact

DEFAULT = "recorded"
Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[NETWORK]",
        show_default=False,
        help=f"Which network: {', '.join(networks.names())}, simulated-korea-N of N gauges "
        "(-kma: recorded rain, -now: live), or one of your own. "
        f"'{DEFAULT}' if none is named.",
    ),
]
NameOption = Annotated[
    str | None, typer.Option("--network", "-n", help="The same.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, for machines.")]
Engine = Annotated[
    str, typer.Option(help="local, serial, processes, dask, dask://HOST:PORT. [MULGIL_ENGINE]")
]
Workers = Annotated[int, typer.Option(min=0, help="At once on this machine; 0: cores.")]
Source = Annotated[
    Path | None,
    typer.Option("--folder", help="Folder of CSV files, for a network that is read from one."),
]


def chosen(name: str | None, network: str | None) -> str:
    """Return the network that a person named, in either way.

    Raises:
        typer.BadParameter: Two different ones were named.
    """
    if name and network and name != network:
        raise typer.BadParameter(f"'{name}' or '{network}': name one network.")
    return name or network or DEFAULT


def answer(told: dict[str, Any], as_json: bool, text: str) -> None:
    """Print an answer for a machine or for a person."""
    if as_json:
        write(told)
    else:
        say(text)


def write(told: Any) -> None:
    """Print JSON on stdout."""
    typer.echo(redact(json.dumps(told, ensure_ascii=False, indent=1)))
