"""One event that people are told of, and how it is written as JSON."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

import numpy as np

from flows.notify_settings import Kind
from flows.redaction import redact

Language = Literal["both", "ko", "en"]


@dataclass(frozen=True)
class Event:
    """What happened, in words and in numbers.

    Attributes:
        when: What it is about: the issue time, or when the cycle was due; UTC.
        data: The same for machines; what JSON can hold.
    """

    kind: Kind
    network: str
    when: np.datetime64
    title_ko: str
    title_en: str
    body_ko: str
    body_en: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """A name that the same event has each time it is sent."""
        told = "\n".join([self.kind, self.network, str(self.when), self.title_en])
        return sha256(told.encode()).hexdigest()[:16]

    def title(self, language: Language) -> str:
        """Return the title on one line, without any secret."""
        said = {"ko": self.title_ko, "en": self.title_en}
        chosen = said.get(language, f"{self.title_ko} / {self.title_en}")
        return redact(" ".join(chosen.split()))

    def body(self, language: Language) -> str:
        """Return the text, without any secret."""
        said = {"ko": self.body_ko, "en": self.body_en}
        return redact(said.get(language, f"{self.body_ko}\n\n{self.body_en}"))


def as_json(event: Event, language: Language = "both") -> bytes:
    """Return what a webhook and a command get.

    `text` is what chat services show of a POST (Slack, Mattermost, Teams, Google Chat).
    """
    told = {
        "text": f"{event.title(language)}\n{event.body(language)}",
        "id": event.id,
        "kind": event.kind,
        "network": event.network,
        "when": f"{event.when.astype('datetime64[s]')}Z",
        "ko": {"title": event.title("ko"), "body": event.body("ko")},
        "en": {"title": event.title("en"), "body": event.body("en")},
        "data": event.data,
    }
    return redact(json.dumps(told, ensure_ascii=False)).encode()


def plain(event: Event) -> dict[str, Any]:
    """Return an event as JSON can keep it."""
    return vars(event) | {"when": str(event.when)}


def rich(kept: dict[str, Any]) -> Event:
    """Return an event that was kept by `plain`."""
    return Event(**(kept | {"when": np.datetime64(kept["when"], "ns")}))
