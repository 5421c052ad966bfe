"""The scores at one place as plain arrays: xarray takes most of the time of a gauge's page."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

_ORDER = ("station", "model", "stage", "lead_time")


@dataclass(frozen=True)
class Place:
    """What `forecast.verify.compare` says of one place.

    Attributes:
        values: By score, dims (model, stage, lead), without those that it does not have.
        by_model: The scores that each model has for itself.
    """

    leads: np.ndarray
    models: tuple[str, ...]
    stages: tuple[str, ...]
    values: Mapping[str, np.ndarray]
    by_model: frozenset[str]

    def models_of(self, score: str) -> tuple[str, ...]:
        """Return the models of a score; one of no name where all models share it."""
        return self.models if score in self.by_model else ("",)

    def line(self, score: str, model: str) -> list[float]:
        """Return a score by lead."""
        values = self.values[score]
        found: list[float] = (values[self.models.index(model)] if model else values).tolist()
        return found


def place(scores: xr.Dataset) -> Place:
    """Return the scores of a place, or of the mean over all."""
    return _place(scores, _arrays(scores), slice(None))


def places(scores: xr.Dataset) -> dict[str, Place]:
    """Return the scores of each station."""
    arrays = _arrays(scores)
    names = scores.station.values.tolist()
    return {str(name): _place(scores, arrays, at) for at, name in enumerate(names)}


def _arrays(scores: xr.Dataset) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    found = {}
    for name, values in scores.data_vars.items():
        dims = tuple(dim for dim in _ORDER if dim in values.dims)
        if "lead_time" in dims and len(dims) == len(values.dims):
            found[str(name)] = (dims, values.transpose(*dims).values)
    return found


def _place(
    scores: xr.Dataset,
    arrays: Mapping[str, tuple[tuple[str, ...], np.ndarray]],
    at: int | slice,
) -> Place:
    coords = scores.coords
    return Place(
        leads=coords["lead_time"].values,
        models=tuple(map(str, coords["model"].values)),
        stages=tuple(map(str, coords["stage"].values)) if "stage" in coords else (),
        values={n: x[at] if "station" in dims else x for n, (dims, x) in arrays.items()},
        by_model=frozenset(name for name, (dims, _) in arrays.items() if "model" in dims),
    )
