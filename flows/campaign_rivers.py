"""The rivers of a campaign: two networks of the same simulated gauges, each with a tiny model.

Both learn from three made-up years, and are then told of other years by the replay server. The
models are tiny: a campaign is about operations, not about skill.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from data import archive, network_file
from data.network import Network
from data.schema import Flag
from data.stations import Thresholds
from flows import training
from flows.folders import Folders
from flows.replay import worlds
from flows.replay.world import World
from forecast.model import ModelConfig
from forecast.train import TrainConfig

MINUTE = np.timedelta64(1, "m")
TINY = TrainConfig(updates=30, batch=16, gauges=4, model=ModelConfig(hidden=4, window=48, last=24))
_LEARNT = np.datetime64("2023-06-01", "ns")  # the world around it: 2022, 2023 and 2024
_COLUMNS = ("id", "name_ko", "name_en", "river_ko", "river_en", "latitude", "longitude")
_FEEDS = (
    ("hrfco", "water_level"),
    ("hrfco", "rainfall"),
    ("open_meteo", "rainfall"),
    ("open_meteo", "rainfall_forecast"),
)


@dataclass(frozen=True)
class Plan:
    """A network of a campaign.

    Attributes:
        step: Minutes between two forecasts.
        after: Minutes after the issue time at which a cycle is due.
        record: From when to when it learns.
    """

    name: str
    step: int
    horizon: int
    after: int
    record: tuple[str, str]

    @property
    def every(self) -> np.timedelta64:
        """The time between two cycles."""
        return self.step * MINUTE


HOURLY = Plan("week-hourly", 60, 24, 12, ("2022-01-01", "2024-12-31"))
TEN_MINUTES = Plan("week-10min", 10, 36, 9, ("2022-11-01", "2024-01-31"))
PLANS = {plan.name: plan for plan in (HOURLY, TEN_MINUTES)}


def world(gauges: int, now: np.datetime64, seed: int) -> World:
    """Return the truth that the replay server tells of: the year before `now` to that after it."""
    return worlds.simulate(worlds.gauged(gauges), now, seed)


def prepare(home: Path, plan: Plan, gauges: int, seed: int, config: TrainConfig = TINY) -> None:
    """Make a network with its record and its model, unless it is there already."""
    folders = Folders(home)
    if folders.checkpoint(plan.name).exists():
        return
    past = world(gauges, _LEARNT, seed + 100)
    write(folders.network(plan.name), plan, past.network)
    if not folders.observations(plan.name).exists():
        record = observed(past, plan).assign_attrs(network=plan.name, source=network_file.SOURCE)
        archive.save(folders.observations(plan.name), record)
    training.train(plan.name, folders, config)


def observed(past: World, plan: Plan) -> xr.Dataset:
    """Return what the gauges would have told, at the spacing of a network, without a gap."""
    first, last = (np.datetime64(day, "ns") for day in plan.record)
    time, every = np.arange(first, last, plan.every), np.arange(len(past.ids))
    dims = ("station", "time")
    good = np.full((every.size, time.size), int(Flag.GOOD), dtype="int8")
    level = past.read("water_level", every, time).astype("float32")
    rain = past.fell(every, time, plan.every).astype("float32")
    return xr.Dataset(
        {
            "water_level": (dims, level, {"units": "m"}),
            "rainfall": (dims, np.nan_to_num(rain), {"units": "mm"}),
            "water_level_flag": (dims, good),
            "rainfall_flag": (dims, good),
            "received_time": (dims, np.repeat(time[None], every.size, axis=0)),
        },
        coords={"station": past.ids, "time": time},
        attrs={"provenance": past.label, "caveat_en": past.label, "simulated": "true"},
    )


def write(folder: Path, plan: Plan, river: Network, titles: dict[str, Any] | None = None) -> None:
    """Write the two files of a network: its facts and feeds, and its stations."""
    facts = {
        "title_ko": f"모의 하천 {len(river.ids)}곳, {plan.step}분마다",
        "title_en": f"SIMULATED rivers, {len(river.ids)} gauges, every {plan.step} min",
        "quantity": river.quantity.value,
        "step": plan.step,
        "horizon": plan.horizon,
        "train": (2022, 2022),
        "validate": (2023, 2023),
        "test": (2024, 2024),
        "provenance": "SIMULATED by Mulgil's replay server for a campaign; nothing was measured.",
        "delay": plan.after,
    }
    feeds = "".join(_feed(source, variable, river) for source, variable in _FEEDS)
    folder.mkdir(parents=True, exist_ok=True)
    text = network_file.text(facts | (titles or {})) + feeds
    (folder / network_file.NAME).write_text(text, encoding="utf-8")
    (folder / network_file.STATIONS).write_text(table(river), encoding="utf-8")


def table(river: Network) -> str:
    """Return a network's stations and thresholds as CSV."""
    limits = [field.name for field in fields(Thresholds)]
    lines = [",".join((*_COLUMNS, "quantity", "upstream", *limits))]
    for station in river.stations:
        cells = [str(getattr(station, name)) for name in _COLUMNS]
        cells += [station.quantity.value, " ".join(station.upstream)]
        cells += [str(getattr(station.thresholds, name, "")) for name in limits]
        lines.append(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells))
    return "\n".join(lines) + "\n"


def _feed(source: str, variable: str, river: Network) -> str:
    here = source == "hrfco"  # the others answer by place
    sites = "".join(f'"{each}" = {[each] if here else []}\n' for each in river.ids)
    head = f'\n[[feeds]]\nvariable = "{variable}"\nsource = "{source}"\n[feeds.sites]\n'
    return head + sites.replace("'", '"')
