"""A trained model in one file: weights, what they were trained on, and what they fit."""

import hashlib
import pickle
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from data.errors import CheckpointMismatch, NothingThere
from data.network import Network
from data.stations import Quantity
from forecast import companion_file, sealed
from forecast.checkpoint_check import problem
from forecast.companion import Companion
from forecast.model import LevelLSTM, ModelConfig
from forecast.scaling import Scaling

_FORMAT = 4  # raise it when an older file can no longer be used
_MANY = 8  # stations that are named in an error
_ARRAYS = ("bend", "centre", "spread", "change", "floor", "high", "rise")


@dataclass(frozen=True)
class Checkpoint:
    """Everything that a forecast needs besides observations.

    Attributes:
        weights: The state of `LevelLSTM`.
        widening: (regime, station, lead, quantile), what the distance of a quantile from the
            median is multiplied by, at usual and at high water (`intervals.high_water`); fitted on
            the validation years and on those that were left out (`forecast.accompanying`).
        step: Length of one time step.
        period: First and last time of the training years in the record, ISO 8601 UTC.
        scores: What validation said, by name (`validation_skill_6` = persistence skill at lead 6).
        companion: What is averaged with the LSTM, which tells what its ridge leaves over; None
            forecasts with the LSTM alone.
        about: What else is to be told of it, as JSON can hold it; see `forecast.about`. {} in
            files of older versions.
    """

    weights: dict[str, Tensor]
    model: ModelConfig
    scaling: Scaling
    widening: np.ndarray
    network: str
    stations: tuple[str, ...]
    quantity: Quantity
    step: np.timedelta64
    period: tuple[str, str]
    scores: dict[str, float]
    seed: int
    companion: Companion | None = None
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def horizon(self) -> int:
        """Number of steps that a forecast looks ahead."""
        return self.model.horizon

    @property
    def model_id(self) -> str:
        """First 12 hex digits of the SHA-256 of the weights and of the companion."""
        digest = hashlib.sha256()
        for name in sorted(self.weights):
            digest.update(name.encode() + self.weights[name].contiguous().numpy().tobytes())
        if self.companion is not None:
            digest.update(companion_file.digest(self.companion))
        return digest.hexdigest()[:12]

    def lstm(self) -> LevelLSTM:
        """Return the network with these weights, ready to forecast."""
        with torch.device("meta"):  # no first weights: they would only draw random numbers
            network = LevelLSTM(self.model)
        network.load_state_dict(self.weights, assign=True)
        return network.eval()


def require_fit(checkpoint: Checkpoint, network: Network) -> Checkpoint:
    """Return the checkpoint unchanged if it was trained for this network.

    Raises:
        CheckpointMismatch: Name, stations, quantity, step or horizon differ.
    """
    pairs = {
        "network": (checkpoint.network, network.name),
        "stations": (list(checkpoint.stations), network.ids),
        "quantity": (checkpoint.quantity.value, network.quantity.value),
        "step": (checkpoint.step, network.step),
        "horizon": (checkpoint.horizon, network.horizon),
    }
    for name, (found, expected) in pairs.items():
        if found != expected:
            raise CheckpointMismatch(
                f"The checkpoint's {name} is {_short(found)}, expected {_short(expected)}.",
                _train(network),
            )
    return checkpoint


def _short(value: object) -> object:
    """Return a value, or the beginning of a long list."""
    if isinstance(value, list) and len(value) > _MANY:
        return f"{len(value):,}: {', '.join(map(str, value[:_MANY]))} .."
    return value


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint to one file, whole or not at all."""
    sealed.write(path, _plain(checkpoint))


def load(path: Path, network: Network) -> Checkpoint:
    """Read a checkpoint that fits `network`.

    Raises:
        NothingThere: There is no such file.
        CheckpointMismatch: It is not a checkpoint of ours, or was trained for something else.
    """
    if not path.exists():
        raise NothingThere(f"There is no trained model at {path}.", _train(network))
    try:
        checkpoint = _whole(_rich(_of_format(sealed.read(path))))
    except (pickle.UnpicklingError, RuntimeError, LookupError, TypeError, ValueError) as e:
        told = str(e).strip().partition("\n")[0].rstrip(".:")
        raise CheckpointMismatch(
            f"{path} is not a checkpoint we can read: {told}.", _train(network)
        ) from e
    return require_fit(checkpoint, network)


def _of_format(plain: Any) -> dict[str, Any]:
    """Return what was read unchanged, if this version wrote it."""
    if not isinstance(plain, dict) or "format" not in plain:
        raise ValueError("it is none")
    if plain["format"] != _FORMAT:
        raise ValueError(f"it has the format {plain['format']} of another version, not {_FORMAT}")
    return plain


def _whole(checkpoint: Checkpoint) -> Checkpoint:
    """Return the checkpoint unchanged, if its parts fit each other and this version."""
    found = problem(
        checkpoint.model,
        checkpoint.scaling,
        checkpoint.widening,
        checkpoint.companion,
        len(checkpoint.stations),
    )
    if found:
        raise ValueError(found)
    checkpoint.lstm()  # its weights are those of such a network
    return checkpoint


def _train(network: Network) -> str:
    return f"Run: mulgil train --network {network.name}"


def _plain(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return tensors and plain containers only: no pickled class can hide in the file."""
    scaling = {name: torch.from_numpy(getattr(checkpoint.scaling, name)) for name in _ARRAYS}
    fields = {name: getattr(checkpoint, name) for name in ("network", "scores", "seed", "about")}
    return fields | {
        "format": _FORMAT,
        "weights": dict(checkpoint.weights),
        "model": asdict(checkpoint.model),
        "scaling": scaling,
        "channels": list(checkpoint.scaling.channels),
        "widening": torch.from_numpy(checkpoint.widening),
        "stations": list(checkpoint.stations),
        "quantity": checkpoint.quantity.value,
        "step_seconds": int(checkpoint.step / np.timedelta64(1, "s")),
        "period": list(checkpoint.period),
        "companion": companion_file.plain(checkpoint.companion),
    }


def _rich(plain: dict[str, Any]) -> Checkpoint:
    scaling = {name: plain["scaling"][name].numpy() for name in _ARRAYS}
    first, last = plain["period"]
    return Checkpoint(
        weights=plain["weights"],
        model=ModelConfig(**plain["model"]),
        scaling=Scaling(channels=tuple(plain["channels"]), **scaling),
        widening=plain["widening"].numpy(),
        network=plain["network"],
        stations=tuple(plain["stations"]),
        quantity=Quantity(plain["quantity"]),
        step=np.timedelta64(plain["step_seconds"], "s"),
        period=(first, last),
        scores=plain["scores"],
        seed=plain["seed"],
        companion=companion_file.rich(plain["companion"]),
        about=plain.get("about", {}),
    )
