"""A hydrograph of a what-if as inline SVG; two side by side have one scale."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from markupsafe import Markup

from data.stations import Station
from forecast.outlook import Language
from forecast.wording import STAGE_WORDS

WIDTH, HEIGHT = 460, 330
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 16, 40
LINE = 16  # height of a line of text
BANDS = ((0, -1, "band90"), (2, -3, "band50"))  # of `data.schema.QUANTILES`
_HOUR = np.timedelta64(1, "h")


@dataclass(frozen=True)
class Line:
    """What one picture shows of a gauge.

    Attributes:
        observed: (time,); NaN where nothing was read.
        quantiles: (valid time, quantile).
    """

    times: np.ndarray
    observed: np.ndarray
    valid: np.ndarray
    quantiles: np.ndarray


@dataclass(frozen=True)
class Scale:
    """Where times and values lie in a picture."""

    start: np.datetime64
    end: np.datetime64
    low: float
    high: float

    def x(self, times: np.ndarray) -> np.ndarray:
        """Return horizontal positions."""
        share = (times - self.start) / (self.end - self.start)
        return np.asarray(LEFT + share * (WIDTH - LEFT - RIGHT))

    def y(self, values: np.ndarray) -> np.ndarray:
        """Return vertical positions, from the top."""
        share = (np.asarray(values, dtype=float) - self.low) / (self.high - self.low)
        return np.asarray(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP))


def scale(lines: list[Line], station: Station) -> Scale:
    """Return a scale that holds all of these lines, and the mildest threshold if it is near."""
    seen = np.concatenate([part.ravel() for line in lines for part in _values(line)])
    seen = seen[np.isfinite(seen)]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    reach = max(high - low, 0.1)
    limits = station.thresholds
    near = [limits.of(stage) for stage in limits.alerts[:1]] if limits else []
    high = max([high, *(each for each in near if each < high + reach)])
    pad = 0.06 * max(high - low, 0.1)
    first = min(line.times[0] for line in lines)
    return Scale(first, max(line.valid[-1] for line in lines), low - pad, high + pad)


def picture(
    line: Line,
    on: Scale,
    station: Station,
    told: tuple[str, str],
    zone: ZoneInfo,
    language: Language,
) -> Markup:
    """Draw one gauge.

    Args:
        told: An id that no other picture of the page has, and what the picture says.
    """
    name, sentence = told
    head = Markup(
        '<svg class="hydrograph" role="img" viewBox="0 0 {} {}" aria-labelledby="{}">'
        '<title id="{}">{}</title>'
    ).format(WIDTH, HEIGHT, name, name, sentence)
    parts = [*_grid(on, zone), *_limits(on, station, language), *_forecast(line, on)]
    parts.append(_path("observed", _way(on, line.times, line.observed)))
    issue = float(on.x(np.array([line.times[-1]]))[0])
    parts.append(_path("issue", f"M{issue:.1f} {TOP}V{HEIGHT - BOTTOM}"))
    return head + Markup("").join(parts) + Markup("</svg>")


def _values(line: Line) -> tuple[np.ndarray, np.ndarray]:
    return line.observed, line.quantiles


def _forecast(line: Line, on: Scale) -> list[Markup]:
    known = np.isfinite(line.quantiles).all(axis=1)
    if not known.any():
        return []
    times, values = line.valid[known], line.quantiles[known]
    parts = []
    for low, high, kind in BANDS:
        there = _way(on, times, values[:, high])
        back = _way(on, times[::-1], values[::-1, low])
        parts.append(_path(kind, f"{there}L{back[1:]}Z"))
    middle = values.shape[1] // 2
    return [*parts, _path("median", _way(on, times, values[:, middle]))]


def _grid(on: Scale, zone: ZoneInfo) -> list[Markup]:
    parts = []
    for value in _round_values(on.low, on.high):
        y = float(on.y(np.array(value)))
        parts.append(_path("grid", f"M{LEFT} {y:.1f}H{WIDTH - RIGHT}"))
        parts.append(_text((LEFT - 6, y + 4), f"{value:g}", "label end"))
    for local in _round_times(on, zone):
        time = np.datetime64(local.tz_convert("UTC").tz_localize(None), "ns")
        x = float(on.x(np.array([time]))[0])
        parts.append(_path("grid", f"M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"))
        day = f"{local.month}/{local.day}" if local.hour == 0 else f"{local.hour}:00"
        parts.append(_text((x, HEIGHT - BOTTOM + 18), day, "label middle"))
    return parts


def _limits(on: Scale, station: Station, language: Language) -> list[Markup]:
    """Draw the thresholds; where two names would touch, the milder one goes."""
    limits = station.thresholds
    found = [(stage, limits.of(stage)) for stage in limits.alerts] if limits else []
    parts, above = list[Markup](), -np.inf
    for stage, value in reversed(found):
        if on.low <= value <= on.high:
            y = float(on.y(np.array(value)))
            parts.append(_path("limit", f"M{LEFT} {y:.1f}H{WIDTH - RIGHT}"))
            if y - above > LINE:
                word = f"{STAGE_WORDS[stage][language]} {value:g}"
                parts.append(_text((LEFT + 4, y - 4), word, "label strong"))
                above = y
    return parts


def _way(on: Scale, times: np.ndarray, values: np.ndarray) -> str:
    """Return the commands of a line that breaks at each gap."""
    commands, pen = [], "M"
    for x, y in zip(on.x(times), on.y(values), strict=True):
        known = bool(np.isfinite(y))
        if known:
            commands.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L" if known else "M"
    return "".join(commands)


def _path(kind: str, commands: str) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(kind, commands)


def _text(at: tuple[float, float], text: str, kind: str = "label") -> Markup:
    place = f'x="{at[0]:.1f}" y="{at[1]:.1f}"'
    return Markup('<text class="{}" ' + place + ">{}</text>").format(kind, text)  # noqa: S704


def _round_values(low: float, high: float) -> list[float]:
    rough = (high - low) / 5
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    first = np.ceil(low / step) * step
    return [round(float(value), 10) + 0.0 for value in np.arange(first, high, step)]


def _round_times(on: Scale, zone: ZoneInfo, most: int = 6) -> list[pd.Timestamp]:
    first, last = (
        pd.Timestamp(time).tz_localize("UTC").tz_convert(zone) for time in (on.start, on.end)
    )
    hours = pd.date_range(first.ceil("h"), last, freq="h")
    by_step = [[hour for hour in hours if hour.hour % step == 0] for step in (1, 3, 6, 12, 24)]
    fitting = [found for found in by_step if len(found) <= most]
    days = by_step[-1]
    return fitting[0] if fitting else days[:: 1 + len(days) // most]
