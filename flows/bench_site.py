"""The bench of the site: weight, time until it can be used, time of a cycle, access; beside folium.

FIGURES (N = 223 gauges of Korea's network, 20000 of a national one; KB = 1000 bytes on the wire)
    first_load_kb_N      all that a first visit loads until the page can be used, gzip level 6
    usable_ms_N          until loaded, all symbols drawn, controls alive, and 2 frames; median
    click_ms             a click in the list until the hydrograph is drawn, largest N; median of 10
    cycle_write_s_N      a cycle in service (the fourth): drawing all, feeds too, and publishing
    naive_first_load_kb_N, naive_usable_ms_N
                         stock folium, a CircleMarker and a Popup each, see `bench_site_naive`
    usable_ratio_N       theirs / ours, median over rounds in turn
    third_party_requests to any host but the site's, over all visits
    axe_violations       rules broken, summed over page x language x light/dark x desk/phone
    lighthouse_mobile_N  score for performance, median of 3
What could not be measured is absent, and `detail["absent"]` says why.
DETAIL: the same by size, what was loaded, parts of a cycle, Lighthouse's other scores, settings.
"""

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from data.errors import InvalidData
from flows import bench_site_axe as axe
from flows import bench_site_browser as browsers
from flows import bench_site_cycle as cycle
from flows import bench_site_lighthouse as lighthouse
from flows import bench_site_naive as naive
from flows import bench_site_server as server
from flows.bench_site_views import ABOUT, SEED, flood, view
from maps.plain import file_name
from maps.view import View

Report = Callable[[int, int, str], None]
SIZES: Final = (223, 20_000)
BESIDE: Final = (223, 2_000)  # of stock folium; it takes 40 s and 1 GB to draw 20,000
ROUNDS: Final = 5
_STOCK: Final = 2_000
_ALONE = "lighthouse_mobile"


@dataclass(frozen=True)
class Asked:
    """What is measured.

    Attributes:
        sizes: Numbers of gauges.
        beside: Numbers of gauges of stock folium's page.
        rounds: Visits to each page, ours and theirs in turn.
        phone: Whether Lighthouse runs.
    """

    sizes: tuple[int, ...] = SIZES
    beside: tuple[int, ...] = BESIDE
    rounds: int = ROUNDS
    phone: bool = True


