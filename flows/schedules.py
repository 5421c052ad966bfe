"""When a network's cycles are due: a line of cron (UTC), by default from the network's step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np
from cronsim import CronSim, CronSimError

from data.errors import MulgilError

LATEST = 12  # minutes: HRFCO tells the reading of the hour 7 to 11 minutes later
SHARE = 0.8  # of the step: when a faster network's readings are asked for
DAY = 24 * 60  # minutes


class BadSchedule(MulgilError):
    """A text that is no schedule."""


@dataclass(frozen=True)
class Schedule:
    """When a network's cycles are due.

    Attributes:
        cron: Five fields, UTC.
        every: The shortest time between two of them.
    """

    network: str
    cron: str
    every: np.timedelta64

    @property
    def minutes(self) -> int:
        """The shortest time between two cycles in minutes."""
        return int(self.every / np.timedelta64(1, "m"))


def of(network: str, step: np.timedelta64, given: Sequence[str], every: Sequence[str]) -> Schedule:
    """Return the schedule of a network.

    Args:
        step: Of the network; it decides where nothing was given.
        given: `NETWORK=CRON`, or `CRON` for all.
        every: `NETWORK=MINUTES`, or `MINUTES` for all.

    Raises:
        BadSchedule: One of them is no schedule.
    """
    cron = _of(network, given)
    if cron is None:
        wanted = _of(network, every)
        minutes = int(step / np.timedelta64(1, "m")) if wanted is None else _minutes(wanted)
        cron = cron_of(minutes)
    return Schedule(network, cron, cadence(cron))


def cron_of(minutes: int) -> str:
    """Return the line of cron that fires so often, a while after each grid time.

    Raises:
        BadSchedule: Neither does an hour hold it evenly, nor it hours and a day it.
    """
    late = max(min(LATEST, int(minutes * SHARE)), 0)
    if 0 < minutes < 60 and 60 % minutes == 0:
        return f"{late}-59/{minutes} * * * *" if minutes > 1 else "* * * * *"
    if minutes == 60:
        return f"{late} * * * *"
    if minutes > 60 and minutes % 60 == 0 and DAY % minutes == 0:
        return f"{late} */{minutes // 60} * * *" if minutes < DAY else f"{late} 0 * * *"
    raise BadSchedule(f"Every {minutes} minutes is no even part of a day.", "Write --cron instead.")


def cadence(cron: str) -> np.timedelta64:
    """Return the shortest time between two due times of a line of cron.

    Raises:
        BadSchedule: It is none.
    """
    try:
        dates = list(islice(CronSim(cron, datetime(2026, 1, 1)), 100))  # noqa: DTZ001  # UTC
    except CronSimError as error:
        raise BadSchedule(f"'{cron}' is no line of cron.", "Write e.g. '12 * * * *'.") from error
    times = np.array(dates, "datetime64[s]")
    shortest: np.timedelta64 = np.diff(times).min().astype("timedelta64[ns]")
    return shortest


def _of(network: str, given: Sequence[str]) -> str | None:
    """Return what was given for a network; its own goes before what was given for all."""
    own = [text.partition("=")[2] for text in given if text.partition("=")[0] == network]
    shared = [text for text in given if "=" not in text]
    return next(iter([*own, *shared]), None)


def _minutes(text: str) -> int:
    try:
        return int(text.strip().removesuffix("m").removesuffix(" min"))
    except ValueError:
        raise BadSchedule(f"'{text}' is no number of minutes.", "Write e.g. --every 10.") from None
