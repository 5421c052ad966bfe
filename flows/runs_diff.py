"""What is different between two runs: inputs, model, thresholds, code, and the numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from data.errors import MulgilError
from flows import input_record, kept, runs_numbers
from flows.folders import Folders
from flows.manifest import Manifest
from flows.runs_diff_numbers import Gauge, gauges

_FACTS = ("network", "issue_time", "known_at", "kind", "model", "triggered_by")
_USED = ("network", "planner", "persistence", "widths")


@dataclass(frozen=True)
class Fact:
    """Something that two runs say differently; "" is nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Reading:
    """A station's variable that was not known alike.

    Attributes:
        before: Time of the last value; "" if there was none.
        revised: The last value is of the same time, and a value differs in the same window.
    """

    station: str
    variable: str
    before: str
    after: str
    revised: bool


@dataclass(frozen=True)
class RunsDiffer:
    """Two runs beside each other.

    Attributes:
        facts: Issue time, model and the like.
        readings: Empty where the same was known.
        limits: Stations whose thresholds differ, with those of before and after.
        gauges: By gauge, how far the medians are apart.
        notes: What could not be compared, a sentence each.
    """

    before: Manifest
    after: Manifest
    facts: tuple[Fact, ...]
    readings: tuple[Reading, ...]
    limits: tuple[Fact, ...]
    gauges: tuple[Gauge, ...]
    notes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether all inputs and numbers are the same; who started a run is not asked."""
        facts = [fact for fact in self.facts if fact.name not in ("triggered by", "known at")]
        return not (facts or self.readings or self.limits or self.notes or self.moved)

    @property
    def moved(self) -> tuple[Gauge, ...]:
        """The gauges with another number or stage, the largest difference first."""
        found = [gauge for gauge in self.gauges if gauge.moved]
        return tuple(sorted(found, key=lambda g: -abs(np.nan_to_num(g.largest, nan=np.inf))))

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready copy."""
        return {
            "before": self.before.run_id,
            "after": self.after.run_id,
            "same": self.same,
            "facts": [asdict(fact) for fact in self.facts],
            "readings": [asdict(reading) for reading in self.readings],
            "thresholds": [asdict(fact) for fact in self.limits],
            "gauges": [gauge.as_dict() for gauge in self.gauges],
            "notes": list(self.notes),
        }


def compare(before: Manifest, after: Manifest, folders: Folders) -> RunsDiffer:
    """Return what is different between two runs."""
    notes: list[str] = []
    limits = _limits(before, after, folders, notes)
    numbers = [runs_numbers.read(run, folders) for run in (before, after)]
    notes += [each.why for each in numbers if each.why]
    looks = [
        runs_numbers.outlooks(run, each, folders)
        for run, each in zip((before, after), numbers, strict=True)
    ]
    found: tuple[Gauge, ...] = ()
    if numbers[0].forecast is not None and numbers[1].forecast is not None:
        found = gauges((numbers[0].forecast, numbers[1].forecast), (looks[0], looks[1]), notes)
    facts = _facts(before, after)
    return RunsDiffer(before, after, facts, _readings(before, after), limits, found, tuple(notes))


def _facts(before: Manifest, after: Manifest) -> tuple[Fact, ...]:
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in _FACTS}
    pairs |= {f"{n} used": (before.used.get(n, ""), after.used.get(n, "")) for n in _USED}
    pairs["plan"] = (_plan(before), _plan(after))
    pairs["rain ahead"] = (_futures(before, "rainfall"), _futures(after, "rainfall"))
    pairs["gauges without a forecast"] = (_listed(before.degraded), _listed(after.degraded))
    pairs["gauges on persistence"] = (_listed(before.fallback), _listed(after.fallback))
    pairs["code"] = (before.code.get("sources", ""), after.code.get("sources", ""))
    for group in ("versions", "machine"):
        one, two = getattr(before, group), getattr(after, group)
        pairs |= {name: (one.get(name, ""), two.get(name, "")) for name in {**one, **two}}
    return tuple(
        Fact(name.replace("_", " "), str(one), str(two))
        for name, (one, two) in pairs.items()
        if one != two
    )


def _listed(told: Mapping[str, str]) -> str:
    names = list(told)
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _futures(run: Manifest, name: str) -> str:
    return str(run.inputs.get("futures", {}).get(name, ""))


def _plan(run: Manifest) -> str:
    told = run.inputs.get("futures", {}).get("plan")
    return f"{told['file']} ({told['sha256'][:12]}) by {told['who']}" if told else ""


def _readings(before: Manifest, after: Manifest) -> tuple[Reading, ...]:
    """Return the readings that were not known alike; at two issue times, those of another age."""
    one, two = before.inputs, after.inputs
    comparable = one.get("window") == two.get("window")
    last: list[Mapping[str, Any]] = [told.get("last_value", {}) for told in (one, two)]
    variables = dict.fromkeys(name for told in last for row in told.values() for name in row)
    found = []
    for variable in variables:
        prints = [input_record.fingerprint(told, variable) for told in (one, two)]
        for station in {**last[0], **last[1]}:
            times = [str(told.get(station, {}).get(variable) or "") for told in last]
            values = [each.get(station, "") for each in prints]
            same_time = times[0] == times[1]
            revised = comparable and same_time and all(values) and values[0] != values[1]
            if _age(times[0], before) != _age(times[1], after) or revised:
                found.append(Reading(station, variable, times[0], times[1], revised))
    return tuple(found)


def _age(last: str, run: Manifest) -> np.timedelta64 | None:
    """Return how old a last value was at the issue time; None where there was none."""
    if not last:
        return None
    issue, then = (np.datetime64(time.rstrip("Z"), "ns") for time in (run.issue_time, last))
    return issue - then


def _limits(
    before: Manifest, after: Manifest, folders: Folders, notes: list[str]
) -> tuple[Fact, ...]:
    """Return the stations whose thresholds differ."""
    digests = [run.used.get("thresholds", "") for run in (before, after)]
    if digests[0] == digests[1]:
        return ()
    try:
        one, two = (
            kept.thresholds(folders, run.network, digest)
            for run, digest in zip((before, after), digests, strict=True)
        )
    except (MulgilError, ValueError):
        notes.append("The thresholds of one of the runs are not kept; they cannot be compared.")
        return ()
    pairs = {s: (_words(one.get(s)), _words(two.get(s))) for s in {**one, **two}}
    return tuple(Fact(s, *pair) for s, pair in pairs.items() if pair[0] != pair[1])


def _words(limits: object) -> str:
    if limits is None:
        return ""
    told = [getattr(limits, name) for name in ("attention", "watch", "warning", "severe")]
    return " / ".join("–" if np.isnan(value) else f"{value:g}" for value in told)
