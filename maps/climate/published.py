"""The numbers as published: rounded once, so that map, table, CSV and GeoJSON cannot differ.

A level is rounded to the layer's decimals. A change is computed from rounded levels: the
difference, or for rain 100 * (future / observed - 1) to one decimal; it is undefined where the
observed level is missing or not above 0.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Layer
from maps.climate.words import REASON, ROBUSTNESS

PERCENT_DECIMALS = 1


def rounded(values: np.ndarray, layer: Layer) -> np.ndarray:
    """Return values to the layer's decimals, halves to even."""
    return np.asarray(np.round(values.astype("float64"), layer.decimals))


def change(future: np.ndarray, observed: np.ndarray, layer: Layer) -> np.ndarray:
    """Return the change between published levels."""
    if layer.change == "absolute":
        return np.asarray(np.round(future - observed, layer.decimals))
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(observed > 0, 100 * (future / observed - 1), np.nan)
    return np.asarray(np.round(percent, PERCENT_DECIMALS))


def integers(values: np.ndarray, layer: Layer) -> list[int | None]:
    """Return values as whole numbers of the last decimal, None where missing."""
    scaled = np.round(values.astype("float64") * 10**layer.decimals)
    missing = np.isnan(scaled)
    found: list[int | None] = np.where(missing, 0, scaled).astype(int).tolist()
    for place in np.flatnonzero(missing):
        found[place] = None
    return found


def all_rounded(ds: xr.Dataset, layers: Sequence[Layer]) -> xr.Dataset:
    """Return a table with every number in its layer's decimals, as published."""
    by_id = {layer.id: layer for layer in layers}
    digits = [by_id[str(name)].decimals for name in ds["layer"].values]
    scale = xr.DataArray(10.0 ** np.array(digits), dims="layer")
    levels = {str(n): (v * scale).round() / scale for n, v in ds.items() if v.dtype.kind == "f"}
    trends = {n: (ds[n] * scale * 10).round() / scale / 10 for n in levels if n.startswith("trend")}
    kept = {n: v.astype("float32").transpose(*ds[n].dims) for n, v in (levels | trends).items()}
    return ds.assign(kept)


def table(atlas: Atlas, layer: Layer) -> pd.DataFrame:
    """Return all that is published of a layer, a row per region and span of time."""
    part = atlas.values.sel(layer=layer.id)
    label = "SYNTHETIC" if atlas.facts.synthetic else "PROJECTION"
    observed = [_observed(atlas, layer, str(b)) for b in part["baseline"].values]
    future = [_future(atlas, layer, str(w), label) for w in part["window"].values]
    rows = pd.concat([*observed, *future], ignore_index=True)
    return rows.assign(layer=layer.id, unit=layer.unit)


def described(atlas: Atlas) -> pd.DataFrame:
    """Return what each layer is: names, unit, rule, source, and the error of its interpolation."""
    return pd.DataFrame(
        [
            {
                "layer": layer.id,
                "name_ko": layer.name("ko"),
                "name_en": layer.name("en"),
                "unit": layer.unit,
                "rule_ko": layer.threshold_ko,
                "rule_en": layer.threshold_en,
                "source": layer.source,
                "error_left_out": float(atlas.values["leave_one_out"].sel(layer=layer.id)),
            }
            for layer in atlas.layers
        ]
    )


def _observed(atlas: Atlas, layer: Layer, baseline: str) -> pd.DataFrame:
    part = atlas.values.sel(layer=layer.id, baseline=baseline)
    reason = [REASON[int(code)]["en"] for code in part["observed_reason"].values]
    return _places(atlas, "OBSERVED", baseline).assign(
        value=rounded(part["observed"].values, layer), note=reason
    )


def _future(atlas: Atlas, layer: Layer, window: str, label: str) -> pd.DataFrame:
    part = atlas.values.sel(layer=layer.id, window=window)
    low, middle, high = rounded(part["future"].values, layer).T
    return _places(atlas, label, window).assign(
        value=middle,
        low_p10=low,
        high_p90=high,
        robustness=part["robustness"].values,
        models_agree=part["agree"].values,
        models=part["members"].values,
        note=[ROBUSTNESS[int(code)]["en"] for code in part["robustness"].values],
    )


def _places(atlas: Atlas, label: str, span: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": atlas.regions.index,
            "name_ko": atlas.regions["name_ko"].to_numpy(),
            "name_en": atlas.regions["name_en"].to_numpy(),
            "label": label,
            "span": span,
        }
    )
