"""The dead man's switch: what is told where no forecast was issued for too long."""

from typing import Any

import numpy as np
from prefect.states import Completed

from flows import heartbeat, kept_schedules, pulling, telling
from flows.heartbeat import Heartbeat
from flows.settings import Settings


def report(network: str, settings: Settings) -> Any:
    """Tell that a network is silent, unless a person paused it or it has just spoken."""
    if kept_schedules.read(settings.folders).get(network):
        return Completed(name="Paused", message=f"{network} is paused: its silence is wanted.")
    heart = heartbeat.read(settings.folders, network)
    now = pulling.this_moment()
    if heart is not None and now <= heart.silent_since:
        return Completed(name="Alive", message=f"{network} has spoken: {heart.told}")
    said = words(network, heart, now)
    troubles = telling.tell("silent", network, "no forecast", said, settings)
    return Completed(name="Told", message=" ".join([said, *troubles]))


def words(network: str, heart: Heartbeat | None, now: np.datetime64) -> str:
    """Return one sentence on how long nothing has been heard."""
    if heart is None:
        return f"{network}: no cycle has ever ended. Look at the runs of issue-forecast."
    minutes = int((now - heart.silent_since) / np.timedelta64(1, "m"))
    return (
        f"{network}: a cycle was due at {heart.next_due}, {minutes} min ago, and none has ended "
        f"since. The last one, due {heart.due}: {heart.state}. {heart.told}"
    )
