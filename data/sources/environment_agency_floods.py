"""Flood alerts and warnings in force, as the Environment Agency issues them.

    GET /id/floods

Level 1 is a severe flood warning, 2 a flood warning, 3 a flood alert, 4 no longer in force.
Their times carry no zone; they are taken as UTC, and each flood's notes say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.reading import NAT
from data.sources import json_answer, web
from data.sources.asking import Access, Answer, Question
from data.sources.environment_agency import SOURCE
from data.sources.environment_agency_items import alone, items, tail

LEVELS = {
    1: "Severe Flood Warning",
    2: "Flood Warning",
    3: "Flood Alert",
    4: "Warning no Longer in Force",
}
UNKNOWN = 0


@dataclass(frozen=True)
class Flood:
    """One alert or warning.

    Attributes:
        id: The provider's id; `area` that of the area it holds for.
        level: 1 (severe) .. 4 (no longer in force); `UNKNOWN` if it cannot be read, never harmless.
        severity: In the provider's words.
        tidal: None if it does not say.
        raised: UTC, datetime64[ns], NaT if not told; so are the other two times.
        notes: What looks wrong or odd about it, a sentence each.
    """

    id: str
    area: str
    level: int
    severity: str
    description: str = ""
    message: str = ""
    county: str = ""
    river: str = ""
    tidal: bool | None = None
    raised: np.datetime64 = NAT
    severity_changed: np.datetime64 = NAT
    message_changed: np.datetime64 = NAT
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Floods:
    """The floods of an answer, and a sentence for each item that is none."""

    floods: tuple[Flood, ...]
    complaints: tuple[str, ...] = ()


def ask_floods(access: Access) -> Answer:
    """Return the answer that lists what is in force.

    Raises:
        SourceUnavailable: The provider did not answer.
        SourceError: It refused.
    """
    return web.ask(access, Question(SOURCE, "floods", "/id/floods"))


def floods(answer: Answer) -> Floods:
    """Return the alerts and warnings of an answer.

    Raises:
        SourceUnavailable: The answer breaks off.
        SourceError: It is not in the shape that this was written for.
    """
    found, complaints = items(answer)
    listed = []
    for item in found:
        if tail(item.get("@id")):
            listed.append(_flood(item))
        else:
            complaints.append(f"{json_answer.shown(item)} is no flood.")
    return Floods(tuple(listed), tuple(complaints))


def _flood(item: dict[str, Any]) -> Flood:
    notes: list[str] = []
    area = item.get("floodArea")
    facts = area if isinstance(area, dict) else {}
    tidal = item.get("isTidal")
    times = [
        _time(item.get(name), name, notes)
        for name in ("timeRaised", "timeSeverityChanged", "timeMessageChanged")
    ]
    return Flood(
        id=tail(item["@id"]),
        area=alone(item.get("floodAreaID"))[0] or tail(area),
        level=_level(item, notes),
        severity=alone(item.get("severity"))[0],
        description=alone(item.get("description"))[0],
        message=alone(item.get("message"))[0],
        county=alone(facts.get("county"))[0],
        river=alone(facts.get("riverOrSea"))[0],
        tidal=tidal if isinstance(tidal, bool) else None,
        raised=times[0],
        severity_changed=times[1],
        message_changed=times[2],
        notes=tuple(dict.fromkeys(notes)),
    )


def _level(item: dict[str, Any], notes: list[str]) -> int:
    """Return 1 .. 4, or UNKNOWN; number and words must not disagree unnoticed."""
    level, words = json_answer.number(item.get("severityLevel")), alone(item.get("severity"))[0]
    if level not in LEVELS:
        notes.append(f"Its severityLevel is {json_answer.shown(item.get('severityLevel'))}.")
        return UNKNOWN
    if words and words.lower() != LEVELS[int(level)].lower():
        notes.append(f"Its level is {int(level)}, its severity '{words}'.")
    return int(level)


def _time(raw: object, name: str, notes: list[str]) -> np.datetime64:
    if raw is None:
        return NAT
    time = json_answer.time(raw) if isinstance(raw, str) else NAT
    notes += _odd(raw, time, name)
    return time


def _odd(raw: object, time: np.datetime64, name: str) -> Iterator[str]:
    if np.isnat(time):
        yield f"Its {name} is {json_answer.shown(raw)}, no time."
    elif isinstance(raw, str) and not raw.endswith("Z") and "+" not in raw:
        yield "Its times carry no zone; they are taken as UTC."
