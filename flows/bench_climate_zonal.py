"""Regional means by weights made once, beside exactextract band by band and geopandas.overlay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from data.climate import regions
from flows.bench_climate_clock import clock, compare
from flows.bench_climate_pairs import rival
from flows.bench_climate_weather import SEED
from forecast.climate import zonal

BANDS = 60
STEP = 0.05  # degrees
_ROUNDS = 5


@dataclass(frozen=True)
class Task:
    """The means of some bands over some regions, in several ways.

    Attributes:
        regions: Polygons in degrees.
        lat, lon: Cell centres, ascending, `step` apart.
        values: float32 (band, lat, lon).
    """

    regions: gpd.GeoDataFrame
    lat: np.ndarray
    lon: np.ndarray
    values: np.ndarray
    step: float

    def by_us(self) -> np.ndarray:
        """Return (band, region), the making of the weights included."""
        return zonal.means(zonal.weights(self.regions, self.lat, self.lon), self.values)

    def by_exactextract(self, bands: Sequence[int]) -> np.ndarray:
        """Return (band, region) of some bands by one call."""
        exactextract = rival("exactextract", "exactextract>=0.3")
        cosine = np.cos(np.deg2rad(self.lat))[:, None] * np.ones(len(self.lon))
        found = exactextract.exact_extract(
            [self._raster(self.values[band], f"b{band}") for band in bands],
            self.regions[["geometry"]],
            "weighted_mean",
            weights=self._raster(cosine, "cosine"),
            output="pandas",
        )
        return np.asarray(found.to_numpy(dtype="float64").T)

    def band_by_band(self, bands: Sequence[int]) -> list[np.ndarray]:
        """Return (region,) of each of some bands, one call for each."""
        return [self.by_exactextract([band])[0] for band in bands]

    def by_overlay(self) -> np.ndarray:
        """Return (band, region) by cutting polygons with geopandas.overlay."""
        x, y = (side.ravel() for side in np.meshgrid(self.lon, self.lat))
        half = self.step / 2
        boxes = shapely.box(x - half, y - half, x + half, y + half)
        cells = gpd.GeoDataFrame({"cell": np.arange(len(boxes))}, geometry=boxes, crs="EPSG:4326")
        shapes = self.regions[["geometry"]].reset_index(drop=True)
        shapes = shapes.assign(region=shapes.index).set_crs("EPSG:4326", allow_override=True)
        cut = gpd.overlay(shapes, cells, keep_geom_type=True)
        area = shapely.area(cut.geometry.to_numpy()) * np.cos(np.deg2rad(y[cut["cell"]]))
        weights = np.zeros((len(shapes), len(boxes)))
        np.add.at(weights, (cut["region"], cut["cell"]), area)
        flat = self.values.reshape(len(self.values), -1).astype("float64")
        return np.asarray(flat @ (weights / weights.sum(axis=1, keepdims=True)).T)

    def _raster(self, band: np.ndarray, name: str) -> Any:
        half, raster = self.step / 2, rival("exactextract.raster", "exactextract>=0.3")
        west, south = self.lon[0] - half, self.lat[0] - half
        east, north = self.lon[-1] + half, self.lat[-1] + half
        upright = np.ascontiguousarray(band[::-1])  # north first
        return raster.NumPyRasterSource(upright, west, south, east, north, name=name)


def measure(task: Task, report: Callable[[int, int, str], None]) -> dict[str, float]:
    """Return seconds and largest differences of the ways to the same means.

    exactextract is asked band by band, as one asks it when bands come one after the other, and
    for all bands in one call; there it makes its shares once, too, but all must be in memory.
    """
    bands = range(len(task.values))
    rounds = min(_ROUNDS, len(bands))
    one_by_one, at_once = list[tuple[float, float]](), list[tuple[float, float]]()
    theirs = dict[int, np.ndarray]()
    ours, whole = np.zeros(0), np.zeros(0)
    for first in range(rounds):
        report(first, rounds, f"exactextract, every {rounds}th band from {first}")
        part = bands[first::rounds]
        ours_s, ours = clock(task.by_us)
        part_s, found = clock(partial(task.band_by_band, part))
        call_s, whole = clock(partial(task.by_exactextract, bands))
        one_by_one.append((ours_s, part_s * len(bands) / len(part)))
        at_once.append((ours_s, call_s))
        theirs |= dict(zip(part, found, strict=True))
    overlay_s, overlay = clock(task.by_overlay)
    return {
        **{f"per_band_{key}": value for key, value in compare(one_by_one).items()},
        **{f"one_call_{key}": value for key, value in compare(at_once).items()},
        "overlay_s": overlay_s,
        "overlay_ratio": overlay_s / compare(at_once)["ours_s"],
        "max_difference_per_band": _difference(ours, np.array([theirs[band] for band in bands])),
        "max_difference_one_call": _difference(ours, whole),
        "max_difference_overlay": _difference(ours, overlay),
    }


def districts(bands: int = BANDS, step: float = STEP) -> Task:
    """Return the task of the bench: all 시군구 of Korea on a made-up field."""
    lat, lon = np.arange(33 + step / 2, 39, step), np.arange(124 + step / 2, 132, step)
    values = np.random.default_rng(SEED).normal(15, 8, (bands, len(lat), len(lon)))
    return Task(regions.read("sigungu"), lat, lon, values.astype("float32"), step)


def _difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(np.nanmax(np.abs(ours - theirs)))
