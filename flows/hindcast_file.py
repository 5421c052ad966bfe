"""The file of one month of hindcasts: what would have been issued, small, whole or not at all.

<network>/hindcasts/2018-07.nc      dims (issue_time, station, lead_time, quantile)

    change        int16: a value less the last reading, in steps of
    change_step   float32 (issue_time, station): `FINEST` of the unit, or as coarse as the largest
                  change of that forecast asks; a value is off by half a step at most
    last_observed, last_observed_time; reason, a number of the sentences in attrs["reasons"]

With `exact` the quantity itself is in it, float32, and no `change`. It is written a few issue times
at a time, so no month need fit into memory.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import h5netcdf  # type: ignore[import-untyped]
import h5py  # type: ignore[import-untyped]
import numpy as np
import xarray as xr

from data import whole
from data.network import Network
from data.schema import QUANTILES

FINEST: Final = {"m": 1e-4, "m3/s": 1e-3}  # by unit; of any other 1e-4
MOST = 32_767  # of int16; one less than the least is what is missing
_MISSING = -MOST - 1
_NOT_A_TIME = np.iinfo("int64").min
_DIMS = ("issue_time", "station", "lead_time", "quantile")
_SECOND = np.timedelta64(1, "s")

Put = Callable[[np.ndarray, xr.Dataset], None]


@contextmanager
def writing(
    path: Path, network: Network, issues: np.ndarray, told: dict[str, Any], exact: bool
) -> Iterator[Put]:
    """Write a month; the yielded function puts forecasts at some rows of `issues`.

    Args:
        told: Attributes of the file, strings and numbers; it says `exact` itself.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        with h5netcdf.File(part, "w") as file:
            _lay_out(file, network, issues, exact)
            reasons = [""]
            yield lambda rows, made: _put(file, rows, made, reasons)
            file.attrs.update(told | {"reasons": json.dumps(reasons, ensure_ascii=False)})
        whole.to_disk(part)
        part.replace(path)
        whole.to_disk(path.parent)
    finally:
        part.unlink(missing_ok=True)


def told(path: Path) -> dict[str, Any]:
    """Return the attributes of a month; {} where there is no file that can be read."""
    try:
        with h5py.File(path) as file:
            return {str(name): _plain(value) for name, value in file.attrs.items()}
    except (OSError, KeyError, ValueError):
        return {}


def issue_times(path: Path) -> np.ndarray:
    """Return the issue times of a month."""
    with h5py.File(path) as file:
        return _times(file["issue_time"][()])


def read(path: Path, network: Network, issues: np.ndarray | None = None) -> xr.Dataset:
    """Return forecasts of a month as `forecast.predict.predict` does.

    Args:
        issues: Which, ascending; None: all.
    """
    with h5py.File(path) as file:
        times = _times(file["issue_time"][()])
        wanted = times if issues is None else issues
        rows = np.searchsorted(times, wanted)
        span = slice(int(rows[0]), int(rows[-1]) + 1) if rows.size else slice(0, 0)
        found = {name: file[name][span][rows - span.start] for name in _in_time(file)}
        sentences = np.array(json.loads(str(_plain(file.attrs["reasons"]))))
        stations = [name.decode() for name in file["station"][()]]
        attrs = {name: str(_plain(file.attrs[name])) for name in ("model", "network", "quantity")}
    dims = {"issue_time": wanted, "station": stations, "lead_time": network.lead_times}
    quantity, unit = network.quantity.value, {"units": network.quantity.unit}
    return xr.Dataset(
        {
            quantity: (_DIMS, _values(found, quantity), unit),
            "last_observed": (_DIMS[:2], found["last_observed"], unit),
            "last_observed_time": (_DIMS[:2], _times(found["last_observed_time"])),
            "reason": (_DIMS[:2], sentences[found["reason"]]),
        },
        coords=dims
        | {
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), wanted[:, None] + network.lead_times),
        },
        attrs=attrs,
    )


