"""The floods of the Han at Seoul, judged when all is over and judged as each reading arrived."""

import numpy as np

from data.schema import Flag
from flows.bench_quality_parts import Part

KST = np.timedelta64(9, "h")
DAY = np.timedelta64(1, "D")
FLOODS = {  # first and last day in Seoul: from before the rise to the end of the recession
    "2013-07": ("2013-07-11", "2013-07-26"),
    "2016-07": ("2016-07-04", "2016-07-10"),
    "2018-08": ("2018-08-26", "2018-09-04"),
    "2020-08": ("2020-08-01", "2020-08-17"),
}


def during(time: np.ndarray, flood: str) -> np.ndarray:
    """Return where a flood is, bool, dims (time,); `time` is UTC."""
    first, last = (np.datetime64(day) for day in FLOODS[flood])
    seoul = time + KST
    return np.asarray((seoul >= first) & (seoul < last + DAY))


def flagged(part: Part) -> int:
    """Return how many values of the floods have a flag and are no listed error."""
    return sum(int(part.unlisted[:, during(part.time, flood)].sum()) for flood in FLOODS)


def held_back(part: Part, flood: str) -> int:
    """Return how many values of a flood were doubted when they arrived."""
    places = np.flatnonzero(during(part.time, flood)).tolist()
    newest = [part.as_known_at(place)[:, -1] for place in places]
    return int((np.array(newest) > Flag.NOT_REPORTED).sum())
