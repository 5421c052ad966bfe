"""From a forecast to what a duty officer would say: which stage, when, how likely.

Probabilities come from the quantiles by linear interpolation. Beyond the outermost quantiles (0.05
and 0.95) a forecast says nothing, so 0.05 means "5 % or less" and 0.95 "95 % or more": a
probability is never 0 or 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import xarray as xr

from data.network import Network
from data.stations import Stage
from forecast.judged import Judged, judge
from forecast.reasons import notes
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

LIKELY = 0.5  # how likely a stage must be to count as reached
STALE_AFTER = np.timedelta64(3, "h")
NO_FORECAST = "예측값이 없습니다. There is no forecast."
NO_THRESHOLD = "이 지점에는 기준값이 없습니다. No threshold is set for this station."
UTC = ZoneInfo("UTC")
STAGES = {int(stage): stage for stage in Stage}
_UNKNOWN: dict[Language, str] = {"ko": "판단 불가", "en": "Unknown"}
RISING = 0.1  # a chance that grows by that much after the stage is first likely is told too
INCOMPLETE = "예측값이 일부 없습니다. Part of the forecast is missing."


@dataclass(frozen=True)
class Outlook:
    """What one forecast means at one station.

    Attributes:
        stage: The worst stage that is reached with at least the asked probability (0.5);
            UNKNOWN where there is no forecast or no threshold.
        stage_now: Stage of the last observed value; UNKNOWN if it is stale or missing.
        stage_time: Valid time at which `stage` is first reached; NaT if it is NORMAL or UNKNOWN,
            and where a person set the stage (`forecast.edits`).
        peak: Highest median within the horizon, in the unit of the station's quantity;
            NaN without a forecast. `peak_low`, `peak_high`: the highest that the lowest and the
            highest quantile get, at whatever lead; so a flood that may come late is not hidden.
        probability: P(value >= threshold) by lead, dims (alert stage, lead_time), in the order of
            `thresholds.alerts`; empty where there is no forecast or no threshold.
        reason: Why the stage is UNKNOWN; "" where it is known.
        note: What else must be known: that no model stands behind the forecast (see
            `forecast.fallback`), in Korean and English; "" if nothing.
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
    note: str = ""


def assess(
    forecast: xr.Dataset,
    network: Network,
    probability: float = LIKELY,
    stale_after: np.timedelta64 = STALE_AFTER,
) -> tuple[Outlook, ...]:
    """Say what one forecast means at each station, in the order of the network.

    Args:
        forecast: `data.schema.forecast` at one issue time (`forecast.isel(issue_time=0)`).
        probability: How likely a stage must be to count as reached, 0.05 .. 0.95.
        stale_after: Age of the last reading beyond which the stage now is UNKNOWN.
    """
    here = forecast.sel(station=network.ids)
    return tuple(_outlooks(here, network, judge(here, network, probability, stale_after)))


def sentence(outlook: Outlook, network: Network, language: Language, tz: ZoneInfo = UTC) -> str:
    """Return the one sentence (or two) that a duty officer would say.

    Args:
        outlook: From `assess` of a forecast with all lead times of the network.
        tz: The zone that times are told in.
    """
    if outlook.stage is Stage.UNKNOWN:
        said = f"{_UNKNOWN[language]}: {in_language(outlook.reason, language)}".rstrip(".")
    elif _set_by_hand(outlook):
        said = _judged(outlook, network, language)
    elif outlook.stage is Stage.NORMAL:
        said = _quiet(outlook, network, language)
    else:
        said = _reached(outlook, network, language, tz)
    now = _now(outlook, network, language)
    note = f" {in_language(outlook.note, language)}" if outlook.note else ""
    return f"{now}{said}{_told_peak(outlook, network, language, tz)}.{note}"


def _set_by_hand(outlook: Outlook) -> bool:
    """Return whether no forecast stands behind a stage that is known: a person set it."""
    if outlook.stage is Stage.NORMAL:
        return not outlook.probability.size or bool(np.isnan(outlook.probability[0]).any())
    return bool(np.isnat(outlook.stage_time))


def _judged(outlook: Outlook, network: Network, language: Language) -> str:
    level = stage_level(outlook.stage, network.quantity, language)
    return {"ko": f"예보관 판단 {level}", "en": f"A forecaster expects {level}"}[language]


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
    if np.nanmax(row) < first + RISING:
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


def _outlooks(forecast: xr.Dataset, network: Network, found: Judged) -> Iterator[Outlook]:
    issue, last = forecast.issue_time.values[()], forecast.last_observed.values.astype("float64")
    read, reasons = forecast.last_observed_time.values, forecast.reason.values
    has_limit = np.isfinite(found.limits)
    peak, low, high = found.peaks.tolist()
    noted = notes(forecast)
    for place, station in enumerate(network.stations):
        rows = has_limit[:, place] & ~found.empty[place]
        stage = STAGES[found.stage[place]]
        yield Outlook(
            station.id,
            issue,
            stage,
            STAGES[found.stage_now[place]],
            found.stage_time[place],
            peak[place],
            low[place],
            high[place],
            found.peak_time[place],
            found.likely[rows, place],
            float(last[place]),
            read[place],
            _reason(str(reasons[place]), found, place) if stage is Stage.UNKNOWN else "",
            noted.get(station.id, ""),
        )


def _reason(given: str, found: Judged, place: int) -> str:
    if found.empty[place]:
        return given or NO_FORECAST
    return INCOMPLETE if np.isfinite(found.limits[:, place]).any() else NO_THRESHOLD
