"""Say where a scenario goes beyond all that the model has learnt from."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from forecast.scenario_inputs import Changed

HOUR = np.timedelta64(1, "h")
DAY = np.timedelta64(24, "h")


@dataclass(frozen=True)
class Limits:
    """The extremes of the training years, by station; NaN where there is none.

    Attributes:
        rain: Largest sum of 24 h [mm].
        release: Largest release [m3/s].
        low, high: Of the own quantity.
    """

    rain: np.ndarray
    release: np.ndarray
    low: np.ndarray
    high: np.ndarray


def learn(observations: xr.Dataset, network: Network) -> Limits:
    """Return the extremes of the training years."""
    year = observations.time.dt.year.values
    first, last = network.split.train
    past = observations.isel(time=(year >= first) & (year <= last))
    own = _values(past, network.quantity.value, network)
    rain = _day_sums(_values(past, "rainfall", network), network)
    release = _values(past, "dam_release", network)
    return Limits(_most(rain), _most(release), -_most(-own), _most(own))


def beyond(changed: Changed, network: Network, limits: Limits) -> tuple[str, ...]:
    """Return a sentence for each kind of input that lies beyond the extremes."""
    rain = _most(_day_sums(_joined(changed, "rainfall", network), network))
    release = _most(_joined(changed, "dam_release", network))
    own = _values(changed.observations, network.quantity.value, network)
    unit = network.quantity.unit
    said = [
        _said("24시간 강우", "24 h of rain", "mm", (rain, limits.rain)),
        _said("댐 방류량", "a release", "m3/s", (release, limits.release)),
        _said("관측값", "a reading", unit, (_most(own), limits.high)),
        _below(unit, -_most(-own), limits.low),
    ]
    return tuple(each for each in said if each)


def _said(ko: str, en: str, unit: str, pair: tuple[np.ndarray, np.ndarray]) -> str:
    found, most = pair
    above = np.flatnonzero(found > most)  # NaN is not
    if not above.size:
        return ""
    worst = int(above[np.argmax(found[above] - most[above])])
    value, limit = f"{found[worst]:,.6g} {unit}", f"{most[worst]:,.6g} {unit}"
    return (
        f"학습 범위 밖의 외삽입니다: {ko} {value}, 학습한 최대 {limit}입니다. "
        f"Extrapolated: {en} of {value}; the most that was learnt from is {limit}."
    )


def _below(unit: str, found: np.ndarray, low: np.ndarray) -> str:
    under = np.flatnonzero(found < low)
    if not under.size:
        return ""
    value, limit = f"{found[under[0]]:,.4g} {unit}", f"{low[under[0]]:,.4g} {unit}"
    return (
        f"학습 범위 밖의 외삽입니다: 관측값 {value}, 학습한 최소 {limit}입니다. "
        f"Extrapolated: a reading of {value}; the least that was learnt from is {limit}."
    )


def _joined(changed: Changed, name: str, network: Network) -> np.ndarray:
    """Return what was and what is to come, (station, time)."""
    parts = [_values(changed.observations, name, network)]
    if changed.plan is not None:
        parts.append(_values(changed.plan, name, network))
    return np.concatenate(parts, axis=1)


def _values(ds: xr.Dataset, name: str, network: Network) -> np.ndarray:
    if name not in ds:
        return np.full((len(network.ids), 1), np.nan)
    values = ds[name].sel(station=network.ids).transpose("station", "time")
    return np.asarray(values, dtype="float64")


def _day_sums(values: np.ndarray, network: Network) -> np.ndarray:
    """Return sums over 24 h; what is not known counts as nothing, so they are no less than that."""
    steps = max(1, round(DAY / network.step))
    total = np.cumsum(np.nan_to_num(values), axis=1)
    total[:, steps:] -= total[:, :-steps].copy()
    return np.where(np.isfinite(values).any(axis=1, keepdims=True), total, np.nan)


def _most(values: np.ndarray) -> np.ndarray:
    """Return (station,) the largest; NaN where nothing is known."""
    most = np.max(np.where(np.isfinite(values), values, -np.inf), axis=1)
    return np.where(np.isfinite(most), most, np.nan)
