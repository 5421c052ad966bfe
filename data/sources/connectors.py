"""Every connector by the name of its source."""

from collections.abc import Iterator
from typing import Protocol

from data.reading import Parsed
from data.sources import (
    environment_agency,
    hrfco,
    kma_forecast,
    kma_hub,
    nwps,
    open_meteo,
    usgs,
)
from data.sources.asking import Access, Answer, Wanted


class Connector(Protocol):
    """What a file of `data/sources/` offers to be one."""

    SOURCE: str
    BASE_URL: str

    def ask(self, access: Access, wanted: Wanted) -> Iterator[Answer]:
        """Yield answers that tell of what is wanted."""

    def parse(self, answer: Answer, wanted: Wanted) -> Parsed:
        """Return the readings of one answer; pure."""


CONNECTORS: dict[str, Connector] = {
    "hrfco": hrfco,
    "kma_hub": kma_hub,
    "kma_forecast": kma_forecast,
    "usgs": usgs,
    "nwps": nwps,
    "environment_agency": environment_agency,
    "open_meteo": open_meteo,
}
NEEDS_KEY = ("hrfco", "kma_hub", "kma_forecast")