@dataclass
class Found:
    """What has been measured so far: by size, and why something was not."""

    sizes: dict[int, dict[str, Any]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    third_party: int = 0


def asked(gauges: str, naive_20000: bool, rounds: int, phone: bool) -> Asked:
    """Return what a command line asks for.

    Args:
        gauges: Sizes with commas between. Stock folium draws those up to 2,000, and 2,000 beside
            any larger one.
        naive_20000: Stock folium also draws 20,000.

    Raises:
        InvalidData: The sizes are no whole numbers of 1 or more.
    """
    parts = [part.strip() for part in gauges.split(",")]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise InvalidData(f"'{gauges}' are no numbers of gauges.", "Try: --gauges 223,20000")
    sizes = tuple(sorted({int(part) for part in parts}))
    beside = {min(size, _STOCK) for size in sizes} | ({20_000} if naive_20000 else set())
    return Asked(sizes, tuple(sorted(beside)), rounds, phone)


def run(report: Report | None = None, wanted: Asked | None = None) -> dict[str, Any]:
    """Measure everything in one run.

    Returns:
        {"figures": .., "detail": ..}, see the module.
    """
    what, tell, found = wanted or Asked(), report or _silent, Found()
    sizes = sorted(set(what.sizes) | set(what.beside))
    with TemporaryDirectory(prefix="mulgil-bench-") as place, ExitStack() as stack:
        browser = _browser(found, stack)
        tools = _lighthouse(what, found)
        for done, gauges in enumerate(sizes):
            one = _One(Path(place) / str(gauges), gauges, browser, _part(tell, done, len(sizes)))
            found.sizes[gauges] = _size(one, what, found, tools)
    return {"figures": figures(found), "detail": _detail(found, what)}


def figures(found: Found) -> dict[str, float]:
    """Return the figures that stand for the whole; what was not measured is absent."""
    told = dict[str, float]()
    for gauges, part in found.sizes.items():
        told |= {f"{name}_{gauges}": value for name, value in _of_size(part)}
    clicked = [part["click_ms"] for part in found.sizes.values() if "click_ms" in part]
    checked = [part["axe"]["violations"] for part in found.sizes.values() if "axe" in part]
    if clicked:
        told["click_ms"] = clicked[-1]
        told["third_party_requests"] = found.third_party
    if checked:
        told["axe_violations"] = sum(checked)
    return told


@dataclass(frozen=True)
class _One:
    """One size while it is measured."""

    folder: Path
    gauges: int
    browser: Any
    tell: Callable[[float, str], None]


def _size(one: _One, what: Asked, found: Found, tools: Path | None) -> dict[str, Any]:
    """Return all that is measured of one number of gauges."""
    last, part = _now(), dict[str, Any]()
    stock = one.gauges in what.beside and one.browser is not None
    if one.gauges in what.sizes:
        one.tell(0.0, "three cycles")
        part["cycle"] = cycle.measure(one.folder / "site", one.gauges, last)
    if one.browser is None:
        return part
    with ExitStack() as stack:
        ours = theirs = ""
        if one.gauges in what.sizes:
            home = stack.enter_context(server.served(one.folder / "site" / "current"))
            ours = f"{home}{_folder(one.gauges)}/index.html"
        if stock:
            one.tell(0.4, "drawn by stock folium")
            part["naive_files"] = naive.write(_shown(one.gauges, last), one.folder / "naive")
            theirs = stack.enter_context(server.served(one.folder / "naive"))
        one.tell(0.5, "visits")
        part |= _visits(one, what.rounds, ours, theirs)
        if ours:
            part |= _more(one, ours, what, tools)
    found.third_party += _strangers(part)
    return part


def _visits(one: _One, rounds: int, ours: str, theirs: str) -> dict[str, Any]:
    """Return visits to our page and to stock folium's, in turn."""
    mine, other = list[dict[str, Any]](), list[dict[str, Any]]()
    for _ in range(rounds):
        if ours:
            mine.append(browsers.ours(one.browser, ours))
        if theirs:
            other.append(browsers.naive(one.browser, theirs, one.gauges))
    told = dict[str, Any]()
    if mine:
        told["ours"] = browsers.summary(mine)
    if other:
        told["naive"] = browsers.summary(other)
    if mine and other:
        pairs = zip(mine, other, strict=True)
        told["usable_ratio"] = median(b["usable_ms"] / a["usable_ms"] for a, b in pairs)
    return told


def _more(one: _One, ours: str, what: Asked, tools: Path | None) -> dict[str, Any]:
    """Return clicks, and what axe and Lighthouse say."""
    one.tell(0.6, "clicks")
    each = browsers.clicks(one.browser, ours)
    told: dict[str, Any] = {"click_ms": median(each), "click_ms_each": [round(c) for c in each]}
    if one.gauges == min(what.sizes):  # the pages of a larger network are of the same templates
        gauge = flood(one.gauges, _now()).network.ids[0]
        pages = axe.pages(_folder(one.gauges), file_name(gauge))
    else:
        pages = {"now": f"{_folder(one.gauges)}/index"}
    home = ours.removesuffix(f"{_folder(one.gauges)}/index.html")
    told["axe"] = axe.measure(
        one.browser, home, pages, lambda done, total: one.tell(0.6 + 0.2 * done / total, "axe")
    )
    if tools is not None:
        one.tell(0.8, "Lighthouse")
        told["lighthouse"] = lighthouse.measure(ours, tools)
    return told


def _of_size(part: dict[str, Any]) -> Iterator[tuple[str, float]]:
    if "cycle" in part:
        yield "cycle_write_s", part["cycle"]["cycle_s"]
    for kind, prefix in (("ours", ""), ("naive", "naive_")):
        if kind in part:
            yield f"{prefix}first_load_kb", part[kind]["first_load_kb"]
            yield f"{prefix}usable_ms", part[kind]["usable_ms"]
    if "usable_ratio" in part:
        yield "usable_ratio", part["usable_ratio"]
    if "performance" in part.get("lighthouse", {}):
        yield _ALONE, part["lighthouse"]["performance"]


def _strangers(part: dict[str, Any]) -> int:
    """Return the requests of our pages to other hosts."""
    return sum(part[name]["third_party"] for name in ("ours", "axe") if name in part)


def _browser(found: Found, stack: ExitStack) -> Any:
    """Return a browser that lives as long as the stack; None where there is none."""
    if reason := browsers.absent():
        found.absent["browser"] = reason
        return None
    return stack.enter_context(browsers.chromium())


def _lighthouse(what: Asked, found: Found) -> Path | None:
    """Return where Lighthouse is; None where it is not wanted or cannot run."""
    if not what.phone or "browser" in found.absent:
        found.absent[_ALONE] = found.absent.get("browser", "Not asked for.")
        return None
    if reason := lighthouse.ready(lighthouse.cache()):
        found.absent[_ALONE] = reason
        return None
    return lighthouse.cache()


def _detail(found: Found, what: Asked) -> dict[str, Any]:
    for gauges, part in found.sizes.items():
        if reason := part.get("lighthouse", {}).get("reason"):
            found.absent[f"{_ALONE}_{gauges}"] = reason
    return {
        "sizes": {str(gauges): part for gauges, part in found.sizes.items()},
        "absent": found.absent,
        "settings": {
            "views": ABOUT,
            "naive": naive.ABOUT,
            "rounds": what.rounds,
            "seed": SEED,
            "gzip": server.LEVEL,
            "throttled": "no, but by Lighthouse",
            "viewport": browsers.DESK,
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load": os.getloadavg(),
            "folium": version("folium"),
        },
    }


def _shown(gauges: int, last: np.datetime64) -> View:
    return view(flood(gauges, last), last, "naive")


def _folder(gauges: int) -> str:
    return file_name(flood(gauges, _now()).network.name)


def _now() -> np.datetime64:
    """Return this minute: pages of an older issue would turn UNKNOWN by themselves."""
    now: np.datetime64 = np.datetime64("now", "m").astype("datetime64[ns]")
    return now


def _part(tell: Report, done: int, total: int) -> Callable[[float, str], None]:
    """Return a report of one size, from 0 to 1."""
    return lambda share, message: tell(round(100 * (done + share)), 100 * total, message)


def _silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""
