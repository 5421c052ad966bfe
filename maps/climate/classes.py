"""Classes and colours of a layer: the same for every scenario, period and side of the screen.

Ramps that stay apart for colour-blind eyes: viridis (Matplotlib, CC0), RdBu and BrBG (ColorBrewer
2.0, Apache-2.0). Never red to green. Changes are symmetric about 0, the middle class is "hardly
any change"; where a layer only changes one way, that half of the scale gets five classes and the
other, which nothing would use, none.
"""

from dataclasses import dataclass

import numpy as np

from forecast.climate.catalogue import Layer, Palette

VIRIDIS = ("#fde725", "#90d743", "#35b779", "#21918c", "#31688e", "#443983", "#440154")
WARMTH = ("#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fddbc7", "#ef8a62", "#b2182b")  # RdBu
BLUE = ("#f7f7f7", "#d1e5f0", "#92c5de", "#4393c3", "#2166ac", "#053061")
RED = ("#f7f7f7", "#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f")
BROWN = ("#f5f5f5", "#f6e8c3", "#dfc27d", "#bf812d", "#8c510a", "#543005")
GREEN = ("#f5f5f5", "#a5dbd1", "#65bbb0", "#35978f", "#01665e", "#003c30")  # first two darkened
HALVES: dict[Palette, tuple[tuple[str, ...], tuple[str, ...]]] = {  # less of it, more of it
    "warm": (BLUE, RED),
    "cold": (RED, BLUE),
    "wet": (BROWN, GREEN),
    "dry": (GREEN, BROWN),
}
COUNT = len(VIRIDIS)
_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)
_EDGE = 2  # % of values that may lie beyond the outer classes at each end


@dataclass(frozen=True)
class Classes:
    """Breaks between classes, ascending, and one colour more than breaks."""

    breaks: tuple[float, ...]
    colours: tuple[str, ...]


def of_levels(observed: np.ndarray, future: np.ndarray, layer: Layer) -> Classes:
    """Return classes for all levels that a layer shows: blue to red for temperatures.

    Breaks are round numbers near the sevenths of all values, what was observed counting as much
    as all futures: else the many futures would leave one class to the past.
    """
    found = [v[np.isfinite(v)] for v in (observed, future)]
    known = [v for v in found if v.size]
    ramp = WARMTH if layer.unit == "°C" else VIRIDIS
    if not known:
        return Classes((), ramp[:1])
    shares = np.arange(1, COUNT) / COUNT * 100
    pool = np.concatenate([np.percentile(v, np.linspace(_EDGE, 100 - _EDGE, 200)) for v in known])
    step = nice(float(np.ptp(pool)) / (5 * COUNT))
    near = {round(float(np.round(m / step) * step), 6) for m in np.percentile(pool, shares)}
    breaks = tuple(sorted(b for b in near if b > min(v.min() for v in known)))
    return Classes(breaks, _spread(ramp, len(breaks) + 1))


def of_changes(values: np.ndarray, layer: Layer) -> Classes:
    """Return classes for all changes that a layer shows, symmetric about 0."""
    known = values[np.isfinite(values)]
    less, more = HALVES[layer.palette]
    if not known.size:
        return Classes((), more[:1])
    low, high = np.percentile(known, (_EDGE, 100 - _EDGE))
    if low > -0.1 * high:
        return Classes(_multiples(nice(high / 6), (1, 2, 3, 4, 5)), more)
    if high < -0.1 * low:
        return Classes(_multiples(nice(-low / 6), (-5, -4, -3, -2, -1)), less[::-1])
    step = nice(float(max(high, -low)) / COUNT)
    both = (less[4], less[2], less[1], more[0], more[1], more[2], more[4])
    return Classes(_multiples(step, (-5, -3, -1, 1, 3, 5)), both)


def _multiples(step: float, of: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(round(step * n, 6) for n in of)


def _spread(ramp: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return so many colours of a ramp, its ends among them."""
    return tuple(ramp[round(n * (len(ramp) - 1) / max(count - 1, 1))] for n in range(count))


def nice(width: float) -> float:
    """Return the next round number: 1, 1.5, 2, 2.5, 3, 4 or 5 times a power of ten."""
    if width <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(power * s for s in _STEPS if power * s >= width * (1 - 1e-9)))
