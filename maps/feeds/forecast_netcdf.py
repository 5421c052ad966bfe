"""One forecast as CF-1.11 NetCDF (featureType timeSeries), for anybody's tools."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from data import netcdf
from data.cf import CONVENTIONS
from data.cf_places import PLACES, SECONDS, places, seconds
from data.stations import Quantity
from maps.feeds.label import label, notice
from maps.feeds.layout import large
from maps.feeds.series import Series
from maps.listing import credits_of
from maps.plain import plain
from maps.view import View

_NAMES = {
    Quantity.WATER_LEVEL: "water_surface_height_above_reference_datum",
    Quantity.DISCHARGE: "water_volume_transport_in_river_channel",
}
_ISSUED = {"standard_name": "forecast_reference_time", "long_name": "issue time, UTC"}
_VALID = {"standard_name": "time", "long_name": "valid time, UTC", "axis": "T"}
_LEVELS = {"long_name": "the value stays below with this probability", "units": "1"}


def write(path: Path, view: View, series: Series) -> None:
    """Write the forecast of all gauges as `to_cf` describes it."""
    netcdf.write(path, to_cf(view, series), squeeze=not large(view.network))


def to_cf(view: View, series: Series) -> xr.Dataset:
    """Return the forecast, dims (quantile, station, time); what is not known is the fill value."""
    network, quantity = view.network, view.network.quantity
    values = series.forecast.transpose(2, 0, 1).astype("float32")
    issue = seconds(view.forecast.issue_time.values[:1])[0]
    return xr.Dataset(
        {
            quantity.value: (("quantile", "station", "time"), values, _of_value(quantity)),
            **_automatic(view),
            "forecast_reference_time": ((), issue, _ISSUED | SECONDS),
            **places(network, network.ids),
        },
        coords={
            "time": ("time", seconds(view.forecast.valid_time.values[0]), _VALID | SECONDS),
            "quantile": ("quantile", series.levels.astype("float32"), _LEVELS),
        },
        attrs=_signed(view),
    )


def _automatic(view: View) -> dict[str, Any]:
    """Return the automatic forecast, where the one beside it was edited by a person."""
    if view.review is None or not view.review.changes:
        return {}
    quantity = view.network.quantity
    raw = view.review.forecast[quantity.value].isel(issue_time=0).sel(station=view.network.ids)
    values = raw.transpose("quantile", "station", "lead_time").values.astype("float32")
    told = _of_value(quantity) | {"long_name": "automatic forecast, before a person edited it"}
    return {f"{quantity.value}_automatic": (("quantile", "station", "time"), values, told)}


def _edits(view: View) -> str:
    """Return which gauges a person edited."""
    changes = view.review.changes if view.review else ()
    said = [
        f"{change.station} by {', '.join(dict.fromkeys(edit.role for edit in change.edits))} "
        f"(stage {change.after.stage.name}, automatic {change.before.stage.name})"
        for change in changes
    ]
    return f"EDITED: {'; '.join(said)}." if said else ""


def _of_value(quantity: Quantity) -> dict[str, Any]:
    what = "water level on the gauge" if quantity is Quantity.WATER_LEVEL else "discharge"
    return {
        "standard_name": _NAMES[quantity],
        "long_name": f"forecast {what}",
        "units": quantity.unit,
        "cell_methods": "time: point",
        "coordinates": f"{PLACES} forecast_reference_time",
        "_FillValue": np.float32(np.nan),
    }


def _signed(view: View) -> dict[str, str]:
    """Return who made it from what, and what it is not."""
    network, manifest = view.network, view.manifest
    notes = [f"{label(view)}.", notice(view, "en"), notice(view, "ko"), network.caveat_en]
    notes.append(_edits(view))
    said = {
        "Conventions": CONVENTIONS,
        "featureType": "timeSeries",
        "title": f"{label(view)}: {network.title_en}",
        "institution": "Mulgil",
        "source": f"Mulgil, model {manifest.get('model') or 'not told'}, from: "
        + " ".join([network.provenance, *credits_of(network)]),
        "history": f"run {manifest.get('run_id') or 'not told'}",
        "references": "https://cfconventions.org",
        "comment": " ".join(note for note in notes if note),
    }
    return {name: plain(text) for name, text in said.items()}
