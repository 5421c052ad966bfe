"""A hydrograph as inline SVG: needs no JavaScript, and is described in words."""

from itertools import pairwise

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from forecast.outlook import Language
from forecast.wording import number
from maps.curves import Course
from maps.frame import LEFT, RIGHT, TOP, Frame, fit, path, time_ticks, utc, value_ticks
from maps.gauge_words import own_word
from maps.limit_names import Named, named
from maps.listing import name
from maps.local_time import local_moment
from maps.words import QUANTITY, word

SIZES = {"desk": (800, 380), "phone": (430, 430)}  # a phone gets its own: text must stay 12 px
BESIDE = {"desk": RIGHT, "phone": 12}  # on a phone the names of thresholds stand in the plot
TICKS = {"desk": 7, "phone": 5}
BANDS = ((0.05, 0.95, "band90"), (0.1, 0.9, "band80"), (0.25, 0.75, "band50"))


def hydrograph(course: Course, sentence: str, language: Language, size: str = "desk") -> Markup:
    """Draw one gauge: observed, median, bands, thresholds, issue time, earlier forecasts.

    Args:
        sentence: What the picture says; its description for those who cannot see it.
        size: One of `SIZES`.
    """
    frame = fit(course, SIZES[size], BESIDE[size])
    names = named(course.station, frame, language)
    title = f"{word('hydrograph', language)}: {name(course.station, language)}"
    head = Markup(
        '<svg class="hydrograph {0}" role="img" viewBox="0 0 {1} {2}" '
        'aria-labelledby="t-{0} d-{0}"><title id="t-{0}">{3}</title><desc id="d-{0}">{4}</desc>'
    ).format(size, frame.width, frame.height, title, sentence)
    around = [*_levels(course, frame, language), *_times(course, frame, TICKS[size])]
    above = [*_names(names, frame), *_issue(course, frame, language), *_peak(course, frame)]
    above += _nothing(course, frame, language)
    parts = [*around, _clipped(frame, _lines(course, frame, names)), *above]
    return head + Markup("".join(parts)) + Markup("</svg>")  # noqa: S704  # each part is escaped


def _lines(course: Course, frame: Frame, names: list[Named]) -> list[str]:
    """Return what lies within the plot, the lowest first."""
    lines = [*_zones(names, frame), *_thresholds(names, frame), *_earlier(course, frame)]
    lines += _forecast(course, frame)
    lines.append(_line("observed", path(frame, course.past, course.observed)))
    if course.after.size:
        lines.append(_line("outcome", path(frame, course.after, course.outcome)))
    return lines


def _clipped(frame: Frame, lines: list[str]) -> str:
    """Return lines in a window of their own: what began before the frame ends at its edge."""
    box = (LEFT, TOP, frame.right - LEFT, frame.bottom - TOP)
    place = 'x="{}" y="{}" width="{}" height="{}"'.format(*box)
    window = " ".join(str(edge) for edge in box)
    return f'<svg {place} viewBox="{window}">{"".join(lines)}</svg>'


def _line(kind: str, commands: str) -> str:
    return f'<path class="{kind}" d="{commands}"/>'


def _text(x: float, y: float, text: str, kind: str = "label") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _forecast(course: Course, frame: Frame) -> list[str]:
    known = np.isfinite(course.quantiles).all(axis=0)
    if not known.any():
        return []
    time = course.ahead[known]
    of = {level: course.quantile(level)[known] for level in course.levels}
    parts = [_line(kind, _band(frame, time, of[low], of[high])) for low, high, kind in BANDS]
    return [*parts, _line("median", path(frame, time, of[0.5]))]


def _band(frame: Frame, time: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    return f"{path(frame, time, high)}L{path(frame, time[::-1], low[::-1])[1:]}Z"


def _earlier(course: Course, frame: Frame) -> list[str]:
    issues = zip(course.issued, course.earlier, strict=True)
    return [_line("earlier", path(frame, times, medians)) for times, medians in issues]


def _zones(names: list[Named], frame: Frame) -> list[str]:
    """Tint what lies above each threshold up to the next."""
    edges = [(0, float(TOP)), *((limit.stage, limit.edge) for limit in names)]
    width = frame.right - LEFT
    return [
        f'<rect class="zone zone{stage}" x="{LEFT}" y="{top:.1f}" width="{width}" '
        f'height="{bottom - top:.1f}"/>'
        for (_, top), (stage, bottom) in pairwise(edges)
        if bottom > top
    ]


def _thresholds(names: list[Named], frame: Frame) -> list[str]:
    inside = [limit for limit in names if limit.inside]
    return [_line("limit", f"M{LEFT} {limit.edge:.1f}H{frame.right}") for limit in inside]


def _names(names: list[Named], frame: Frame) -> list[str]:
    if frame.beside == RIGHT:
        return [_text(frame.right + 6, limit.at + 4, limit.text) for limit in names]
    return [_text(LEFT + 4, limit.at + 4, limit.text, "label strong") for limit in names]


def _issue(course: Course, frame: Frame, language: Language) -> list[str]:
    x = float(frame.x(np.array([course.issue]))[0])
    said = f"{word('issued', language)} {local_moment(course.zone, course.issue)}"
    line = _line("issue", f"M{x:.1f} {TOP}V{frame.bottom}")
    return [line, _text(x, frame.height - 6, said, "label middle")]


def _peak(course: Course, frame: Frame) -> list[str]:
    """Mark the highest median and write its value."""
    median = course.quantile(0.5)
    if np.isnan(median).all():
        return []
    top = int(np.nanargmax(median))
    x, y = float(frame.x(course.ahead[top : top + 1])[0]), float(frame.y(median[top]))
    dot = f'<circle class="peak" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    late = x > frame.right - 60
    beside = "label strong end" if late else "label strong"
    at, said = x - 6 if late else x + 6, number(float(median[top]), course.quantity)
    return [dot, _text(at, max(y - 8, TOP + 12), said, beside)]


def _nothing(course: Course, frame: Frame, language: Language) -> list[str]:
    """Say that there is nothing to draw, where that is so."""
    shown = np.concatenate([course.observed, course.quantiles.ravel(), course.earlier.ravel()])
    if np.isfinite(shown).any() or np.isfinite(course.outcome).any():
        return []
    x, y = (LEFT + frame.right) / 2, (TOP + frame.bottom) / 2
    return [_text(x, y, own_word("nothing", language), "label middle")]


def _times(course: Course, frame: Frame, most: int) -> list[str]:
    parts = []
    for time in time_ticks(course.zone, frame.start, frame.end, most):
        x = float(frame.x(np.array([utc(time)]))[0])
        parts += [_line("grid", f"M{x:.1f} {TOP}V{frame.bottom}")]
        parts += [_text(x, frame.bottom + 16, _told(time), "label middle")]
    return parts


def _told(time: pd.Timestamp) -> str:
    return f"{time.month}/{time.day}" if time.hour == 0 else f"{time.hour}:00"


def _levels(course: Course, frame: Frame, language: Language) -> list[str]:
    parts = [_text(2, 14, QUANTITY[course.quantity][language])]
    for tick in value_ticks(frame.low, frame.high):
        y = float(frame.y(np.array(tick)))
        parts.append(_line("grid", f"M{LEFT} {y:.1f}H{frame.right}"))
        parts.append(_text(LEFT - 6, y + 4, f"{tick + 0.0:g}", "label end"))
    return parts
