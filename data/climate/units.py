"""Units of daily climate, converted once at the door: temperature to degC, rain to mm of the day.

A unit can be named right and still be wrong: rain labelled kg m-2 s-1 but given in mm is 86,400
times too large. So values are weighed after the conversion, and refused where no climate on Earth
fits them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.errors import InvalidData

DAY = 86_400.0  # s
_KELVIN = 273.15
_COLDEST, _HOTTEST = -90.0, 60.0  # degC; the records are -89.2 and 56.7
_WETTEST = 2_000.0  # mm in a day; the record is 1,825 (Foc-Foc, La Reunion, 1966)
_DRIEST = 0.05  # mm: no place on Earth has a wettest day below this in `_ENOUGH` days
_ENOUGH = 60
_ROUNDING = -0.01  # mm: rain below is an error, above it is numerical noise and becomes 0
_REMEDY = "Correct the units attribute of the file, or mask its outliers."

Conversion = Callable[[xr.DataArray], xr.DataArray]


def _scaled(factor: float, offset: float = 0.0) -> Conversion:
    return lambda values: (values if factor == 1 else values * factor) + offset


_TEMPERATURE = {
    **dict.fromkeys(["k", "kelvin", "degk", "deg_k"], _scaled(1, -_KELVIN)),
    **dict.fromkeys(
        ["degc", "deg_c", "c", "celsius", "°c", "℃", "degreesc", "degrees_celsius"], _scaled(1)
    ),
}
_RAIN = {
    **dict.fromkeys(["kgm-2s-1", "kg/m2/s", "kg/m^2/s", "kgm**-2s**-1", "mms-1", "mm/s"], DAY),
    **dict.fromkeys(["mm", "mm/day", "mm/d", "mmday-1", "mmd-1", "kgm-2", "kg/m2"], 1.0),
    **dict.fromkeys(["kgm-2d-1", "kgm-2day-1", "mmdy-1"], 1.0),
    **dict.fromkeys(["ms-1", "m/s"], 1000 * DAY),
    **dict.fromkeys(["m", "m/day", "md-1", "mday-1"], 1000.0),
}
_CONVERSIONS = dict.fromkeys(("tas", "tasmin", "tasmax"), _TEMPERATURE) | {
    "pr": {unit: _scaled(factor) for unit, factor in _RAIN.items()}
}


@dataclass(frozen=True)
class Span:
    """The lowest and the highest of some values, NaN where there is none.

    Attributes:
        days: How many days they are of.
    """

    low: float
    high: float
    days: int

    @classmethod
    def of(cls, values: xr.DataArray) -> "Span":
        """Return the span of daily values."""
        return cls(float(values.min()), float(values.max()), values.sizes["time"])


def convert(name: str, values: xr.DataArray) -> xr.DataArray:
    """Return tas, tasmin or tasmax in degC, or pr in mm of the day, as float32.

    Args:
        values: With a `units` attribute, one value a day, dimension `time`.

    Raises:
        InvalidData: The unit is missing or unknown, or the values do not fit it.
    """
    found = scale(name, values)
    weigh(name, unit_of(values), Span.of(found))
    return settle(name, found).assign_attrs(source_units=unit_of(values))


def scale(name: str, values: xr.DataArray) -> xr.DataArray:
    """Return values in our unit as float64, as they are: `weigh` them, and `settle` them.

    Raises:
        InvalidData: The unit is missing or unknown.
    """
    conversion = _CONVERSIONS[name].get("".join(unit_of(values).split()).lower())
    if conversion is None:
        expected = "K or degC" if name != "pr" else "kg m-2 s-1, mm or mm day-1"
        raise InvalidData(f"'{name}' has the unit '{unit_of(values)}', expected {expected}.")
    return conversion(values.astype("float64"))


def unit_of(values: xr.DataArray) -> str:
    """Return what a file says the unit is; "" where it says nothing."""
    return str(values.attrs.get("units", ""))


def weigh(name: str, unit: str, span: Span) -> None:
    """Refuse what does not fit the unit that the file names.

    Args:
        span: Of the scaled values of the whole file.

    Raises:
        InvalidData: No climate on Earth has such values.
    """
    if name == "pr":
        _weigh_rain(unit, span)
    else:
        _weigh_temperature(name, unit, span)


def settle(name: str, scaled: xr.DataArray) -> xr.DataArray:
    """Return scaled values as float32; noise of rain below 0 becomes 0."""
    found = scaled.clip(min=0) if name == "pr" else scaled
    return found.astype("float32").assign_attrs(units="mm" if name == "pr" else "degC")


def _weigh_temperature(name: str, unit: str, span: Span) -> None:
    """Refuse what no thermometer has shown; a mislabelled Kelvin is 273 off."""
    low, high = span.low, span.high
    if (low >= _COLDEST and high <= _HOTTEST) or np.isnan(low):
        return
    likely = ""
    if low - _KELVIN >= _COLDEST and high - _KELVIN <= _HOTTEST:
        likely = " The values look like Kelvin."
    elif low + _KELVIN >= _COLDEST and high + _KELVIN <= _HOTTEST:
        likely = " The values look like degrees Celsius already."
    raise InvalidData(
        f"'{name}' in '{unit}' runs from {low:.1f} to {high:.1f} degC, expected "
        f"{_COLDEST:.0f} to {_HOTTEST:.0f}.{likely}",
        _REMEDY,
    )


def _weigh_rain(unit: str, span: Span) -> None:
    """Refuse rain that is 86,400 times too large or too small, or clearly negative."""
    low, high = span.low, span.high
    if high > _WETTEST:
        wrong = f"'pr' in '{unit}' reaches {high:,.0f} mm in a day, more than any place on Earth."
        guess = " Divided by 86,400 it would fit: it looks like mm labelled as a rate per second."
        raise InvalidData(wrong + (guess if high / DAY <= _WETTEST else ""), _REMEDY)
    if 0 < high < _DRIEST and span.days >= _ENOUGH:
        raise InvalidData(
            f"'pr' in '{unit}' never exceeds {high:.2g} mm in {span.days} days. "
            "Times 86,400 it would fit: it looks like kg m-2 s-1 labelled as mm.",
            _REMEDY,
        )
    if low < _ROUNDING:
        raise InvalidData(f"'pr' is negative, down to {low:.2f} mm in a day.", _REMEDY)
