"""What the models say of any layer in any window: indices, return levels and risk."""

from collections.abc import Sequence

import numpy as np

from forecast.climate import futures, return_layers, risk_layers
from forecast.climate.assemble import Tell
from forecast.climate.atlas import BASELINES, REFERENCE
from forecast.climate.catalogue import RETURN_LEVELS, RISK, Layer, layer
from forecast.climate.futures import Run, Window
from forecast.climate.observed_layers import Observed


def teller(
    members: Sequence[Run],
    windows: Sequence[Window],
    maxima: return_layers.Maxima,
    independent: int | None,
) -> Tell:
    """Return the function that tells an index or a return level in a window.

    Args:
        independent: Models whose weather is independent of each other; None counts them all.
    """
    coming = {
        each.id: return_layers.project(maxima, members, each, independent) for each in windows
    }

    def tell(which: Layer, window: Window, base: np.ndarray) -> futures.Told:
        if which in RETURN_LEVELS:
            return return_layers.outcome(maxima, which, coming[window.id], base)
        return futures.outcome(members, which, window, base)

    return tell


def with_risk(tell: Tell, parts: risk_layers.Parts, level: Observed) -> Tell:
    """Return the same with the risk layers, which follow from RL20.

    Args:
        level: RL20 as observed.
    """
    base = level.base[BASELINES.index(REFERENCE)]

    def told(which: Layer, window: Window, own: np.ndarray) -> futures.Told:
        if which not in RISK:
            return tell(which, window, own)
        return risk_layers.outcome(parts, which, tell(layer("RL20"), window, base))

    return told
