"""What a campaign of cycles comes to: counts, seconds, memory, sizes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flows.folders import Folders

STATES = ("issued", "degraded", "late", "superseded", "overlapped", "failed")
STEADY = "no growth"
WARM = 0.2  # of the cycles: buffers fill and libraries are loaded in them
GROWTH_MB = 20.0  # from the second fifth of the cycles to the last: more is growth


@dataclass(frozen=True)
class Growth:
    """How memory went.

    Attributes:
        first_mb, last_mb: Median of the second and of the last fifth of the cycles.
        slope_mb: Per 100 cycles, after the first fifth (Theil-Sen: the median of all slopes).
    """

    first_mb: float
    last_mb: float
    most_mb: float
    slope_mb: float

    @property
    def verdict(self) -> str:
        """Say whether it grows."""
        grown = self.last_mb - self.first_mb
        return "grows" if grown > GROWTH_MB else STEADY


def growth(held: Sequence[float]) -> Growth:
    """Return how memory went over cycles [MB].

    Args:
        held: After each cycle, at least one.
    """
    mb = np.asarray(held, float)
    fifth = max(len(mb) // 5, 1)
    late = mb[int(len(mb) * WARM) :]
    some = np.unique(np.linspace(0, len(late) - 1, min(len(late), 300)).astype(int))
    one, other = np.triu_indices(some.size, 1)
    steps = some[other] - some[one]
    slopes = (late[some[other]] - late[some[one]]) / np.maximum(steps, 1)
    slope = float(np.median(slopes)) * 100 if slopes.size else 0.0
    return Growth(
        first_mb=float(np.median(mb[fifth : 2 * fifth] if len(mb) > fifth else mb)),
        last_mb=float(np.median(mb[-fifth:])),
        most_mb=float(mb.max()),
        slope_mb=slope,
    )


def figures(lines: list[dict[str, Any]], due: int, home: Path) -> dict[str, float | str]:
    """Return the figures of a campaign.

    Args:
        lines: Of `flows.campaign_week.run`.
        due: Cycles that were due.
    """
    states = Counter(line["state"] for line in lines)
    ran = [line for line in lines if line.get("run")]
    seconds = np.array([line["seconds"] for line in ran] or [np.nan])
    held = growth([line["rss_mb"] for line in lines])
    found: dict[str, float | str] = {"due": due, "run": len(lines)}
    found |= {f"state_{name}": states.get(name, 0) for name in STATES}
    found |= {
        "filled_in_late": sum(len(line.get("filled", ())) for line in lines),
        "published": len([line for line in ran if line.get("release")]),
        "cycle_s_median": float(np.median(seconds)),
        "cycle_s_p95": float(np.percentile(seconds, 95)),
        "cycle_s_max": float(seconds.max()),
        "cycle_cpu_s_median": float(np.median([line["cpu_s"] for line in ran] or [np.nan])),
        "minutes_to_issue_max": max((minutes(line) for line in ran), default=np.nan),
        "rss_mb_first": held.first_mb,
        "rss_mb_last": held.last_mb,
        "rss_mb_max": held.most_mb,
        "rss_mb_per_100_cycles": held.slope_mb,
        "memory": held.verdict,
        "site_looks": sum(line["looks"] for line in lines),
        "site_torn": sum(len(line["torn"]) for line in lines),
        "faulty_cycles": len([line for line in lines if line["faults"]]),
        "unknown_cycles": len([line for line in ran if unknown(line)]),
        "rash_gauges": sum(len(line.get("rash", ())) for line in lines),
        "stages_raised": raised(ran),
    }
    return found | sizes(home)


def minutes(line: dict[str, Any]) -> float:
    """Return the simulated minutes from when a cycle was due to its end."""
    ended, was_due = (np.datetime64(line[name].rstrip("Z"), "ns") for name in ("now", "due"))
    return float((ended - was_due) / np.timedelta64(60, "s"))


def unknown(line: dict[str, Any]) -> bool:
    """Whether a cycle gave no gauge a stage."""
    return bool(line.get("stages")) and set(line["stages"].values()) == {-1}


def raised(lines: list[dict[str, Any]]) -> int:
    """Count how often the stage of a gauge rose from one cycle to the next, both known."""
    count = 0
    for network in {line["network"] for line in lines}:
        before: dict[str, int] = {}
        for line in (each for each in lines if each["network"] == network):
            stages = line.get("stages", {})
            count += sum(0 <= before.get(key, -1) < stage for key, stage in stages.items())
            before |= {key: stage for key, stage in stages.items() if stage >= 0}
    return count


def sizes(home: Path) -> dict[str, float]:
    """Return how much is kept [MB]: readings, raw answers, forecasts, manifests, the site."""
    folders = Folders(home)
    return {
        "mb_observations": sum(_mb(path) for path in home.glob("*/observations.sqlite*")),
        "mb_raw": sum(_mb(path) for path in home.glob("*/raw")),
        "mb_forecasts": sum(_mb(path) for path in home.glob("*/forecasts")),
        "mb_runs": _mb(home / "runs"),
        "mb_site": _mb(folders.site),
    }


def _mb(path: Path) -> float:
    """Return the size of a file or of all below a folder; what is linked twice counts once."""
    found = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    told = {(s.st_ino, s.st_size) for s in (each.lstat() for each in found)}
    return round(sum(size for _, size in told) / 1e6, 2)
