"""The bench of quality control: what it finds of the known errors of the Han, what it doubts more.

Limits are learnt from 2012 to 2018, and the choices were made on these years; 2019 to 2021 stand
apart, in the figures that end in `_later`.

FIGURES
    listed_errors            known errors, see `bench_quality_listed`
    listed_caught            of these: values with a flag, and jumps of which a reading had a flag
                             when the second one arrived
    jumps_left               jumps of which no reading has a flag once all is known: true rises
    false_flag_rate_percent  values with a flag that are not listed, of all values
    flood_values_flagged     levels, rain, dam and tide of four floods with a flag, not listed
    flood_values_held_back   levels of these floods that were doubted when they arrived
    sites_20000_s            seconds to judge six hours of 20,000 sites
DETAIL: flags by column and reason; every episode of flags that are no listed errors; the limits.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from data import networks
from data.limits import to_dict
from data.schema import Flag
from flows import bench_quality_floods as floods
from flows.bench_quality_parts import Part, parts
from flows.bench_quality_speed import seconds

Report = Callable[[int, int, str], None]
LATER = np.datetime64("2019-01-01")
HOUR = np.timedelta64(1, "h")
STAGES = 4
SITES = 20_000


def run(folder: Path, report: Report | None = None) -> dict[str, Any]:
    """Judge the whole 10-minute record of the Han River at Seoul.

    Args:
        folder: With `water_data/` and `rf_data/`, as for the network `han-river`.

    Returns:
        {"figures": .., "detail": ..}, see the module.

    Raises:
        SourceError: The record is not there or cannot be read.
    """
    tell = report or _silent
    tell(0, STAGES, "reading and judging the record")
    found = parts(folder, networks.find("han-river-10min"))
    levels = found[0]
    tell(1, STAGES, "the jumps as they arrived")
    caught = [levels.caught_on_arrival(*jump) for jump in levels.jumps]
    tell(2, STAGES, "the floods as they arrived")
    held = {name: floods.held_back(levels, name) for name in floods.FLOODS}
    tell(3, STAGES, f"{SITES:,} sites")
    figures = _counted(found, caught) | {
        "flood_values_flagged": sum(floods.flagged(part) for part in found),
        "flood_values_held_back": sum(held.values()),
        "sites_20000_s": seconds(SITES),
    }
    return {"figures": figures, "detail": _detail(found, caught, held)}


def _counted(found: list[Part], caught: list[bool]) -> dict[str, float]:
    levels = found[0]
    when = np.array([levels.time[place] for _, place in levels.jumps], dtype="datetime64[ns]")
    left = np.array([not levels.flagged_either(*jump) for jump in levels.jumps], dtype=bool)
    figures = dict[str, float]()
    for ending, since in (("", np.datetime64("1900-01-01")), ("_later", LATER)):
        chosen = [(part, part.time >= since) for part in found]
        wrong = sum(int(part.wrong[:, late].sum()) for part, late in chosen)
        hits = sum(int((part.wrong & part.flagged)[:, late].sum()) for part, late in chosen)
        more = sum(int(part.unlisted[:, late].sum()) for part, late in chosen)
        values = sum(int(np.isfinite(part.values[:, late]).sum()) for part, late in chosen)
        figures |= {
            f"listed_errors{ending}": wrong + int((when >= since).sum()),
            f"listed_caught{ending}": hits + int(np.array(caught)[when >= since].sum()),
            f"jumps_left{ending}": int(left[when >= since].sum()),
            f"false_flags{ending}": more,
            f"false_flag_rate_percent{ending}": 100 * more / values,
        }
    return figures


def _detail(found: list[Part], caught: list[bool], held: dict[str, int]) -> dict[str, Any]:
    levels = found[0]
    return {
        "flags": {
            column: {flag.name: int((flags == flag).sum()) for flag in Flag}
            for part in found
            for column, flags in zip(part.columns, part.flags, strict=True)
        },
        "not_listed": [line for part in found for line in episodes(part)],
        "jumps": [
            {"column": levels.columns[row], "time": seoul(levels.time[place]), "caught": hit}
            for (row, place), hit in zip(levels.jumps, caught, strict=True)
        ],
        "held_back": held,
        "limits": {
            column: to_dict(limits)
            for part in found
            for column, limits in zip(part.columns, part.limits, strict=True)
        },
    }


def episodes(part: Part) -> list[dict[str, Any]]:
    """Return each run of flags, not listed, of one reason: column, flag, first, last, values."""
    lines = []
    for column, flags, unlisted in zip(part.columns, part.flags, part.unlisted, strict=True):
        for flag in Flag:
            places = np.flatnonzero(unlisted & (flags == flag))
            breaks = np.flatnonzero(np.diff(part.time[places]) > HOUR) + 1
            lines += [
                {
                    "column": column,
                    "flag": flag.name,
                    "first": seoul(part.time[run[0]]),
                    "last": seoul(part.time[run[-1]]),
                    "values": int(run.size),
                }
                for run in np.split(places, breaks)
                if run.size
            ]
    return lines


def seoul(time: np.datetime64) -> str:
    """Return a UTC time as it is written in Seoul, to the minute."""
    return str((time + floods.KST).astype("datetime64[m]"))


def _silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""
