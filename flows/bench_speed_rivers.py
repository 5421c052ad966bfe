"""A made-up nation of rivers, ten gauges each, with a network of the reference model's size."""

from dataclasses import replace

import numpy as np
import torch
import xarray as xr

from data.network import Network
from data.schema import FORCINGS, QUANTILES
from data.sources import simulated
from forecast.checkpoint import Checkpoint
from forecast.inputs import channels
from forecast.model import LevelLSTM, ModelConfig
from forecast.scaling import Scaling, fit
from forecast.windows import features

PER_RIVER = 10
_HOURS = 240
_START = np.datetime64("2020-07-01T00:00", "ns")
_SEED = 20260703
_WIDER = 1.3  # any widening: it costs the same


def nation(gauges: int, horizon: int = 24) -> Network:
    """Return rivers of ten simulated gauges, the last of them perhaps shorter."""
    river = simulated.network(PER_RIVER, horizon)
    stations = [
        replace(s, id=f"{number}-{s.id}", upstream=tuple(f"{number}-{up}" for up in s.upstream))
        for number in range(-(-gauges // PER_RIVER))
        for s in river.stations
    ]
    return replace(river, name="bench", stations=tuple(stations[:gauges]))


def record(network: Network) -> xr.Dataset:
    """Return ten days of every channel the reference model knows; noise, seeded, without a gap."""
    rng = np.random.default_rng(_SEED)
    time = _START + np.arange(_HOURS) * network.step
    shape = (len(network.ids), time.size)
    names = {network.quantity.value: network.quantity.unit, **FORCINGS}
    made = {
        name: (("station", "time"), rng.gamma(2.0, 1.0, shape).astype("float32"), {"units": unit})
        for name, unit in names.items()
    }
    received = np.broadcast_to(time, shape)
    return xr.Dataset(
        made | {"received_time": (("station", "time"), received)},
        {"station": network.ids, "time": time},
    )


def checkpoint(network: Network, observations: xr.Dataset) -> Checkpoint:
    """Return a model as `mulgil train` makes it, but with random weights: they cost the same."""
    scaling, inputs = _scaling(network, observations)
    return _random(network, scaling, inputs)


def random_model(network: Network, observations: xr.Dataset, scaling: Scaling) -> Checkpoint:
    """Return such a model with the scaling of a network of any kind."""
    one = observations.isel(time=slice(-2 * ModelConfig().last, None))
    return _random(network, scaling, features(channels(one, network), scaling, 1).shape[-1])


def _random(network: Network, scaling: Scaling, inputs: int) -> Checkpoint:
    gauges = len(network.ids)
    sizes = replace(ModelConfig(), inputs=inputs, stations=gauges, horizon=network.horizon)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        weights = LevelLSTM(sizes).state_dict()
    return Checkpoint(
        weights=weights,
        model=sizes,
        scaling=scaling,
        widening=np.full((2, gauges, network.horizon, len(QUANTILES)), _WIDER),
        network=network.name,
        stations=tuple(network.ids),
        quantity=network.quantity,
        step=network.step,
        period=(str(_START)[:16], str(_START)[:16]),
        scores={},
        seed=_SEED,
    )


def _scaling(network: Network, observations: xr.Dataset) -> tuple[Scaling, int]:
    """Return the scaling of the first river for all, and the number of features."""
    gauges, year = len(network.ids), int(str(_START)[:4])
    first = nation(min(PER_RIVER, gauges), network.horizon)
    table = channels(observations.isel(station=slice(0, len(first.ids))), first)
    one = fit(table, first, (year, year))
    rows = np.arange(gauges) % len(first.ids)
    arrays = {
        name: getattr(one, name)[rows]
        for name in ("bend", "centre", "spread", "change", "floor", "high", "rise")
    }
    return Scaling(one.channels, **arrays), features(table, one, 1).shape[-1]


def issue_time(observations: xr.Dataset, step: np.timedelta64, into: int) -> np.ndarray:
    """Return the last time of the record that lies `into` steps into a block of windows."""
    time = observations.time.values
    number = ((time - np.datetime64("1970-01-01", "ns")) // step).astype(int)
    return np.asarray(time[number % ModelConfig().last == into][-1:])
