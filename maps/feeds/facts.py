"""What is said of one gauge, as plain JSON: the same in the GeoJSON and in the JSON API."""

from typing import Any

from data.stations import Station
from forecast.outlook import Outlook, sentence
from forecast.wording import in_language
from maps.feeds.label import label, notice
from maps.feeds.names import iso, number
from maps.listing import shown
from maps.view import View


def facts(view: View, outlook: Outlook) -> dict[str, Any]:
    """Return what is known of a gauge; what is not known is null, and its stage `unknown`."""
    station, network = view.network.station(outlook.station), view.network
    return {
        "id": station.id,
        "label": label(view),
        "notice_ko": notice(view, "ko"),
        "notice_en": notice(view, "en"),
        "name_ko": station.name_ko,
        "name_en": station.name_en,
        "river_ko": station.river_ko,
        "river_en": station.river_en,
        "quantity": network.quantity.value,
        "unit": network.quantity.unit,
        "issue_time": iso(outlook.issue_time),
        **_outlook(outlook),
        "sentence_ko": sentence(outlook, network, "ko", view.zone),
        "sentence_en": sentence(outlook, network, "en", view.zone),
        "reason_ko": in_language(outlook.reason, "ko"),
        "reason_en": in_language(outlook.reason, "en"),
        **_thresholds(station),
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    stages = {
        "stage": shown(outlook),
        "stage_now": outlook.stage_now,
        "stage_forecast": outlook.stage,
    }
    told = {name: stage.name.lower() for name, stage in stages.items()}
    values = ("last_observed", "peak", "peak_low", "peak_high")
    return told | {
        "stage_number": int(stages["stage"]),
        "stage_time": iso(outlook.stage_time),
        "last_observed_time": iso(outlook.last_observed_time),
        "peak_time": iso(outlook.peak_time),
        **{name: number(getattr(outlook, name)) for name in values},
    }


def _thresholds(station: Station) -> dict[str, Any]:
    limits = station.thresholds
    values = {s.name.lower(): number(limits.of(s)) for s in limits.alerts} if limits else {}
    return {
        "thresholds": values,
        "thresholds_origin": limits.origin if limits else "none",
        "thresholds_method": limits.method if limits else "",
    }
