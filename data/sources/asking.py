"""What every connector asks with and gets: how to reach a provider, what is wanted, one answer.

A connector is one file here. It has `SOURCE`, `BASE_URL`, and two functions that keep network and
meaning apart: `ask(access, wanted)` yields answers, `parse(answer, wanted)` is pure and turns one
into readings. Any bytes give `Parsed` or a `SourceError` that names source, problem and remedy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan
from pathlib import Path

import numpy as np

TEN_MINUTES = np.timedelta64(10, "m")


@dataclass(frozen=True)
class Manners:
    """How patiently and how much we ask.

    Attributes:
        timeout: For connecting, and for each silence in between [s].
        tries: Requests in all before giving up.
        first_wait: Longest wait before the second try [s]; it doubles with each further one.
        longest_wait: No wait is longer [s], whatever `Retry-After` says.
        budget: No new try begins later than this after the first [s].
        at_once: Requests to one host at the same time.
        largest: An answer of more is refused [bytes].
    """

    timeout: float = 30.0
    tries: int = 5
    first_wait: float = 2.0
    longest_wait: float = 120.0
    budget: float = 600.0
    at_once: int = 4
    largest: int = 4 << 30
    user_agent: str = "mulgil/0.1 (open flood-forecast and climate maps)"


POLITE = Manners()
PROMPT = Manners(timeout=15.0, tries=4, longest_wait=20.0, budget=60.0, largest=64 << 20)


@dataclass(frozen=True)
class Newest:
    """What one request for the newest rows of all sites brings.

    Attributes:
        stations: So many must be wanted for it to be worth while.
        reach: So old may the last stored reading be, that no row is missing between.
    """

    stations: int
    reach: np.timedelta64


@dataclass(frozen=True)
class Access:
    """How to reach one provider; the key never shows in a message, a manifest or a file name.

    Attributes:
        kept: Folder where answers with an ETag are remembered; None: always ask for all.
    """

    base_url: str
    key: str = field(default="", repr=False)
    manners: Manners = PROMPT
    kept: Path | None = None


@dataclass(frozen=True)
class Spot:
    """A site that is asked for: the provider's id, and where it is for those that want a place."""

    id: str
    latitude: float = nan
    longitude: float = nan


@dataclass(frozen=True)
class Wanted:
    """What is asked of a provider.

    Attributes:
        variable: One of `data.reading.UNITS`.
        spots: The sites; where a provider gives all of them in one call, only these are kept.
        since: First time wanted, UTC datetime64[ns]; `until` the last; both included.
        step: The spacing of readings that is wanted, where a provider offers several.
    """

    variable: str
    spots: tuple[Spot, ...]
    since: np.datetime64
    until: np.datetime64
    step: np.timedelta64 = TEN_MINUTES


@dataclass(frozen=True)
class Question:
    """One request.

    Attributes:
        what: What is asked for, short and without the key: it names the answer from here on.
        path: Below `Access.base_url`, beginning with "/"; may hold the key.
        accept: HTTP statuses whose body is an answer, e.g. 400 where the provider explains itself.
    """

    source: str
    what: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Answer:
    """One answer of a provider, as it came.

    Attributes:
        what: What was asked for, short, without any key; e.g. `waterlevel-list-10M-1018683`.
        url: The address without key and password.
        fetched: When it had arrived, UTC datetime64[ns].
        status: The HTTP status, where the body of a refusal is an answer too.
        replayed: "" from the real provider; else what the server says that it replays or simulates.
        etag: What the server calls this version of the answer; "" if it does not say.
        last_modified: The date of this version, as the server writes it; "" if it does not say.
        unchanged: The server said that nothing has changed since the answer before.
    """

    source: str
    what: str
    url: str
    body: bytes
    fetched: np.datetime64
    status: int = 200
    content_type: str = ""
    replayed: str = ""
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False
