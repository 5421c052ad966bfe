"""Where the thresholds of a gauge are named in its hydrograph: all of them, none over another."""

from dataclasses import dataclass

import numpy as np

from data.stations import Stage, Station
from forecast.outlook import Language
from maps.frame import TOP, Frame
from maps.words import stage_word

LINE = 18  # height of a line of text [px]


@dataclass(frozen=True)
class Named:
    """One threshold.

    Attributes:
        inside: Whether it lies in the frame; else an arrow points to where it lies.
        edge: Where its line is [px from the top]; at the frame's edge if it lies beyond.
        at: Where its name is written.
    """

    stage: Stage
    inside: bool
    edge: float
    at: float
    text: str


def named(station: Station, frame: Frame, language: Language) -> list[Named]:
    """Return the thresholds, the highest first."""
    limits = station.thresholds
    stages = list(reversed(limits.alerts)) if limits else []
    values = [limits.of(stage) for stage in stages] if limits else []
    edges = [_edge(value, frame) for value in values]
    places = _apart([_place(value, frame) for value in values], frame.bottom)
    return [
        Named(
            stage,
            frame.low <= value <= frame.high,
            edge,
            at,
            f"{_arrow(value, frame)}{stage_word(stage, language)} {value:g}",
        )
        for stage, value, edge, at in zip(stages, values, edges, places, strict=True)
    ]


def _edge(value: float, frame: Frame) -> float:
    """Return where the line lies, no further than the frame."""
    return float(np.clip(frame.y(np.array(value)), TOP, frame.bottom))


def _place(value: float, frame: Frame) -> float:
    """Return where a name would stand if it were alone."""
    if value > frame.high:
        return TOP + 6.0
    return frame.bottom - 6.0 if value < frame.low else _edge(value, frame)


def _arrow(value: float, frame: Frame) -> str:
    return "↑ " if value > frame.high else "↓ " if value < frame.low else ""


def _apart(places: list[float], bottom: float) -> list[float]:
    """Return places, from the top down, a line of text apart and above the bottom."""
    found = places[:1]
    for place in places[1:]:
        found.append(max(place, found[-1] + LINE))
    limit = bottom
    for n in reversed(range(len(found))):
        found[n] = min(found[n], limit)
        limit = found[n] - LINE
    return found
