"""From stages to the words of CAP 1.2: urgency, severity, certainty, response; times and status.

Severity, certainty and response follow from the stage; urgency from the time that is left until the
stage begins. CAP's urgency is about what people should do: Immediate at once, Expected within the
hour, Future in the near future.

| until the stage begins | urgency |
| --- | --- |
| it is read at the gauge, or begins within 1 h | Immediate |
| 1 to 6 h | Expected |
| more than 6 h | Future |
| not told any more (an alert that is held until several forecasts are lower) | Expected |
| nothing is known | Unknown |
| ended or withdrawn | Past |
"""

from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data.stations import Stage
from maps.feeds.publisher import Publisher
from maps.feeds.warnings import CLOSING, Kind
from maps.view import View

Codes = tuple[str, str, str, str]

_OF_STAGE: dict[Stage, tuple[str, str, str]] = {
    Stage.ATTENTION: ("Minor", "Possible", "Monitor"),
    Stage.WATCH: ("Moderate", "Likely", "Prepare"),
    Stage.WARNING: ("Severe", "Likely", "Avoid"),
    Stage.SEVERE: ("Extreme", "Likely", "Avoid"),
}
_AT_ONCE, _SOON = np.timedelta64(1, "h"), np.timedelta64(6, "h")
_OF_END: dict[Kind, Codes] = {
    Kind.ENDED: ("Past", "Minor", "Observed", "AllClear"),
    Kind.WITHDRAWN: ("Past", "Unknown", "Unknown", "Monitor"),
}


def codes(
    kind: Kind, stage: Stage, observed: bool, lost: bool, ahead: np.timedelta64 | None
) -> Codes:
    """Return urgency, severity, certainty and responseType.

    Args:
        observed: The stage is read at the gauge. Only then is it `Observed`: a severe stage that
            is forecast is `Likely`, as CAP's words mean it.
        lost: Nothing is known; the severity stays that of the stage in force.
        ahead: Time until the stage begins; None where that is not told.
    """
    if kind in CLOSING:
        return _OF_END[kind]
    severity, certainty, response = _OF_STAGE[stage]
    if lost:
        return "Unknown", severity, "Unknown", response
    certainty = "Observed" if observed else certainty
    return urgency(observed, ahead), severity, certainty, response


def urgency(observed: bool, ahead: np.timedelta64 | None) -> str:
    """Return how soon people should act, see the table above."""
    if observed:
        return "Immediate"
    if ahead is None:
        return "Expected"
    if ahead <= _AT_ONCE:
        return "Immediate"
    return "Expected" if ahead <= _SOON else "Future"


def msg_type(kind: Kind, first: bool) -> str:
    """Return whether a message opens, changes or closes a chain."""
    if kind in CLOSING:
        return "Cancel"
    return "Alert" if first else "Update"


def status(view: View, publisher: Publisher) -> str:
    """Return how a message is meant: `Actual` only from an authority, of real and present rivers.

    What is of the past or a drill is an `Exercise`; all else is a `Test`.
    """
    if publisher.official(view):
        return "Actual"
    exercise = view.replay or bool(view.manifest.get("replayed"))
    return "Exercise" if exercise and not view.network.simulated else "Test"


@lru_cache(maxsize=4096)
def cap_time(time: np.datetime64, zone: ZoneInfo) -> str:
    """Return a time as CAP asks: with an offset, without fraction, `-00:00` for UTC."""
    local = pd.Timestamp(time).tz_localize("UTC").tz_convert(zone)
    written = str(local.floor("s").isoformat(timespec="seconds"))
    return written.replace("+00:00", "-00:00")
