"""One run in lines for a person."""

import re
from collections.abc import Iterator, Mapping

from flows.manifest import Manifest

SHOWN = 12  # stations that are told one by one


def lines(run: Manifest) -> Iterator[str]:
    """Yield what a run did, the most important first."""
    said = " (late)" if run.late else ""
    yield f"{run.run_id}: {run.state}{said}, {run.kind or 'no kind'}"
    if run.error:
        yield f"  Error: {run.error}"
    known = moment(run.known_at)
    yield f"  Network {run.network}, issued for {run.issue_time}, known until {known}"
    yield f"  Started {moment(run.started)} by {run.triggered_by}, model {run.model or 'none'}"
    if run.replayed:
        yield f"  Replayed or simulated readings: {run.replayed}"
    yield from _some("Provider", run.providers)
    yield from _some("No forecast", run.degraded)
    yield from _some("On persistence", run.fallback)
    yield from (f"  Note: {warning}" for warning in run.warnings)
    yield from _reviewed(run)
    yield from _readings(run)
    yield from _futures(run)
    if run.forecast:
        yield f"  Forecast {run.forecast}, numbers {run.numbers[:12] or 'not fingerprinted'}"
    for title, told in (("Used", run.used), ("Code", run.code), ("Machine", run.machine)):
        if told:
            yield f"  {title}: " + ", ".join(f"{name} {value[:12]}" for name, value in told.items())
    for title, pairs in (("Versions", run.versions), ("Seconds", run.timings)):
        if pairs:
            yield f"  {title}: " + ", ".join(f"{name} {value}" for name, value in pairs.items())


def moment(text: str) -> str:
    """Return a time without the parts of a second, UTC as `Z`; what is none stays as it is."""
    whole = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?:Z|\+00:00)?", text)
    return f"{whole[1]}Z" if whole else text


def _some(what: str, told: Mapping[str, str]) -> Iterator[str]:
    for name, why in list(told.items())[:SHOWN]:
        yield f"  {what}: {name}: {why}"
    if len(told) > SHOWN:
        yield f"  {what}: and {len(told) - SHOWN} more"


def _reviewed(run: Manifest) -> Iterator[str]:
    """Yield who decided what, and what was edited, as it stood when the site was published last."""
    told = run.review
    if told.get("state", "automatic") != "automatic":
        why = f": {told['reason']}" if told.get("reason") else ""
        yield f"  Review: {told['state']} by {told['role']} at {told['at']}{why}"
    if told.get("alerts_wait"):
        yield "  Review: its alerts WAIT for an approval"
    for edit in told.get("edits", ())[:SHOWN]:
        who = f"{edit['id']} of {edit['station']} by {edit['role']}"
        stage = f"stage {edit['stage']}, automatic {edit['stage_automatic']}"
        yield f"  Edit {who}: {stage}: {edit['reason']}"
    if len(told.get("edits", ())) > SHOWN:
        yield f"  Edit: and {len(told['edits']) - SHOWN} more"


def _readings(run: Manifest) -> Iterator[str]:
    told = run.inputs.get("last_value", {})
    for station, row in list(told.items())[:SHOWN]:
        gave = run.inputs.get("source", {}).get(station, {})
        parts = [f"{name} {when or 'none'} {gave.get(name, '')}" for name, when in row.items()]
        yield f"  Last value: {station}: " + ", ".join(part.strip() for part in parts)
    if len(told) > SHOWN:
        yield f"  Last value: and {len(told) - SHOWN} more gauges"
    if run.inputs.get("observations"):
        yield f"  Readings, fingerprint: {run.inputs['observations']}"


def _futures(run: Manifest) -> Iterator[str]:
    told = run.inputs.get("futures", {})
    if "rainfall" in told:
        yield f"  Rain ahead: {told['rainfall']}"
    if "plan" in told:
        plan = told["plan"]
        yield f"  Plan: {plan['file']} by {plan['who']}: {plan['reason']}"
        yield f"  Plan, SHA-256: {plan['sha256']}"
