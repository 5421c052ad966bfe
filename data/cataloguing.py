"""Fetch a provider's list of sites, whatever form it has there."""

from collections.abc import Callable, Mapping

from data import catalogue
from data.catalogue import Catalogue
from data.errors import SourceError
from data.reading import Site
from data.sources import environment_agency_sites, hrfco, nwps_gauges
from data.sources.asking import Access

RESOURCES = ("waterlevel", "rainfall", "dam", "bo")


def fetch(source: str, accesses: Mapping[str, Access]) -> Catalogue:
    """Return all sites that a provider lists.

    Raises:
        SourceUnavailable: It did not answer.
        SourceError: It lists none that we can read, it is not set up, or it refuses.
    """
    if source not in _LISTS:
        raise SourceError(
            f"The sites of '{source}' cannot be listed.", f"Known: {', '.join(_LISTS)}."
        )
    if source not in accesses:
        raise SourceError(f"'{source}' is not set up.", f"Set MULGIL_{source.upper()}_KEY.")
    return catalogue.keyed(_LISTS[source](accesses[source]))


def _hrfco(access: Access) -> tuple[Site, ...]:
    return tuple(site for name in RESOURCES for site in hrfco.sites(access, name))


def _nwps(access: Access) -> tuple[Site, ...]:
    answers = nwps_gauges.ask_sites(access)
    return tuple(site for answer in answers for site in nwps_gauges.sites(answer)[0])


def _environment_agency(access: Access) -> tuple[Site, ...]:
    answer = environment_agency_sites.ask_sites(access)
    return environment_agency_sites.sites(answer).sites


_LISTS: dict[str, Callable[[Access], tuple[Site, ...]]] = {
    "hrfco": _hrfco,
    "nwps": _nwps,
    "environment_agency": _environment_agency,
}
