"""Text from upstream, made harmless to read: no mark in it can turn or hide what stands beside it.

Escaping for HTML is the templates' work (autoescape) and JSON's (`maps.page.json_block`). What
neither takes away are control characters and the marks that reverse the direction of writing.
"""

import re
from dataclasses import replace
from hashlib import sha256
from typing import Any

from data.network import Network
from data.stations import Station
from forecast.outlook import Outlook
from maps.view import View

_TURNING = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_UNSAFE = re.compile("[^A-Za-z0-9-]")
_LONGEST = 100  # characters: a file system ends a name at 255 bytes, and it carries more than this


def plain(text: str) -> str:
    """Return `text` without control characters and marks of direction."""
    return _TURNING.sub("", text)


def plain_view(view: View) -> View:
    """Return the view with plain texts wherever a provider or an operator wrote them."""
    return replace(
        view,
        network=_network(view.network),
        outlooks=tuple(_outlook(outlook) for outlook in view.outlooks),
        manifest=_plain_json(view.manifest),
    )


def file_name(name: str) -> str:
    """Return `name` as a file's name: a station's id comes from upstream and may hold a slash.

    Letters, digits and hyphens stay; anything else becomes `_` and its code point, so that two
    different names never meet in one file. A long name ends in its fingerprint.
    """
    told = _UNSAFE.sub(lambda found: f"_{ord(found[0]):x}_", name)
    if len(told) <= _LONGEST:
        return told
    return f"{told[: _LONGEST - 17]}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _network(network: Network) -> Network:
    stations = tuple(_station(station) for station in network.stations)
    names = ("title_ko", "title_en", "provenance", "caveat_ko", "caveat_en")
    return replace(network, stations=stations, **_texts(network, names))


def _outlook(outlook: Outlook) -> Outlook:
    reason, note = plain(outlook.reason), plain(outlook.note)
    same = (reason, note) == (outlook.reason, outlook.note)
    return outlook if same else replace(outlook, reason=reason, note=note)


def _station(station: Station) -> Station:
    limits = station.thresholds
    changed: dict[str, Any] = _texts(station, ("name_ko", "name_en", "river_ko", "river_en"))
    if limits and plain(limits.method) != limits.method:
        changed["thresholds"] = replace(limits, method=plain(limits.method))
    return replace(station, **changed) if changed else station


def _texts(thing: Network | Station, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the texts that are not plain, made plain."""
    told = {name: getattr(thing, name) for name in names}
    return {name: plain(text) for name, text in told.items() if plain(text) != text}


def _plain_json(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: _plain_json(item) for key, item in value.items()}
    return [_plain_json(item) for item in value] if isinstance(value, list) else value
