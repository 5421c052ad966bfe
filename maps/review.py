"""What persons decided and edited of a forecast, as the site shows it beside the automatic one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import xarray as xr

from forecast.edits import STAGE_KINDS, Change, Edit
from forecast.outlook import STAGES, Outlook

if TYPE_CHECKING:
    from maps.view import View

State = Literal["automatic", "approved", "held"]
NEVER = np.datetime64("NaT", "ns")
FIELDS = ("stage_automatic", "peak_automatic", "edited_by", "edit_reason", "edit_expires")


@dataclass(frozen=True)
class Reviewed:
    """How a forecast stands with the persons who answer for it.

    Attributes:
        state: `automatic` until somebody decides; an approval ends with the next edit.
        role: Of who decided; never a name.
        at: When it was decided, UTC.
        changes: What the edits in force do, by gauge.
        forecast: The automatic one; `outlooks` what it means.
        trouble: Why nothing that persons wrote is used, in both languages; "" if all is well.
        version, digest: What of the log was read.
        waits: Its alerts wait for a person, see `maps.feeds.gate`.
        approved: The newest earlier forecast that was approved, while this one is not: its alerts
            go out.
    """

    forecast: xr.Dataset
    outlooks: tuple[Outlook, ...]
    state: State = "automatic"
    role: str = ""
    at: np.datetime64 = NEVER
    reason: str = ""
    changes: tuple[Change, ...] = ()
    trouble: str = ""
    version: int = 0
    digest: str = ""
    waits: bool = False
    approved: "View | None" = field(default=None, repr=False)

    @cached_property
    def by_gauge(self) -> Mapping[str, Change]:
        """The changes by station."""
        return {change.station: change for change in self.changes}


def record(review: Reviewed) -> dict[str, Any]:
    """Return what the manifest of a run keeps of its review."""
    return {
        "state": review.state,
        "role": review.role,
        "at": iso(review.at) or "",
        "reason": review.reason,
        "version": review.version,
        "digest": review.digest,
        "trouble": review.trouble,
        "alerts_wait": review.waits,
        "edits": [_told(edit, change) for change in review.changes for edit in change.edits],
    }


def fields(review: Reviewed, outlook: Outlook) -> dict[str, Any]:
    """Return what stands beside the stage of a gauge in files; null where nobody edited it."""
    change = review.by_gauge.get(outlook.station)
    if change is None:
        return dict.fromkeys(FIELDS)
    return {
        "stage_automatic": change.before.stage.name.lower(),
        "peak_automatic": _number(change.before.peak),
        "edited_by": ", ".join(dict.fromkeys(edit.role for edit in change.edits)),
        "edit_reason": "; ".join(edit.reason for edit in change.edits),
        "edit_expires": iso(max(edit.expires for edit in change.edits)),
    }


def iso(time: np.datetime64) -> str | None:
    """Return a time as RFC 3339; None for no time."""
    return None if np.isnat(time) else f"{np.datetime_as_string(time, unit='s')}Z"


def _told(edit: Edit, change: Change) -> dict[str, Any]:
    return {
        "id": edit.id,
        "station": edit.station,
        "kind": edit.kind,
        "value": STAGES[int(edit.value)].name.lower() if edit.kind in STAGE_KINDS else edit.value,
        "role": edit.role,
        "reason": edit.reason,
        "created": iso(edit.created),
        "issued": iso(edit.issued),
        "expires": iso(edit.expires),
        "first": iso(edit.first),
        "last": iso(edit.last),
        "fade_hours": edit.fade / np.timedelta64(1, "h"),
        "changes": edit.id not in change.idle,
        "stage": change.after.stage.name.lower(),
        "stage_automatic": change.before.stage.name.lower(),
        "lowered": change.lowered,
        "peak": _number(change.after.peak),
        "peak_automatic": _number(change.before.peak),
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 3)
