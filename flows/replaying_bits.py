"""Compare a forecast with the same one issued anew, number by number, to the bit."""

from dataclasses import asdict, dataclass

import numpy as np
import xarray as xr

from flows.input_record import bits


@dataclass(frozen=True)
class Other:
    """A variable of a forecast that is not the same to the bit.

    Attributes:
        number: Of how many values; 0 where the shapes differ.
        largest: The largest difference of two numbers; NaN where there is none to tell.
        stations: Where.
        told: A sentence.
    """

    name: str
    number: int
    largest: float
    stations: tuple[str, ...]
    told: str

    def as_dict(self) -> dict[str, object]:
        """Return a JSON-ready copy."""
        told = asdict(self) | {"stations": list(self.stations)}
        return told | {"largest": None if np.isnan(self.largest) else self.largest}


def others(before: xr.Dataset, after: xr.Dataset) -> tuple[Other, ...]:
    """Return the variables and coordinates that are not the same to the bit."""
    names = sorted({*map(str, before.variables), *map(str, after.variables)})
    found = [_compare(name, before, after) for name in names]
    return tuple(other for other in found if other is not None)


def _compare(name: str, before: xr.Dataset, after: xr.Dataset) -> Other | None:
    if name not in before.variables or name not in after.variables:
        when = "then" if name in before.variables else "now"
        return Other(name, 0, np.nan, (), f"{name} is there only {when}.")
    one, two = before[name], after[name]
    if one.dims != two.dims or one.shape != two.shape:
        return Other(
            name, 0, np.nan, (), f"{name} has the shape {one.shape} then, {two.shape} now."
        )
    if bits(one.values) == bits(two.values):
        return None
    return _told(one, two)


def _told(one: xr.DataArray, two: xr.DataArray) -> Other:
    name = str(one.name)
    if one.dtype.kind != "f" or two.dtype.kind != "f":
        apart = np.asarray(one.values != two.values)
        count, largest = int(apart.sum()), np.nan
    else:
        a, b = one.values.astype("float64"), two.values.astype("float64")
        apart = (a != b) & ~(np.isnan(a) & np.isnan(b))
        steps = np.abs(a - b)[apart & np.isfinite(a) & np.isfinite(b)]
        count, largest = int(apart.sum()), float(steps.max()) if steps.size else np.nan
    places = _stations(one, apart)
    unit = one.attrs.get("units", "")
    by = "" if np.isnan(largest) else f", by {largest:.3g} {unit} at most".rstrip()
    at = f" (at {', '.join(places[:5])}{' ..' if len(places) > 5 else ''})" if places else ""
    return Other(name, count, largest, places, f"{name}: {count} of {one.size} differ{by}{at}.")


def _stations(values: xr.DataArray, apart: np.ndarray) -> tuple[str, ...]:
    if "station" not in values.dims:
        return ()
    axis = values.dims.index("station")
    rest = tuple(n for n in range(apart.ndim) if n != axis)
    names = values.station.values[apart.any(axis=rest)]
    return tuple(map(str, names.tolist()))
