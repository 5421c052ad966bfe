"""Write Atom feeds (RFC 4287) that link the CAP files: of a network, of a river, of a gauge.

A feed without entries says of how many gauges nothing is known: silence is not safety.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from data.stations import Stage
from forecast.outlook import Language, Outlook
from maps.feeds.cap_codes import cap_time
from maps.feeds.compose import sent
from maps.feeds.label import label, marked, notice
from maps.feeds.markup import Element, add, attributes, lines, root, written
from maps.feeds.message import Message
from maps.feeds.names import urn
from maps.feeds.publisher import Publisher
from maps.listing import shown
from maps.view import View
from maps.words import LANGUAGES, stage_word

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


@dataclass
class Feeds:
    """The feeds of one view; what they share is put together once.

    Attributes:
        folder: The network's folder below the site.
    """

    view: View
    folder: str
    publisher: Publisher
    _entries: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        view = self.view
        official = self.publisher.official(view)
        self._notices = {here: notice(view, here, official) for here in LANGUAGES}
        self._issued = cap_time(view.issue_time, view.zone)
        self._sent, self._label = cap_time(sent(view), view.zone), label(view)

    def feed(self, scope: Scope) -> bytes:
        """Return the file of one feed, the newest message first."""
        atom, publisher = root("feed", NAMESPACE), self.publisher
        add(atom, "id", urn(publisher.sender, self.folder, scope.path))
        add(atom, "title", _both(self._titles(scope)))
        add(atom, "subtitle", _both(self._state(scope)))
        add(atom, "updated", self._sent)
        here = f"{publisher.base_url}{self.folder}/" if publisher.base_url else scope.up
        add(atom, "link", rel="self", type="application/atom+xml", href=f"{here}{scope.path}")
        add(atom, "link", rel="alternate", type="text/html", href=f"{here}{scope.page}")
        add(add(atom, "author"), "name", _both([publisher.name_ko, publisher.name_en]))
        add(atom, "generator", "Mulgil")
        return written(atom, [self._entry(m, here) for m in _newest_first(scope.messages)])

    def _titles(self, scope: Scope) -> list[str]:
        named: Sequence[tuple[Language, str]] = (("ko", scope.names[0]), ("en", scope.names[1]))
        return [marked(self._label, _TITLE[here].format(name=name), here) for here, name in named]

    def _state(self, scope: Scope) -> list[str]:
        stages = [shown(outlook) for outlook in scope.outlooks]
        counts = {
            "issued": self._issued,
            "gauges": len(stages),
            "alerts": sum(stage > Stage.NORMAL for stage in stages),
            "unknown": stages.count(Stage.UNKNOWN),
        }
        return [f"{_STATE[here].format(**counts)} {self._notices[here]}" for here in LANGUAGES]

    def _entry(self, message: Message, here: str) -> str:
        """Return an entry; it stands in up to three feeds, which lead to its file by other ways."""
        if message.identifier not in self._entries:
            self._entries[message.identifier] = _around_link(message)
        before, after = self._entries[message.identifier]
        path = f"{here}alerts/cap/{message.identifier}.xml"
        link = Element("link", attributes(rel="alternate", type="application/cap+xml", href=path))
        return f" <entry>\n{before}\n{lines(link, '  ')}\n{after}\n </entry>"


def _newest_first(messages: tuple[Message, ...]) -> list[Message]:
    return sorted(messages, key=lambda m: (m.sent, int(m.stage), m.identifier), reverse=True)


def _around_link(message: Message) -> tuple[str, str]:
    """Return what stands in an entry before and after the link to its file."""
    before, after = Element("entry"), Element("entry")
    add(before, "id", urn(message.sender, message.identifier))
    add(before, "title", _both([message.ko.headline, message.en.headline]))
    add(before, "updated", message.sent)
    add(before, "published", message.sent)
    add(after, "category", term=message.msg_type, label=message.kind.value)
    add(after, "category", term=message.status, scheme="urn:oasis:names:tc:emergency:cap:1.2")
    words = [stage_word(message.stage, "ko"), stage_word(message.stage, "en")]
    add(after, "category", term=message.stage.name.lower(), label=_both(words))
    add(after, "summary", _both([message.ko.description, message.en.description]))
    first, second = ("\n".join(lines(e, "  ") for e in x.children) for x in (before, after))
    return first, second


def _both(said: Sequence[str]) -> str:
    """Return Korean and English side by side: a feed is one file for both."""
    return " / ".join(dict.fromkeys(said))
