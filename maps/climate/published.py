"""The numbers as published: rounded once, so that map, table, CSV and GeoJSON cannot differ.

A level is rounded to the layer's decimals. A change is computed from rounded levels: the
difference, or for rain 100 * (future / observed - 1) to one decimal; it is undefined where the
observed level is missing or, in percent, not above 0.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Language, Layer

PERCENT_DECIMALS = 1


@dataclass(frozen=True)
class Numbers:
    """The published numbers of one layer; regions in the atlas's order.

    Attributes:
        baselines, windows: Names of the rows.
        observed: (baseline, region), `reason` the same.
        future: (window, quantile, region): 10 %, 50 %, 90 %.
        robustness, agree, members: (window, region) int.
        trend: (3, region) slope per decade and the ends of its interval, one decimal more.
    """

    layer: Layer
    baselines: tuple[str, ...]
    windows: tuple[str, ...]
    observed: np.ndarray
    reason: np.ndarray
    future: np.ndarray
    robustness: np.ndarray
    agree: np.ndarray
    members: np.ndarray
    trend: np.ndarray

    def change(self, baseline: int, window: int) -> np.ndarray:
        """Return (quantile, region) changes from a baseline."""
        return change(self.future[window], self.observed[baseline], self.layer)


def numbers(atlas: Atlas, layer: Layer) -> Numbers:
    """Return what is published of a layer."""
    part = atlas.values.sel(layer=layer.id)
    trend = [part[name].values for name in ("trend", "trend_low", "trend_high")]
    return Numbers(
        layer=layer,
        baselines=tuple(map(str, part["baseline"].values)),
        windows=tuple(map(str, part["window"].values)),
        observed=rounded(_of(part["observed"], "baseline"), layer.decimals),
        reason=_of(part["observed_reason"], "baseline").astype(int),
        future=rounded(_of(part["future"], "window", "quantile"), layer.decimals),
        robustness=_of(part["robustness"], "window").astype(int),
        agree=_of(part["agree"], "window").astype(int),
        members=_of(part["members"], "window").astype(int),
        trend=rounded(np.stack(trend), layer.decimals + 1),
    )


def _of(variable: xr.DataArray, *dims: str) -> np.ndarray:
    return np.asarray(variable.transpose(*dims, "region").values)


def rounded(values: np.ndarray, decimals: int) -> np.ndarray:
    """Return values to some decimals, halves to even; what is not finite becomes NaN."""
    exact = np.round(values.astype("float64"), decimals) + 0.0  # no minus zero
    return np.asarray(np.where(np.isfinite(exact), exact, np.nan))


def change(future: np.ndarray, observed: np.ndarray, layer: Layer) -> np.ndarray:
    """Return the change between published levels."""
    if layer.change == "absolute":
        return rounded(future - observed, layer.decimals)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(observed > 0, 100 * (future / observed - 1), np.nan)
    return rounded(percent, PERCENT_DECIMALS)


def integers(values: np.ndarray, decimals: int) -> list[int | None]:
    """Return published values as whole numbers of their last decimal, None where missing."""
    known = np.isfinite(values)
    whole = np.rint(np.where(known, values, 0) * 10.0**decimals).astype(int)
    pairs = zip(whole.tolist(), known.tolist(), strict=True)
    return [value if there else None for value, there in pairs]


def change_decimals(layer: Layer) -> int:
    """Return the digits after the point of a change."""
    return PERCENT_DECIMALS if layer.change == "percent" else layer.decimals


def change_unit(layer: Layer, language: Language) -> str:
    """Return the unit of a change."""
    return "%" if layer.change == "percent" else layer.unit_in(language)


def written(value: float, decimals: int, signed: bool = False) -> str:
    """Return a number as the pages write it, here and in their scripts; "" where there is none."""
    if np.isnan(value):
        return ""
    text = f"{value:+.{decimals}f}" if signed and value else f"{value:.{decimals}f}"
    return text.replace("-", "−")
