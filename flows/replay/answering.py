"""One request over HTTP: find the provider, send its reply, and be slow, cut or down if so told."""

import json
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from data.sources.web import REPLAYED
from flows.replay.faults import BadFault, switch
from flows.replay.messages import Reply, Request, as_json, not_found

if TYPE_CHECKING:
    from flows.replay.server import Server

PIECES = 20  # in which a slow body comes
LARGEST = 1 << 20  # bytes of a request


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: "Server"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: it would wait 40 ms between
    timeout = 60  # seconds: a connection that says nothing is closed

    def do_GET(self) -> None:
        """Answer a question."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Answer a question with a body, or switch a fault."""
        size = int(self.headers.get("Content-Length") or 0)
        if size > LARGEST:
            self.close_connection = True
            self._send(Reply(as_json({"error": "too large"}), status=413))
        else:
            self._answer(self.rfile.read(size))

    def end_headers(self) -> None:
        """Own up in every answer, those that the base class makes included."""
        self.send_header(REPLAYED, self.server.stage.world.label)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: HRFCO's key is in the path."""

    def _answer(self, body: bytes) -> None:
        asked = urlsplit(self.path)
        _, source, *rest = unquote(asked.path).split("/", 2)
        with suppress(ConnectionError):  # a client that does not wait is no fault of ours
            if source == "faults":
                self._send(self._switched(body))
            elif source in self.server.providers:
                query = dict(parse_qsl(asked.query, keep_blank_values=True))
                request = Request("/" + "".join(rest), query, self.server.url(source), body)
                self._play(source, request)
            else:
                self._send(not_found())

    def _play(self, source: str, request: Request) -> None:
        met, before = self.server.stage.faults.meet(source)
        if "down" in met:
            self.close_connection = True
            return
        provider = self.server.providers[source]
        self._send(self.server.reply(provider, request, met, before), met)

    def _switched(self, body: bytes) -> Reply:
        faults = self.server.stage.faults
        try:
            if self.command == "POST":
                switch(faults, json.loads(body))
        except (BadFault, ValueError) as error:
            return Reply(as_json({"error": str(error)}), status=400)
        return Reply(as_json(faults.table()))

    def _send(self, reply: Reply, met: frozenset[str] = frozenset()) -> None:
        body = reply.body
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if "cut" in met:
            body = body[: len(body) // 2]
            self.close_connection = True
        if "slow" in met:
            self._trickle(body)
        else:
            self.wfile.write(body)

    def _trickle(self, body: bytes) -> None:
        size = max(1, -(-len(body) // PIECES))
        for start in range(0, len(body), size):
            time.sleep(self.server.stage.pause)
            self.wfile.write(body[start : start + size])
            self.wfile.flush()
