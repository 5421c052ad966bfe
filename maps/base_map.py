"""The land under the gauges, from files of our own: no tiles, no other host.

`assets/land.json` is the world, coarse. Of it `assets/around_korea.json` is what a map of Korea
can show (it moves no farther); `assets/korea.json` is laid in, with the borders of the 시도. All
say where they come from. They are kept in the package, prepared once, because the boundaries of
a country need no renewal every hour and their sources are large.
"""

import json
from pathlib import Path
from typing import Any

from maps.view import View

ASSETS = Path(__file__).parent / "assets"


def names(view: View) -> tuple[str, ...]:
    """Return the base maps that a view's gauges lie on."""
    return ("around_korea", "korea") if view.in_korea else ("land",)


def script(name: str) -> str:
    """Return a base map as a script: a page opened from a folder may load scripts, but no JSON."""
    return f'Mulgil.put("{name}",{(ASSETS / f"{name}.json").read_text(encoding="utf-8").strip()});'


def rings(name: str, part: str = "rings") -> list[list[tuple[float, float]]]:
    """Return the rings of a base map as (longitude, latitude) in degrees."""
    kept = json.loads((ASSETS / f"{name}.json").read_text(encoding="utf-8"))
    return [_ring(steps, kept["scale"]) for steps in kept[part]]


def _ring(steps: list[Any], scale: int) -> list[tuple[float, float]]:
    """Undo the encoding: the first point, then differences, in 1/scale degrees."""
    x = y = 0
    points = []
    for east, north in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + east, y + north
        points.append((x / scale, y / scale))
    return points
