"""The scores of all gauges as CSV files: the hindcast's, and those of the forecasts issued."""

from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256

import numpy as np
import xarray as xr

from maps.feeds.label import row_label
from maps.feeds.tables import cell
from maps.view import View

HINDCAST, ROLLING = "skill.csv", "scorecard.csv"
HOUR = np.timedelta64(1, "h")


def files(view: View) -> Iterator[tuple[str, str, Callable[[], str]]]:
    """Yield of each file that there are scores for: its name, a key, and what makes its text.

    The key stands for all that the text depends on: scores change seldom.
    """
    if view.scores is not None:
        keys = ["model", "station", "lead_time"]
        yield HINDCAST, _key(view, view.scores), partial(_table, view, view.scores, keys)
    if view.rolling is not None:
        keys = ["period", "station", "lead_time"]
        yield ROLLING, _key(view, view.rolling), partial(_table, view, view.rolling, keys)


def _key(view: View, scores: xr.Dataset) -> str:
    """Return a name of the scores, the gauges and the label that stands in each row."""
    told = sha256(repr((row_label(view, "OBSERVATIONS"), view.network.ids)).encode())
    for name, values in sorted(scores.variables.items(), key=lambda item: str(item[0])):
        array = np.asarray(values.values)
        plain = array.astype("U") if array.dtype == object else np.ascontiguousarray(array)
        told.update(repr((name, values.dims, plain.dtype.str)).encode() + plain.tobytes())
    return f"scores {told.hexdigest()}"


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
