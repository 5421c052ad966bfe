"""What a person changes in a forecast: the levels or the stage of a gauge, until it expires.

An edit is a layer above the forecast, never a change of it: `apply` returns a copy, and without an
edit in force the very forecast that it was given. What it does is said of each gauge (`Change`),
and that a stage was lowered is said everywhere (`forecast.edit_words`).

    offset    so much more at valid times `first` .. `last`, fading to nothing over `fade`
    level     the median becomes this value there; the other quantiles move along
    peak      the highest median there becomes this value; all quantiles move alike
    stage     the stage is this one, whatever the levels say
    at_least  the stage is this one or a worse one
    at_most   the stage is this one or a milder one

A missing value stays missing: no edit makes levels where there is no forecast. A stage can be set
there; it is then a person's judgement, and says so. `at_most` makes nothing known: it leaves
UNKNOWN as it is. A stage that is *read* at the gauge cannot be edited away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import xarray as xr

from data.network import Network
from data.stations import Stage
from forecast.edit_levels import edited
from forecast.edit_words import JUDGED_UNKNOWN, noted
from forecast.outlook import STAGES, Outlook, assess

Kind = Literal["offset", "level", "peak", "stage", "at_least", "at_most"]
LEVELS: tuple[Kind, ...] = ("offset", "level", "peak")
STAGE_KINDS: tuple[Kind, ...] = ("stage", "at_least", "at_most")
NOT_A_TIME = np.datetime64("NaT", "ns")
NO_FADE = np.timedelta64(0, "ns")


@dataclass(frozen=True)
class Edit:
    """One change that a person asked for.

    Attributes:
        value: In the unit of the station's quantity; of a stage its number.
        role: Who speaks, e.g. `당직 수문관`; it is shown to everyone, a name never is.
        created: When it was written down, UTC.
        issued: Issue time of the forecast that the person saw: that one and later ones change.
        expires: From then on it changes nothing.
        first: Valid times that a level is changed at; NaT: from the first, to the last.
    """

    id: str
    station: str
    kind: Kind
    value: float
    reason: str
    role: str
    created: np.datetime64
    issued: np.datetime64
    expires: np.datetime64
    first: np.datetime64 = NOT_A_TIME
    last: np.datetime64 = NOT_A_TIME
    fade: np.timedelta64 = NO_FADE


@dataclass(frozen=True)
class Change:
    """What the edits in force do at one gauge.

    Attributes:
        before: What the automatic forecast means.
        idle: Ids of edits that change nothing in this forecast.
    """

    station: str
    edits: tuple[Edit, ...]
    before: Outlook
    after: Outlook
    idle: tuple[str, ...] = ()

    @property
    def lowered(self) -> bool:
        """Whether the stage is milder than the automatic one; UNKNOWN is worse than NORMAL."""
        return _rank(self.after.stage) < _rank(self.before.stage)

    @property
    def raised(self) -> bool:
        """Whether the stage is worse than the automatic one."""
        return _rank(self.after.stage) > _rank(self.before.stage)


@dataclass(frozen=True)
class Edited:
    """A forecast as it is shown; `changes` hold what stands beside it."""

    forecast: xr.Dataset
    outlooks: tuple[Outlook, ...]
    changes: tuple[Change, ...]


def in_force(edit: Edit, issue_time: np.datetime64, at: np.datetime64) -> bool:
    """Return whether an edit changes a forecast.

    Args:
        at: The moment it is shown at; of a past that is replayed, the issue time.
    """
    return bool(edit.issued <= issue_time and at < edit.expires)


def apply(
    forecast: xr.Dataset,
    outlooks: tuple[Outlook, ...],
    edits: Iterable[Edit],
    network: Network,
    at: np.datetime64,
) -> Edited:
    """Return a forecast with the edits in force, in the order they were made.

    Args:
        forecast: `data.schema.forecast` with one issue time; it is not changed.
        outlooks: What it means, in the order of the network.
        at: As `in_force` has it.
    """
    issue, known = forecast.issue_time.values[0], set(network.ids)
    valid = [e for e in edits if in_force(e, issue, at) and e.station in known]
    if not valid:
        return Edited(forecast, outlooks, ())
    levels = [edit for edit in valid if edit.kind in LEVELS]
    after, idle = edited(forecast, levels, network)
    moved = after is not forecast
    meant = assess(after.isel(issue_time=0), network) if moved else outlooks
    changes = _changes(valid, idle, outlooks, meant)
    told = {change.station: change.after for change in changes}
    shown = tuple(told.get(outlook.station, outlook) for outlook in outlooks)
    return Edited(
        after, tuple(_noted(o, changes, network) for o in shown), _final(changes, network)
    )


def _changes(
    valid: Sequence[Edit],
    idle: set[str],
    before: Sequence[Outlook],
    meant: Sequence[Outlook],
) -> tuple[Change, ...]:
    stations = {edit.station for edit in valid}
    found = []
    for raw, outlook in zip(before, meant, strict=True):
        if raw.station not in stations:
            continue
        own = tuple(edit for edit in valid if edit.station == raw.station)
        after, still = outlook, {edit.id for edit in own} & idle
        for edit in own:
            if edit.kind in STAGE_KINDS:
                judged = _judged(after, edit)
                still |= {edit.id} if judged is after else set()
                after = judged
        found.append(Change(raw.station, own, raw, after, tuple(sorted(still))))
    return tuple(found)


def _judged(outlook: Outlook, edit: Edit) -> Outlook:
    """Return an outlook with the stage that a person asks for; the same where that is no change."""
    asked, was = STAGES[int(edit.value)], outlook.stage
    stays = {
        "stage": asked is was,
        "at_least": was >= asked,
        "at_most": was is Stage.UNKNOWN or was <= asked,
    }[edit.kind]
    if stays:
        return outlook
    reason = JUDGED_UNKNOWN if asked is Stage.UNKNOWN else ""
    return replace(outlook, stage=asked, stage_time=NOT_A_TIME, reason=reason)


def _noted(outlook: Outlook, changes: Sequence[Change], network: Network) -> Outlook:
    for change in changes:
        if change.station == outlook.station:
            return noted(outlook, change.before, network.quantity)
    return outlook


def _final(changes: Sequence[Change], network: Network) -> tuple[Change, ...]:
    return tuple(
        replace(change, after=noted(change.after, change.before, network.quantity))
        for change in changes
    )


def _rank(stage: Stage) -> float:
    return 0.5 if stage is Stage.UNKNOWN else float(stage)
