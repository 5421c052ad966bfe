"""Tables for the terminal."""

import numpy as np
import xarray as xr
from rich.table import Table

from forecast.verify import mean_over_stations


def skill(scores: xr.Dataset) -> Table:
    """Return persistence skill by model and lead time, mean over stations.

    Args:
        scores: `forecast.verify.compare`.
    """
    mean = mean_over_stations(scores)
    table = Table(
        title=f"{scores.attrs['network']}: persistence skill (1 perfect, 0 no gain), station mean",
        caption=f"{scores.attrs['scored']}. {scores.attrs['caveat_en']}",
    )
    table.add_column("model")
    for lead in mean.lead_time.values:
        table.add_column(hours(lead), justify="right")
    for model in mean.model.values:
        row = mean.persistence_skill.sel(model=model).values
        table.add_row(str(model), *(f"{value:.3f}" for value in row))
    return table


def hours(lead: np.timedelta64) -> str:
    """Return a lead time in words, e.g. `6 h`, `10 min`."""
    minutes = int(lead / np.timedelta64(1, "m"))
    return f"{minutes} min" if minutes % 60 else f"{minutes // 60} h"
