"""What a cycle says of itself in one sentence, and whether there are gaps in what it issued."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.network import Network
from flows import pulling
from flows.cycle_steps import Work
from flows.manifest import Manifest
from forecast.outlook import STALE_AFTER

FAILED = "failed"  # how the line of a provider begins that gave nothing that can be used
NAMED = 3


@dataclass(frozen=True)
class Told:
    """One sentence for a person.

    Attributes:
        gaps: Some provider, gauge or step failed, or a gauge has been silent for hours.
    """

    sentence: str
    gaps: bool


def of(run: Manifest, work: Work, release: Path | None, troubles: Sequence[str]) -> Told:
    """Return what happened in a cycle that issued a forecast.

    Args:
        troubles: What failed after the forecast was issued.
    """
    network = pulling.find(run.network, work.settings.folders)
    gauges, without = len(network.ids), len(run.degraded)
    silent = len(set(silent_for_long(run, network)) - set(run.degraded))
    failed = [f"{who} {did}" for who, did in run.providers.items() if did.startswith(FAILED)]
    parts = [f"{gauges - without} of {gauges} gauges", *_some(failed), *troubles]
    if silent:
        hours = int(STALE_AFTER / np.timedelta64(1, "h"))
        parts.append(f"{silent} of them without a reading for more than {hours} h")
    if release is None and not troubles:
        parts.append("the site shows a newer forecast and was left as it is")
    sentence = f"{run.network}: forecast of {run.issue_time} issued: {'; '.join(parts)}."
    return Told(sentence, gaps=bool(without or silent or failed or troubles))


def silent_for_long(run: Manifest, network: Network) -> list[str]:
    """Return the gauges whose last reading is too old to tell a stage by, or is not there."""
    issue = np.datetime64(run.issue_time.rstrip("Z"))
    last = {s: each.get(network.quantity.value) for s, each in _last_values(run).items()}
    return [
        station
        for station, time in last.items()
        if time is None or issue - np.datetime64(time.rstrip("Z")) > STALE_AFTER
    ]


def _last_values(run: Manifest) -> Mapping[str, Mapping[str, str | None]]:
    told: Mapping[str, Mapping[str, str | None]] = run.inputs.get("last_value", {})
    return told


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - NAMED
    return [*lines[:NAMED], *([f"and {more} more providers"] if more > 0 else [])]
