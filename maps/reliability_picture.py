"""The reliability diagram: was 30 % followed by the event in 30 % of the cases? SVG and a table."""

from typing import Any

import numpy as np
import xarray as xr
from markupsafe import Markup

from data.stations import Stage
from forecast.outlook import Language
from forecast.reliability import out_of
from forecast.wording import chance, span
from maps.skill import figure
from maps.skill_texts import text
from maps.view import View
from maps.words import stage_word

SIDE, LEFT, TOP, RIGHT, BOTTOM = 260, 46, 26, 12, 44
WIDTH, HEIGHT = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM
AHEAD = (1, 6, 24)  # hours; the lead times that are drawn, if there are such
FEWEST = 5  # events: below, a diagram says nothing
TICKS = (0, 20, 40, 60, 80, 100)
HOUR = np.timedelta64(1, "h")


def diagrams(view: View, language: Language) -> list[dict[str, Any]]:
    """Return for some lead times the picture of the mildest stage that came, and its table."""
    reliable = None if view.scores is None else out_of(view.scores)
    if reliable is None:
        return []
    leads, found = reliable.lead_time.values, []
    for lead in leads[np.isin(leads / HOUR, AHEAD)]:
        at = reliable.sel(lead_time=lead)
        event = next((e for e in at.event.values if float(at.n_events.sel(event=e)) >= FEWEST), "")
        if event:
            found.append(_diagram(at.sel(event=event), lead, str(event), language))
    return found


def _diagram(at: xr.Dataset, lead: Any, event: str, language: Language) -> dict[str, Any]:
    known = at.isel(bin=np.flatnonzero(at.n.values > 0))
    title = f"{event_word(event, language)}, {span(lead, language)}"
    return {
        "title": title,
        "picture": picture(known, title, language),
        "rows": [_row(known.isel(bin=place), language) for place in range(known.sizes["bin"])],
        "brier": figure(float(at.brier_skill), "brier"),
        "events": figure(float(at.n_events), "n"),
    }


def event_word(event: str, language: Language) -> str:
    """Return what happened: a stage was reached, or a quantile of the training years exceeded."""
    if event.upper() in Stage.__members__:
        return stage_word(Stage[event.upper()], language)
    return text("percentile", language).format(share=event.removeprefix("p"))


def _row(at: xr.Dataset, language: Language) -> list[str]:
    share, low, high = (
        f"{100 * float(at[n]):.0f} %" for n in ("observed_frequency", "low", "high")
    )
    told = chance(float(at.mean_probability), language)
    return [
        told,
        share,
        f"{low} – {high}",
        figure(float(at.n), "n"),
        figure(float(at.n_blocks), "n"),
    ]


def picture(at: xr.Dataset, title: str, language: Language) -> Markup:
    """Draw what was said (across) against what came (upwards), with intervals, beside the diagonal.

    Args:
        at: One event at one lead time, classes with cases only.
    """
    key = f"r-{abs(hash_of(title))}"
    head = Markup(
        '<svg class="reliability" role="img" viewBox="0 0 {0} {1}" width="{0}" height="{1}" '
        'aria-labelledby="{2}"><title id="{2}">{3}: {4}</title>'
    ).format(WIDTH, HEIGHT, key, text("reliability", language), title)
    parts = [*_grid(), f'<path class="ideal" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>']
    said, came = at.mean_probability.values, at.observed_frequency.values
    bars = zip(said, at.low.values, at.high.values, strict=True)
    parts += [f'<path class="bar" d="M{_x(p)} {_y(low)}V{_y(high)}"/>' for p, low, high in bars]
    points = list(zip(said, came, strict=True))
    line = "L".join(f"{_x(p)} {_y(share)}" for p, share in points)
    parts += [f'<path class="came" d="M{line}"/>']
    parts += [f'<circle cx="{_x(p)}" cy="{_y(share)}" r="3.5"/>' for p, share in points]
    upwards = Markup('<text class="label" x="2" y="14">{} (%)</text>').format(
        text("came_share", language)
    )
    across = Markup('<text class="label middle" x="{}" y="{}">{}</text>').format(
        LEFT + SIDE / 2, HEIGHT - 4, text("said_chance", language)
    )
    return head + Markup("".join(parts)) + upwards + across + Markup("</svg>")  # noqa: S704  # numbers


def hash_of(title: str) -> int:
    """Return a number that is the same for the same title in every run."""
    return int.from_bytes(title.encode("utf-8", "replace")[:64], "big") % 1_000_003


def _grid() -> list[str]:
    parts = []
    for tick in TICKS:
        x, y = _x(tick / 100), _y(tick / 100)
        parts.append(f'<path class="grid" d="M{x} {TOP}V{TOP + SIDE}M{LEFT} {y}H{LEFT + SIDE}"/>')
        parts.append(f'<text class="label middle" x="{x}" y="{TOP + SIDE + 16}">{tick}</text>')
        parts.append(f'<text class="label end" x="{LEFT - 6}" y="{float(y) + 4:.1f}">{tick}</text>')
    return parts


def _x(share: float) -> str:
    return f"{LEFT + SIDE * share:.1f}"


def _y(share: float) -> str:
    return f"{TOP + SIDE * (1 - share):.1f}"
