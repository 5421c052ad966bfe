"""Chains of alert messages, gauge by gauge, that go from one release of the site to the next.

The state is a small JSON file in each release. With the view and the state of the release before,
the same messages come out again, byte for byte. A message stays in it until it expires.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from data.stations import Stage
from forecast.outlook import Outlook
from maps.feeds.compose import Occasion, compose, gone, sent
from maps.feeds.label import label
from maps.feeds.message import Message
from maps.feeds.publisher import NOBODY, Publisher
from maps.feeds.warnings import Standing, seen, step
from maps.listing import shown
from maps.view import View


@dataclass(frozen=True)
class Chain:
    """The messages of one gauge that have not expired, the newest last.

    Attributes:
        number: Of the newest message; counted until all of them have expired.
        standing: The alert in force; None where there is none.
        opened: Number of the first message of the alert in force.
    """

    number: int = 0
    standing: Standing | None = None
    opened: int = 0
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True)
class State:
    """The chains of a network after one issue."""

    label: str
    issue_time: np.datetime64
    chains: Mapping[str, Chain]


def advance(view: View, before: State | None, publisher: Publisher = NOBODY) -> State:
    """Return the chains after the view's issue.

    A second word on the same issue may only raise. One on an earlier issue changes nothing, except
    that a replay then begins anew: it is another exercise.
    """
    issue = view.issue_time
    known = before if before and _follows(view, before) else None
    if known and issue < known.issue_time:
        return known
    chains = known.chains if known else {}
    again = known is not None and issue == known.issue_time
    found = {
        outlook.station: _next(view, outlook, chains.get(outlook.station), again, publisher)
        for outlook in view.outlooks
        if outlook.station in chains or shown(outlook) > Stage.NORMAL
    }
    there = set(view.network.ids)
    found |= {g: _close(view, c, publisher) for g, c in chains.items() if g not in there}
    now = sent(view)
    kept = {gauge: _fresh(chain, now) for gauge, chain in found.items()}
    return State(label(view), issue, {g: c for g, c in kept.items() if c.standing or c.messages})


def _follows(view: View, before: State) -> bool:
    """Return whether a view belongs to the same story as an earlier state."""
    ahead = view.issue_time - before.issue_time
    within = np.timedelta64(0, "h") <= ahead <= view.network.horizon * view.network.step
    return before.label == label(view) and (bool(within) or not view.replay)


def _next(
    view: View, outlook: Outlook, chain: Chain | None, again: bool, publisher: Publisher
) -> Chain:
    chain = chain or Chain()
    before, now = chain.standing, seen(outlook)
    if again and now.stage <= (before.stage if before else Stage.NORMAL):
        return chain
    standing, kind = step(before, now, outlook.issue_time)
    told = standing or before
    if kind is None or told is None:
        return replace(chain, standing=standing)
    number = chain.number + 1
    opened = chain.opened if before else number
    ours = tuple(m for m in chain.messages if _number(m) >= opened)
    earlier = _alive(ours, sent(view)) or ours[-1:]
    message = compose(view, outlook, Occasion(kind, number, told, earlier), publisher)
    return Chain(number, standing, opened, (*chain.messages, message))


def _close(view: View, chain: Chain, publisher: Publisher) -> Chain:
    """End the alert of a gauge that is no longer in the network, and say so."""
    if chain.standing is None or not chain.messages:
        return chain
    message = gone(view, chain.messages[-1], chain.number + 1, publisher)
    return Chain(chain.number + 1, None, chain.opened, (*chain.messages, message))


def _fresh(chain: Chain, now: np.datetime64) -> Chain:
    """Return a chain without what has expired; of an alert in force the newest message stays."""
    last = chain.messages[-1:] if chain.standing else ()
    return replace(chain, messages=_alive(chain.messages, now) or last)


def _alive(messages: tuple[Message, ...], now: np.datetime64) -> tuple[Message, ...]:
    return tuple(message for message in messages if _utc(message.expires) > now)


@lru_cache(maxsize=4096)
def _utc(time: str) -> np.datetime64:
    """Return a time of CAP as we keep it."""
    here, sign = np.datetime64(time[:19], "ns"), 1 if time[19] == "-" else -1
    shift = int(time[20:22]) * 60 + int(time[23:25])
    return here + sign * np.timedelta64(shift, "m")


def _number(message: Message) -> int:
    return int(message.identifier.rpartition(".")[2])
