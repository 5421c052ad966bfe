"""From a forecast to what a duty officer would say: which stage, when, how likely.

Probabilities come from the quantiles by linear interpolation. Beyond the outermost quantiles (0.05
and 0.95) a forecast says nothing, so 0.05 means "5 % or less" and 0.95 "95 % or more": a
probability is never 0 or 1.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import xarray as xr

from data.network import Network
from data.stations import Stage, Station, Thresholds
from forecast.probability import of_stages, worst
from forecast.wording import (
    STAGE_WORDS,
    Language,
    band,
    chance,
    clock,
    in_language,
    span,
    stage_level,
)

__all__ = ["STAGE_WORDS", "Language", "Outlook", "assess", "sentence"]

STALE_AFTER = np.timedelta64(3, "h")
NO_FORECAST = "예측값이 없습니다. There is no forecast."
NO_THRESHOLD = "이 지점에는 기준값이 없습니다. No threshold is set for this station."
UTC = ZoneInfo("UTC")
_UNKNOWN: dict[Language, str] = {"ko": "판단 불가", "en": "Unknown"}
_RISING = 0.1  # a chance that grows by that much after the stage is first likely is told too
INCOMPLETE = "예측값이 일부 없습니다. Part of the forecast is missing."


@dataclass(frozen=True)
class Outlook:
    """What one forecast means at one station.

    Attributes:
        stage: The worst stage that is reached with at least the asked probability (0.5);
            UNKNOWN where there is no forecast or no threshold.
        stage_now: Stage of the last observed value; UNKNOWN if it is stale or missing.
        stage_time: Valid time at which `stage` is first reached; NaT if it is NORMAL or UNKNOWN.
        peak: Highest median within the horizon, in the unit of the station's quantity;
            NaN without a forecast. `peak_low`, `peak_high`: the highest that the lowest and the
            highest quantile get, at whatever lead; so a flood that may come late is not hidden.
        probability: P(value >= threshold) by lead, dims (alert stage, lead_time), in the order of
            `thresholds.alerts`; empty where there is no forecast or no threshold.
        reason: Why the stage is UNKNOWN; "" where it is known.
    """

    station: str
    issue_time: np.datetime64
    stage: Stage
    stage_now: Stage
    stage_time: np.datetime64
    peak: float
    peak_low: float
    peak_high: float
    peak_time: np.datetime64
    probability: np.ndarray
    last_observed: float
    last_observed_time: np.datetime64
    reason: str = ""


def assess(
    forecast: xr.Dataset,
    network: Network,
    probability: float = 0.5,
    stale_after: np.timedelta64 = STALE_AFTER,
) -> tuple[Outlook, ...]:
    """Say what one forecast means at each station, in the order of the network.

    Args:
        forecast: `data.schema.forecast` at one issue time (`forecast.isel(issue_time=0)`).
        probability: How likely a stage must be to count as reached, 0.05 .. 0.95.
        stale_after: Age of the last reading beyond which the stage now is UNKNOWN.
    """
    return tuple(
        _at_station(forecast.sel(station=station.id), station, network, probability, stale_after)
        for station in network.stations
    )


def sentence(outlook: Outlook, network: Network, language: Language, tz: ZoneInfo = UTC) -> str:
    """Return the one sentence (or two) that a duty officer would say.

    Args:
        outlook: From `assess` of a forecast with all lead times of the network.
        tz: The zone that times are told in.
    """
    if outlook.stage is Stage.UNKNOWN:
        said = f"{_UNKNOWN[language]}: {in_language(outlook.reason, language)}".rstrip(".")
    elif outlook.stage is Stage.NORMAL:
        said = _quiet(outlook, network, language)
    else:
        said = _reached(outlook, network, language, tz)
    now = _now(outlook, network, language)
    return f"{now}{said}{_told_peak(outlook, network, language, tz)}."


def _now(outlook: Outlook, network: Network, language: Language) -> str:
    if outlook.stage_now <= Stage.NORMAL:
        return ""
    level = stage_level(outlook.stage_now, network.quantity, language)
    return {"ko": f"현재 {level}. ", "en": f"Now at {level}. "}[language]


def _reached(outlook: Outlook, network: Network, language: Language, tz: ZoneInfo) -> str:
    level = stage_level(outlook.stage, network.quantity, language)
    thresholds = network.station(outlook.station).thresholds
    rows = dict(zip(thresholds.alerts if thresholds else (), outlook.probability, strict=True))
    row, ahead = rows[outlook.stage], outlook.stage_time - outlook.issue_time
    first = row[int(ahead / network.step) - 1]
    here, wait = chance(first, language), span(ahead, language)
    there = outlook.stage_now >= outlook.stage  # it is not reached then, it only stays
    said = {
        "ko": f"{wait} 뒤 {level} {'이상일' if there else '도달'} 가능성 {here}",
        "en": f"{here} chance of {'at least' if there else 'reaching'} {level} in {wait}",
    }[language]
    if np.nanmax(row) < first + _RISING:
        return said
    most = chance(float(np.nanmax(row)), language)
    when = outlook.issue_time + (int(np.nanargmax(row)) + 1) * network.step
    at = clock(when, outlook.issue_time, tz, language)
    return said + {"ko": f" ({at}에는 {most})", "en": f" ({most} at {at})"}[language]


def _quiet(outlook: Outlook, network: Network, language: Language) -> str:
    thresholds = network.station(outlook.station).thresholds
    mildest = thresholds.alerts[0] if thresholds else Stage.ATTENTION
    level = stage_level(mildest, network.quantity, language)
    most = chance(float(np.max(outlook.probability[0])), language)
    ahead = span(network.horizon * network.step, language)
    return {
        "ko": f"{ahead} 안에 {level} 도달 가능성 {most}",
        "en": f"{most} chance of reaching {level} within {ahead}",
    }[language]


def _told_peak(outlook: Outlook, network: Network, language: Language, tz: ZoneInfo) -> str:
    if np.isnan(outlook.peak):
        return ""
    high = band(outlook.peak, outlook.peak_low, outlook.peak_high, network.quantity)
    at = clock(outlook.peak_time, outlook.issue_time, tz, language)
    return {"ko": f"; 최고 {high}, {at}", "en": f"; peak {high} at {at}"}[language]


def _at_station(
    forecast: xr.Dataset,
    station: Station,
    network: Network,
    asked: float,
    stale_after: np.timedelta64,
) -> Outlook:
    quantiles = forecast[network.quantity.value].transpose("lead_time", "quantile")
    values = quantiles.values.astype("float64")
    issue = forecast.issue_time.values
    valid = issue + forecast.lead_time.values
    last, read = float(forecast.last_observed), forecast.last_observed_time.values
    limits = station.thresholds
    likely = of_stages(values, quantiles["quantile"].values, limits)
    stage, first = worst(likely, limits, asked)
    when = valid[first] if stage > Stage.NORMAL else np.datetime64("NaT", "ns")
    reason = _reason(forecast, values, limits) if stage is Stage.UNKNOWN else ""
    fresh = bool(issue - read <= stale_after)  # False for NaT
    now = limits.stage(last) if limits and fresh else Stage.UNKNOWN
    peak, peak_time = _peak(quantiles, valid)
    return Outlook(
        station.id, issue, stage, now, when, *peak, peak_time, likely, last, read, reason
    )


def _reason(forecast: xr.Dataset, values: np.ndarray, thresholds: Thresholds | None) -> str:
    if np.isnan(values).all():
        return str(forecast.reason.item()) or NO_FORECAST
    return INCOMPLETE if thresholds and thresholds.alerts else NO_THRESHOLD


def _peak(
    quantiles: xr.DataArray, valid: np.ndarray
) -> tuple[tuple[float, float, float], np.datetime64]:
    """Return the highest of the median, of the lowest and of the highest quantile, and when."""
    median = quantiles.sel(quantile=0.5).values
    if np.isnan(median).all():
        return (np.nan, np.nan, np.nan), np.datetime64("NaT", "ns")
    top = int(np.nanargmax(median))
    low, high = (float(np.nanmax(quantiles.values[:, end])) for end in (0, -1))
    return (float(median[top]), low, high), valid[top]
