"""Simulated time for all of Mulgil in one process: what is received, known, issued and told.

Every module of the four rooms that asks the class `datetime` for the time is shown another one,
which tells the time of a clock (`flows.replay.clock`). It is for campaigns and drills only.
"""

import sys
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np

from flows.replay.clock import Clock, real

ROOMS = ("data", "forecast", "maps", "flows")
OWN = {"flows.replay.clock", __name__}
_shown: list[Clock] = []


class _Instances(type):
    """Every datetime passes as an instance of the class that is shown."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class Shown(datetime, metaclass=_Instances):
    """The class `datetime`, with the time of the campaign as now."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        """Return the time of the campaign; without a zone in UTC."""
        moment: datetime = now().astype("datetime64[us]").item()
        return moment.replace(tzinfo=UTC).astimezone(tz) if tz else moment


def now() -> np.datetime64:
    """Return the time that is shown, UTC; the real one before `show`."""
    return (_shown[-1] if _shown else real()).now()


def show(clock: Clock) -> None:
    """Show the time of a clock from now on to every module that is loaded."""
    _shown[:] = [clock]
    for name, module in list(sys.modules.items()):
        ours = name.partition(".")[0] in ROOMS and name not in OWN
        if ours and vars(module).get("datetime") is datetime:
            module.datetime = Shown  # type: ignore[attr-defined]


def hide() -> None:
    """Show the real time again."""
    _shown.clear()
    for module in list(sys.modules.values()):
        if vars(module).get("datetime") is Shown and module.__name__ not in OWN:
            module.datetime = datetime  # type: ignore[attr-defined]
