"""What if it rained more, later, or elsewhere."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from data.errors import InvalidData
from data.network import Network
from data.schema import FORCINGS
from forecast import scenario_places
from forecast.scenario_inputs import Changed

HOUR = np.timedelta64(1, "h")
DAY = np.timedelta64(24, "h")
MOST = 20.0  # a factor beyond is a slip of the pen


@dataclass(frozen=True)
class RainChange:
    """How rain is changed; in this order.

    Attributes:
        past: How far back from the issue time it is changed.
        given: Rain that takes the place of what is known, (station, time); None: none.
        place: Where the rain is taken from: a station, or km east and north that it is moved by,
            e.g. `12,-5`; "": from where it is.
        later: By how much it comes later; below 0 it comes earlier.
        factor: What it is multiplied by.
        more: mm in all, spread evenly over the steps that are changed; below 0 it is less.
    """

    past: np.timedelta64 = DAY
    given: xr.DataArray | None = None
    place: str = ""
    later: np.timedelta64 = 0 * HOUR
    factor: float | None = None
    more: float = 0.0

    @property
    def nothing(self) -> bool:
        """Whether nothing of the rain is to be changed."""
        moved = self.place or self.later != 0 * HOUR
        return self.given is None and not moved and self.factor is None and self.more == 0


def apply(
    change: RainChange, made: Changed, network: Network, issue_time: np.datetime64
) -> Changed:
    """Return inputs with their rain changed.

    Raises:
        InvalidData: There is no rain to change, or the change makes no sense.
    """
    if change.nothing:
        return made
    _require_sense(change, network)
    whole = _timeline(made, network, issue_time)
    rain, said = _changed(change, whole, network, issue_time)
    window = rain.time > issue_time - change.past
    rain = rain.where(window, whole)
    past, future = rain.sel(time=made.observations.time), rain.sel(time=rain.time > issue_time)
    kept = xr.full_like(past, np.nan) if "rainfall" not in made.observations else past
    kept = kept.astype("float32").assign_attrs(units=FORCINGS["rainfall"])
    plan = made.plan
    if bool(future.notnull().any()):
        told = future.assign_attrs(units=FORCINGS["rainfall"])
        plan = (plan if plan is not None else xr.Dataset()).assign(rainfall=told)
    return replace(
        made,
        observations=made.observations.assign(rainfall=kept),
        plan=plan,
        changes=(*made.changes, *said, _which(whole, future, change, issue_time)),
        notes=(*made.notes, *_silent(whole, change, issue_time)),
    )


def _require_sense(change: RainChange, network: Network) -> None:
    factor = 1.0 if change.factor is None else change.factor
    if not (np.isfinite(factor) and 0 <= factor <= MOST):
        raise InvalidData(f"The rain factor is {factor:g}, expected 0 to {MOST:g}.")
    if not np.isfinite(change.more) or abs(change.more) > 2000:
        raise InvalidData(f"{change.more:g} mm more rain, expected -2000 to 2000.")
    if change.past < 0 * HOUR:
        raise InvalidData("The hours of past rain to change are below 0.", "Write 0 or more.")
    if change.later % network.step != 0 * HOUR or abs(change.later) > 3 * DAY:
        raise InvalidData(
            f"Rain cannot be moved by {change.later / HOUR:g} h.",
            f"Move it by whole steps of {network.step}, by three days at most.",
        )


def _timeline(made: Changed, network: Network, issue_time: np.datetime64) -> xr.DataArray:
    """Return the rain of the past and of the hours ahead, (station, time), NaN where unknown.

    Raises:
        InvalidData: None of it is known.
    """
    ahead = issue_time + network.lead_times
    times = np.concatenate([made.observations.time.values, ahead])
    coords = {"station": network.ids, "time": times}
    rain = xr.DataArray(np.full((len(network.ids), times.size), np.nan), coords, tuple(coords))
    for part in (made.observations, made.plan):
        if part is not None and "rainfall" in part:
            known = part["rainfall"].sel(station=network.ids).transpose("station", "time")
            known = known.reindex(time=times)
            rain = (
                known.astype("float64")
                .drop_attrs()
                .drop_vars(set(known.coords) - {"station", "time"})
                .fillna(rain)
            )
    return rain


def _changed(
    change: RainChange, rain: xr.DataArray, network: Network, issue_time: np.datetime64
) -> tuple[xr.DataArray, list[str]]:
    said = []
    if change.given is not None:
        given = change.given.sel(station=network.ids).reindex(time=rain.time)
        rain = given.transpose("station", "time").fillna(rain)
        said.append("파일의 강우를 넣었습니다. The rain of a file was put in.")
    if not bool(rain.notnull().any()):
        raise InvalidData(f"'{network.name}' has no rain to change at this time.")
    if change.place:
        rain, told = scenario_places.taken_from(change.place, rain, network)
        said.append(told)
    if change.later != 0 * HOUR:
        rain = _moved(rain, change.later, issue_time)
        hours = f"{abs(change.later / HOUR):g}"
        ko, en = ("늦게", "later") if change.later > 0 * HOUR else ("일찍", "earlier")
        said.append(f"강우를 {hours}시간 {ko} 오게 했습니다. Rain comes {hours} h {en}.")
    if change.factor is not None:
        rain = rain * change.factor
        by = f"{change.factor:g}"
        said.append(f"강우에 {by}배를 곱했습니다. Rain was multiplied by {by}.")
    if change.more:
        steps = rain.where(rain.time > issue_time - change.past).notnull().sum("time")
        rain = (rain + change.more / steps.where(steps > 0)).clip(min=0)
        said.append(
            f"강우에 모두 {change.more:+g} mm를 고르게 나누어 더했습니다. "
            f"{change.more:+g} mm of rain in all was added, spread evenly."
        )
    return rain, said


def _moved(rain: xr.DataArray, later: np.timedelta64, issue_time: np.datetime64) -> xr.DataArray:
    """Return rain as it was some time before; nobody knows what comes in from beyond the end.

    Raises:
        InvalidData: Rain that is not known would have fallen already.
    """
    taken = rain.reindex(time=rain.time.values - later.astype("timedelta64[ns]"))
    moved = taken.assign_coords(time=rain.time.values)
    lost = moved.isnull() & rain.notnull() & (rain.time <= issue_time)
    if later < 0 * HOUR and bool(lost.isel(time=slice(-(rain.sizes["time"] // 2), None)).any()):
        raise InvalidData(
            "Rain that comes earlier has fallen already, and that of the next hours is not known.",
            "Give the rain of the hours ahead with --rain-csv.",
        )
    return moved


def _which(
    before: xr.DataArray, future: xr.DataArray, change: RainChange, issue_time: np.datetime64
) -> str:
    """Say which rain was changed: what has fallen, what is to come, or both."""
    hours = f"{change.past / HOUR:g}"
    window = _window(before, change, issue_time)
    fallen = bool(before.sel(time=window).notnull().any())
    ahead = bool(future.notnull().any())
    past = (f"지난 {hours}시간의 강우", f"the rain of the last {hours} h")
    if fallen and ahead:
        return f"{past[0]}와 앞으로 올 강우를 바꿨습니다. Changed: {past[1]} and the rain to come."
    if ahead:
        return "앞으로 올 강우만 바꿨습니다. Changed: the rain to come only."
    return (
        f"{past[0]}만 바꿨으며, 앞으로 올 강우는 알려지지 않아 그대로입니다. "
        f"Changed: {past[1]} only; the rain to come is not known and stays open."
    )


def _window(rain: xr.DataArray, change: RainChange, issue_time: np.datetime64) -> np.ndarray:
    times = rain.time.values
    return np.asarray(times[(times > issue_time - change.past) & (times <= issue_time)])


def _silent(rain: xr.DataArray, change: RainChange, issue_time: np.datetime64) -> list[str]:
    """Name the gauges without rain readings in the hours that are changed."""
    window = _window(rain, change, issue_time)
    if change.given is not None or not window.size:
        return []
    without = [
        str(station)
        for station in rain.station.values
        if not bool(rain.sel(station=station, time=window).notnull().any())
    ]
    if not without:
        return []
    named = ", ".join(without[:5]) + (" .." if len(without) > 5 else "")
    return [
        f"{named} 지점에는 그 시간의 강우 자료가 없어 바뀐 것이 없습니다. "
        f"{named} has no rain data in those hours: nothing changes there."
    ]
