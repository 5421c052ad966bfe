"""Write Atom feeds (RFC 4287) that link the CAP files: of a network, of a river, of a gauge.

A feed without entries says of how many gauges nothing is known: silence is not safety. That of one
gauge of a large network is there only while it has messages, and changes only with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from data.stations import Stage
from forecast.outlook import Language, Outlook
from maps.feeds.cap_codes import cap_time
from maps.feeds.compose import sent
from maps.feeds.json_bytes import json_bytes
from maps.feeds.label import label, marked, notice
from maps.feeds.markup import Element, add, attributes, line, lines, root, written
from maps.feeds.message import Message
from maps.feeds.names import urn
from maps.feeds.publisher import Publisher
from maps.feeds.warnings import Kind
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
_LASTING: dict[Language, str] = {
    "ko": "알림이 바뀔 때에만 바뀝니다. 알림이 없다는 것이 안전하다는 뜻은 아닙니다.",
    "en": "Changes only when an alert does. No alert does not mean safe.",
}


@dataclass(frozen=True)
class Scope:
    """What a feed is about.

    Attributes:
        path: Of its file, from the network's folder, e.g. `alerts/river/x.atom`.
        page: Of the page that it belongs to, from there too.
        names: Its name in Korean and English.
        lasting: Nothing in it changes but by a message.
    """

    path: str
    page: str
    names: tuple[str, str]
    outlooks: tuple[Outlook, ...]
    messages: tuple[Message, ...]
    lasting: bool = False

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

    def key(self, scope: Scope) -> str:
        """Return what names all that a lasting feed depends on."""
        told = [message.identifier for message in scope.messages]
        facts = [_made_by(), self.publisher, self.folder, self._notices, scope.path, scope.names]
        return sha256(json_bytes([facts, self._label, told])).hexdigest()

    def feed(self, scope: Scope) -> bytes:
        """Return the file of one feed, the newest message first."""
        atom, publisher = root("feed", NAMESPACE), self.publisher
        messages = _newest_first(scope.messages)
        add(atom, "id", urn(publisher.sender, self.folder, scope.path))
        add(atom, "title", _both(self._titles(scope)))
        add(atom, "subtitle", _both(self._state(scope)))
        add(atom, "updated", messages[0].sent if scope.lasting else self._sent)
        here = f"{publisher.base_url}{self.folder}/" if publisher.base_url else scope.up
        add(atom, "link", rel="self", type="application/atom+xml", href=f"{here}{scope.path}")
        add(atom, "link", rel="alternate", type="text/html", href=f"{here}{scope.page}")
        add(add(atom, "author"), "name", _both([publisher.name_ko, publisher.name_en]))
        add(atom, "generator", "Mulgil")
        return written(atom, [self._entry(m, here) for m in messages])

    def _titles(self, scope: Scope) -> list[str]:
        named: Sequence[tuple[Language, str]] = (("ko", scope.names[0]), ("en", scope.names[1]))
        return [marked(self._label, _TITLE[here].format(name=name), here) for here, name in named]

    def _state(self, scope: Scope) -> list[str]:
        if scope.lasting:
            return [f"{_LASTING[here]} {self._notices[here]}" for here in LANGUAGES]
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


@lru_cache(maxsize=1)
def _made_by() -> str:
    """Return the text of this module: another version writes its feeds anew."""
    return Path(__file__).read_text(encoding="utf-8")


def _newest_first(messages: tuple[Message, ...]) -> list[Message]:
    return sorted(messages, key=lambda m: (m.sent, int(m.stage), m.identifier), reverse=True)


def _around_link(message: Message) -> tuple[str, str]:
    """Return what stands in an entry before and after the link to its file."""
    before = [
        line("id", urn(message.sender, message.identifier), "  "),
        line("title", _both([message.ko.headline, message.en.headline]), "  "),
        line("updated", message.sent, "  "),
        line("published", message.sent, "  "),
    ]
    summary = line("summary", _both([message.ko.description, message.en.description]), "  ")
    after = [*_categories(message.msg_type, message.kind, message.status, message.stage), summary]
    return "\n".join(before), "\n".join(after)


@lru_cache(maxsize=1024)
def _categories(msg_type: str, kind: Kind, status: str, stage: Stage) -> tuple[str, ...]:
    """Return the lines that sort a message: most have the same."""
    words = _both([stage_word(stage, here) for here in LANGUAGES])
    told = (
        attributes(term=msg_type, label=kind.value),
        attributes(term=status, scheme="urn:oasis:names:tc:emergency:cap:1.2"),
        attributes(term=stage.name.lower(), label=words),
    )
    return tuple(lines(Element("category", each), "  ") for each in told)


def _both(said: Sequence[str]) -> str:
    """Return Korean and English side by side: a feed is one file for both."""
    return " / ".join(dict.fromkeys(said))
