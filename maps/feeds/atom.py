"""Write Atom feeds (RFC 4287) that link the CAP files: of a network, of a river, of a gauge.

A feed without entries says of how many gauges nothing is known: silence is not safety.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element  # written, never parsed

from data.stations import Stage
from forecast.outlook import Language, Outlook
from maps.feeds.cap_codes import cap_time
from maps.feeds.compose import sent
from maps.feeds.label import label, marked, notice
from maps.feeds.markup import add, root, written
from maps.feeds.message import Message
from maps.feeds.names import urn
from maps.feeds.publisher import Publisher
from maps.listing import shown
from maps.view import View
from maps.words import stage_word

NAMESPACE = "http://www.w3.org/2005/Atom"
_TITLE: dict[Language, str] = {
    "ko": "{name}: 홍수 예측 알림",
    "en": "{name}: flood forecast alerts",
}
_STATE: dict[Language, str] = {
    "ko": "발표 {issued}. 지점 {gauges}곳 가운데 알림 단계 {alerts}곳, 판단 불가 {unknown}곳. "
    "알림이 없다는 것이 안전하다는 뜻은 아닙니다.",
    "en": "Issued {issued}. Of {gauges} gauges {alerts} at an alert stage, {unknown} unknown. "
    "No alert does not mean safe.",
}


@dataclass(frozen=True)
class Scope:
    """What a feed is about.

    Attributes:
        path: Of its file, from the network's folder, e.g. `alerts/river/x.atom`.
        page: Of the page that it belongs to, from there too.
        names: Its name in Korean and English.
    """

    path: str
    page: str
    names: tuple[str, str]
    outlooks: tuple[Outlook, ...]
    messages: tuple[Message, ...]

    @property
    def up(self) -> str:
        """The way from the feed to the network's folder."""
        return "../" * self.path.count("/")


def feed(view: View, scope: Scope, folder: str, publisher: Publisher) -> bytes:
    """Return the file of one feed, the newest message first.

    Args:
        folder: The network's folder below the site.
    """
    atom = root("feed", NAMESPACE)
    official = publisher.official(view)
    add(atom, "id", urn(publisher.sender, folder, scope.path))
    add(atom, "title", _both(_titles(view, scope)))
    told = [f"{_state(view, scope, here)} {notice(view, here, official)}" for here in ("ko", "en")]
    add(atom, "subtitle", _both(told))
    add(atom, "updated", cap_time(sent(view), view.zone))
    here = f"{publisher.base_url}{folder}/" if publisher.base_url else scope.up
    add(atom, "link", rel="self", type="application/atom+xml", href=f"{here}{scope.path}")
    add(atom, "link", rel="alternate", type="text/html", href=f"{here}{scope.page}")
    add(add(atom, "author"), "name", _both([publisher.name_ko, publisher.name_en]))
    add(atom, "generator", "Mulgil")
    for message in _newest_first(scope.messages):
        _entry(atom, message, here)
    return written(atom)


def _titles(view: View, scope: Scope) -> list[str]:
    names: Sequence[tuple[Language, str]] = (("ko", scope.names[0]), ("en", scope.names[1]))
    return [marked(label(view), _TITLE[here].format(name=name), here) for here, name in names]


def _state(view: View, scope: Scope, language: Language) -> str:
    stages = [shown(outlook) for outlook in scope.outlooks]
    return _STATE[language].format(
        issued=cap_time(view.forecast.issue_time.values[0], view.zone),
        gauges=len(stages),
        alerts=sum(stage > Stage.NORMAL for stage in stages),
        unknown=stages.count(Stage.UNKNOWN),
    )


def _newest_first(messages: tuple[Message, ...]) -> list[Message]:
    return sorted(messages, key=lambda m: (m.sent, int(m.stage), m.identifier), reverse=True)


def _entry(atom: Element, message: Message, here: str) -> None:
    entry = add(atom, "entry")
    add(entry, "id", urn(message.sender, message.identifier))
    add(entry, "title", _both([message.ko.headline, message.en.headline]))
    add(entry, "updated", message.sent)
    add(entry, "published", message.sent)
    path = f"{here}alerts/cap/{message.identifier}.xml"
    add(entry, "link", rel="alternate", type="application/cap+xml", href=path)
    add(entry, "category", term=message.msg_type, label=message.kind.value)
    add(entry, "category", term=message.status, scheme="urn:oasis:names:tc:emergency:cap:1.2")
    words = [stage_word(message.stage, "ko"), stage_word(message.stage, "en")]
    add(entry, "category", term=message.stage.name.lower(), label=_both(words))
    add(entry, "summary", _both([message.ko.description, message.en.description]))


def _both(said: Sequence[str]) -> str:
    """Return Korean and English side by side: a feed is one file for both."""
    return " / ".join(dict.fromkeys(said))
