"""Put an alert of one gauge into a message."""

from dataclasses import dataclass, replace

import numpy as np

from data.stations import Stage, Station
from forecast.outlook import Language, Outlook, sentence
from forecast.wording import chance, stage_level
from maps.feeds import alert_words, cap_codes
from maps.feeds.label import label, marked, notice, notices
from maps.feeds.message import Message, Said
from maps.feeds.publisher import Publisher
from maps.feeds.warnings import CLOSING, RULES, Kind, Standing
from maps.gauge_page import origin
from maps.listing import name
from maps.plain import file_name
from maps.review import fields
from maps.view import View

RADIUS = 2  # [km] around a gauge: an alert speaks of its reach, not of a basin


@dataclass(frozen=True)
class Occasion:
    """Why and about what a message is sent.

    Attributes:
        number: Of the message among those of its gauge; the first of all is 1.
        standing: The alert in force after it; of a closing message the one before.
        earlier: The messages of this alert that have not expired, the newest last.
    """

    kind: Kind
    number: int
    standing: Standing
    earlier: tuple[Message, ...]


def compose(view: View, outlook: Outlook, occasion: Occasion, publisher: Publisher) -> Message:
    """Return the message that an occasion asks for."""
    station = view.network.station(outlook.station)
    kind, standing = occasion.kind, occasion.standing
    lost = standing.lost_since is not None and kind not in CLOSING
    there = outlook.stage_now >= standing.stage
    return Message(
        identifier=identifier(view, station.id, occasion.number),
        sender=publisher.sender,
        sent=cap_codes.cap_time(sent(view), view.zone),
        status=cap_codes.status(view, publisher),
        msg_type=cap_codes.msg_type(kind, not occasion.earlier),
        kind=kind,
        gauge=station.id,
        stage=standing.stage,
        codes=cap_codes.codes(kind, standing.stage, there, lost, _ahead(view, outlook, standing)),
        onset=_onset(view, outlook, standing.stage),
        expires=cap_codes.cap_time(_expires(view, outlook, standing.stage), view.zone),
        references=tuple(message.reference for message in occasion.earlier),
        note=notices(view, publisher.official(view)),
        source=_source(view),
        web=_web(view, station, publisher),
        circle=f"{station.latitude:.5f},{station.longitude:.5f} {RADIUS}",
        parameters=_parameters(view, station, outlook, standing.stage),
        ko=_said(view, outlook, occasion, "ko", publisher),
        en=_said(view, outlook, occasion, "en", publisher),
    )


def gone(view: View, last: Message, number: int, publisher: Publisher) -> Message:
    """Return the message that closes the alert of a gauge that the network no longer has."""
    official = publisher.official(view)
    return replace(
        last,
        identifier=identifier(view, last.gauge, number),
        sent=cap_codes.cap_time(sent(view), view.zone),
        msg_type="Cancel",
        kind=Kind.WITHDRAWN,
        codes=cap_codes.codes(Kind.WITHDRAWN, last.stage, observed=False, lost=False, ahead=None),
        onset="",
        expires=cap_codes.cap_time(sent(view) + RULES.life, view.zone),
        references=(last.reference,),
        ko=_gone(last.ko, "ko", notice(view, "ko", official)),
        en=_gone(last.en, "en", notice(view, "en", official)),
    )


def _gone(said: Said, language: Language, end: str) -> Said:
    why = alert_words.GONE[language]
    return replace(said, headline=f"{said.area}: {why}"[:160], description=f"{why} {end}".strip())


def sent(view: View) -> np.datetime64:
    """Return when a message is sent: when its forecast was issued, or approved if it waited.

    Both stand in the run's record. A second word on a forecast is sent when that is approved.
    """
    issue = view.issue_time
    if view.replay:
        return issue
    known = str(view.manifest.get("known_at", "")).rstrip("Z")
    moments = [issue, *([np.datetime64(known, "ns")] if known else [])]
    review = view.review
    if review and review.state == "approved":
        moments.append(review.at)
    return max(moments)


def identifier(view: View, gauge: str, number: int) -> str:
    """Return the name of a message, unlike any other's; also that of its file."""
    issued = f"{str(view.issue_time)[:16]}Z".replace(":", "").replace("-", "")
    return f"{file_name(view.network.name)}.{file_name(gauge)}.{issued}.{number}"


def _onset(view: View, outlook: Outlook, stage: Stage) -> str:
    when = _begins(outlook, stage)
    return "" if when is None else cap_codes.cap_time(when, view.zone)


