"""The scores of all gauges as CSV files: the hindcast's, and those of the forecasts issued."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from maps.feeds.label import row_label
from maps.feeds.tables import cell
from maps.view import View

HINDCAST, ROLLING = "skill.csv", "scorecard.csv"
HOUR = np.timedelta64(1, "h")


def files(view: View) -> Iterator[tuple[str, str]]:
    """Yield name and text of each file that there are scores for."""
    if view.scores is not None:
        yield HINDCAST, _table(view, view.scores, ["model", "station", "lead_time"])
    if view.rolling is not None:
        yield ROLLING, _table(view, view.rolling, ["period", "station", "lead_time"])


def _table(view: View, scores: xr.Dataset, keys: list[str]) -> str:
    """Return one row a gauge and lead; stages stand in columns of their own."""
    known = scores.sel(station=np.isin(scores.station.values, view.network.ids))
    known = known[[n for n in known.data_vars if set(known[n].dims) <= {*keys, "stage"}]]
    by_stage = [str(n) for n in known.data_vars if "stage" in known[n].dims]
    flat = known.drop_vars(by_stage)
    for name in by_stage:
        for stage in known.stage.values:
            flat[f"{stage}_{name}"] = known[name].sel(stage=stage, drop=True)
    wide = flat.drop_vars("stage", errors="ignore").broadcast_like(known[keys].coords.to_dataset())
    rows = wide.to_dataframe(dim_order=keys).reset_index()
    rows.insert(0, "label", row_label(view, "OBSERVATIONS"))
    rows["station"] = [cell(str(station)) for station in rows["station"]]
    at = list(rows.columns).index("lead_time")
    rows.insert(at, "lead_hours", rows.pop("lead_time").to_numpy() / HOUR)
    return str(rows.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
