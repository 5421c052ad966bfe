"""What is to be told of a training: what it saw, how it went, and on which machine."""

import os
import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from data.network import Network
from forecast.teaching import Taught
from forecast.threads import fast_dtype
from forecast.train_config import TrainConfig

_PACKAGES = ("torch", "lightgbm", "numpy", "xarray")


def about(network: Network, record: str, config: TrainConfig, taught: Taught) -> dict[str, Any]:
    """Return facts as JSON can hold them.

    Args:
        record: `forecast.unfinished.digest` of what was learnt from.
    """
    split = network.split
    return {
        "record": record,
        "train_years": list(split.train),
        "validate_years": list(split.validate),
        "simulated": network.simulated,
        "settings": asdict(config) | {"model": _plain(asdict(config.model))},
        "updates": taught.updates,
        "stopped": taught.stopped,
        "machine": machine(),
    }


def machine() -> dict[str, Any]:
    """Return what decides the last bits of the weights: processor, arithmetic, versions."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "arithmetic": str(fast_dtype()).removeprefix("torch."),
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
    }


def _plain(settings: dict[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in settings.items()}
