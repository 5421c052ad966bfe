"""The scores of all gauges as CSV files: of the test years, of what was issued, of hindcasts."""

from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256

import numpy as np
import xarray as xr

from maps.feeds.label import row_label
from maps.feeds.tables import cell
from maps.view import View

TESTED, ROLLING, HINDCAST = "skill.csv", "scorecard.csv", "hindcast.csv"
HOUR = np.timedelta64(1, "h")


def files(view: View) -> Iterator[tuple[str, str, Callable[[], str]]]:
    """Yield of each file that there are scores for: its name, a key, and what makes its text.

    The key stands for all that the text depends on: scores change seldom.
    """
    if view.scores is not None:
        keys = ["model", "station", "lead_time"]
        yield TESTED, *_file(view, view.scores, keys)
    keys = ["period", "station", "lead_time"]
    if view.rolling is not None:
        yield ROLLING, *_file(view, view.rolling, keys)
    if view.hindcast is not None:
        yield HINDCAST, *_file(view, _of_months(view.hindcast), keys, "HINDCAST")


def _file(
    view: View, scores: xr.Dataset, keys: list[str], mark: str = ""
) -> tuple[str, Callable[[], str]]:
    """Return the key of a table, and what makes its text.

    Args:
        mark: What stands before the label of each row.
    """
    label = f"{mark} {row_label(view, 'OBSERVATIONS')}".strip()
    return _key(view, scores, label), partial(_table, view, scores, keys, label)


def _of_months(card: xr.Dataset) -> xr.Dataset:
    """Return a card without the windows that end with the newest day: of hindcasts it is chance."""
    return card.sel(period=[p for p in card.period.values if not str(p).endswith(" d")])


def _key(view: View, scores: xr.Dataset, label: str) -> str:
    """Return a name of the scores, the gauges and the label that stands in each row."""
    told = sha256(repr((label, view.network.ids)).encode())
    for name, values in sorted(scores.variables.items(), key=lambda item: str(item[0])):
        array = np.asarray(values.values)
        plain = array.astype("U") if array.dtype == object else np.ascontiguousarray(array)
        told.update(repr((name, values.dims, plain.dtype.str)).encode() + plain.tobytes())
    return f"scores {told.hexdigest()}"


def _table(view: View, scores: xr.Dataset, keys: list[str], label: str) -> str:
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
    rows.insert(0, "label", label)
    rows["station"] = [cell(str(station)) for station in rows["station"]]
    at = list(rows.columns).index("lead_time")
    rows.insert(at, "lead_hours", rows.pop("lead_time").to_numpy() / HOUR)
    return str(rows.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
