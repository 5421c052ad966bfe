"""Write an alert message as CAP 1.2: one `info` for each language.

Source: Common Alerting Protocol Version 1.2, OASIS Standard, 2010-07-01.
"""

from forecast.outlook import Language
from maps.feeds.markup import Element, add, maybe, root, written
from maps.feeds.message import Message
from maps.feeds.publisher import Publisher
from maps.words import LANGUAGES

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_LANGUAGE: dict[Language, str] = {"ko": "ko-KR", "en": "en-US"}


def cap(message: Message, publisher: Publisher) -> bytes:
    """Return the file of a message."""
    alert = root("alert", NAMESPACE)
    add(alert, "identifier", message.identifier)
    add(alert, "sender", message.sender)
    add(alert, "sent", message.sent)
    add(alert, "status", message.status)
    add(alert, "msgType", message.msg_type)
    add(alert, "source", message.source)
    add(alert, "scope", "Public")
    maybe(alert, "note", message.note)
    maybe(alert, "references", " ".join(message.references))
    for language in LANGUAGES:
        _info(alert, message, language, publisher)
    return written(alert)


def _info(alert: Element, message: Message, language: Language, publisher: Publisher) -> None:
    info, said = add(alert, "info"), message.said(language)
    urgency, severity, certainty, response = message.codes
    add(info, "language", _LANGUAGE[language])
    add(info, "category", "Met")
    add(info, "event", said.event)
    add(info, "responseType", response)
    add(info, "urgency", urgency)
    add(info, "severity", severity)
    add(info, "certainty", certainty)
    add(info, "effective", message.sent)
    maybe(info, "onset", message.onset)
    add(info, "expires", message.expires)
    add(info, "senderName", publisher.name(language))
    add(info, "headline", said.headline)
    add(info, "description", said.description)
    add(info, "instruction", said.instruction)
    maybe(info, "web", message.web)
    maybe(info, "contact", publisher.contact)
    for name, value in message.parameters:
        _named(info, "parameter", name, value)
    area = add(info, "area")
    add(area, "areaDesc", said.area)
    add(area, "circle", message.circle)
    _named(area, "geocode", "mulgil:gauge", message.gauge)


def _named(parent: Element, tag: str, name: str, value: str) -> None:
    pair = add(parent, tag)
    add(pair, "valueName", name)
    add(pair, "value", value)
