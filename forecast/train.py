"""Teach the network on the training years; choose its weights on the validation years."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from data.network import Network
from data.schema import QUANTILES
from forecast import companion
from forecast.accompanying import accompanied, calibrated
from forecast.best_weights import BestWeights
from forecast.checkpoint import Checkpoint
from forecast.companion import Companion
from forecast.gaps import punch
from forecast.inputs import channels
from forecast.lessons import Lessons, prepare, within
from forecast.loss import huber, pinball
from forecast.model import LevelLSTM, ModelConfig
from forecast.scaling import Scaling, fit
from forecast.threads import fast_dtype, keep_memory, one_thread

Report = Callable[[int, int, str], None]
_MEDIAN = len(QUANTILES) // 2


@dataclass(frozen=True)
class TrainConfig:
    """How to train.

    Attributes:
        updates: Steps of the optimiser; the best weights on the way are kept.
        batch: Windows per update.
        rate, decay: Highest learning rate and weight decay of AdamW.
        average: Weight of the past in the running mean of the weights, which is what is kept.
        check_every: Updates between two looks at the validation years.
        square: Weight of the squared error of the median beside the quantile loss: what counts in
            a flood is the peak, and a median alone is cautious.
        gapped: Share of windows from a version of the record with holes punched into it.
        busy: Share of windows drawn in proportion to how much the level changes in them.
        companion: A network of up to so many gauges gets a companion (`forecast.companion`),
            which takes some 25 s for each of them; 0 leaves the LSTM alone.
    """

    updates: int = 400
    batch: int = 64
    rate: float = 3e-3
    decay: float = 1e-4
    average: float = 0.98
    check_every: int = 50
    square: float = 0.2
    gapped: float = 0.2
    busy: float = 0.5
    companion: int = 0
    seed: int = 0
    model: ModelConfig = field(default_factory=ModelConfig)


def silent(done: int, total: int, message: str) -> None:
    """Report nothing."""


def train(
    network: Network,
    observations: xr.Dataset,
    config: TrainConfig = TrainConfig(),
    report: Report = silent,
    beside: Companion | None = None,
) -> Checkpoint:
    """Train on `network.split.train`, choose on `.validate`; the test years are never looked at.

    Args:
        observations: `data.schema.observations`.
        report: Called with updates done, updates in all, and a message.
        beside: A companion that was fitted on the same years before; None fits one. It has no
            seed, so several models can share it.

    Raises:
        TooLittleHistory: The training or the validation years hold no usable window.
    """
    observations = before_the_test(observations, network)
    table = channels(observations, network)
    scaling = fit(table, network, network.split.train)
    rng = np.random.default_rng(config.seed)
    sizes = config.model
    learn = prepare([table, punch(table, rng)], scaling, sizes, network.split.train, 1)
    check = prepare([table], scaling, sizes, network.split.validate, sizes.last)
    config = replace(config, model=_sized(sizes, network, learn))
    keep_memory()
    with one_thread(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        weights = _best_weights(config, learn, check, rng, report)
    alone = _checkpoint(weights, network, scaling, config, table)
    if beside is None and len(network.ids) <= config.companion:
        beside = companion.fit(network, observations, report)
    if beside is not None:
        alone = accompanied(alone, beside, network, observations)
    return calibrated(alone, network, observations)


def before_the_test(observations: xr.Dataset, network: Network) -> xr.Dataset:
    """Return the record up to the end of the training and validation years."""
    last = max(network.split.train[1], network.split.validate[1])
    return observations.sel(time=slice(None, f"{last}-12-31T23:59:59"))


def _sized(sizes: ModelConfig, network: Network, learn: Lessons) -> ModelConfig:
    inputs, stations = learn.seen.shape[-1], learn.stations
    return replace(sizes, inputs=inputs, stations=stations, horizon=network.horizon)


def _best_weights(
    config: TrainConfig, learn: Lessons, check: Lessons, rng: np.random.Generator, report: Report
) -> dict[str, Tensor]:
    lstm = LevelLSTM(config.model)
    kept = BestWeights(lstm, config.average)
    optimiser = torch.optim.AdamW(lstm.parameters(), lr=config.rate, weight_decay=config.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, config.rate, total_steps=config.updates, pct_start=0.1
    )
    share = _shares(learn, config)
    for update in range(1, config.updates + 1):
        batch = learn.batch(rng.choice(len(share), config.batch, p=share), config.model)
        _update(lstm, optimiser, batch, config.square)
        schedule.step()
        kept.follow(lstm)
        if update % config.check_every == 0 or update == config.updates:
            losses = _losses(check, kept.mean, config.model)
            kept.judge(losses)
            text = ", ".join(f"{loss:.4f}" for loss in losses)
            report(update, config.updates, f"validation loss {text}")
    return kept.weights()


def _shares(learn: Lessons, config: TrainConfig) -> np.ndarray:
    """Return the probability of each window to be drawn."""
    holes = learn.rows >= learn.stations
    parts = ((holes, config.gapped), (~holes, 1 - config.gapped))
    even = sum(part * share / max(part.sum(), 1) for part, share in parts)
    busy = learn.activity(config.model)
    share = even * (1 - config.busy + config.busy * busy / max((even * busy).sum(), 1e-9))
    return np.asarray(share / share.sum())


def _update(
    lstm: LevelLSTM,
    optimiser: torch.optim.Optimizer,
    batch: tuple[Tensor, Tensor, Tensor],
    square: float,
) -> None:
    x, station, y = batch
    fast = fast_dtype()
    optimiser.zero_grad()
    for branch in lstm.branches:  # each learns for itself, also those that are averaged later
        truth = y[..., branch.leads]
        with torch.autocast("cpu", fast, enabled=fast != torch.float32):
            forecast = branch(x, station, y.shape[1])
        loss, count = pinball(forecast, truth)
        loss = loss + square * huber(forecast[..., _MEDIAN], truth)
        (loss / count.clamp(min=1)).mean().backward()
        nn.utils.clip_grad_norm_(branch.parameters(), 1.0)
    optimiser.step()


@torch.no_grad()
def _losses(check: Lessons, lstm: LevelLSTM, config: ModelConfig) -> list[float]:
    """Return the quantile loss of each branch, mean over its leads."""
    total = [torch.zeros(2) for _ in lstm.branches]
    everything = np.arange(len(check.rows))
    for pick in np.array_split(everything, len(everything) // 256 + 1):
        x, station, y = check.batch(pick, config)
        for number, branch in enumerate(lstm.branches):
            parts = pinball(branch(x, station, config.last), y[..., branch.leads])
            total[number] += torch.stack([part.sum() for part in parts])
    return [float(loss / cases.clamp(min=1)) for loss, cases in total]


def _checkpoint(
    weights: dict[str, Tensor],
    network: Network,
    scaling: Scaling,
    config: TrainConfig,
    table: xr.DataArray,
) -> Checkpoint:
    trained = table.time.values[within(table.time.values, network.split.train)]
    return Checkpoint(
        weights=weights,
        model=config.model,
        scaling=scaling,
        widening=np.ones((2, len(network.ids), network.horizon, len(QUANTILES))),
        network=network.name,
        stations=tuple(network.ids),
        quantity=network.quantity,
        step=network.step,
        period=(str(trained[0])[:16], str(trained[-1])[:16]),
        scores={},
        seed=config.seed,
    )
