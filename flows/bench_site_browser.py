"""The site in a real Chromium: what a first visit loads, when it can be used, how fast a click is.

Each visit has a new context: nothing is cached. Chromium is the system's (`chromium` on the PATH),
driven by Playwright for Python.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, Final

from data.errors import MulgilError

CLICKS = 10
PATIENCE = 60_000  # how long a page may take [ms]
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
DESK: Final = {"width": 1280, "height": 900}
# Usable: loaded, all symbols drawn, controls alive, and two frames later.
_OURS = """() => {
  const canvas = document.querySelector('.leaflet-gauges-pane canvas');
  const found = document.getElementById('found'), search = document.getElementById('q');
  if (!canvas || !canvas.width || !found.textContent || search.disabled) { return false; }
  const layers = Object.values(map_flood._layers);
  return layers.some(layer => layer.seen && layer.seen.count > 0);
}"""
_NAIVE = "() => document.querySelectorAll('path.leaflet-interactive').length >= %d"
_WATCH = """(() => {
  const ready = %s;
  const timer = setInterval(() => {
    if (document.readyState !== 'complete' || !ready()) { return; }
    clearInterval(timer);
    const told = () => { window.usable = performance.now(); };
    requestAnimationFrame(() => requestAnimationFrame(told));
  }, 4);
})();"""
_CLICK = """place => new Promise((done, fail) => {
  const link = document.querySelectorAll('#gauges h3 a')[place], start = performance.now();
  link.click();
  (function look() {
    const took = performance.now() - start;
    if (took > 20000) { fail(new Error('No hydrograph after 20 s.')); return; }
    if (document.querySelector('dialog svg.hydrograph path')) {
      requestAnimationFrame(() => done(performance.now() - start));
    } else { requestAnimationFrame(look); }
  })();
})"""


def absent() -> str:
    """Return why there is no browser to measure with; "" if there is one."""
    if executable() is None:
        return "No Chromium on the PATH; install it: apt install chromium"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "Playwright is not installed: pip install playwright"
    return ""


def executable() -> str | None:
    """Return the system's Chromium; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a browser while the block lasts; yield Playwright's `Browser`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def ours(browser: Any, url: str) -> dict[str, Any]:
    """Return what a first visit to our page takes."""
    return _visit(browser, url, _OURS)


def naive(browser: Any, url: str, gauges: int) -> dict[str, Any]:
    """Return what a first visit to stock folium's page takes."""
    return _visit(browser, url, _NAIVE % gauges)


def summary(visits: list[dict[str, Any]]) -> dict[str, Any]:
    """Return medians over visits, with the times of each."""
    return {
        "usable_ms": median(visit["usable_ms"] for visit in visits),
        "usable_ms_each": [round(visit["usable_ms"]) for visit in visits],
        "first_load_kb": median(visit["kb"] for visit in visits),
        "requests": median(visit["requests"] for visit in visits),
        "third_party": sum(visit["third_party"] for visit in visits),
        "loaded": visits[-1]["loaded"],
    }


def clicks(browser: Any, url: str) -> list[float]:
    """Return the milliseconds from a click in the list to a drawn hydrograph, one gauge each."""
    with opened(browser) as page:
        page.add_init_script(_WATCH % _OURS)
        page.goto(url)
        _until_usable(page)
        there = min(page.locator("#gauges h3 a").count(), CLICKS)
        return [float(page.evaluate(_CLICK, place)) for place in range(there)]


@contextmanager
def opened(browser: Any, **settings: Any) -> Iterator[Any]:
    """Open an empty page in a context of its own; nothing is cached."""
    context = browser.new_context(**({"viewport": DESK} | settings))
    try:
        yield context.new_page()
    finally:
        context.close()


def strangers(page: Any, home: str) -> list[str]:
    """Return a list that fills with what a page asks of other hosts."""
    found: list[str] = []
    page.on("request", lambda asked: found.append(asked.url) if _other(asked.url, home) else None)
    return found


def _visit(browser: Any, url: str, ready: str) -> dict[str, Any]:
    with opened(browser) as page:
        loaded: list[Any] = []
        other = strangers(page, _home(url))
        page.on("requestfinished", _keeper(loaded))
        page.add_init_script(_WATCH % ready)
        page.goto(url)
        took = _until_usable(page)
        sizes = {asked.url.removeprefix(_home(url)): _bytes(asked) for asked in list(loaded)}
    return {
        "usable_ms": took,
        "kb": sum(sizes.values()) / 1000,
        "requests": len(sizes),
        "third_party": len(other),
        "loaded": sizes,
    }


def _keeper(loaded: list[Any]) -> Callable[[Any], None]:
    def keep(asked: Any) -> None:
        if asked.url.startswith("http"):
            loaded.append(asked)

    return keep


def _until_usable(page: Any) -> float:
    """Return when the page could be used [ms after its navigation began].

    Asked by `evaluate`, since the page's policy forbids what `wait_for_function` does.
    """
    for _ in range(PATIENCE // 20):
        took = page.evaluate("window.usable")
        if took is not None:
            return float(took)
        page.wait_for_timeout(20)
    raise MulgilError(f"{page.url} could not be used after {PATIENCE // 1000} s.")


def _bytes(asked: Any) -> int:
    """Return what a request's answer was on the wire, head and body."""
    sizes = asked.sizes()
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])


def _home(url: str) -> str:
    return "/".join(url.split("/")[:3]) + "/"


def _other(asked: str, home: str) -> bool:
    return not asked.startswith((home, "data:", "blob:", "about:"))
