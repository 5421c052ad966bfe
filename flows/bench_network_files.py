"""The two files of a network of one's own, out of a simulated one: for drills that HRFCO feeds."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from data import network_file
from data.network import Network

SOURCE = "hrfco"
VARIABLES = ("water_level", "rainfall")
_NAMED = ("id", "name_ko", "name_en", "river_ko", "river_en", "latitude", "longitude")
_LIMITS = "quantity,upstream,attention,watch,warning,severe,origin,method"


def write(folder: Path, river: Network, step: int, years: Sequence[tuple[int, int]]) -> None:
    """Write network.toml and stations.csv; each station is a site of the same name.

    Args:
        step: Minutes.
        years: To train, to validate and to test.
    """
    train, validate, test = years
    facts = {
        "title_ko": river.title_ko,
        "title_en": river.title_en,
        "quantity": river.quantity.value,
        "step": step,
        "horizon": river.horizon,
        "train": train,
        "validate": validate,
        "test": test,
        "provenance": river.provenance,
        "delay": 12,
    }
    sites = "".join(f'{each} = ["{each}"]\n' for each in river.ids)
    feeds = "".join(
        f'\n[[feeds]]\nvariable = "{variable}"\nsource = "{SOURCE}"\n[feeds.sites]\n{sites}'
        for variable in VARIABLES
    )
    folder.mkdir(parents=True)
    (folder / network_file.NAME).write_text(network_file.text(facts) + feeds, encoding="utf-8")
    (folder / network_file.STATIONS).write_text(_table(river), encoding="utf-8")


def _table(river: Network) -> str:
    """Return the station table, thresholds included."""
    lines = [",".join((*_NAMED, _LIMITS))]
    for station in river.stations:
        limits = station.thresholds
        levels = [str(getattr(limits, f.name)) for f in fields(limits)] if limits else [""] * 6
        cells = [str(getattr(station, name)) for name in _NAMED]
        cells += [station.quantity.value, " ".join(station.upstream), *levels]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines) + "\n"
