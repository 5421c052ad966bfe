"""Accessibility by axe: every kind of page, both languages, light and dark, desk and phone."""

from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Any, Final

from data.errors import MulgilError
from flows import bench_site_browser as browsers

WIDTHS: Final = (1280, 390)
SCHEMES: Final = ("light", "dark")
ENDS: Final = {"ko": "", "en": ".en"}
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_OPTIONS: Final = {"resultTypes": ["violations"], "runOnly": list(TAGS)}


def pages(network: str, gauge: str) -> dict[str, str]:
    """Return one page of each kind, without language and ending.

    Args:
        network: Name of the network's folder.
        gauge: Name of a gauge's file, without ending.
    """
    return {
        "front": "index",
        "about": "about",
        "now": f"{network}/index",
        "skill": f"{network}/skill",
        "gauge": f"{network}/gauge/{gauge}",
    }


def measure(
    browser: Any, home: str, asked: dict[str, str], told: Callable[[int, int], None]
) -> dict[str, Any]:
    """Return axe's violations over all states of some pages, and requests to other hosts.

    Args:
        asked: From `pages`.
        told: Hears how many states of how many are done.

    Returns:
        violations, states: numbers; third_party; by_state: state to {rule: nodes}, only where
        there are any.
    """
    states = list(product(asked, ENDS, SCHEMES, WIDTHS))
    found, other = dict[str, dict[str, int]](), 0
    for done, (kind, language, scheme, width) in enumerate(states):
        told(done, len(states))
        url = f"{home}{asked[kind]}{ENDS[language]}.html"
        broken, strange = _state(browser, home, url, scheme, width)
        other += strange
        if broken:
            found[f"{kind} {language} {scheme} {width}"] = broken
    return {
        "violations": sum(len(rules) for rules in found.values()),
        "states": len(states),
        "third_party": other,
        "by_state": found,
    }


def _state(
    browser: Any, home: str, url: str, scheme: str, width: int
) -> tuple[dict[str, int], int]:
    """Return the rules that a page breaks with how many nodes, and its requests to other hosts."""
    size = {"width": width, "height": 900}
    with browsers.opened(browser, viewport=size, color_scheme=scheme) as page:
        strange = browsers.strangers(page, home)
        answer = page.goto(url)
        if answer is None or not answer.ok:
            raise MulgilError(f"The page {url} could not be opened.")
        page.wait_for_load_state("networkidle")
        return _broken(page), len(strange)


def _broken(page: Any) -> dict[str, int]:
    from axe_playwright_python.sync_playwright import Axe

    answer = Axe().run(page, options=_OPTIONS).response
    return dict(Counter({rule["id"]: len(rule["nodes"]) for rule in answer["violations"]}))
