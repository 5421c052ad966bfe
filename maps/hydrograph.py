"""A hydrograph as inline SVG: needs no JavaScript, and is described in words."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from markupsafe import Markup

from data.stations import Station
from forecast.outlook import Language
from maps.view import View
from maps.words import QUANTITY, stage_word, word

SIZES = {"wide": (800, 380), "narrow": (430, 430)}  # a phone gets its own: text must stay 12 px
LEFT, RIGHT, TOP, BOTTOM = 56, 104, 28, 40
LINE = 18  # height of a line of text
BANDS = ((0.05, 0.95, "band90"), (0.1, 0.9, "band80"), (0.25, 0.75, "band50"))


@dataclass(frozen=True)
class Frame:
    """Where a time and a value lie in the picture."""

    start: np.datetime64
    end: np.datetime64
    low: float
    high: float
    width: int
    height: int

    @property
    def right(self) -> int:
        """The right end of the plot; labels stand beyond it."""
        return self.width - RIGHT

    @property
    def bottom(self) -> int:
        """The lower end of the plot."""
        return self.height - BOTTOM

    def x(self, time: np.ndarray) -> np.ndarray:
        """Return horizontal positions."""
        share = (time - self.start) / (self.end - self.start)
        return np.asarray(LEFT + share * (self.right - LEFT))

    def y(self, value: np.ndarray) -> np.ndarray:
        """Return vertical positions, from the top."""
        share = (np.asarray(value, dtype=float) - self.low) / (self.high - self.low)
        return np.asarray(self.bottom - share * (self.bottom - TOP))


def hydrograph(
    view: View, station: Station, sentence: str, language: Language, size: str = "wide"
) -> Markup:
    """Draw one station: observed, median, bands, thresholds, issue time, earlier forecasts.

    Args:
        sentence: What the picture says; its description for those who cannot see it.
        size: One of `SIZES`.
    """
    frame = _frame(view, station, SIZES[size])
    parts = [_grid(view, frame, language), _thresholds(station, frame, language)]
    parts += [_earlier(view, station, frame), _forecast(view, station, frame)]
    parts += [_observed(view.observations, view, station, frame, "observed")]
    if view.outcome is not None:
        parts.append(_observed(view.outcome, view, station, frame, "outcome"))
    parts.append(_issue_line(view, frame, language))
    title = f"{word('hydrograph', language)}: {_name(station, language)}"
    head = Markup(
        '<svg class="hydrograph {0}" role="img" viewBox="0 0 {1} {2}" '
        'aria-labelledby="t-{0} d-{0}"><title id="t-{0}">{3}</title><desc id="d-{0}">{4}</desc>'
    ).format(size, frame.width, frame.height, title, sentence)
    return head + Markup("").join(parts) + Markup("</svg>")


def _name(station: Station, language: Language) -> str:
    return station.name_ko if language == "ko" else station.name_en


def _frame(view: View, station: Station, size: tuple[int, int]) -> Frame:
    """Fit what was observed and forecast; thresholds only if they are near."""
    quantity = view.network.quantity.value
    values = [view.observations[quantity], view.forecast[quantity]]
    values += [ds[quantity] for ds in (view.outcome,) if ds is not None]
    values += [ds[quantity].sel(quantile=0.5) for ds in (view.earlier,) if ds is not None]
    seen = np.concatenate([v.sel(station=station.id).values.ravel() for v in values])
    seen = seen[np.isfinite(seen)]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    reach = max(high - low, 0.1)
    limits = station.thresholds
    mildest = [limits.of(stage) for stage in limits.alerts[:1]] if limits else []
    high = max([high, *(limit for limit in mildest if limit < high + 1.5 * reach)])
    pad = 0.06 * max(high - low, 0.1)
    issue = view.forecast.issue_time.values[0]
    end = issue + view.network.horizon * view.network.step
    return Frame(view.observations.time.values[0], end, low - pad, high + pad, *size)


def _path(frame: Frame, time: np.ndarray, value: np.ndarray) -> str:
    """Return an SVG path with a break at each gap."""
    commands, pen = [], "M"
    for x, y in zip(frame.x(time), frame.y(value), strict=True):
        if not np.isfinite(y):
            pen = "M"
            continue
        commands.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return "".join(commands)


def _line(kind: str, path: str) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(kind, path)


def _observed(ds: xr.Dataset, view: View, station: Station, frame: Frame, kind: str) -> Markup:
    values = ds[view.network.quantity.value].sel(station=station.id).values
    return _line(kind, _path(frame, ds.time.values, values))


def _forecast(view: View, station: Station, frame: Frame) -> Markup:
    issued = view.forecast.isel(issue_time=0).sel(station=station.id)
    values, time = issued[view.network.quantity.value], issued.valid_time.values
    if bool(values.isnull().all()):
        return Markup("")
    parts = [_band(frame, time, values, low, high, kind) for low, high, kind in BANDS]
    median = values.sel(quantile=0.5).values
    parts.append(_line("median", _path(frame, time, median)))
    return Markup("").join(parts)


def _band(
    frame: Frame, time: np.ndarray, values: xr.DataArray, low: float, high: float, kind: str
) -> Markup:
    there = _path(frame, time, values.sel(quantile=high).values)
    back = _path(frame, time[::-1], values.sel(quantile=low).values[::-1])
    return Markup('<path class="{}" d="{}Z"/>').format(kind, there + "L" + back[1:])


def _earlier(view: View, station: Station, frame: Frame) -> Markup:
    if view.earlier is None:
        return Markup("")
    values = view.earlier[view.network.quantity.value].sel(station=station.id, quantile=0.5)
    paths = [
        _path(frame, issued.valid_time.values, issued.values)
        for issued in (values.isel(issue_time=i) for i in range(values.sizes["issue_time"]))
    ]
    return Markup("").join(_line("earlier", path) for path in paths)


def _thresholds(station: Station, frame: Frame, language: Language) -> Markup:
    """Draw the lines that lie in the frame; where labels would touch, the milder one goes."""
    if station.thresholds is None:
        return Markup("")
    parts, above = [], -1e9
    for stage in reversed(station.thresholds.alerts):
        value = station.thresholds.of(stage)
        y = float(frame.y(np.array(value)))
        if frame.low <= value <= frame.high:
            parts.append(
                Markup('<path class="limit" d="M{} {:.1f}H{}"/>').format(LEFT, y, frame.right)
            )
            if y - above > LINE:
                said = f"{stage_word(stage, language)} {value:g}"
                parts.append(_text(frame.right + 6, y + 4, said))
                above = y
    return Markup("").join(parts)


def _issue_line(view: View, frame: Frame, language: Language) -> Markup:
    x = float(frame.x(view.forecast.issue_time.values)[0])
    line = Markup('<path class="issue" d="M{:.1f} {}V{}"/>').format(x, TOP, frame.bottom)
    return line + _text(x, frame.height - 4, word("issued", language), "label middle")


def _text(x: float, y: float, text: str, kind: str = "label") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(kind, x, y, text)


def _grid(view: View, frame: Frame, language: Language) -> Markup:
    parts = [_text(2, 14, QUANTITY[view.network.quantity][language])]
    for day in _midnights(view, frame):
        x = float(frame.x(np.array([_utc(day)]))[0])
        line = Markup('<path class="grid" d="M{:.1f} {}V{}"/>').format(x, TOP, frame.bottom)
        parts += [line, _text(x + 2, frame.bottom + 15, f"{day.month}/{day.day}")]
    for tick in _ticks(frame.low, frame.high):
        y = float(frame.y(np.array(tick)))
        line = Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(LEFT, y, frame.right)
        parts += [line, _text(LEFT - 6, y + 4, f"{tick + 0.0:g}", "label end")]
    return Markup("").join(parts)


def _midnights(view: View, frame: Frame) -> list[pd.Timestamp]:
    """Return the local midnights within the frame."""
    first, last = (
        pd.Timestamp(t).tz_localize("UTC").tz_convert(view.zone) for t in (frame.start, frame.end)
    )
    days = pd.date_range(first.normalize(), last, freq="D")
    return [day for day in days if day >= first]


def _utc(local: pd.Timestamp) -> np.datetime64:
    return np.datetime64(local.tz_convert("UTC").tz_localize(None), "ns")


def _ticks(low: float, high: float) -> list[float]:
    """Return four to eight round values between low and high."""
    rough = (high - low) / 5
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    first = np.ceil(low / step) * step
    return [round(float(v), 10) for v in np.arange(first, high, step)]
