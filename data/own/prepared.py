"""From what files told to lines on the clock of the network, and the plan they fit."""

from dataclasses import dataclass

import numpy as np

from data.own import cadence as own_cadence
from data.own import levels as own_levels
from data.own import lines as own_lines
from data.own import network as own_network
from data.own import sums as own_sums
from data.own.lines import Key, Line
from data.own.network import (
    ASSUMED_EN,
    ASSUMED_KO,
    SPIKES_EN,
    SPIKES_KO,
    Plan,
    Wishes,
)
from data.own.rows import Known, Part
from data.stations import Station

MINUTE = np.timedelta64(1, "m")


@dataclass(frozen=True)
class Prepared:
    """Readings that are ready to be judged.

    Attributes:
        lines: In SI, on the gauge, at times that the grid can use.
        caveats: What the network's pages must say of them, in Korean and in English.
        remarks: What a person should know of how they were prepared.
    """

    lines: dict[Key, Line]
    plan: Plan
    caveats: tuple[str, str]
    remarks: tuple[str, ...]


def prepare(
    parts: list[Part],
    stations: tuple[Station, ...],
    wishes: Wishes,
    plan: Plan | None,
    above_sea: bool,
) -> Prepared:
    """Return the lines of all parts, prepared for a plan, or for the one that fits them.

    Args:
        plan: Of a network that is there already.

    Raises:
        SourceError: Values cannot be, readings fit no grid, or there are too few years.
    """
    known = Known(tuple(station.id for station in stations), stations[0].quantity)
    lines = own_lines.lines(parts, known)
    if above_sea:
        lines = own_levels.above_gauge(lines, stations)
    own_levels.check(lines)
    told: list[str] = []
    if plan is None:
        plan = own_network.plan(lines, known.quantity, wishes)
        told += own_network.check_years(lines, known.stations, known.quantity, plan.split)
    lines, summed = own_sums.alike(lines, plan.step)
    lines, ko, en = _on_grid(lines, plan.step)
    remarks = (*plan.remarks, *told, *summed, *en)
    return Prepared(lines, plan, _caveats(lines, ko, en), remarks)


def _on_grid(
    lines: dict[Key, Line], step: int
) -> tuple[dict[Key, Line], tuple[str, ...], tuple[str, ...]]:
    """Return lines that the grid can use, and what to say of those that had to be moved."""
    by = {key: own_cadence.beside(line, key[1], step) for key, line in lines.items()}
    moved = {key: each for key, each in by.items() if each > np.timedelta64(0, "m")}
    amounts: dict[int, list[str]] = {}
    for (station, variable), each in moved.items():
        amounts.setdefault(int(each / MINUTE), []).append(f"{station} {variable}")
    ko = [
        f"격자 시각보다 {minutes}분 먼저 잰 값을 그 격자 시각의 값으로 썼다: {', '.join(which)}."
        for minutes, which in amounts.items()
    ]
    en = [
        f"Times are {minutes} min late, for readings stand for the grid time that follows them: "
        f"{', '.join(which)}."
        for minutes, which in amounts.items()
    ]
    whole = {key: line.moved(by[key]) if key in moved else line for key, line in lines.items()}
    return whole, tuple(ko), tuple(en)


def _caveats(lines: dict[Key, Line], ko: tuple[str, ...], en: tuple[str, ...]) -> tuple[str, str]:
    assumed = any(line.assumed for line in lines.values())
    return (
        " ".join([*([ASSUMED_KO] if assumed else []), SPIKES_KO, *ko]),
        " ".join([*([ASSUMED_EN] if assumed else []), SPIKES_EN, *en]),
    )