def _lay_out(file: Any, network: Network, issues: np.ndarray, exact: bool) -> None:
    sizes = (len(issues), len(network.ids), network.horizon, len(QUANTILES))
    file.dimensions = dict(zip(_DIMS, sizes, strict=True))
    clock = {"units": "seconds since 1970-01-01", "calendar": "proleptic_gregorian"}
    leads = (network.lead_times / _SECOND).astype("int64")
    _keep(
        file, "issue_time", _seconds(issues), clock | {"standard_name": "forecast_reference_time"}
    )
    _keep(file, "lead_time", leads, {"units": "seconds", "standard_name": "forecast_period"})
    _keep(file, "quantile", np.array(QUANTILES), {"units": "1"})
    names = file.create_variable("station", ("station",), h5py.string_dtype())
    names[:] = np.array(network.ids, dtype=object)
    unit = {"units": network.quantity.unit}
    if exact:
        _open(file, network.quantity.value, _DIMS, ("float32", np.float32(np.nan)), unit)
    else:
        said = f"{network.quantity.value} = last_observed (0 if unknown) + change * change_step"
        _open(file, "change", _DIMS, ("int16", np.int16(_MISSING)), {"comment": said})
        _open(file, "change_step", _DIMS[:2], ("float32", np.float32(np.nan)), unit)
    _open(file, "last_observed", _DIMS[:2], ("float32", np.float32(np.nan)), unit)
    _open(file, "last_observed_time", _DIMS[:2], ("int64", np.int64(_NOT_A_TIME)), clock)
    _open(file, "reason", _DIMS[:2], ("int16", None), {})


def _keep(file: Any, name: str, values: np.ndarray, attrs: dict[str, str]) -> None:
    made = file.create_variable(name, (name,), values.dtype, data=values)
    made.attrs.update(attrs)


def _open(
    file: Any,
    name: str,
    dims: tuple[str, ...],
    kind: tuple[str, Any],
    attrs: dict[str, str],
) -> None:
    """Make a variable that is filled later, squeezed in blocks of a day and some stations."""
    sizes = [file.dimensions[dim].size for dim in dims]
    blocks = tuple(max(1, min(*most)) for most in zip(sizes, (24, 64, 1_000, 16), strict=False))
    made = file.create_variable(
        name, dims, kind[0], fillvalue=kind[1], chunks=blocks,
        compression="gzip", compression_opts=1, shuffle=True,
    )  # fmt: skip
    made.attrs.update(attrs)


def _put(file: Any, rows: np.ndarray, made: xr.Dataset, reasons: list[str]) -> None:
    """Put forecasts at rows that follow each other without a gap."""
    place = slice(int(rows[0]), int(rows[-1]) + 1)
    quantity = str(made.attrs["quantity"])
    values = made[quantity].transpose(*_DIMS).values
    last = made["last_observed"].transpose(*_DIMS[:2]).values
    if quantity in file.variables:
        file[quantity][place] = values
    else:
        unit = str(made[quantity].attrs.get("units", ""))
        file["change"][place], file["change_step"][place] = packed(values, last, unit)
    file["last_observed"][place] = last
    file["last_observed_time"][place] = _seconds(made["last_observed_time"].values)
    said = made["reason"].values.astype(str)
    reasons += [text for text in np.unique(said) if text not in reasons]
    order = np.argsort(reasons)
    found = np.searchsorted(np.array(reasons)[order], said)
    file["reason"][place] = order[found].astype("int16")


def packed(values: np.ndarray, last: np.ndarray, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """Return int16 changes and their steps (issue, station), of values (.., lead, quantile)."""
    change = values - np.nan_to_num(last)[..., None, None].astype("float64")
    largest = np.abs(np.where(np.isfinite(change), change, 0.0)).max(axis=(2, 3))
    step = np.maximum(FINEST.get(unit, 1e-4), largest / (MOST - 1)).astype("float32")
    steps = np.rint(change / step[..., None, None])
    return np.where(np.isfinite(steps), steps, _MISSING).astype("int16"), step


def _values(found: dict[str, np.ndarray], quantity: str) -> np.ndarray:
    if quantity in found:
        return found[quantity]
    change, step = found["change"], found["change_step"].astype("float64")
    start = np.nan_to_num(found["last_observed"]).astype("float64")[..., None, None]
    values = start + change * step[..., None, None]
    return np.where(change == _MISSING, np.nan, values).astype("float32")


def _in_time(file: Any) -> list[str]:
    return [name for name in file if name != "issue_time" and file[name].ndim >= 2]


def _seconds(times: np.ndarray) -> np.ndarray:
    whole_seconds = times.astype("datetime64[s]").astype("int64")
    return np.where(np.isnat(times), _NOT_A_TIME, whole_seconds)


def _times(seconds: np.ndarray) -> np.ndarray:
    return np.asarray(seconds.astype("datetime64[s]").astype("datetime64[ns]"))


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic | np.ndarray) else value
