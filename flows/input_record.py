"""What went into a forecast, gauge by gauge: the last value, who gave it, and a fingerprint."""

from collections.abc import Mapping
from hashlib import blake2b, sha256
from typing import Any

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import FORCINGS

DIGITS = 8  # hexadecimal, of a fingerprint


def record(network: Network, known: xr.Dataset) -> dict[str, Any]:
    """Return what was known of each station and variable.

    Args:
        known: `data.schema.observations`, what the forecast saw.

    Returns:
        `last_value` and `source`: by station and variable, the time of the last value and who gave
        it; `window`: the first and last time that was looked at; `fingerprint`: by variable the
        fingerprints of all values in that window, one after the other, `DIGITS` digits for each
        station in the order of `last_value`.
    """
    names = [network.quantity.value, *(name for name in FORCINGS if name in known)]
    order = str(known.attrs["sources"]).split()
    times = [f"{text}Z" for text in np.datetime_as_string(known.time.values, unit="m")]
    here = known.sel(station=network.ids)
    rows = {name: _last(_values(here, name)) for name in names}
    gave = {name: _values(here, f"{name}_source") for name in names}
    last: dict[str, dict[str, str | None]] = {}
    given: dict[str, dict[str, str]] = {}
    for number, station in enumerate(network.ids):
        seen = {name: int(row[number]) for name, row in rows.items()}
        last[station] = {name: times[row] if row >= 0 else None for name, row in seen.items()}
        given[station] = {
            name: order[int(gave[name][number, row])] for name, row in seen.items() if row >= 0
        }
    prints = {name: _prints(_values(here, name)) for name in names}
    return {
        "last_value": last,
        "source": given,
        "window": [times[0], times[-1]],
        "fingerprint": prints,
    }


def fingerprint(inputs: Mapping[str, Any], variable: str) -> dict[str, str]:
    """Return the fingerprint of each station; {} where the run noted none."""
    row = str(inputs.get("fingerprint", {}).get(variable, ""))
    stations = list(inputs.get("last_value", {}))
    if len(row) != DIGITS * len(stations):
        return {}
    return {s: row[DIGITS * n : DIGITS * (n + 1)] for n, s in enumerate(stations)}


def of_network(network: Network) -> str:
    """Return a fingerprint of what a forecast needs to know of a network, but its thresholds."""
    digest = sha256()
    for station in network.stations:
        place = f"{station.latitude} {station.longitude} {station.gauge_zero}"
        digest.update(f"{station.id} {','.join(station.upstream)} {place}\n".encode())
    facts = (network.quantity.value, str(network.step), network.horizon, network.source)
    digest.update(f"{facts} {network.delay} {network.split.train}\n".encode())
    for feed in network.feeds:
        digest.update(repr(feed).encode())
    return digest.hexdigest()[:12]


def of_forecast(forecast: xr.Dataset) -> str:
    """Return a fingerprint of every number and word of a forecast, 64 hexadecimal digits."""
    digest = sha256()
    for name in sorted(map(str, forecast.variables)):
        digest.update(f"{name} {forecast[name].dims}".encode())
        digest.update(bits(forecast[name].values))
    return digest.hexdigest()


def bits(values: np.ndarray) -> bytes:
    """Return values as bytes: the same only if they are the same to the bit."""
    if values.dtype.kind in "OUST":
        return "\0".join(map(str, values.ravel().tolist())).encode()
    if values.dtype.kind in "mM":
        values = values.astype(f"{values.dtype.kind}8[ns]")
    elif values.dtype.kind == "f":
        values = np.where(np.isnan(values), values.dtype.type(np.nan), values)
    return f"{values.dtype} {values.shape}".encode() + np.ascontiguousarray(values).tobytes()


def _values(ds: xr.Dataset, name: str) -> np.ndarray:
    return np.asarray(ds[name].transpose("station", "time").values)


def _last(values: np.ndarray) -> np.ndarray:
    """Return the column of the last value of each row; -1 where there is none."""
    there = np.isfinite(values)
    from_the_end = there[:, ::-1].argmax(axis=1)
    return np.where(there.any(axis=1), values.shape[1] - 1 - from_the_end, -1)


def _prints(values: np.ndarray) -> str:
    plain = np.ascontiguousarray(np.where(np.isnan(values), np.float32(np.nan), values), "float32")
    return "".join(blake2b(row.tobytes(), digest_size=DIGITS // 2).hexdigest() for row in plain)
