"""Stations and times of a NetCDF file as CF-1.11 asks, for observations and forecasts alike."""

from typing import Any, Final

import numpy as np

from data.network import Network

SECONDS: Final = {
    "units": "seconds since 1970-01-01",
    "calendar": "proleptic_gregorian",
    "units_metadata": "leap_seconds: none",  # as datetime64 counts; CF-1.11, 4.4
}
PLACES: Final = "station_id station_name lat lon"


def places(network: Network, ids: list[str]) -> dict[str, Any]:
    """Return variables of stations, dims (station,): id, name, latitude, longitude, gauge zero."""
    stations = [network.station(name) for name in ids]
    degrees = {"lat": ("latitude", "degrees_north"), "lon": ("longitude", "degrees_east")}
    located: dict[str, Any] = {
        short: (
            "station",
            [getattr(station, name) for station in stations],
            {"standard_name": name, "long_name": f"{name} of the station", "units": unit},
        )
        for short, (name, unit) in degrees.items()
    }
    role = {"cf_role": "timeseries_id", "long_name": "id of the station at its provider"}
    title = {"standard_name": "platform_name", "long_name": "name of the station"}
    zero = {
        "standard_name": "water_surface_reference_datum_altitude",
        "long_name": "altitude of the gauge's zero",
        "units": "m",
    }
    return located | {
        "station_id": ("station", characters(ids), role),
        "station_name": ("station", characters([s.name_en for s in stations]), title),
        "gauge_zero": ("station", [s.gauge_zero for s in stations], zero),
    }


def characters(words: list[str]) -> np.ndarray:
    """Return words as UTF-8 of one length, which every NetCDF tool reads."""
    return np.array([word.encode() for word in words], dtype=np.bytes_)


def seconds(times: np.ndarray) -> np.ndarray:
    """Return times as whole seconds since 1970, as `SECONDS` says."""
    return times.astype("datetime64[s]").astype("int64")
