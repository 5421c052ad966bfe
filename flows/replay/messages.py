"""What goes over the wire of the replay server, and what a provider is to it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.replay.telling import Told

JSON = "application/json;charset=UTF-8"
XML = "application/xml;charset=UTF-8"
HTML = "text/html;charset=UTF-8"


@dataclass(frozen=True)
class Request:
    """What a client asks of one provider.

    Attributes:
        path: Below the provider's base URL, beginning with "/".
        query: The last value of each parameter.
        base: The base URL that the client used.
        body: Of a POST.
    """

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    body: bytes = b""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two requests the same."""
        return self.path, frozenset(self.query.items()), self.body


@dataclass(frozen=True)
class Reply:
    """What the server answers."""

    body: bytes
    content_type: str = JSON
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Provider:
    """One provider's way of answering.

    Attributes:
        source: The first part of its path here, and the name of its connector.
        refusal: What it says where something is wrong on its side, in HTTP 200.
        too_many: What it says with HTTP 429.
        renamed: Bytes of an answer, and what stands there after it has renamed a field.
        padding: What may follow an answer without changing it.
        broken_off: What it writes where its answer breaks in the middle.
        notice: What a page says that is sent instead of an answer.
    """

    source: str
    answer: Callable[[Told, Request], Reply]
    refusal: Reply
    too_many: Reply
    renamed: tuple[bytes, bytes]
    padding: bytes = b" "
    broken_off: bytes = b""
    notice: str = "Service temporarily unavailable"


def as_json(content: Any) -> bytes:
    """Return compact JSON in UTF-8."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def not_found() -> Reply:
    """Return what a web server says of a path that it does not have."""
    return Reply(b"<html><head><title>404 Not Found</title></head></html>", HTML, 404)
