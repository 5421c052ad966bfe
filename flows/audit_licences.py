"""The licences of everything that is installed with us, from what the packages say themselves."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_STRONG = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
_WEAK = re.compile(r"\bLGPL|Lesser General Public|\bMPL|Mozilla Public", re.IGNORECASE)
_SHORT = 60  # characters of a licence that is written out where a name should stand
_OTHER = re.compile(r"\bOR\b|;| or ", re.IGNORECASE)


@dataclass(frozen=True)
class Licensed:
    """One package.

    Attributes:
        licence: As its metadata tell; "" where they do not.
        kind: `free` of conditions on our own code, `weak` copyleft (changes to the package itself),
            `strong` copyleft, or `unknown`.
    """

    name: str
    version: str
    licence: str
    kind: str


def needed(root: str = "mulgil") -> list[Licensed]:
    """Return what a package needs, and what that needs in turn; tools for development are not."""
    seen: dict[str, Licensed] = {}
    waiting = [root]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in seen:
            continue
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another platform
        licence = licence_of(found)
        seen[name] = Licensed(name, found.version, licence, kind_of(licence))
        waiting += _requirements(found.requires or [])
    return sorted((each for key, each in seen.items() if key != root), key=lambda each: each.name)


def licence_of(found: metadata.Distribution) -> str:
    """Return the licence of a package: its expression, else its classifiers, else its own words."""
    told = found.metadata
    if expression := _first(told, "License-Expression"):
        return expression
    classifiers = [text for text in told.get_all("Classifier") or [] if text.startswith("License")]
    named = [text.rpartition("::")[2].strip() for text in classifiers if text.count("::") > 1]
    return " OR ".join(named) or _first(told, "License").partition("\n")[0][:_SHORT]


def _first(told: metadata.PackageMetadata, name: str) -> str:
    return str(next(iter(told.get_all(name) or []), "")).strip()


def kind_of(licence: str) -> str:
    """Return how far the conditions of a licence reach; of several the mildest may be chosen."""
    if not licence or licence.upper() == "UNKNOWN":
        return "unknown"
    kinds = [_kind(each) for each in _OTHER.split(licence)]
    return min(kinds, key=("free", "weak", "strong").index)


def _kind(licence: str) -> str:
    if _WEAK.search(licence):
        return "weak"
    return "strong" if _STRONG.search(licence) else "free"


def _requirements(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        need = Requirement(text)
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            yield need.name
