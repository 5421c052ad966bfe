"""Under which terms the readings of each source may be passed on, where these are published.

A source that is not here has terms that we do not know: its data carry their provenance, and no
licence is claimed for them.
"""

from data.network import Network

SOFTWARE = "https://www.apache.org/licenses/LICENSE-2.0"
_OF_SOURCE = {
    "simulated": SOFTWARE,  # made by this software, nobody measured it
    "recorded": "https://opensource.org/license/mit",  # pyfloodrisk
    "environment_agency": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "open_meteo": "https://creativecommons.org/licenses/by/4.0/",
    "usgs": "https://www.usgs.gov/information-policies-and-instructions/copyrights-and-credits",
    "nwps": "https://www.weather.gov/disclaimer",
}


def licences(network: Network) -> list[str]:
    """Return the licences of a network's data, each once; [] where one of them is not known."""
    sources = [feed.source for feed in network.feeds] or [network.source]
    found = [_OF_SOURCE.get(source, "") for source in dict.fromkeys([network.source, *sources])]
    return list(dict.fromkeys(found)) if all(found) else []
