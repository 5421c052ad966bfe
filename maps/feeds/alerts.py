"""Write the alerts of a network: CAP messages, the Atom feeds that link them, the chains' state.

Of a large network only rivers and gauges with messages have a feed of their own; the feed of all
alerts says how many gauges there are and of how many nothing is known.
"""

from collections.abc import Iterator
from hashlib import sha256

from data.stations import Station
from maps.feeds import atom, chains_file
from maps.feeds.cap import cap
from maps.feeds.chains import State
from maps.feeds.json_bytes import json_bytes
from maps.feeds.layout import large
from maps.feeds.message import Message
from maps.feeds.publisher import Publisher
from maps.plain import file_name
from maps.release import Draft
from maps.view import View

STATE = "alerts/state.json"


def write(view: View, draft: Draft, state: State, publisher: Publisher) -> None:
    """Write all alerts.

    Args:
        draft: The network's folder.
    """
    draft.put(STATE, chains_file.to_json_bytes(state, view))
    messages = [m for _, chain in sorted(state.chains.items()) for m in chain.messages]
    sender = sha256(json_bytes([publisher])).hexdigest()
    for message in messages:
        _message(draft, message, publisher, sender)
    feeds = atom.Feeds(view, file_name(view.network.name), publisher)
    for scope in _scopes(view, messages):
        _feed(draft, feeds, scope)


def _message(draft: Draft, message: Message, publisher: Publisher, sender: str) -> None:
    """Write a message, unless the last release has it: what was sent is never changed."""
    path = f"alerts/cap/{message.identifier}.xml"
    key = f"{sender} {message.reference}"  # no two messages share it
    if not draft.keep(path, key):
        draft.put(path, cap(message, publisher), key)


def _feed(draft: Draft, feeds: atom.Feeds, scope: atom.Scope) -> None:
    """Write a feed, unless the last release has one that tells the same messages for good."""
    key = feeds.key(scope) if scope.lasting else ""
    if not (key and draft.keep(scope.path, key)):
        draft.put(scope.path, feeds.feed(scope), key)


def _scopes(view: View, messages: list[Message]) -> Iterator[atom.Scope]:
    """Yield what feeds are about: all gauges, those of each river, each gauge."""
    titles = (view.network.title_ko, view.network.title_en)
    yield atom.Scope("alerts/all.atom", "index.html", titles, view.outlooks, tuple(messages))
    yield from _of_rivers(view, messages)
    yield from _of_gauges(view, messages)


def _of_rivers(view: View, messages: list[Message]) -> Iterator[atom.Scope]:
    by_river: dict[str, list[int]] = {}
    for place, station in enumerate(view.network.stations):
        by_river.setdefault(_river(station), []).append(place)
    told: dict[str, list[Message]] = {}
    for message in messages:
        told.setdefault(message.en.river or message.ko.river, []).append(message)
    for river, places in by_river.items():
        if river not in told and large(view.network):
            continue
        first, outlooks = view.network.stations[places[0]], [view.outlooks[at] for at in places]
        names, path = (first.river_ko, first.river_en), f"alerts/river/{file_name(river)}.atom"
        found = tuple(told.get(river, []))
        yield atom.Scope(path, "index.html", names, tuple(outlooks), found)


def _of_gauges(view: View, messages: list[Message]) -> Iterator[atom.Scope]:
    told: dict[str, list[Message]] = {}
    for message in messages:
        told.setdefault(message.gauge, []).append(message)
    for station, outlook in zip(view.network.stations, view.outlooks, strict=True):
        if station.id not in told and large(view.network):
            continue
        name, names = file_name(station.id), (station.name_ko, station.name_en)
        path, page = f"alerts/gauge/{name}.atom", f"gauge/{name}.html"
        found = tuple(told.get(station.id, []))
        yield atom.Scope(path, page, names, (outlook,), found, large(view.network))


def _river(station: Station) -> str:
    return station.river_en or station.river_ko
