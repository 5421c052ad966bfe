"""The facts of a network of one's own: its name, its defaults, and the file that keeps them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from data import network_file, networks, whole
from data.errors import SourceError
from data.network import Network, Split, Years
from data.network_file import NAME, STATIONS
from data.own import cadence as own_cadence
from data.own import years as own_years
from data.own.lines import Key, Line
from data.stations import Quantity

RESERVED = ("runs", "site", "answers", "catalogues", "climate", "prefect", "raw", "replay")
FURTHEST = 10 * 1440  # minutes: no default looks further ahead
HORIZONS = {10: 36}  # steps, else 24
ASSUMED_EN = "Every reading is assumed to have been known at its own time."
ASSUMED_KO = "모든 관측값은 관측 시각에 바로 알려졌다고 가정했다."
SPIKES_EN = "Spikes were told by the readings that follow them."
SPIKES_KO = "튀는 값은 뒤이은 관측으로 가려냈다."


@dataclass(frozen=True)
class Wishes:
    """What a person asks of a network; None and "" take the default.

    Attributes:
        step: [minutes].
        horizon: [steps].
        years: By part of the split, see `data.own.years.PARTS`.
    """

    title_ko: str = ""
    title_en: str = ""
    provenance: str = ""
    step: int | None = None
    horizon: int | None = None
    years: Mapping[str, Years] = field(default_factory=dict)

    @property
    def named(self) -> list[str]:
        """The options that were given, as they are typed."""
        given = {
            "--title-ko": self.title_ko,
            "--title-en": self.title_en,
            "--provenance": self.provenance,
            "--step": self.step,
            "--horizon": self.horizon,
        }
        return [name for name, value in given.items() if value] + [f"--{y}" for y in self.years]


@dataclass(frozen=True)
class Plan:
    """The grid and the years of a network.

    Attributes:
        remarks: What a person should know of these choices.
    """

    quantity: Quantity
    step: int
    horizon: int
    split: Split
    remarks: tuple[str, ...] = ()


def check_name(name: str) -> None:
    """Refuse a name that cannot be a folder and a part of an address, or is taken.

    Raises:
        SourceError: The name is one of those.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
        raise SourceError(
            f"'{name}' cannot be the name of a network.",
            "Use up to 64 small letters a-z, digits, '-' and '_', e.g. black-river; "
            "its title may be anything: --title-en, --title-ko",
        )
    if name in networks.names():
        raise SourceError(f"The network '{name}' is built in.", "Choose another name.")
    if name in RESERVED:
        raise SourceError(f"The folder '{name}' is used otherwise.", "Choose another name.")


def plan(lines: Mapping[Key, Line], quantity: Quantity, wishes: Wishes) -> Plan:
    """Return the grid and the years that fit the readings, or that a person wants.

    Raises:
        SourceError: They do not fit any, or a station has nothing to learn from.
    """
    step, remarks = own_cadence.step(lines, quantity, wishes.step)
    own = {key[0]: line for key, line in lines.items() if key[1] == quantity}
    split = own_years.split(own_years.days(own.values()), wishes.years)
    horizon = wishes.horizon or min(HORIZONS.get(step, 24), max(1, FURTHEST // step))
    return Plan(quantity, step, horizon, split, remarks)


def of_network(network: Network) -> Plan:
    """Return the plan of a network that is there already."""
    step = int(network.step / np.timedelta64(1, "m"))
    return Plan(network.quantity, step, network.horizon, network.split)


def check_years(
    lines: Mapping[Key, Line], ids: tuple[str, ...], quantity: Quantity, split: Split
) -> tuple[str, ...]:
    """Return a remark for each station that nobody can judge.

    Raises:
        SourceError: A station has nothing to learn from: its forecasts would be made up.
    """
    remarks = []
    for station in ids:
        line = lines.get((station, quantity))
        days = {} if line is None else own_years.days([line])
        if not _within(days, split.train):
            there = ", ".join(map(str, sorted(days))) or "no year at all"
            raise SourceError(
                f"Station '{station}' has no {quantity} in the training years "
                f"{split.train[0]}-{split.train[1]}; it has some in {there}.",
                "Take it out of the station table, add its readings, or move the years with "
                "--train, --validate and --test.",
            )
        for part in ("validate", "test"):
            count = _within(days, getattr(split, part))
            if count < own_years.WELL:
                remarks.append(f"'{station}' has {count} days of {quantity} to {part} on: few.")
    return tuple(remarks)


def write(folder: Path, chosen: Plan, wishes: Wishes, caveats: tuple[str, str], day: str) -> None:
    """Write the network's file, whole or not at all.

    Args:
        caveats: In Korean and in English.
        day: When the files were read, e.g. `2026-07-01`.
    """
    title = folder.name.replace("-", " ").replace("_", " ").title()
    split = chosen.split
    facts = {
        "title_ko": wishes.title_ko or wishes.title_en or title,
        "title_en": wishes.title_en or wishes.title_ko or title,
        "quantity": chosen.quantity.value,
        "step": chosen.step,
        "horizon": chosen.horizon,
        "train": split.train,
        "validate": split.validate,
        "test": split.test,
        "provenance": wishes.provenance or f"Own files, read on {day}; origin not stated",
        "caveat_ko": caveats[0],
        "caveat_en": caveats[1],
    }
    whole.write(folder / NAME, f"{_HEAD}{network_file.text(facts)}{_FEEDS}".encode())


def _within(days: Mapping[int, int], years: Years) -> int:
    return sum(count for year, count in days.items() if years[0] <= year <= years[1])


_HEAD = f"""# A network of your own, made by `mulgil init`, which never changes this file again.
# step is in minutes, horizon in steps; train, validate and test are first and last year (UTC).
# The stations are in {STATIONS} beside this file, with their thresholds where they have any.

"""
_FEEDS = """
# To make it live, name who measures what now: take the marks "# " off and put your sites in.
# Of one variable the first feed comes first, the next ones step in where it has nothing new.
# Then: mulgil pull, mulgil forecast --pull, mulgil serve. The keys of providers: see README.
#
# delay = 10                    # minutes a cycle waits; this line belongs above, before [[feeds]]
#
# [[feeds]]
# variable = "water_level"      # or discharge, rainfall, dam_release, tide ..
# source = "hrfco"              # hrfco, usgs, nwps, environment_agency, kma_hub, open_meteo ..
# [feeds.sites]                 # your station = the provider's ids; their mean stands for it
# S1 = ["1018683"]
#
# [[feeds]]
# variable = "rainfall"
# source = "open_meteo"         # answers by place: an empty list is the place of the station
# [feeds.sites]
# S1 = []
"""
