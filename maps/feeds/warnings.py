"""When an alert of one gauge begins, changes and ends; pure, one issue time after the other.

Raising is immediate and may skip levels. Lowering needs as many issues in a row as `Rules.calm`,
all of them known and all of them lower; the alert then falls to the highest of them. What is not
known neither raises nor ends anything: the alert stays, and says that it is not known whether it
still holds. One that has been so for `Rules.patience` is withdrawn, which is no all-clear.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from data.stations import Stage
from forecast.outlook import Outlook
from maps.listing import shown


class Kind(StrEnum):
    """Why a message is sent."""

    RAISED = "raised"  # begun, or to a higher stage
    REACHED = "reached"  # the stage that was forecast is read at the gauge
    LOWERED = "lowered"
    LOST = "lost"  # from now on nothing is known
    FOUND = "found"  # something is known again
    RENEWED = "renewed"  # nothing new; the last message would expire
    ENDED = "ended"  # all clear
    WITHDRAWN = "withdrawn"  # nothing is known for long: no all-clear


CLOSING = (Kind.ENDED, Kind.WITHDRAWN)
_LIFE, _PATIENCE = np.timedelta64(12, "h"), np.timedelta64(72, "h")


@dataclass(frozen=True)
class Rules:
    """How patient alerts are.

    Attributes:
        calm: Issues in a row that must be lower before an alert is lowered or ended.
        life: How long a message holds; it is renewed after half of that.
        patience: How long an alert of which nothing is known stands before it is withdrawn.
    """

    calm: int = 3
    life: np.timedelta64 = _LIFE
    patience: np.timedelta64 = _PATIENCE


RULES = Rules()


@dataclass(frozen=True)
class Seen:
    """What one issue says of a gauge.

    Attributes:
        stage: The worst of now and the forecast; UNKNOWN where it is not known.
        now: The stage of the last reading.
        sure: Both the reading and the forecast are known. Half a view can raise, never lower.
    """

    stage: Stage
    now: Stage
    sure: bool


@dataclass(frozen=True)
class Standing:
    """An alert in force.

    Attributes:
        told: Issue time of its last message.
        observed: It was said that its stage is read at the gauge.
        calm: The lower stages of the last issues in a row.
        lost_since: Issue time since which nothing is known; None where it is known.
    """

    stage: Stage
    observed: bool
    told: np.datetime64
    calm: tuple[Stage, ...] = ()
    lost_since: np.datetime64 | None = None


Step = tuple[Standing | None, Kind | None]


def seen(outlook: Outlook) -> Seen:
    """Return what an outlook says."""
    sure = Stage.UNKNOWN not in (outlook.stage, outlook.stage_now)
    return Seen(shown(outlook), outlook.stage_now, sure)


def step(before: Standing | None, now: Seen, moment: np.datetime64, rules: Rules = RULES) -> Step:
    """Return the alert after one more issue, None where there is none; and why a message is sent.

    Args:
        moment: The issue time; later than that of every step before.
    """
    if now.stage > (before.stage if before else Stage.NORMAL):
        return Standing(now.stage, now.now >= now.stage, moment), Kind.RAISED
    if before is None:
        return None, None
    if now.stage < before.stage and not now.sure:
        return _lost(before, moment, rules)
    if now.stage == before.stage:
        return _held(replace(before, calm=()), now, moment, rules)
    return _calmer(before, now, moment, rules)


def _lost(before: Standing, moment: np.datetime64, rules: Rules) -> Step:
    waiting = replace(before, calm=(), lost_since=before.lost_since or moment)
    if before.lost_since is None:
        return replace(waiting, told=moment), Kind.LOST
    if moment - before.lost_since >= rules.patience:
        return None, Kind.WITHDRAWN
    return _renewed(waiting, moment, rules)


def _held(standing: Standing, now: Seen, moment: np.datetime64, rules: Rules) -> Step:
    observed = now.now >= standing.stage
    told = replace(standing, told=moment, lost_since=None, observed=standing.observed or observed)
    if standing.lost_since is not None:
        return told, Kind.FOUND
    if observed and not standing.observed:
        return told, Kind.REACHED
    return _renewed(standing, moment, rules)


def _renewed(standing: Standing, moment: np.datetime64, rules: Rules) -> Step:
    if moment - standing.told < rules.life / 2:
        return standing, None
    return replace(standing, told=moment), Kind.RENEWED


def _calmer(before: Standing, now: Seen, moment: np.datetime64, rules: Rules) -> Step:
    calm = (*before.calm, now.stage)[-rules.calm :]
    if len(calm) < rules.calm:
        return _held(replace(before, calm=calm), now, moment, rules)
    level = max(calm)
    if level <= Stage.NORMAL:
        return None, Kind.ENDED
    return Standing(level, now.now >= level, moment), Kind.LOWERED
