"""A foresight in one file of arrays and text (`.npz`): no pickled class hides in it."""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from data import whole
from data.errors import CheckpointMismatch, NothingThere
from data.network import Network
from forecast.foresight import Foresight
from forecast.futures import KNOWN, Known
from forecast.harmonics import Tide
from forecast.lags import Bends
from forecast.linear import Linear
from forecast.plan import PLANNED
from forecast.plan_cells import Cell
from forecast.planned import Planner
from forecast.rhythms import Place

_FORMAT = 2  # raise it when an older file can no longer be used
_LINEAR = ("centre", "spread", "masked", "weights")
_BROKEN = (
    OSError,
    ValueError,
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    lightgbm.basic.LightGBMError,
)
Arrays = Mapping[str, np.ndarray]
Key = tuple[int, int, Known]


def save(path: Path, foresight: Foresight, network: Network) -> Path:
    """Write a foresight to one file, whole or not at all."""
    planner = foresight.planner
    arrays: dict[str, np.ndarray] = {"bend": planner.bends.bend, "floor": planner.bends.floor}
    arrays |= {f"tide/{place.row}": place.tide.weights for place in planner.places}
    arrays |= {f"largest/{name}": each for name, each in foresight.largest.items()}
    for known, weights in foresight.weights.items():
        arrays[f"weights/{_word(known)}"] = weights
        arrays[f"widening/{_word(known)}"] = foresight.widening[known]
    for (row, lead, known), cell in planner.cells.items():
        arrays |= _plain(cell, f"{row}/{lead}/{_word(known)}")
    arrays["about"] = _text(json.dumps(_about(foresight, network)))
    content = BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return whole.write(path, content.getvalue())


def load(path: Path, network: Network, model: str) -> Foresight:
    """Read a foresight that stands beside a model.

    Raises:
        NothingThere: There is no such file.
        CheckpointMismatch: It is no foresight, or one of another network or model.
    """
    if not path.exists():
        raise NothingThere(f"There is no planner at {path}.", _train(network))
    try:
        file = np.load(BytesIO(path.read_bytes()), allow_pickle=False)
        about = json.loads(_read(file["about"]))
        found = _rich(file, about)
    except _BROKEN as e:
        raise CheckpointMismatch(f"{path} is no planner that we can read.", _train(network)) from e
    _require_fit(about, {"model": model} | _whose(network), network)
    return found


class _Cells(Mapping[Key, Cell]):
    """The cells of a file: each is read when it is asked for, a forecast needs a few of them."""

    def __init__(self, arrays: Arrays, keys: list[Key]) -> None:
        self._arrays, self._keys = arrays, dict.fromkeys(keys)
        self._read: dict[Key, Cell] = {}

    def __getitem__(self, key: Key) -> Cell:
        if key not in self._keys:
            raise KeyError(key)
        if key not in self._read:
            row, lead, known = key
            try:
                self._read[key] = _cell(self._arrays, f"{row}/{lead}/{_word(known)}")
            except _BROKEN as e:
                broken = f"The planner is broken at lead {lead} of gauge {row}."
                raise CheckpointMismatch(broken, "Train it again: mulgil train --with-plans") from e
        return self._read[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _require_fit(found: dict[str, Any], expected: dict[str, Any], network: Network) -> None:
    for name, value in expected.items():
        if found.get(name) != value:
            raise CheckpointMismatch(
                f"The planner's {name} is {found.get(name)}, expected {value}.", _train(network)
            )


def _whose(network: Network) -> dict[str, Any]:
    return {
        "network": network.name,
        "stations": list(network.ids),
        "quantity": network.quantity.value,
        "step_seconds": int(network.step / np.timedelta64(1, "s")),
        "horizon": network.horizon,
    }


def _about(foresight: Foresight, network: Network) -> dict[str, Any]:
    planner = foresight.planner
    return _whose(network) | {
        "format": _FORMAT,
        "model": foresight.model,
        "leads": list(planner.leads),
        "channels": list(planner.bends.channels),
        "clocks": [place.clock for place in planner.places],
        "horizon_seconds": int(planner.places[0].horizon / np.timedelta64(1, "s")),
        "cells": [[row, lead, _word(known)] for row, lead, known in planner.cells],
    }


def _rich(arrays: Arrays, about: dict[str, Any]) -> Foresight:
    if about["format"] != _FORMAT:
        raise ValueError(f"format {about['format']}, expected {_FORMAT}")
    bends = Bends(tuple(about["channels"]), arrays["bend"], arrays["floor"])
    horizon = np.timedelta64(about["horizon_seconds"], "s")
    places = tuple(
        Place(row, clock, Tide(arrays[f"tide/{row}"]), horizon)
        for row, clock in enumerate(about["clocks"])
    )
    cells = _Cells(arrays, [(row, lead, _known(word)) for row, lead, word in about["cells"]])
    kept = [known for known in KNOWN if f"weights/{_word(known)}" in arrays]
    return Foresight(
        about["model"],
        Planner(tuple(about["leads"]), bends, places, cells),
        {known: arrays[f"weights/{_word(known)}"] for known in kept},
        {known: arrays[f"widening/{_word(known)}"] for known in kept},
        {name: arrays[f"largest/{name}"] for name in PLANNED},
    )


def _plain(cell: Cell, at: str) -> dict[str, np.ndarray]:
    arrays = {f"{at}/{name}": np.asarray(getattr(cell.ridge, name)) for name in _LINEAR}
    arrays |= {f"{at}/tree{n}": _text(t.model_to_string()) for n, t in enumerate(cell.trees)}
    return arrays | {f"{at}/errors": cell.errors}


def _cell(arrays: Arrays, at: str) -> Cell:
    ridge = Linear(**{name: arrays[f"{at}/{name}"] for name in _LINEAR})
    alone, upon = (lightgbm.Booster(model_str=_read(arrays[f"{at}/tree{n}"])) for n in range(2))
    return Cell(ridge, (alone, upon), arrays[f"{at}/errors"])


def _word(known: Known) -> str:
    return "+".join(known)


def _known(word: str) -> Known:
    return tuple(word.split("+"))


def _text(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), dtype="uint8")


def _read(array: np.ndarray) -> str:
    return array.tobytes().decode()


def _train(network: Network) -> str:
    return f"Run: mulgil train {network.name} --with-plans"
