"""Ask Open-Meteo for many places a call, within its limits.

Free for non-commercial use, CC BY 4.0: 600 calls a minute, 5,000 an hour, 10,000 a day; each place
counts as a call. With a key ask `https://customer-api.open-meteo.com` and its siblings.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite

from data.sources import web
from data.sources.asking import Access, Answer, Question, Spot, Wanted

SOURCE = "open_meteo"
ATTRIBUTION = "Weather data by Open-Meteo.com (CC BY 4.0)."
MOST = 100  # places a call: an address of 2.6 kB at most, of the 8 kB that servers take
Where = tuple[str, str]  # latitude and longitude as they stand in the address
_OF_ONE_PLACE = (b"for this location", b"atitude must be", b"ongitude must be")


@dataclass(frozen=True)
class Call:
    """What is the same for all places of a request."""

    what: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)

    def question(self, places: Iterable[Where], key: str) -> Question:
        """Return the request for these places."""
        latitudes, longitudes = zip(*places, strict=True)
        where = {"latitude": ",".join(latitudes), "longitude": ",".join(longitudes)}
        params = where | dict(self.params) | ({"apikey": key} if key else {})
        what = f"{self.what}-{len(latitudes)}-places"
        return Question(SOURCE, what, self.path, params, accept=(200, 400, 429))


def hourly(wanted: Wanted, columns: Iterable[str]) -> dict[str, str]:
    """Return the parameters that ask for columns on all days of the wanted time."""
    return {
        "hourly": ",".join(columns),
        "start_date": str(wanted.since.astype("datetime64[D]")),
        "end_date": str(wanted.until.astype("datetime64[D]")),
        "timezone": "GMT",
    }


def ask_places(access: Access, wanted: Wanted, call: Call) -> Iterator[Answer]:
    """Yield one answer for each hundred places, fewer around a place that is refused.

    After a refusal for too many requests nothing more is asked.

    Raises:
        SourceUnavailable: The provider did not answer.
        SourceError: It refused in a way that it does not explain.
    """
    places = list(sites(wanted.spots))
    waiting = [places[start : start + MOST] for start in range(0, len(places), MOST)]
    while waiting:
        chunk = waiting.pop(0)
        answer = web.ask(access, call.question(chunk, access.key))
        if len(chunk) > 1 and of_one_place(answer):
            half = len(chunk) // 2
            waiting = [chunk[:half], chunk[half:], *waiting]
            continue
        yield answer
        if answer.status == 429:
            return


def of_one_place(answer: Answer) -> bool:
    """Whether the provider refused a request because of one of its places."""
    return answer.status == 400 and any(words in answer.body for words in _OF_ONE_PLACE)


def sites(spots: Iterable[Spot]) -> dict[Where, list[str]]:
    """Return the ids at each place, in their order; without those that say no place on Earth."""
    found: dict[Where, list[str]] = {}
    for spot in spots:
        if is_somewhere(spot):
            where = (f"{spot.latitude:.4f}", f"{spot.longitude:.4f}")
            found.setdefault(where, []).append(spot.id)
    return found


def is_somewhere(spot: Spot) -> bool:
    """Whether a spot has coordinates on Earth."""
    both = isfinite(spot.latitude) and isfinite(spot.longitude)
    return both and abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180
