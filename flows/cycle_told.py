"""What a cycle says of itself in one sentence, and whether there are gaps in what it issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows import pulling
from flows.cycle_steps import Work
from flows.manifest import Manifest

FAILED = "failed"  # how the line of a provider begins that gave nothing that can be used
NAMED = 3


@dataclass(frozen=True)
class Told:
    """One sentence for a person.

    Attributes:
        gaps: Some provider, gauge or step failed.
    """

    sentence: str
    gaps: bool


def of(run: Manifest, work: Work, release: Path | None, troubles: Sequence[str]) -> Told:
    """Return what happened in a cycle that issued a forecast.

    Args:
        troubles: What failed after the forecast was issued.
    """
    gauges = len(pulling.find(run.network, work.settings.folders).ids)
    without = len(run.degraded)
    failed = [f"{who} {did}" for who, did in run.providers.items() if did.startswith(FAILED)]
    parts = [f"{gauges - without} of {gauges} gauges", *_some(failed), *troubles]
    if release is None and not troubles:
        parts.append("the site shows a newer forecast and was left as it is")
    sentence = f"{run.network}: forecast of {run.issue_time} issued: {'; '.join(parts)}."
    return Told(sentence, gaps=bool(without or failed or troubles))


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - NAMED
    return [*lines[:NAMED], *([f"and {more} more providers"] if more > 0 else [])]
