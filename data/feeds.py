"""Where the live readings of a network come from, and who steps in when a provider fails."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.sources.asking import Spot


@dataclass(frozen=True)
class Feed:
    """One provider of one variable.

    Attributes:
        source: The file of `data/sources/` that asks it.
        variable: One of `data.reading.UNITS`.
        sites: Station id to the provider's sites that stand for it there: their mean.
    """

    source: str
    variable: str
    sites: Mapping[str, tuple[Spot, ...]]

    def spots(self, stations: Iterable[str]) -> tuple[Spot, ...]:
        """Return the sites that stand for these stations, each once, in order of their ids."""
        found = {spot.id: spot for station in stations for spot in self.sites.get(station, ())}
        return tuple(found[key] for key in sorted(found))


def variables(feeds: Iterable[Feed]) -> list[str]:
    """Return the variables that feeds bring, each once, in their order."""
    return list(dict.fromkeys(feed.variable for feed in feeds))


def of(feeds: Iterable[Feed], variable: str) -> list[Feed]:
    """Return the feeds of one variable in their fall-back order."""
    return [feed for feed in feeds if feed.variable == variable]
