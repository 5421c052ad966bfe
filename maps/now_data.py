"""What the script of the *now* page reads: every gauge of a network in four small files.

`stations`  places, rivers; changes when stations do
`names`     ids and names, for the search; likewise
`now`       the stage of each gauge at each position of the slider, and its chance
`values`    the last reading, the peak, why a stage is unknown

Gauges are numbered in the order of the network. `names` and `values` are asked for only when
a reader searches or goes on in the list. Numbers are packed as `maps.packing` says.
"""

from typing import Any

import numpy as np

from data.network import Network
from data.stations import ALERTS, Stage
from forecast.outlook import LIKELY
from forecast.probability import at_leads
from forecast.wording import in_language
from maps import data_script
from maps.listing import percents, shown
from maps.packing import pack, printed
from maps.plain import file_name
from maps.release import Draft
from maps.view import View

MINUTE = np.timedelta64(1, "m")
POSITIONS = 72  # of the slider at most: a forecast of three days by 10 minutes has 432 leads
DEGREES = 1e4  # about 11 m
_STAGES = np.frombuffer(b"012345", dtype="uint8")  # by stage + 1


def write(view: View, draft: Draft) -> tuple[list[str], dict[str, str]]:
    """Write the files of a network.

    Returns:
        Paths of what the page loads at once, and by name of what it loads when it is needed;
        from the network's folder.
    """
    first = {"stations": stations(view.network), "now": now(view)}
    later = {"names": names(view.network), "values": values(view)}
    return (
        [data_script.write(draft, name, value) for name, value in first.items()],
        {name: data_script.write(draft, name, value) for name, value in later.items()},
    )


def leads(network: Network) -> list[int]:
    """Return the steps ahead that the slider stops at; the last is the horizon."""
    stride = -(-network.horizon // POSITIONS)
    return list(range(network.horizon, 0, -stride))[::-1]


def stations(network: Network) -> dict[str, Any]:
    """Return where the gauges lie, and on which river."""
    places = [[s.latitude for s in network.stations], [s.longitude for s in network.stations]]
    rivers = list(dict.fromkeys((s.river_ko, s.river_en) for s in network.stations))
    numbers = {river: number for number, river in enumerate(rivers)}
    of = [[numbers[s.river_ko, s.river_en] for s in network.stations]]
    latitude, longitude = pack(np.rint(np.array(places) * DEGREES))
    return {
        "count": len(network.stations),
        "latitude": latitude,
        "longitude": longitude,
        "river": pack(np.array(of, dtype=float))[0],
        "rivers": rivers,
    }


def names(network: Network) -> dict[str, Any]:
    """Return what a gauge is called; the name of its page's file where that is not its id."""
    files = [(n, file_name(s.id)) for n, s in enumerate(network.stations)]
    return {
        "id": network.ids,
        "ko": [s.name_ko for s in network.stations],
        "en": [s.name_en for s in network.stations],
        "file": [[n, name] for n, name in files if name != network.stations[n].id],
    }


def now(view: View) -> dict[str, Any]:
    """Return the stages and, in whole percent, the highest chance of any alert."""
    letters = _STAGES[stages(view) + 1].tobytes().decode("ascii")
    chances = percents(view.outlooks)
    return {"stages": letters, "chance": pack(np.where(chances < 0, np.nan, chances)[None])[0]}


def stages(view: View) -> np.ndarray:
    """Return numbers of `Stage`, dims (gauge, position): the worst, now, then each of `leads`."""
    outlooks, at = view.outlooks, np.array(leads(view.network)) - 1
    worst = np.array([shown(outlook) for outlook in outlooks])
    read = np.array([outlook.stage_now for outlook in outlooks])
    ahead = at_leads(_likely(view), LIKELY)[:, at]
    judged = np.array([o.stage > 0 and np.isnat(o.stage_time) for o in outlooks], dtype=bool)
    ahead[judged] = np.array([int(o.stage) for o in outlooks])[judged, None]  # set by a person
    return np.column_stack([worst, read, ahead]).astype("int8")


def _likely(view: View) -> np.ndarray:
    """Return P(value >= threshold), dims (alert stage, gauge, lead); NaN where it is not known."""
    outlooks = view.outlooks
    found = np.full((len(ALERTS), len(outlooks), view.network.horizon), np.nan)
    known = [n for n, outlook in enumerate(outlooks) if outlook.probability.size]
    whole = [n for n in known if len(outlooks[n].probability) == len(ALERTS)]
    if whole:
        found[:, whole] = np.stack([outlooks[n].probability for n in whole], axis=1)
    for n in set(known) - set(whole):  # with fewer thresholds
        limits = view.network.station(outlooks[n].station).thresholds
        rows = [stage - 1 for stage in limits.alerts] if limits else []
        found[rows, n] = outlooks[n].probability
    return found


def values(view: View) -> dict[str, Any]:
    """Return readings and peaks in the digits that are told, times, and reasons."""
    outlooks = view.outlooks
    levels = np.array([[o.last_observed, o.peak, o.peak_low, o.peak_high] for o in outlooks])
    whole, decimals = printed(levels, view.network.quantity)
    issue, step = view.forecast.issue_time.values[0], view.network.step
    age = (issue - np.array([o.last_observed_time for o in outlooks])) / MINUTE  # NaN for no time
    peak = (np.array([o.peak_time for o in outlooks]) - issue) / step
    reasons = list(dict.fromkeys(o.reason for o in outlooks if o.stage is Stage.UNKNOWN))
    places = {reason: place for place, reason in enumerate(reasons)}
    why = [places[o.reason] if o.stage is Stage.UNKNOWN else np.nan for o in outlooks]
    columns = np.array([decimals, age, peak, why], dtype=float)
    packed = dict(zip(("decimals", "age", "peak", "why"), pack(np.rint(columns)), strict=True))
    told = [[in_language(text, "ko"), in_language(text, "en")] for text in reasons]
    return packed | {"levels": pack(whole.reshape(1, -1))[0], "reasons": told}
