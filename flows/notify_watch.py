"""Is the clock still going? Looks at a heartbeat, here or from another machine, and tells once.

A dead machine tells nothing of itself: `mulgil watch` belongs into a timer of its own, and best on
a second machine, where it reads the published site.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import httpx
import numpy as np

from data.errors import MulgilError
from flows import heartbeat, notify, notify_memory, pulling
from flows.notify_event import Event
from flows.settings import Settings
from maps.feeds.label import marked

PATIENCE = 10.0  # seconds
LARGEST = 32 << 20  # bytes
MINUTE = np.timedelta64(1, "m")
_AHEAD = 10 * MINUTE  # a sign that is newer than our clock by more is no sign


@dataclass(frozen=True)
class Sign:
    """A sign of life.

    Attributes:
        at: When it was given, UTC; NaT where there is none.
        what: Where it was seen, or why not.
    """

    at: np.datetime64
    what: str


@dataclass(frozen=True)
class Watched:
    """What a look found.

    Attributes:
        minutes: Age of the last sign; NaN where there is none.
        told: One sentence.
        troubles: Why receivers were not told.
    """

    network: str
    alive: bool
    minutes: float
    told: str
    troubles: tuple[str, ...] = ()


def watch(network: str, minutes: float, url: str, settings: Settings) -> Watched:
    """Look for a sign of life that is not older than some minutes; tell its end and its return.

    Args:
        url: Of the published site; "": the heartbeat file below our own home.
    """
    now = pulling.this_moment()
    sign = published(url, network) if url else own(network, settings)
    age = float((now - sign.at) / MINUTE)
    alive = bool(-_AHEAD / MINUTE <= age <= minutes)
    found = Watched(network, alive, age, _told(network, sign, age, minutes))
    return replace(found, troubles=tuple(_tell(found, sign, now, settings)))


def own(network: str, settings: Settings) -> Sign:
    """Return the last heartbeat of a network on this machine."""
    path = heartbeat.path_of(settings.folders, network)
    found = heartbeat.read(settings.folders, network)
    if found is None:
        return Sign(np.datetime64("NaT", "ns"), f"there is no heartbeat in {path}")
    return Sign(_time(found.finished), f"the heartbeat in {path}")


def published(url: str, network: str) -> Sign:
    """Return the last sign of a published site: its heartbeat, else the issue time it shows."""
    base, why = url.rstrip("/"), ""
    signs = {
        f"{base}/heartbeat/{network}.json": "finished",
        f"{base}/{network}/api/network.json": "issue_time",
    }
    for address, name in signs.items():
        try:
            return Sign(_time(str(_fetch(address)[name])), f"{name} in {address}")
        except httpx.HTTPError as error:
            why = f"{address}: {type(error).__name__}"
        except (ValueError, KeyError, TypeError) as error:
            why = f"{address}: {error}"
    return Sign(np.datetime64("NaT", "ns"), f"there is no sign of life, {why}")


def _fetch(address: str) -> dict[str, Any]:
    with httpx.stream("GET", address, timeout=PATIENCE, follow_redirects=True) as response:
        if not response.is_success:
            raise ValueError(f"HTTP {response.status_code}")
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LARGEST:
                raise ValueError(f"more than {LARGEST:,} bytes")
    told: dict[str, Any] = json.loads(bytes(body))
    return told


def _time(text: str) -> np.datetime64:
    return np.datetime64(text.rstrip("Z"), "ns")


def _told(network: str, sign: Sign, age: float, minutes: float) -> str:
    if np.isnan(age):
        return f"{network}: {sign.what}."
    if age < -_AHEAD / MINUTE:
        return f"{network}: {sign.what} is {-age:.0f} min ahead of our clock: one of them is wrong."
    over = "" if age <= minutes else f", more than {minutes:g} min"
    return f"{network}: the last sign of life is {max(age, 0):.0f} min old{over} ({sign.what})."


def _tell(found: Watched, sign: Sign, now: np.datetime64, settings: Settings) -> list[str]:
    """Tell silence when it begins, and life when it returns; nothing in between."""
    name = f"{found.network}.watch"  # a memory of its own: cycles write theirs
    memory = notify_memory.load(settings.folders, name)
    if found.alive is not bool(memory.silent):
        return []
    since = "" if found.alive else f"{(now if np.isnat(sign.at) else sign.at).astype('M8[m]')}Z"
    troubles = notify.send(_event(found, memory.silent, now, settings), settings)
    try:
        notify_memory.save(settings.folders, name, replace(memory, silent=since))
    except OSError as error:
        troubles.append(f"that it was told could not be noted: {error.strerror}")
    return troubles


def _event(found: Watched, silent: str, now: np.datetime64, settings: Settings) -> Event:
    """Return what is told; the network may be one that this machine does not know."""
    if found.alive:
        ko, en = f"{silent}부터의 침묵이 끝났습니다", f"silence since {silent} is over"
        bodies = (f"예보가 다시 돌아갑니다.\n{found.told}", f"Cycles run again.\n{found.told}")
    else:
        ko, en = "예보가 멈춘 것 같습니다", "no cycle is seen any more"
        bodies = (
            f"예보 주기의 흔적이 없습니다. 사이트의 예보는 낡았을 수 있습니다.\n{found.told}",
            f"No cycle has left a sign; what the site shows may be old.\n{found.told}",
        )
    label = "SIMULATED" if _simulated(found.network, settings) else ""
    return Event(
        kind="recovered" if found.alive else "silent",
        network=found.network,
        when=now,
        title_ko=marked(label, f"[물길] {found.network}: {ko}", "ko"),
        title_en=marked(label, f"[Mulgil] {found.network}: {en}", "en"),
        body_ko=bodies[0],
        body_en=bodies[1],
        data={"label": label, "minutes": None if np.isnan(found.minutes) else found.minutes},
    )


def _simulated(network: str, settings: Settings) -> bool:
    try:
        return pulling.find(network, settings.folders).simulated
    except MulgilError:
        return False
