"""The worst gauges of a situation report: stage, level, rise, peak, when and how likely."""

import numpy as np
import pandas as pd

from data.stations import Stage, Station
from forecast.outlook import Language, Outlook
from forecast.wording import band, chance, number
from maps.listing import name, shown
from maps.page import ending
from maps.plain import file_name
from maps.situation_facts import LISTED, Facts
from maps.situation_parts import Cell, Section, Table
from maps.situation_times import age, parts
from maps.situation_words import TITLES, gauges, head, said, verb
from maps.words import UNIT, stage_word

RISE = 3  # hours
_HOUR = np.timedelta64(1, "h")
NONE = "–"
_WORST = ("gauge", "stage", "level", "rise", "peak", "from", "chance")


def worst(facts: Facts, language: Language) -> Section:
    """Return the worst gauges that can be judged."""
    told = facts.worst
    if not told:
        return Section("worst", TITLES["worst"][language], (said("none_judged", language),))
    rest = sum(facts.counts.values()) - facts.counts[Stage.UNKNOWN] - len(told)
    some = {"some": len(told), "rest": f"{rest:,}", "gauges": gauges(rest, language)}
    heads = (head(key, language, hours=RISE) for key in _WORST)
    edited = facts.now.edited
    rises = _rises(facts, told)
    rows = (
        _row(facts, outlook, rise, outlook.station in edited, language)
        for outlook, rise in zip(told, rises, strict=True)
    )
    key = "worst_of" if len(told) == LISTED else "quiet_rest"
    after = said(key, language, are=verb("is", "are", rest), **some) if rest else ""
    return Section(
        "worst",
        TITLES["worst"][language],
        table=Table(TITLES["worst"][language], tuple(heads), tuple(rows), after),
    )


def _row(
    facts: Facts, outlook: Outlook, rise: float, edited: bool, language: Language
) -> tuple[Cell, ...]:
    view, quantity = facts.view, facts.view.network.quantity
    now = said("now_at", language, stage=stage_word(outlook.stage_now, language))
    hand = said("by_hand", language) if edited else ""
    stage = shown(outlook)
    return (
        gauge(facts, outlook.station, language),
        Cell(stage_word(stage, language), " · ".join(t for t in (now, hand) if t), int(stage)),
        reading(facts, outlook, language),
        Cell(
            NONE if np.isnan(rise) else f"{_signed(rise, number(rise, quantity))} {UNIT[quantity]}"
        ),
        _peak(facts, outlook),
        _from(facts, outlook, language),
        _chance(view.network.station(outlook.station), outlook, language),
    )


def gauge(facts: Facts, station_id: str, language: Language) -> Cell:
    """Return the name of a gauge, its river, and the way to its page."""
    station = facts.view.network.station(station_id)
    river = station.river_ko if language == "ko" else station.river_en
    page = f"gauge/{file_name(station_id)}{ending(language)}.html"
    return Cell(name(station, language), river, link=page)


def _signed(value: float, text: str) -> str:
    """Return a change with its sign; what is rounded to nothing has none."""
    return f"+{text}" if value > 0 and float(text.replace(",", "")) else text


def reading(facts: Facts, outlook: Outlook, language: Language) -> Cell:
    """Return the last reading, and how old it is."""
    if np.isnan(outlook.last_observed):
        return Cell(NONE, said("never", language))
    quantity = facts.view.network.quantity
    value = f"{number(outlook.last_observed, quantity)} {UNIT[quantity]}"
    if np.isnat(outlook.last_observed_time):
        return Cell(value)
    old = outlook.issue_time - outlook.last_observed_time
    if old < np.timedelta64(1, "m"):
        return Cell(value, said("at_issue", language))
    return Cell(value, said("ago", language, age=age(old, language)))


def _peak(facts: Facts, outlook: Outlook) -> Cell:
    if np.isnan(outlook.peak):
        return Cell(NONE)
    told = band(outlook.peak, outlook.peak_low, outlook.peak_high, facts.view.network.quantity)
    return Cell(told, parts(facts.view, outlook.peak_time)[0])


def _from(facts: Facts, outlook: Outlook, language: Language) -> Cell:
    """Return when the shown stage is first reached."""
    stage = shown(outlook)
    if stage <= Stage.NORMAL:
        return Cell(NONE)
    if outlook.stage_now >= stage:
        return Cell(said("at_present", language))
    here, utc = parts(facts.view, outlook.stage_time)
    return Cell(here or NONE, utc)


def _chance(station: Station, outlook: Outlook, language: Language) -> Cell:
    """Return how likely the shown stage is at its likeliest; of a quiet gauge, the mildest."""
    alerts = station.thresholds.alerts if station.thresholds else ()
    if not outlook.probability.size or len(alerts) != len(outlook.probability):
        return Cell(NONE)
    stage = max(shown(outlook), alerts[0])
    if stage not in alerts:
        return Cell(NONE)
    row = outlook.probability[alerts.index(stage)]
    if np.isnan(row).all():
        return Cell(NONE)
    under = said("of_stage", language, stage=stage_word(stage, language))
    return Cell(chance(float(np.nanmax(row)), language), under)


def _rises(facts: Facts, told: list[Outlook]) -> list[float]:
    """Return how much each gauge has risen in the last hours before its last reading."""
    read, quantity = facts.view.observations, facts.view.network.quantity.value
    if quantity not in read or not read.sizes.get("time"):
        return [np.nan] * len(told)
    rows = read.indexes["station"].get_indexer(pd.Index([outlook.station for outlook in told]))
    values = read[quantity].transpose("station", "time").values
    last = np.array([o.last_observed_time for o in told], dtype="datetime64[ns]")
    columns = read.indexes["time"].get_indexer(pd.DatetimeIndex(last - RISE * _HOUR))
    return [
        float(o.last_observed - values[row, column]) if row >= 0 and column >= 0 else np.nan
        for o, row, column in zip(told, rows, columns, strict=True)
    ]
