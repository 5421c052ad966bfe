"""A hydrograph as inline SVG: needs no JavaScript, and is described in words."""

import numpy as np
import pandas as pd
import xarray as xr
from markupsafe import Markup

from data.stations import Stage, Station
from forecast.outlook import Language
from forecast.wording import number
from maps.frame import LEFT, TOP, Frame, fit, path, time_ticks, utc, value_ticks
from maps.listing import moment, name
from maps.view import View
from maps.words import QUANTITY, stage_word, word

SIZES = {"desk": (800, 380), "phone": (430, 430)}  # a phone gets its own: text must stay 12 px
LINE = 18  # height of a line of text
BANDS = ((0.05, 0.95, "band90"), (0.1, 0.9, "band80"), (0.25, 0.75, "band50"))


def hydrograph(
    view: View, station: Station, sentence: str, language: Language, size: str = "desk"
) -> Markup:
    """Draw one station: observed, median, bands, thresholds, issue time, earlier forecasts.

    Args:
        sentence: What the picture says; its description for those who cannot see it.
        size: One of `SIZES`.
    """
    frame = fit(view, station, SIZES[size])
    lines = [_thresholds(station, frame), _earlier(view, station, frame)]
    lines += [_forecast(view, station, frame)]
    lines += [_observed(view.observations, view, station, frame, "observed")]
    if view.outcome is not None:
        lines.append(_observed(view.outcome, view, station, frame, "outcome"))
    title = f"{word('hydrograph', language)}: {name(station, language)}"
    head = Markup(
        '<svg class="hydrograph {0}" role="img" viewBox="0 0 {1} {2}" '
        'aria-labelledby="t-{0} d-{0}"><title id="t-{0}">{3}</title><desc id="d-{0}">{4}</desc>'
    ).format(size, frame.width, frame.height, title, sentence)
    around = [_levels(view, frame, language), _times(view, frame)]
    above = [
        _names(station, frame, language),
        _issue(view, frame, language),
        _peak(view, station, frame),
    ]
    parts = [*around, _clipped(frame, lines), *above]
    return head + Markup("").join(parts) + Markup("</svg>")


def _clipped(frame: Frame, lines: list[Markup]) -> Markup:
    """Return lines in a window of their own: what began before the frame ends at its edge."""
    window = f"{LEFT} {TOP} {frame.right - LEFT} {frame.bottom - TOP}"
    place = Markup('<svg x="{}" y="{}" width="{}" height="{}" viewBox="{}">').format(
        *window.split(), window
    )
    return place + Markup("").join(lines) + Markup("</svg>")


def _line(kind: str, commands: str) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(kind, commands)


def _text(x: float, y: float, text: str, kind: str = "label") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(kind, x, y, text)


def _observed(ds: xr.Dataset, view: View, station: Station, frame: Frame, kind: str) -> Markup:
    values = ds[view.network.quantity.value].sel(station=station.id).values
    return _line(kind, path(frame, ds.time.values, values))


def _forecast(view: View, station: Station, frame: Frame) -> Markup:
    issued = view.forecast.isel(issue_time=0).sel(station=station.id)
    values, time = issued[view.network.quantity.value], issued.valid_time.values
    known = values.notnull().all("quantile").values
    if not known.any():
        return Markup("")
    values, time = values[known], time[known]
    parts = [_band(frame, time, values, low, high, kind) for low, high, kind in BANDS]
    parts.append(_line("median", path(frame, time, values.sel(quantile=0.5).values)))
    return Markup("").join(parts)


def _band(
    frame: Frame, time: np.ndarray, values: xr.DataArray, low: float, high: float, kind: str
) -> Markup:
    there = path(frame, time, values.sel(quantile=high).values)
    back = path(frame, time[::-1], values.sel(quantile=low).values[::-1])
    return _line(kind, there + "L" + back[1:] + "Z")


def _earlier(view: View, station: Station, frame: Frame) -> Markup:
    if view.earlier is None:
        return Markup("")
    values = view.earlier[view.network.quantity.value].sel(station=station.id, quantile=0.5)
    issues = [values.isel(issue_time=i) for i in range(values.sizes["issue_time"])]
    lines = [_line("earlier", path(frame, i.valid_time.values, i.values)) for i in issues]
    return Markup("").join(lines)


def _inside(station: Station, frame: Frame) -> list[tuple[Stage, float, float]]:
    """Return the thresholds that lie in the frame, the highest first: stage, value, y."""
    limits = station.thresholds
    found = [(stage, limits.of(stage)) for stage in limits.alerts] if limits else []
    return [
        (stage, value, float(frame.y(np.array(value))))
        for stage, value in reversed(found)
        if frame.low <= value <= frame.high
    ]


def limits_drawn(view: View, station: Station) -> bool:
    """Return whether any threshold lies within the picture."""
    return bool(_inside(station, fit(view, station, SIZES["desk"])))


def _thresholds(station: Station, frame: Frame) -> Markup:
    lines = [
        _line("limit", f"M{LEFT} {y:.1f}H{frame.right}") for _, _, y in _inside(station, frame)
    ]
    return Markup("").join(lines)


def _names(station: Station, frame: Frame, language: Language) -> Markup:
    """Name the thresholds at the right; where two names would touch, the milder one goes."""
    parts, above = [], -1e9
    for stage, value, y in _inside(station, frame):
        if y - above > LINE:
            parts.append(_text(frame.right + 6, y + 4, f"{stage_word(stage, language)} {value:g}"))
            above = y
    return Markup("").join(parts)


def _issue(view: View, frame: Frame, language: Language) -> Markup:
    time = view.forecast.issue_time.values
    x = float(frame.x(time)[0])
    said = f"{word('issued', language)} {moment(view, time[0])}"
    line = _line("issue", f"M{x:.1f} {TOP}V{frame.bottom}")
    return line + _text(x, frame.height - 6, said, "label middle")


def _peak(view: View, station: Station, frame: Frame) -> Markup:
    """Mark the highest median and write its value."""
    issued = view.forecast.isel(issue_time=0).sel(station=station.id)
    median = issued[view.network.quantity.value].sel(quantile=0.5).values
    if np.isnan(median).all():
        return Markup("")
    top = int(np.nanargmax(median))
    x = float(frame.x(issued.valid_time.values[top : top + 1])[0])
    y = float(frame.y(median[top]))
    dot = Markup('<circle class="peak" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(x, y)
    beside = "label strong end" if x > frame.right - 60 else "label strong"
    at = x - 6 if x > frame.right - 60 else x + 6
    said = number(float(median[top]), view.network.quantity)
    return dot + _text(at, max(y - 8, TOP + 12), said, beside)


def _times(view: View, frame: Frame) -> Markup:
    parts = []
    for time in time_ticks(view, frame):
        x = float(frame.x(np.array([utc(time)]))[0])
        parts += [_line("grid", f"M{x:.1f} {TOP}V{frame.bottom}")]
        parts += [_text(x, frame.bottom + 16, _told(time), "label middle")]
    return Markup("").join(parts)


def _told(time: pd.Timestamp) -> str:
    return f"{time.month}/{time.day}" if time.hour == 0 else f"{time.hour}:00"


def _levels(view: View, frame: Frame, language: Language) -> Markup:
    parts = [_text(2, 14, QUANTITY[view.network.quantity][language])]
    for tick in value_ticks(frame.low, frame.high):
        y = float(frame.y(np.array(tick)))
        parts.append(_line("grid", f"M{LEFT} {y:.1f}H{frame.right}"))
        parts.append(_text(LEFT - 6, y + 4, f"{tick + 0.0:g}", "label end"))
    return Markup("").join(parts)
