"""The sentences of many gauges are those of each."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from data.network import Network
from data.sources import simulated
from data.stations import Quantity
from forecast.outlook import Outlook, sentence
from forecast.sentences import sentences
from maps.view import View
from maps.words import LANGUAGES

RIVER = simulated.network(gauges=5)


def varied(outlooks: tuple[Outlook, ...]) -> list[Outlook]:
    """Return outlooks in other words: other peaks, chances, times, with a note, without a peak."""
    hour = np.timedelta64(1, "h")
    found = []
    for outlook in outlooks:
        found += [
            outlook,
            replace(outlook, peak=outlook.peak + 0.5, peak_high=9.0),
            replace(outlook, peak_time=outlook.peak_time - hour),
            replace(outlook, probability=outlook.probability * 0.5 + 0.25),
            replace(outlook, note="지속 예측입니다. This is persistence."),
            replace(outlook, peak=np.nan),
        ]
    return found


def test_each_sentence_is_what_is_said_of_the_gauge_alone(
    make_view: Callable[[Network], View],
) -> None:
    view = make_view(RIVER)
    found = varied(view.outlooks)
    for network in (RIVER, replace(RIVER, quantity=Quantity.DISCHARGE)):
        alone = [
            tuple(sentence(outlook, network, language, view.zone) for language in LANGUAGES)
            for outlook in found
        ]
        assert sentences(found, network, LANGUAGES, view.zone) == alone
        assert len(set(alone)) > 20
