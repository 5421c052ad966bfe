"""Which faults are in force at which provider; they can be switched while the server runs."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.errors import MulgilError
from flows.replay.telling import TELLING

SPOILING = frozenset({"renamed_field", "truncated_json", "garbage", "huge"})
INSTEAD = frozenset({"error_in_200", "html", "http_429", "http_500", "http_503"})
WIRE = frozenset({"slow", "cut", "down"})
NAMES = TELLING | SPOILING | INSTEAD | WIRE
EVERY = "all"  # in place of a source


class BadFault(MulgilError):
    """A fault or a source that this server does not have."""


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        for_requests: How many more requests it spoils; None: all.
    """

    name: str
    for_requests: int | None = None


class Faults:
    """The faults in force by source, and how often each source was asked; safe among threads."""

    def __init__(self, sources: tuple[str, ...]) -> None:
        self._lock = threading.Lock()
        self._in_force: dict[str, dict[str, Fault]] = {source: {} for source in sources}
        self._asked = dict.fromkeys(sources, 0)

    def set(self, source: str, name: str, for_requests: int | None = None) -> None:
        """Put a fault in force at a source, or at all of them.

        Raises:
            BadFault: There is no such source or fault, or the number is not positive.
        """
        if name not in NAMES:
            raise BadFault(f"No fault '{name}'.", f"Known: {', '.join(sorted(NAMES))}.")
        if for_requests is not None and for_requests < 1:
            raise BadFault(f"A fault for {for_requests} requests.", "Give 1 or more.")
        with self._lock:
            for each in self._sources(source):
                self._in_force[each][name] = Fault(name, for_requests)

    def clear(self, source: str = EVERY) -> None:
        """Take all faults from a source, or from all of them.

        Raises:
            BadFault: There is no such source.
        """
        with self._lock:
            for each in self._sources(source):
                self._in_force[each].clear()

    def meet(self, source: str) -> tuple[frozenset[str], int]:
        """Count a request; return the faults that it meets, and how many came before it."""
        with self._lock:
            before, here = self._asked[source], self._in_force[source]
            self._asked[source] = before + 1
            met = frozenset(here)
            for fault in list(here.values()):
                if fault.for_requests == 1:
                    del here[fault.name]
                elif fault.for_requests is not None:
                    here[fault.name] = Fault(fault.name, fault.for_requests - 1)
            return met, before

    def asked(self, source: str) -> int:
        """Return how many requests a source has had."""
        with self._lock:
            return self._asked[source]

    def table(self) -> dict[str, Any]:
        """Return requests and faults by source, for JSON."""
        with self._lock:
            return {
                source: {
                    "requests": self._asked[source],
                    "faults": [
                        {"fault": fault.name, "for_requests": fault.for_requests}
                        for fault in here.values()
                    ],
                }
                for source, here in self._in_force.items()
            }

    def _sources(self, source: str) -> list[str]:
        if source == EVERY:
            return list(self._in_force)
        if source not in self._in_force:
            known = ", ".join([*self._in_force, EVERY])
            raise BadFault(f"No source '{source}'.", f"Known: {known}.")
        return [source]


def switch(faults: Faults, order: object) -> None:
    """Do what a JSON order says: `{"source": .., "fault": .. or null, "for_requests": ..}`.

    Raises:
        BadFault: It is no such order.
    """
    if not isinstance(order, Mapping) or "fault" not in order:
        raise BadFault(
            "That is no order.", 'Send {"source": "hrfco", "fault": "http_500"}, or null to clear.'
        )
    source, name, count = (order.get(key) for key in ("source", "fault", "for_requests"))
    if name is None:
        faults.clear(str(source or EVERY))
    elif count is None or type(count) is int:
        faults.set(str(source or EVERY), str(name), count)
    else:
        raise BadFault(f"for_requests is {count!r}.", "Give a whole number, or leave it out.")


def parse(text: str) -> tuple[str, str, int | None]:
    """Read `source=fault` or `source=fault:requests`.

    Raises:
        BadFault: The text is neither.
    """
    source, found, rest = text.partition("=")
    name, limited, count = rest.partition(":")
    if not (found and source and name) or (limited and not count.isdecimal()):
        raise BadFault(f"'{text}' is no fault.", "Write hrfco=http_500 or hrfco=http_500:3.")
    return source, name, int(count) if limited else None
