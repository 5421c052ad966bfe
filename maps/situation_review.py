"""What persons have done to a forecast, as its manifest tells; nobody is taken to have approved it.

`manifest["review"]` is written by `maps.review.record`. A record may be older or damaged: what it
does not say is not made up, and without the word that it is approved, a forecast is not reviewed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["automatic", "approved", "held"]
_STATES: dict[str, State] = {"approved": "approved", "held": "held"}


@dataclass(frozen=True)
class Edit:
    """One edit that is in force; "" for what is not said.

    Attributes:
        id: Of the edit, or what stands for it where the record has none.
        until: When it expires, RFC 3339.
        automatic, now: The stage before and after it, by the name of a `Stage` in small letters.
        lowered: Whether the stage is milder than the automatic one.
        idle: Whether it changes nothing in this forecast.
    """

    id: str
    station: str
    role: str
    reason: str
    until: str
    automatic: str
    now: str
    lowered: bool
    idle: bool


@dataclass(frozen=True)
class Review:
    """How a forecast stands with the persons who answer for it.

    Attributes:
        role: Of who decided; "" while nobody has.
        at: When, RFC 3339.
        trouble: Why nothing that persons wrote is used; "" if all is well.
    """

    state: State
    role: str
    at: str
    reason: str
    trouble: str
    edits: tuple[Edit, ...]


def review(manifest: Mapping[str, Any]) -> Review:
    """Return how the forecast of a run stands."""
    kept = _record(manifest)
    state = _STATES.get(_text(kept, "state"), "automatic")
    decided = state != "automatic"
    return Review(
        state,
        _text(kept, "role") if decided else "",
        _text(kept, "at") if decided else "",
        _text(kept, "reason") if decided else "",
        _text(kept, "trouble"),
        edits(manifest),
    )


def edits(manifest: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Return the edits in force, in the order of the record."""
    listed = _record(manifest).get("edits")
    return tuple(_edits(listed if isinstance(listed, list) else []))


def _record(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = manifest.get("review")
    return kept if isinstance(kept, Mapping) else {}


def _edits(listed: list[Any]) -> Iterator[Edit]:
    for each in listed:
        if not isinstance(each, Mapping) or not _text(each, "station"):
            continue
        names = ("station", "role", "reason", "expires", "stage_automatic", "stage")
        station, role, reason, until, automatic, now = (_text(each, name) for name in names)
        yield Edit(
            id=_text(each, "id") or " | ".join((role, reason, until, automatic, now)),
            station=station,
            role=role,
            reason=reason,
            until=until,
            automatic=automatic,
            now=now,
            lowered=each.get("lowered") is True,
            idle=each.get("changes") is False,
        )


def _text(given: Mapping[str, Any], name: str) -> str:
    """Return a text; "" if it is none."""
    value = given.get(name)
    return value if isinstance(value, str) else ""
