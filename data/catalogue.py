"""Keep a provider's list of sites; tell what changed; hold back what looks like a mistake.

One JSON file per source. A change that could mislead a forecast or hide a flood waits for a person:
a site that moves, thresholds that vanish or lose their order, a gauge zero that jumps, a whole part
of the list that disappears.
"""

import json
from dataclasses import asdict, dataclass, fields, replace
from math import isnan
from pathlib import Path
from typing import Any

from pyproj import Geod

from data import whole
from data.errors import InvalidData
from data.reading import Site

LEVELS = ("attention", "watch", "warning", "severe")
MOVE = 1.0  # km: providers correct coordinates by less; by more it is another place, or a slip
ZERO = 0.10  # m: a resurveyed zero changes by less
MANY = 0.05  # of the list: so many do not close at once
_EARTH = Geod(ellps="WGS84")
Catalogue = dict[tuple[str, str], Site]  # by kind and id


@dataclass(frozen=True)
class Change:
    """One fact of one site that is not what it was.

    Attributes:
        what: `added`, `removed`, or the name of the fact.
        suspicious: Why it is held back; "" if it is taken.
    """

    kind: str
    id: str
    name: str
    what: str
    before: Any = None
    after: Any = None
    suspicious: str = ""

    def __str__(self) -> str:
        change = "" if self.what in {"added", "removed"} else f": {self.before} → {self.after}"
        held = f"  HELD BACK: {self.suspicious}" if self.suspicious else ""
        return f"{self.kind} {self.id} {self.name}: {self.what}{change}{held}"


def keyed(sites: tuple[Site, ...]) -> Catalogue:
    """Return sites by kind and id; of repeated ones the first stays."""
    return {(site.kind, site.id): site for site in reversed(sites)}


def compare(before: Catalogue, after: Catalogue) -> list[Change]:
    """Return what is not as it was, in order of kind and id."""
    gone = sorted(set(before) - set(after))
    why = _too_many(len(gone), len(before))
    changes = [_change(before[key], "removed", suspicious=why) for key in gone]
    changes += [_change(after[key], "added") for key in sorted(set(after) - set(before))]
    for key in sorted(set(before) & set(after)):
        changes += _of_site(before[key], after[key])
    return sorted(changes, key=lambda change: (change.kind, change.id, change.what))


def accepted(before: Catalogue, after: Catalogue, changes: list[Change]) -> Catalogue:
    """Return the new list with each suspicious change undone: the older fact stays."""
    merged = dict(after)
    for change in changes:
        key = (change.kind, change.id)
        if change.suspicious and change.what == "removed":
            merged[key] = before[key]
        elif change.suspicious:
            older = {name: getattr(before[key], name) for name in _together(change.what)}
            merged[key] = replace(merged[key], **older)
    return merged


def save(path: Path, catalogue: Catalogue) -> None:
    """Keep a catalogue, whole."""
    rows = [_row(catalogue[key]) for key in sorted(catalogue)]
    whole.write(path, json.dumps(rows, ensure_ascii=False, indent=1).encode())


def load(path: Path) -> Catalogue:
    """Read a catalogue; one that was never kept is empty.

    Raises:
        InvalidData: The file is damaged.
    """
    if not path.exists():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return keyed(tuple(_site(row) for row in rows))
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidData(
            f"The catalogue '{path}' cannot be read: {error}.", "Remove it, and fetch it again."
        ) from error


def _of_site(before: Site, after: Site) -> list[Change]:
    names = [each.name for each in fields(Site) if each.name not in {"source", "id", "kind"}]
    differ = [n for n in names if not _same(getattr(before, n), getattr(after, n))]
    return [
        _change(after, name, getattr(before, name), getattr(after, name), _why(name, before, after))
        for name in differ
    ]


def _why(name: str, before: Site, after: Site) -> str:
    """Return why a change of one fact is held back; "" if it is not."""
    if name in {"latitude", "longitude"}:
        return _moved(before, after)
    if name == "gauge_zero" and not isnan(before.gauge_zero):
        jump = abs(after.gauge_zero - before.gauge_zero)
        return "" if jump <= ZERO else f"the gauge zero moves by {jump:.2f} m, or vanishes"
    if name in LEVELS:
        return _thresholds(name, before, after)
    return ""


def _moved(before: Site, after: Site) -> str:
    if isnan(before.latitude) or isnan(before.longitude):
        return ""
    if isnan(after.latitude) or isnan(after.longitude):
        return "its place vanishes"
    here, there = (before.longitude, before.latitude), (after.longitude, after.latitude)
    km = _EARTH.inv(*here, *there)[2] / 1000
    return "" if km <= MOVE else f"it moves by {km:,.1f} km"


def _thresholds(name: str, before: Site, after: Site) -> str:
    if isnan(getattr(after, name)):
        return "the threshold vanishes"
    levels = [getattr(after, each) for each in LEVELS]
    known = [level for level in levels if not isnan(level)]
    return "" if known == sorted(set(known)) else f"the thresholds lose their order: {levels}"


def _too_many(gone: int, all_: int) -> str:
    if gone > 1 and gone > MANY * all_:
        return f"{gone} of {all_} sites disappear at once"
    return ""


def _together(name: str) -> tuple[str, ...]:
    """Return the facts that are held back together: half a move would be a third place."""
    return ("latitude", "longitude") if name in {"latitude", "longitude"} else (name,)


def _change(
    site: Site, what: str, before: Any = None, after: Any = None, suspicious: str = ""
) -> Change:
    return Change(site.kind, site.id, site.name, what, before, after, suspicious)


def _same(one: Any, other: Any) -> bool:
    both = isinstance(one, float) and isinstance(other, float) and isnan(one) and isnan(other)
    return both or one == other


def _row(site: Site) -> dict[str, Any]:
    return {name: None if value != value else value for name, value in asdict(site).items()}  # noqa: PLR0124


def _site(row: dict[str, Any]) -> Site:
    numbers = {each.name for each in fields(Site) if each.type == "float" or each.type is float}
    known = {n: float("nan") if v is None and n in numbers else v for n, v in row.items()}
    return Site(**known | {"notes": tuple(row.get("notes", ()))})
