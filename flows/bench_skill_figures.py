"""The flat figures of the bench of skill, from its scores."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

SEED = ":"  # lstm:0, lstm:1 .. are seeds of one model
SKILL = "persistence_skill"


def figures(means: xr.Dataset, baselines: Sequence[str]) -> dict[str, float]:
    """Return the figures that `flows.bench_skill` names.

    Args:
        means: `forecast.verify.mean_over_stations`; the model `operational`, with or without
            seeds, is compared with the baselines.
    """
    over_seeds = means.groupby(_without_seed(means)).mean("model")
    found = dict[str, float]()
    for lead in over_seeds.lead_time.values:
        found |= _at_lead(over_seeds.sel(lead_time=lead), list(baselines), label(lead))
    return found


def label(lead: np.timedelta64) -> str:
    """Return how a lead time is written in the name of a figure: `24h`, `10min`."""
    minutes = round(lead / np.timedelta64(1, "m"))
    return f"{minutes}min" if minutes % 60 else f"{minutes // 60}h"


def spread(means: xr.Dataset) -> dict[str, list[float]]:
    """Return for each model with seeds the largest less the smallest skill, lead by lead."""
    groups = means[[SKILL, f"{SKILL}_flood"]].groupby(_without_seed(means))
    wide = groups.max("model") - groups.min("model")
    seeded = [m for m in wide.model.values if f"{m}{SEED}" in "".join(map(str, means.model.values))]
    return {
        f"{kind}_{model}": [float(x) for x in wide[name].sel(model=model).values]
        for kind, name in (("ps", SKILL), ("ps_flood", f"{SKILL}_flood"))
        for model in seeded
    }


def _without_seed(means: xr.Dataset) -> xr.DataArray:
    names = [str(model).split(SEED)[0] for model in means.model.values]
    return xr.DataArray(names, dims="model", name="model")


def _at_lead(here: xr.Dataset, baselines: list[str], lead: str) -> dict[str, float]:
    found = dict[str, float]()
    for hours in ("", "_flood"):
        skill = here[f"{SKILL}{hours}"]
        found |= {f"ps{hours}_{m}_{lead}": float(skill.sel(model=m)) for m in skill.model.values}
        rmse, ours = here[f"rmse{hours}"], here.sel(model="operational")
        best = float(rmse.sel(model=baselines).min())
        found[f"rmse_ratio{hours}_{lead}"] = float(ours[f"rmse{hours}"]) / best
        found[f"coverage90{hours}_{lead}"] = float(ours[f"coverage90{hours}"])
    rival = float(here.crps.sel(model="lightgbm_quantile"))
    found[f"crps_ratio_{lead}"] = float(here.crps.sel(model="operational")) / rival
    return found
