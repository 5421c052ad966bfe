"""From stages to the words of CAP 1.2: urgency, severity, certainty, response; times and status."""

from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data.stations import Stage
from maps.feeds.publisher import Publisher
from maps.feeds.warnings import CLOSING, Kind
from maps.view import View

Codes = tuple[str, str, str, str]

_OF_STAGE: dict[Stage, Codes] = {
    Stage.ATTENTION: ("Future", "Minor", "Possible", "Monitor"),
    Stage.WATCH: ("Expected", "Moderate", "Likely", "Prepare"),
    Stage.WARNING: ("Immediate", "Severe", "Likely", "Avoid"),
    Stage.SEVERE: ("Immediate", "Extreme", "Likely", "Avoid"),
}
_OF_END: dict[Kind, Codes] = {
    Kind.ENDED: ("Past", "Minor", "Observed", "AllClear"),
    Kind.WITHDRAWN: ("Past", "Unknown", "Unknown", "Monitor"),
}


def codes(kind: Kind, stage: Stage, observed: bool, lost: bool) -> Codes:
    """Return urgency, severity, certainty and responseType.

    Args:
        observed: The stage is read at the gauge. Only then is it `Observed`: a severe stage that
            is forecast is `Likely`, as CAP's words mean it.
        lost: Nothing is known; the severity stays that of the stage in force.
    """
    if kind in CLOSING:
        return _OF_END[kind]
    urgency, severity, certainty, response = _OF_STAGE[stage]
    if lost:
        return "Unknown", severity, "Unknown", response
    return urgency, severity, "Observed" if observed else certainty, response


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
