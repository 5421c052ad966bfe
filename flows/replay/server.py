"""The replay server: the providers' addresses on this machine, and a switch for their faults.

Every answer, errors included, carries the header `Mulgil-Replay`, which says what is replayed or
simulated. `GET /faults` shows what is in force and how often each source was asked; `POST /faults`
with `{"source": "hrfco", "fault": "http_500", "for_requests": 3}` switches a fault on, and with
`"fault": null` all off. It listens on loopback only.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from typing import Any

import numpy as np

from flows.replay import (
    environment_agency,
    hrfco,
    kma_forecast,
    kma_hub,
    nwps,
    open_meteo,
    usgs,
)
from flows.replay.answering import Handler
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.messages import Provider, Reply, Request
from flows.replay.spoiling import instead, spoilt
from flows.replay.telling import TELLING, Told
from flows.replay.world import World

PROVIDERS = {
    each.source: each
    for each in (
        hrfco.PROVIDER,
        kma_hub.PROVIDER,
        kma_forecast.PROVIDER,
        usgs.PROVIDER,
        nwps.PROVIDER,
        environment_agency.PROVIDER,
        open_meteo.PROVIDER,
    )
}
SOURCES = tuple(PROVIDERS)
REMEMBERED = 64  # answers
EIGHT_MINUTES = np.timedelta64(8, "m")  # as HRFCO's readings of the Han take


@dataclass(frozen=True)
class Stage:
    """What the server plays.

    Attributes:
        delay: How long after its time a reading appears.
        pause: Before each piece of a slow body [s].
    """

    world: World
    clock: Clock
    faults: Faults
    delay: np.timedelta64 = EIGHT_MINUTES
    pause: float = 0.25


class Server(ThreadingHTTPServer):
    """Answers for all providers; one thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, stage: Stage, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.stage = stage
        self.providers = PROVIDERS
        self._minute: object = None
        self._told: dict[object, Reply] = {}  # of this minute of the replay
        self._lock = threading.Lock()

    def url(self, source: str = "") -> str:
        """Return the base URL of a provider here; of the server itself for ""."""
        return f"http://127.0.0.1:{self.server_port}/{source}"

    def asked(self, source: str) -> int:
        """Return how many requests a source has had."""
        return self.stage.faults.asked(source)

    def reply(self, provider: Provider, request: Request, met: frozenset[str], asked: int) -> Reply:
        """Return what a provider says to a request that meets those faults."""
        reply = instead(provider, met)
        if reply is not None:
            return reply
        telling = met & TELLING
        minute = self.stage.clock.now().astype("datetime64[m]")
        revision = asked if "revised" in telling else 0
        key = (provider.source, request.key, telling, revision)
        reply = self._remembered(minute, key)
        if reply is None:
            now = minute.astype("datetime64[ns]")
            told = Told(self.stage.world, now, self.stage.delay, telling, revision)
            reply = provider.answer(told, request)
            self._keep(minute, key, reply)
        return spoilt(provider, reply, met, asked)

    def handle_error(self, *which: Any) -> None:
        """Say nothing of clients that went away."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(*which)

    def _remembered(self, minute: object, key: object) -> Reply | None:
        with self._lock:
            if minute != self._minute:
                self._minute, self._told = minute, {}
            return self._told.get(key)

    def _keep(self, minute: object, key: object, reply: Reply) -> None:
        with self._lock:
            if minute == self._minute and len(self._told) < REMEMBERED:
                self._told[key] = reply


@contextmanager
def serving(stage: Stage, port: int = 0) -> Iterator[Server]:
    """Serve while the block lasts; port 0 takes a free one."""
    server = Server(stage, port)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
