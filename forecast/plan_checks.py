"""Fit a plan to an issue time, and say of it what a hydrologist must know before trusting it.

What is said stands in Korean, then in English (`forecast.wording.in_language`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.errors import InvalidData
from data.network import Network

BRIDGED = np.timedelta64(6, "h")  # a longer gap in planned releases is not bridged
WRONG_UNIT = 3.0  # times the largest on record: no dam does that
_WORDS = {"dam_release": ("방류량", "release", "m3/s"), "rainfall": ("강우", "rain", "mm")}


@dataclass(frozen=True)
class Fitted:
    """A plan for the steps after an issue time.

    Attributes:
        plan: Dims as they were, at every step up to the horizon, NaN where nothing is planned.
        notes: What must be told, a sentence each.
    """

    plan: xr.Dataset
    notes: tuple[str, ...]


def fit(
    plan: xr.Dataset,
    network: Network,
    issue_time: np.datetime64,
    now: xr.Dataset,
    largest: Mapping[str, np.ndarray],
) -> Fitted:
    """Return what a plan tells of the steps after an issue time.

    What lies outside is left out and said. Gaps between two releases of up to `BRIDGED` are
    bridged by a straight line, also from what is released at the issue time; gaps in rain are not.

    Args:
        plan: `forecast.plan.read`.
        now: `data.schema.observations` at the issue time, dims (station).
        largest: By variable (station,) the largest value on record.

    Raises:
        InvalidData: Nothing of the plan lies in the time that is forecast, or the network's record
            has no such variable.
    """
    times = issue_time + network.lead_times
    inside = np.isin(plan.time.values, times)
    if not inside.any():
        raise InvalidData(
            f"No row of the plan lies after {str(issue_time)[:16]}Z and up to "
            f"{str(times[-1])[:16]}Z.",
            "Plan hours that are forecast (UTC), or choose another issue time.",
        )
    notes = _outside(plan.time.values[~inside], issue_time)
    made = {}
    for name in map(str, plan.data_vars):
        _require_learnt(name, network, largest)
        whole = plan[name].reindex(time=times)
        if name == "dam_release":
            whole = _bridged(whole, now, issue_time, notes)
        notes += _sizes(whole, name, largest[name]) + _end(whole, name)
        made[name] = whole
    return Fitted(plan.reindex(time=times).assign(made), tuple(dict.fromkeys(notes)))


def _outside(times: np.ndarray, issue_time: np.datetime64) -> list[str]:
    early, late = times[times <= issue_time].size, times[times > issue_time].size
    said = []
    if early:
        said.append(
            f"계획의 시각 {early}개는 발표 시각 이전이라 쓰지 않습니다. "
            f"{early} times of the plan are not after the issue time and are not used."
        )
    if late:
        said.append(
            f"계획의 시각 {late}개는 예측 기간 뒤라 쓰지 않습니다. "
            f"{late} times of the plan lie beyond the forecast and are not used."
        )
    return said


def _require_learnt(name: str, network: Network, largest: Mapping[str, np.ndarray]) -> None:
    if not np.isfinite(largest.get(name, np.array([np.nan]))).any():
        raise InvalidData(
            f"The record of '{network.name}' has no {name}: what follows from it was never learnt.",
            f"Leave the column {name} out.",
        )


def _bridged(
    planned: xr.DataArray, now: xr.Dataset, issue_time: np.datetime64, notes: list[str]
) -> xr.DataArray:
    """Return releases with short gaps filled by straight lines, and tell of it in `notes`."""
    known = now.get("dam_release", xr.full_like(planned.isel(time=0, drop=True), np.nan))
    first = known.broadcast_like(planned.isel(time=0, drop=True)).assign_coords(time=issue_time)
    whole = xr.concat([first.drop_attrs(), planned], "time").transpose(*planned.dims)
    filled = whole.interpolate_na("time", max_gap=BRIDGED + np.timedelta64(1, "s"))
    filled = filled.isel(time=slice(1, None)).assign_attrs(planned.attrs)
    if bool((filled.notnull() & planned.isnull()).any()):
        notes.append(
            "계획된 방류량 사이의 빈 시각은 직선으로 이었습니다. "
            "Gaps between two planned releases are bridged by a straight line."
        )
    return filled


def _sizes(planned: xr.DataArray, name: str, largest: np.ndarray) -> list[str]:
    """Say what is larger than anything on record; far larger looks like a wrong unit."""
    limit = xr.DataArray(largest, dims="station", coords={"station": planned.station})
    ratio = float((planned / limit.where(limit > 0)).max())
    if not ratio > 1:
        return []
    worst, most = float(planned.max()), float(np.nanmax(largest))
    ko, en, unit = _WORDS[name]
    said_ko = f"계획된 {ko} {worst:,.6g} {unit}: 기록 최대 {most:,.6g} {unit}의 {ratio:.1f}배로"
    said_en = f"A planned {en} of {worst:,.6g} {unit} is {ratio:.1f} times the largest on record"
    if ratio > WRONG_UNIT:
        return [
            f"{said_ko}, 단위를 확인하십시오. {said_en}, {most:,.6g} {unit}: is the unit right?"
        ]
    return [f"{said_ko}, 학습 범위 밖입니다. {said_en}, {most:,.6g} {unit}: extrapolated."]


def _end(planned: xr.DataArray, name: str) -> list[str]:
    """Say up to where a plan counts, where it does not reach the end of the forecast."""
    gap = planned.isnull()
    used = planned.notnull().any([d for d in planned.dims if d != "time"])
    if not bool(used.any()) or not bool(gap.any()):
        return []
    stations = [str(s) for s in planned.station.values]
    whole = ~gap.any([d for d in planned.dims if d not in ("time", "station")])
    until = {}
    for station, row in zip(stations, whole.transpose("station", "time").values, strict=True):
        steps = int(np.argmin(row)) if not row.all() else row.size
        until[station] = str(planned.time.values[steps - 1])[:16] + "Z" if steps else "–"
    said = sorted(set(until.values()))
    ends = said[0] if len(said) == 1 else ", ".join(f"{s} {t}" for s, t in until.items())
    ko, en, _ = _WORDS[name]
    return [
        f"계획된 {ko}: {ends}까지만 빈 곳 없이 알려져 그 뒤는 쓰지 않습니다. "
        f"The planned {en} is known without a gap up to {ends}; beyond, it is not used."
    ]
