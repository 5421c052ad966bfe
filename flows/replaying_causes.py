"""What is not as it was when a run was issued: readings, models, code, libraries, machine."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flows import computing, input_record
from flows.manifest import Manifest
from flows.replaying import Anew

SHOWN = 5  # stations that are named in a sentence
Readings = tuple[str, str, str | None, str | None]  # station, variable, last value then and now


@dataclass(frozen=True)
class Cause:
    """One thing that is not as it was.

    Attributes:
        what: `kept`, `readings`, `network`, `rain ahead`, `code`, `libraries` or `machine`.
        told: A sentence.
    """

    what: str
    told: str

    def as_dict(self) -> dict[str, str]:
        """Return a JSON-ready copy."""
        return asdict(self)


def causes(run: Manifest, anew: Anew) -> tuple[Cause, ...]:
    """Return what differs between then and now, the likeliest reason for other numbers first."""
    found = [Cause("kept", f"{text[0].upper()}{text[1:]}.") for text in anew.substitutes]
    found += _of_readings(run, anew)
    network = input_record.of_network(anew.network)
    if run.used.get("network", network) != network:
        told = "The table or the feeds of the network were changed since."
        found.append(Cause("network", told))
    found += _of_futures(run, anew)
    return (*found, *_of_code(run), *_of_libraries(run), *_of_machine(run))


def readings(run: Manifest, anew: Anew) -> list[Readings]:
    """Return the stations and variables whose readings are not those that the run saw."""
    now = input_record.record(anew.network, anew.known)
    then = run.inputs
    found = []
    for variable in now["fingerprint"]:
        prints = (input_record.fingerprint(told, variable) for told in (then, now))
        before, after = prints
        for station in after:
            was, stands = (_last(told, station, variable) for told in (then, now))
            other = before.get(station) not in (None, after[station]) or was != stands
            if other:
                found.append((station, variable, was, stands))
    return found


def _last(told: Mapping[str, Any], station: str, variable: str) -> str | None:
    value = told.get("last_value", {}).get(station, {}).get(variable)
    return None if value is None else str(value)


def _of_readings(run: Manifest, anew: Anew) -> Iterator[Cause]:
    found = readings(run, anew)
    if not found:
        return
    named = ", ".join(
        f"{variable} of {station} (last value then {was or 'none'}, now {stands or 'none'})"
        for station, variable, was, stands in found[:SHOWN]
    )
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    yield Cause(
        "readings",
        f"The archive no longer tells what was known then: {named}{more}. Readings were lost or "
        f"put in with an earlier time of receipt.",
    )


def _of_futures(run: Manifest, anew: Anew) -> Iterator[Cause]:
    then, now = (str(told.get("rainfall", "none")) for told in (_futures(run), anew.futures.told))
    if then != now:
        yield Cause("rain ahead", f"The rain ahead that was known then was {then}; now {now}.")


def _futures(run: Manifest) -> Mapping[str, Any]:
    told: Mapping[str, Any] = run.inputs.get("futures", {})
    return told


def _of_code(run: Manifest) -> Iterator[Cause]:
    now = computing.code()
    if run.code and run.code.get("sources") != now["sources"]:
        then, stands = (
            f"{told.get('version', '?')} {told.get('commit') or told.get('sources', '?')}"
            for told in (run.code, now)
        )
        yield Cause("code", f"Mulgil's own code differs: {then} then, {stands} now.")


def _of_libraries(run: Manifest) -> Iterator[Cause]:
    changed = {name: (was, _version(name)) for name, was in run.versions.items()}
    told = [f"{n} {was} then, {now} now" for n, (was, now) in changed.items() if was != now]
    if told:
        yield Cause("libraries", f"Libraries differ: {'; '.join(told)}.")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _of_machine(run: Manifest) -> Iterator[Cause]:
    now = computing.machine()
    told = [
        f"{n} {was} then, {now[n]} now" for n, was in run.machine.items() if _other(n, was, now)
    ]
    if told:
        yield Cause("machine", f"The machine or its threads differ: {'; '.join(told)}.")


def _other(name: str, was: str, now: Mapping[str, str]) -> bool:
    return name in now and now[name] != was
