"""The whole climate map as NetCDF, with the same rounded numbers as its pages."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import Layer
from maps.climate.words import REASON, ROBUSTNESS, Said

_CODES = {"robustness": ROBUSTNESS, "observed_reason": REASON}


def write(atlas: Atlas, folder: Path) -> None:
    """Write the values of the maps and the series of the charts."""
    _write(atlas.values, atlas, folder / "mulgil-climate.nc")
    _write(atlas.series, atlas, folder / "mulgil-climate-series.nc")


def _write(ds: xr.Dataset, atlas: Atlas, path: Path) -> None:
    """Write a table that tells of itself."""
    layers = {layer.id: layer for layer in atlas.layers}
    told = [layers[str(name)] for name in ds["layer"].values]
    named = _rounded(ds, told).assign_coords(
        layer_unit=("layer", [layer.unit for layer in told]),
        layer_name=("layer", [layer.name("en") for layer in told]),
        layer_rule=("layer", [layer.threshold_en for layer in told]),
        region_name=("region", [str(name) for name in atlas.regions["name_en"]]),
    )
    facts = atlas.facts
    described = named.assign_attrs(
        Conventions="CF-1.11",
        title=("SYNTHETIC futures. " if facts.synthetic else "") + "Mulgil climate map",
        synthetic=str(facts.synthetic).lower(),
        source=f"{facts.source}; {facts.futures_source}",
        comment=facts.futures_caveat_en,
        method=facts.method_en,
        references=facts.attribution,
    )
    coded = {
        name: described[name].assign_attrs(_flags(words))
        for name, words in _CODES.items()
        if name in described
    }
    packing = {str(v): {"zlib": True, "complevel": 4, "shuffle": True} for v in ds.data_vars}
    described.assign(coded).to_netcdf(path, engine="h5netcdf", encoding=packing)


def _flags(words: dict[int, Said]) -> dict[str, object]:
    """Return what the codes of a variable mean, as CF has it (3.5, flags)."""
    meanings = [(said["en"] or "as it should be").replace(" ", "_") for said in words.values()]
    return {
        "flag_values": np.array([int(code) for code in words], dtype="int8"),
        "flag_meanings": " ".join(meanings),
    }


def _rounded(ds: xr.Dataset, layers: Sequence[Layer]) -> xr.Dataset:
    """Return every number in its layer's decimals, trends in one more, as published."""
    scale = xr.DataArray(10.0 ** np.array([layer.decimals for layer in layers]), dims="layer")
    found = {}
    for name, values in ds.items():
        if values.dtype.kind == "f":
            fine = scale * 10 if str(name).startswith("trend") else scale
            kept = (values * fine).round() / fine
            found[str(name)] = kept.astype("float32").transpose(*values.dims)
    return ds.assign(found)
