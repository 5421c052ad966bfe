"""Whether a past run, issued anew, gives the same numbers to the bit; if not, what differs."""

from dataclasses import dataclass
from typing import Any

from data.errors import MulgilError
from flows import input_record, replaying, runs_numbers
from flows.folders import Folders
from flows.manifest import Manifest
from flows.replaying_bits import Other, others
from flows.replaying_causes import Cause, causes


@dataclass(frozen=True)
class Answer:
    """What came of it.

    Attributes:
        same: Every number is the same to the bit.
        told: A sentence.
        differs: The variables that are not.
        causes: What is not as it was; also where the numbers are the same all the same.
        notes: What else must be known.
    """

    run: Manifest
    same: bool
    told: str
    differs: tuple[Other, ...] = ()
    causes: tuple[Cause, ...] = ()
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready copy."""
        return {
            "run": self.run.run_id,
            "network": self.run.network,
            "issue_time": self.run.issue_time,
            "model": self.run.model,
            "same": self.same,
            "told": self.told,
            "differs": [other.as_dict() for other in self.differs],
            "causes": [cause.as_dict() for cause in self.causes],
            "notes": list(self.notes),
        }


def replay(run: Manifest, folders: Folders) -> Answer:
    """Issue a run anew and compare; nothing is published, and nothing is written below the home."""
    try:
        anew = replaying.again(run, folders)
    except MulgilError as error:
        told = f"The run cannot be issued anew: {error}"
        return Answer(run, same=False, told=told, causes=(Cause("kept", str(error)),))
    changed = causes(run, anew)
    numbers = runs_numbers.read(run, folders)
    if numbers.forecast is not None:
        apart = others(numbers.forecast, anew.forecast)
        same = not apart
    else:
        apart = ()
        same = bool(run.numbers) and run.numbers == input_record.of_forecast(anew.forecast)
    return Answer(run, same, _told(run, same, apart, changed), apart, changed, _notes(run, numbers))


def _told(run: Manifest, same: bool, apart: tuple[Other, ...], changed: tuple[Cause, ...]) -> str:
    if same and not changed:
        return "Same to the bit."
    if same:
        return f"Same to the bit, although {_names(changed)} changed since."
    if not apart:
        return "The numbers that were issued are gone, so nothing can be said."
    if changed:
        return f"The numbers differ; {_names(changed)} changed since."
    return "The numbers differ, although nothing that the run noted has changed since."


def _names(changed: tuple[Cause, ...]) -> str:
    words = {"kept": "what was kept", "readings": "the readings", "network": "the network"}
    return ", ".join(words.get(cause.what, cause.what) for cause in changed)


def _notes(run: Manifest, numbers: runs_numbers.Numbers) -> tuple[str, ...]:
    found = []
    if numbers.forecast is None:
        found.append(f"{numbers.why} The fingerprint in the manifest was compared instead.")
    elif run.numbers and run.numbers != input_record.of_forecast(numbers.forecast):
        found.append("The file of the forecast was changed after it was issued.")
    if not run.used:
        found.append(
            "The run is older than the record of all that was used: thresholds, fall-backs and "
            "planner are those of now."
        )
    return tuple(found)
