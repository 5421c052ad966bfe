"""Whether the parts of a model fit each other, and what this version of the code lays out."""

import numpy as np
import xarray as xr

from data.schema import FORCINGS, QUANTILES
from forecast import upon_ridge
from forecast.companion import Companion
from forecast.inputs import NEIGHBOURS
from forecast.model import ModelConfig
from forecast.scaling import Scaling, of_rows
from forecast.windows import REACH, features

_KNOWN = ("own", *NEIGHBOURS, *FORCINGS)


def problem(
    model: ModelConfig,
    scaling: Scaling,
    widening: np.ndarray,
    companion: Companion | None,
    stations: int,
) -> str:
    """Return what does not fit, for a person; "" if all does."""
    strange = [name for name in scaling.channels if name not in _KNOWN]
    if strange:
        return f"it learnt from {', '.join(strange)}, known here are {', '.join(_KNOWN)}"
    wanted = _shapes(stations, len(scaling.channels), model.horizon)
    found = {name: getattr(scaling, name).shape for name in wanted} | {"widening": widening.shape}
    wanted["widening"] = (2, stations, model.horizon, len(QUANTILES))
    for name, shape in wanted.items():
        if found[name] != shape:
            return f"its {name} has the shape {found[name]}, expected {shape}"
    if model.stations != stations:
        return f"its network has {model.stations} gauges, its list of stations {stations}"
    seen = width(model, scaling, companion)
    if seen != model.inputs:
        return f"it learnt from {model.inputs} features, this version lays out {seen}"
    return ""


def width(model: ModelConfig, scaling: Scaling, companion: Companion | None) -> int:
    """Return how many features a model sees, as they are laid out now."""
    first, steps = of_rows(scaling, slice(1)), REACH + 1
    table = xr.DataArray(
        np.ones((1, steps, len(scaling.channels)), "float32"),
        dims=("station", "time", "channel"),
        coords={
            "time": np.datetime64("2000-01-01", "ns") + np.arange(steps) * np.timedelta64(1, "h"),
            "channel": list(scaling.channels),
        },
    )
    told = None if companion is None else np.zeros((1, steps, model.horizon))
    seen = upon_ridge.seen(features(table, first, model.age_limit), told, first)
    return int(seen.shape[-1])


def _shapes(stations: int, channels: int, horizon: int) -> dict[str, tuple[int, ...]]:
    by_channel, by_lead = (stations, channels), (stations, horizon)
    return {
        "bend": by_channel,
        "centre": by_channel,
        "spread": by_channel,
        "change": by_lead,
        "floor": (stations,),
        "high": (stations,),
        "rise": by_lead,
    }