def _expires(view: View, outlook: Outlook, stage: Stage) -> np.datetime64:
    """Return until when a message holds: never before what it tells of has begun."""
    begins = _begins(outlook, stage)
    last: np.datetime64 = sent(view) if begins is None else max(sent(view), begins)
    return last + RULES.life


def _begins(outlook: Outlook, stage: Stage) -> np.datetime64 | None:
    told = outlook.stage is stage and not np.isnat(outlook.stage_time)
    return outlook.stage_time if told else None


def _ahead(view: View, outlook: Outlook, standing: Standing) -> np.timedelta64 | None:
    """Return how long it is until the stage in force begins; None where it is not told."""
    begins = _begins(outlook, standing.stage)
    return None if begins is None else begins - sent(view)


def _source(view: View) -> str:
    model, run = (str(view.manifest.get(key, "")) or "–" for key in ("model", "run_id"))
    review = view.review
    approved = review.role if review and review.state == "approved" else ""
    how = f"approved by {approved}" if approved else "automatic"
    how += ", not reviewed" if review and not approved else ""
    return f"Mulgil, {how}; model {model}; run {run}"


def _web(view: View, station: Station, publisher: Publisher) -> str:
    """Return the gauge's page as CAP asks: a full address, or none."""
    if not publisher.base_url:
        return ""
    return f"{publisher.base_url}{file_name(view.network.name)}/gauge/{file_name(station.id)}.html"


def _parameters(
    view: View, station: Station, outlook: Outlook, stage: Stage
) -> tuple[tuple[str, str], ...]:
    told = [("label", label(view)), ("stage", stage.name)]
    limits = station.thresholds
    if limits and stage in limits.alerts:
        told.append(("threshold", f"{limits.of(stage):g} {view.network.quantity.unit}"))
        told.append(("thresholdOrigin", limits.origin))
        if outlook.probability.size:
            row = outlook.probability[limits.alerts.index(stage)]
            known = row[np.isfinite(row)]
            told += [("probability", chance(float(known.max()), "en"))] if known.size else []
    return (*told, *_reviewed(view, station))


def _reviewed(view: View, station: Station) -> list[tuple[str, str]]:
    """Return who answers for a message, and what the automatic forecast says where it is edited."""
    review = view.review
    if review is None:
        return []
    told: list[tuple[str, str]] = [("review", review.state)]
    told += [("approvedBy", review.role)] if review.state == "approved" else []
    change = review.by_gauge.get(station.id)
    if change is None:
        return told
    kept = fields(review, change.after)
    named = {"stageAutomatic": change.before.stage.name, "editedBy": kept["edited_by"]}
    named |= {"editReason": kept["edit_reason"], "editExpires": kept["edit_expires"]}
    return [*told, *named.items()]


def _said(
    view: View, outlook: Outlook, occasion: Occasion, language: Language, publisher: Publisher
) -> Said:
    station, standing = view.network.station(outlook.station), occasion.standing
    river = station.river_ko if language == "ko" else station.river_en
    called, quantity = name(station, language), view.network.quantity
    lost = standing.lost_since is not None
    line = alert_words.headline(
        _seen_kind(occasion, outlook),
        called,
        stage_level(standing.stage, quantity, language),
        language,
        lost,
    )
    return Said(
        event=alert_words.event(standing.stage, quantity, language),
        headline=marked(label(view), line, language),
        description=_description(view, outlook, occasion, language, publisher),
        instruction=alert_words.INSTRUCTION[language],
        area=alert_words.area(called, river, language),
        river=river,
    )


def _seen_kind(occasion: Occasion, outlook: Outlook) -> Kind:
    """Return the kind that the headline tells: what is raised may be there already."""
    there = outlook.stage_now >= occasion.standing.stage
    return Kind.REACHED if occasion.kind is Kind.RAISED and there else occasion.kind


def _description(
    view: View, outlook: Outlook, occasion: Occasion, language: Language, publisher: Publisher
) -> str:
    kind = occasion.kind
    lost = occasion.standing.lost_since is not None and kind is Kind.RENEWED
    why = alert_words.NOTES.get(Kind.LOST if lost else kind, {}).get(language, "")
    limits = origin(view.network.station(outlook.station), language)
    parts = [
        why,
        sentence(outlook, view.network, language, view.zone),
        {"ko": f"기준값: {limits}.", "en": f"Thresholds: {limits}."}[language],
        notice(view, language, publisher.official(view)),
    ]
    return " ".join(part for part in parts if part)
