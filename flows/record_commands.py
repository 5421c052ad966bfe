"""`mulgil pull`, `stations`, `export`: what happened, who measures it, and the record as a file."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.table import Table

from data import archive, catalogue, cataloguing, export
from data.archive import Window
from flows import pulling, settings
from flows.options import Json, Name, NameOption, Source, answer, chosen
from flows.progress import console, say
from flows.times import parse

ALL_FAILED = 75  # EX_TEMPFAIL of sysexits.h: no provider gave anything


def pull(
    name: Name = None,
    network: NameOption = None,
    folder: Source = None,
    now: Annotated[
        str | None, typer.Option(help="Ask as if it were this time, UTC; for drills.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Pull rain and river readings into the archive.

    A live network asks its providers for what is new, in their fall-back order; a provider that
    fails is told and the others go on. With --folder the record in CSV files is read instead.
    Nothing is overwritten: a value that a provider corrects is kept beside the older one.

    Examples: `mulgil pull`, `mulgil pull han-river --folder ../han-river`, `mulgil pull han-live`
    """
    found = settings.read()
    network = chosen(name, network)
    when = None if now is None else parse(now)
    pulled = pulling.pull(network, folder, found.folders, say, found.accesses, when)
    if pulled.told and not as_json:
        console.print(_told(pulled, network))
    _, observations = pulling.open_network(network, found.folders)
    times = observations.time.values
    told: dict[str, Any] = {
        "archive": str(pulled.store),
        "stations": list(map(str, observations.station.values)),
        "from": f"{str(times[0])[:16]}Z",
        "to": f"{str(times[-1])[:16]}Z",
        "providers": pulled.providers,
    }
    text = f"Archived {network}: {told['from']} to {told['to']} in {told['archive']}"
    answer(told, as_json, text)
    if pulled.told and not any(each.new or each.state in {"ok", "late"} for each in pulled.told):
        raise typer.Exit(ALL_FAILED)


def stations(
    source: Annotated[str, typer.Argument(help="Whose sites: hrfco, nwps, environment_agency.")],
    accept: Annotated[bool, typer.Option(help="Take the changes that are held back, too.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch a provider's list of stations, say what changed, and keep it.

    What could mislead a forecast is held back until a person has looked: a station that moves,
    thresholds that vanish or lose their order, a gauge zero that jumps, a part of the list that
    disappears at once. Look at the changes, then run it again with --accept.
    """
    found = settings.read()
    path = found.folders.catalogue(source)
    before = catalogue.load(path)
    after = cataloguing.fetch(source, found.accesses)
    changes = catalogue.compare(before, after)
    taken = after if accept else catalogue.accepted(before, after, changes)
    catalogue.save(path, taken)
    held = [] if accept else [change for change in changes if change.suspicious]
    summary = f"{source}: {len(taken):,} sites, {len(changes)} changes, {len(held)} held back"
    for line in [str(change) for change in changes][:100] if before and not as_json else []:
        say(line)
    told = {
        "catalogue": str(path),
        "sites": len(taken),
        "changes": [str(change) for change in changes] if before else [],
        "held_back": [str(change) for change in held],
    }
    answer(told, as_json, f"{summary}, in {path}")


def export_record(
    name: Name = None,
    network: NameOption = None,
    out: Annotated[Path, typer.Option(help="The NetCDF file.")] = Path("observations.nc"),
    since: Annotated[str | None, typer.Option(help="First time, UTC.")] = None,
    known_at: Annotated[
        str | None, typer.Option(help="Only what had been received by then, UTC.")
    ] = None,
) -> None:
    """Write a network's observations as CF-1.11 NetCDF, with flags and times of receipt.

    Example: `mulgil export han-live --since 2026-07-01T00:00 --out july.nc`
    """
    folders = settings.read().folders
    window = Window(
        since=None if since is None else parse(since),
        known_at=None if known_at is None else parse(known_at),
    )
    found = pulling.find(chosen(name, network), folders)
    observations = archive.load(folders.observations(found.name), found, window)
    export.export(out, observations, archive.as_pulled(found, observations))
    say(f"Wrote {out}")


def _told(pulled: pulling.Pulled, network: str) -> Table:
    table = Table(title=f"{network}: what each provider did")
    for heading in ("provider", "variable", "state", "newest", "new", "revised", "why"):
        table.add_column(heading, overflow="fold")
    for each in pulled.told:
        newest = "–" if np.isnat(each.newest) else f"{str(each.newest)[:16]}Z"
        counts = (f"{each.new:,}", f"{each.revised:,}")
        why = " ".join(part for part in (each.replayed, each.why) if part)
        table.add_row(each.source, each.variable, each.state, newest, *counts, why)
    return table
