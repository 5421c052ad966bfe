"""How long a cycle takes to write the site: five in a row, the fourth one is the figure.

The first writes everything. The fourth is as every cycle in service: it takes over what has not
changed, and a release is there that is about to leave, whose folders are moved. The fifth is run
under a profiler, which makes it slower: it tells where the time goes.
"""

import cProfile
import pstats
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from flows.bench_climate_clock import clock
from flows.bench_site_views import HOUR, Flood, flood, view
from maps.publish import publish
from maps.release import MANIFEST, Draft
from maps.site import draw
from maps.view import View

CYCLES = 5
PARTS: Final = {  # what is told of the last cycle: name to (file, function); some hold others
    "plain_view": ("maps/plain.py", "plain_view"),
    "front": ("maps/site.py", "_front"),
    "now_page": ("maps/site.py", "_now"),
    "now_data": ("maps/now_data.py", "write"),
    "gauges": ("maps/gauge_site.py", "write"),
    "gauge_curves": ("maps/curves.py", "gather"),
    "gauge_shards": ("maps/shards.py", "write"),
    "gauge_stubs": ("maps/gauge_site.py", "_stubs"),
    "skill": ("maps/site.py", "_skill"),
    "data": ("maps/site.py", "_data"),
    "feeds": ("maps/feeds/all.py", "write"),
    "feeds_read_state": ("maps/feeds/all.py", "previous"),
    "feeds_series": ("maps/feeds/series.py", "gather"),
    "feeds_alerts": ("maps/feeds/alerts.py", "write"),
    "feeds_chains": ("maps/feeds/chains.py", "advance"),
    "feeds_facts": ("maps/feeds/facts.py", "facts"),
    "feeds_large": ("maps/feeds/large.py", "write"),
    "feeds_netcdf": ("maps/feeds/forecast_netcdf.py", "write"),
    "begin": ("maps/publish.py", "_begin"),
    "sign": ("maps/publish.py", "_sign"),
    "to_disk": ("maps/release_disk.py", "to_disk"),
}


def measure(root: Path, gauges: int, last: np.datetime64) -> dict[str, Any]:
    """Publish five cycles below `root`; the site of the last stays there.

    Args:
        last: Issue time of the last cycle.

    Returns:
        cycle_first_s, cycle_s: seconds of the first and of the fourth cycle, `draw` and
            publishing; drawn_s: of the fourth, drawing alone; assess_s: not in them.
        files, written, mb: of the fourth release; `written` are those that are no hard link.
        profile_s: seconds of each part of the fifth, under the profiler.
    """
    rising = flood(gauges, last - CYCLES * HOUR)
    first = _cycle(root, _view(rising, last, 0))
    for cycle in range(1, CYCLES - 2):
        _cycle(root, _view(rising, last, cycle))
    usual = _cycle(root, _view(rising, last, CYCLES - 2))
    space = _space(root / "current")
    shown = _view(rising, last, CYCLES - 1)
    profiler = cProfile.Profile()
    profiler.runcall(_cycle, root, shown)
    return {
        "cycle_first_s": first["cycle_s"],
        **usual,
        **space,
        "profile_s": parts(pstats.Stats(profiler)),
    }


def parts(told: pstats.Stats) -> dict[str, float]:
    """Return the seconds of each part of `PARTS` that was run, and of all, by the profiler."""
    found = {"all": round(told.total_tt, 3)}  # type: ignore[attr-defined]
    for name, (file, function) in PARTS.items():
        for (path, _, called), row in told.stats.items():  # type: ignore[attr-defined]
            if called == function and path.replace("\\", "/").endswith(file):
                found[name] = round(row[3], 3)
    return found


def _view(rising: Flood, last: np.datetime64, cycle: int) -> View:
    return view(rising, last - (CYCLES - 1 - cycle) * HOUR, f"bench-{cycle}")


def _cycle(root: Path, shown: View) -> dict[str, float]:
    drawn: list[float] = []

    def site(draft: Draft) -> None:
        drawn.append(clock(partial(draw, [shown], draft, before=draft.before))[0])

    seconds, _ = clock(partial(publish, root, site, {"run_id": shown.manifest["run_id"]}))
    return {"cycle_s": seconds, "drawn_s": drawn[0], "published_s": seconds - drawn[0]}


def _space(release: Path) -> dict[str, Any]:
    """Return how many files a release has, and how many of them are its own."""
    names = orjson.loads((release / MANIFEST).read_bytes())["files"]
    told = [(release / name).stat() for name in names]
    last = release.parent / f"releases/bench-{CYCLES - 3}"
    before = orjson.loads((last / MANIFEST).read_bytes())["files"]
    new = [row for name, row in zip(names, told, strict=True) if before.get(name) != names[name]]
    return {
        "files": len(told),
        "written": len(new),
        "mb": sum(row.st_size for row in told) / 1e6,
        "written_mb": sum(row.st_size for row in new) / 1e6,
    }
