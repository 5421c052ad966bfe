"""The sentences of many gauges: what `forecast.outlook.sentence` says of each, but faster.

Most gauges are quiet, and their sentences differ by nothing but the peak where the chance and the
time of the peak are the same: such a sentence is put together once, the peak is put into it.
"""

from collections.abc import Hashable, Sequence
from math import isnan
from zoneinfo import ZoneInfo

from data.network import Network
from data.stations import Stage
from forecast.outlook import Outlook, sentence
from forecast.wording import Language, band


def sentences(
    outlooks: Sequence[Outlook], network: Network, languages: Sequence[Language], tz: ZoneInfo
) -> list[tuple[str, ...]]:
    """Return the sentences of each outlook, in the order of the languages.

    Args:
        outlooks: Of one issue time, from `assess`.
        tz: The zone that times are told in.
    """
    frames: dict[Hashable, list[list[str]]] = {}
    told = []
    for outlook in outlooks:
        key = _key(outlook, network)
        if key is None:
            told.append(tuple(sentence(outlook, network, here, tz) for here in languages))
            continue
        peak = band(outlook.peak, outlook.peak_low, outlook.peak_high, network.quantity)
        if key not in frames:
            said = [sentence(outlook, network, here, tz) for here in languages]
            frames[key] = [text.split(peak, 1) for text in said]
        told.append(tuple([peak.join(parts) for parts in frames[key]]))
    return told


def _key(outlook: Outlook, network: Network) -> Hashable | None:
    """Return all that a quiet gauge's sentence says beside the peak; None where it says more."""
    limits = network.station(outlook.station).thresholds
    quiet = outlook.stage is Stage.NORMAL and outlook.stage_now <= Stage.NORMAL
    if not quiet or outlook.note or limits is None or isnan(outlook.peak):
        return None
    return limits.alerts[0], round(100 * float(outlook.probability[0].max())), outlook.peak_time
