"""Put observed and future layers together as the `Atlas` tables VALUES, SERIES and STATIONS."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import xarray as xr

from data.climate.scenarios import SCENARIOS
from forecast.climate import futures
from forecast.climate.atlas import BASELINES, QUANTILES, REFERENCE
from forecast.climate.catalogue import Layer
from forecast.climate.futures import Run, Window
from forecast.climate.observed_layers import Observed

Tell = Callable[[Layer, Window, np.ndarray], futures.Told]
_REFERENCE = BASELINES.index(REFERENCE)


def values(
    layers: Sequence[Layer],
    codes: Sequence[str],
    observed: Mapping[str, Observed],
    windows: Sequence[Window],
    tell: Tell,
) -> xr.Dataset:
    """Return VALUES (`forecast.climate.atlas`); a layer that no model has stays NaN there.

    Args:
        tell: Gives level (quantile, region) and judgement of a layer in a window, from what was
            observed in the reference years (region,); None where no model has the layer.
    """
    parts = [_one(each, observed[each.id], windows, tell) for each in layers]
    ds = xr.concat(parts, "layer").assign_coords(
        layer=[each.id for each in layers],
        region=list(codes),
        baseline=[f"{first}-{last}" for first, last in BASELINES],
        quantile=list(QUANTILES),
        window=[each.id for each in windows],
        window_members=("window", [", ".join(each.spans) for each in windows]),
        window_note_ko=("window", [each.note_ko for each in windows]),
        window_note_en=("window", [each.note_en for each in windows]),
    )
    return ds.assign_coords(leave_one_out=("layer", [_error(observed[e.id]) for e in layers]))


def _one(layer: Layer, observed: Observed, windows: Sequence[Window], tell: Tell) -> xr.Dataset:
    count = observed.base.shape[1]
    level = np.full((len(windows), len(QUANTILES), count), np.nan, dtype="float32")
    code, agree, members = (np.zeros((len(windows), count), dtype="int8") for _ in range(3))
    for row, window in enumerate(windows):
        told = tell(layer, window, observed.base[_REFERENCE])
        if told:
            level[row], judgement = told
            code[row] = judgement.category
            agree[row], members[row] = judgement.agree, judgement.members
    return xr.Dataset(
        {
            "observed": (("region", "baseline"), observed.base.T.astype("float32")),
            "observed_reason": (("region", "baseline"), observed.reason.T),
            "future": (("region", "window", "quantile"), level.transpose(2, 0, 1)),
            "robustness": (("region", "window"), code.T),
            "agree": (("region", "window"), agree.T),
            "members": (("region", "window"), members.T),
            "trend": ("region", observed.trend.astype("float32")),
            "trend_low": ("region", observed.low.astype("float32")),
            "trend_high": ("region", observed.high.astype("float32")),
        }
    )


def _error(observed: Observed) -> float:
    return observed.left_out.mean_absolute if observed.left_out else float("nan")


def series(
    layers: Sequence[Layer],
    codes: Sequence[str],
    observed: Mapping[str, Observed],
    years: np.ndarray,
    runs: Sequence[Run],
) -> xr.Dataset:
    """Return SERIES: observed years, then the futures' to 2100, on one axis of years."""
    last = max((int(run.annual["year"].values[-1]) for run in runs), default=int(years[-1]))
    axis = np.arange(years[0], last + 1)
    scenarios = [s.name for s in SCENARIOS if any(run.scenario == s.name for run in runs)]
    past = np.full((len(layers), len(codes), len(axis)), np.nan, dtype="float32")
    coming = np.full(
        (len(layers), len(codes), len(scenarios), len(axis), len(QUANTILES)), np.nan, "float32"
    )
    after = axis > years[-1]
    for row, each in enumerate(layers):
        past[row, :, : len(years)] = observed[each.id].series.T
        if not all(each.id in run.annual for run in runs):
            continue
        for column, scenario in enumerate(scenarios):
            reference = observed[each.id].base[_REFERENCE]
            found = futures.yearly(runs, each, scenario, reference, axis[after])
            coming[row, :, column, after] = found.transpose(0, 2, 1)
    return xr.Dataset(
        {
            "observed": (("layer", "region", "year"), past),
            "future": (("layer", "region", "scenario", "year", "quantile"), coming),
        },
        coords={
            "layer": [each.id for each in layers],
            "region": list(codes),
            "year": axis,
            "scenario": scenarios,
            "quantile": list(QUANTILES),
        },
    )


def stations(annual: xr.Dataset, share: xr.Dataset, layers: Sequence[Layer]) -> xr.Dataset:
    """Return STATIONS.

    Args:
        annual: (year, station), a variable per layer.
        share: (year, station), for each daily variable the share of the year's days.
    """
    ids = [each.id for each in layers if each.id in annual]
    measured = annual[ids].to_dataarray("layer").transpose("layer", "station", "year")
    normal = measured.sel(year=slice(1991, 2020))
    enough = normal.notnull().sum("year") >= 24
    return xr.Dataset(
        {
            "observed": measured.astype("float32"),
            "days": share.to_dataarray("variable").transpose("variable", "station", "year"),
            "normal": normal.mean("year").where(enough).astype("float32"),
        }
    )
