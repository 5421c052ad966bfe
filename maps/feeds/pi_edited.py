"""Delft-FEWS: the marks of values that a person changed, so that none is taken for the model's own.

Such an event has flag 1 ("corrected, reliable: through interpolation or manual editing"),
flagSource MAN ("manual edit"), the role as `user`, and the automatic value in its `comment`. Where
a person set the stage alone no value changes: the description of the series says it.

Source: Delft-FEWS documentation, "Quality flags" and "flagSource" (publicwiki.deltares.nl).
"""

import numpy as np

from forecast.edits import LEVELS, Change
from maps.feeds.series import Series
from maps.view import View

FLAG = "1"
SOURCE = "MAN"
Marks = dict[int, dict[str, str]]  # attributes of events, by the place of the event


def marks(view: View, series: Series, place: int, level: int) -> Marks:
    """Return the marks of one quantile of a gauge's forecast; {} where nobody changed it.

    Args:
        place: Of the gauge in the network.
        level: Place of the quantile.
    """
    change = _change(view, place)
    if change is None or series.automatic is None:
        return {}
    now, before = (x[place, :, level] for x in (series.forecast, series.automatic))
    changed = np.flatnonzero(np.isfinite(now) & (now != before)).tolist()
    user = _roles(change)
    return {
        at: {
            "flagSource": SOURCE,
            "comment": f"edited by a person; automatic {_number(before[at])}",
            "user": user,
        }
        for at in changed
    }


def said(view: View, place: int) -> str:
    """Return who edited a gauge and how its stages stand; "" where nobody did."""
    change = _change(view, place)
    if change is None:
        return ""
    roles = ", ".join(dict.fromkeys(edit.role for edit in change.edits))
    reasons = "; ".join(dict.fromkeys(edit.reason for edit in change.edits))
    stages = f"stage {change.after.stage.name}, automatic {change.before.stage.name}"
    return f"EDITED by {roles} ({stages}): {reasons}"


def _change(view: View, place: int) -> Change | None:
    station = view.network.stations[place].id
    return view.review.by_gauge.get(station) if view.review else None


def _roles(change: Change) -> str:
    """Return the roles of those who changed levels."""
    own = [e.role for e in change.edits if e.kind in LEVELS and e.id not in change.idle]
    return ", ".join(dict.fromkeys(own))


def _number(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else "missing"
