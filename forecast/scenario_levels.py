"""What if a gauge were blocked, or read wrongly."""

import re
from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.errors import InvalidData
from data.network import Network
from data.stations import Quantity

_CORRECTION = re.compile(r"(?P<station>.+)=(?P<sign>[+-]?)(?P<value>\d+(\.\d*)?|\.\d+)")
_EXAMPLE = "Write STATION=+0.12 (all its readings by so much) or STATION=2.35 (its last reading)."
_UNIT = {Quantity.WATER_LEVEL: "m", Quantity.DISCHARGE: "m3/s"}


@dataclass(frozen=True)
class Correction:
    """A correction of one gauge, in the unit of the network's quantity.

    Attributes:
        by: What is added to all its readings; None: its last reading is set to `to`.
    """

    station: str
    by: float | None = None
    to: float | None = None


@dataclass(frozen=True)
class Levels:
    """Changed observations, and a sentence for each change."""

    observations: xr.Dataset
    changes: tuple[str, ...]


def parse(text: str, network: Network) -> Correction:
    """Read a correction as a person types it, e.g. `1018662=+0.12` or `1018662=2.35`.

    Raises:
        InvalidData: It is none, or of an unknown station.
    """
    found = _CORRECTION.fullmatch(text.strip().replace("−", "-"))
    if not found:
        raise InvalidData(f"'{text}' is no correction.", _EXAMPLE)
    station, value = found["station"].strip(), float(found["value"])
    require_known(station, network)
    if found["sign"]:
        return Correction(station, by=-value if found["sign"] == "-" else value)
    return Correction(station, to=value)


def require_known(station: str, network: Network) -> None:
    """Refuse a station that the network does not have.

    Raises:
        InvalidData: It has none of that id.
    """
    if station not in network.ids:
        known = ", ".join(network.ids[:5]) + (" .." if len(network.ids) > 5 else "")
        raise InvalidData(f"No station '{station}' in '{network.name}'.", f"It has: {known}.")


def apply(
    observations: xr.Dataset,
    network: Network,
    blocked: tuple[str, ...],
    corrected: tuple[Correction, ...],
) -> Levels:
    """Return observations with gauges blocked or corrected.

    Raises:
        InvalidData: A station is unknown, blocked and corrected, or has no reading to correct.
    """
    name = network.quantity.value
    own = observations[name].copy()
    changes = []
    for station in dict.fromkeys(blocked):
        require_known(station, network)
        own.loc[{"station": station}] = np.nan
        changes.append(
            f"{station} 지점의 관측을 모두 뺐습니다. All readings of {station} were taken away."
        )
    for each in corrected:
        require_known(each.station, network)
        _require_once(each, blocked, corrected)
        changes.append(_correct(own, each, network))
    return Levels(observations.assign({name: own}), tuple(changes))


def _require_once(
    each: Correction, blocked: tuple[str, ...], corrected: tuple[Correction, ...]
) -> None:
    twice = [other.station for other in corrected].count(each.station) > 1
    if twice or each.station in blocked:
        raise InvalidData(
            f"'{each.station}' is changed in two ways.", "Block a gauge or correct it, once."
        )


def _correct(own: xr.DataArray, each: Correction, network: Network) -> str:
    """Correct the readings of one gauge in place, and return what was done."""
    here, unit = own.sel(station=each.station), _UNIT[network.quantity]
    read = np.flatnonzero(here.notnull().values)
    if not read.size:
        raise InvalidData(
            f"'{each.station}' has no reading to correct.", "Leave it out, or choose another time."
        )
    if each.by is not None:
        own.loc[{"station": each.station}] = here + np.float32(each.by)
        return (
            f"{each.station} 지점의 모든 관측에 {each.by:+g} {unit}를 더했습니다. "
            f"{each.by:+g} {unit} was added to all readings of {each.station}."
        )
    last = here.time.values[read[-1]]
    was = float(here.sel(time=last))
    own.loc[{"station": each.station, "time": last}] = np.float32(each.to)
    when = f"{str(last)[:16]}Z"
    return (
        f"{each.station} 지점의 마지막 관측({when})을 {was:.2f}에서 {each.to:.2f} {unit}로 "
        f"바꿨습니다. The last reading of {each.station} ({when}) was set from {was:.2f} to "
        f"{each.to:.2f} {unit}."
    )
