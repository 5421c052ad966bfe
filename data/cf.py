"""Describe observations as the CF conventions ask, so that any tool can read the archive."""

import numpy as np
import xarray as xr

from data.schema import FORCINGS, Flag
from data.stations import Quantity

CONVENTIONS = "CF-1.11"
_NAMES = {
    "water_level": ("water_surface_height_above_reference_datum", "water level on the gauge"),
    "discharge": ("water_volume_transport_in_river_channel", "discharge"),
    "rainfall": ("thickness_of_rainfall_amount", "rain in the step ending at time"),
    "dam_inflow": ("", "inflow of the dam above, mean of the step ending at time"),
    "dam_release": ("", "release of the dam above, mean of the step ending at time"),
    "dam_level": ("", "water level of the dam above [m El.]"),
    "tide": ("", "tide level at the mouth"),
}
_METHODS = {"rainfall": "time: sum", "dam_inflow": "time: mean", "dam_release": "time: mean"}
UNITS = FORCINGS | {quantity.value: quantity.unit for quantity in Quantity}


def describe(ds: xr.Dataset) -> xr.Dataset:
    """Return observations with units, names and flag meanings; values stay as they are."""
    described = ds.assign_attrs(Conventions=CONVENTIONS, featureType="timeSeries")
    for name in _NAMES:
        if name in ds:
            described[name] = ds[name].assign_attrs(_variable(name, f"{name}_flag" in ds))
        if f"{name}_flag" in ds:
            described[f"{name}_flag"] = ds[f"{name}_flag"].assign_attrs(_flag(name))
    described["time"] = ds["time"].assign_attrs(standard_name="time", axis="T")
    described["station"] = ds["station"].assign_attrs(cf_role="timeseries_id")
    described["received_time"] = ds["received_time"].assign_attrs(
        long_name="when the values of that station and time were known to us"
    )
    return described


def _variable(name: str, flagged: bool) -> dict[str, str]:
    standard_name, long_name = _NAMES[name]
    attrs = {
        "units": UNITS[name],
        "standard_name": standard_name,
        "long_name": long_name,
        "cell_methods": _METHODS.get(name, "time: point"),
        "ancillary_variables": f"{name}_flag" if flagged else "",
    }
    return {key: value for key, value in attrs.items() if value}


def _flag(name: str) -> dict[str, object]:
    return {
        "standard_name": "status_flag",
        "long_name": f"why {name} is missing or doubted",
        "flag_values": np.array(list(Flag), dtype="int8"),
        "flag_meanings": " ".join(flag.name.lower() for flag in Flag),
    }
