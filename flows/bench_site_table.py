"""The bench of the site as a table: each figure beside its goal."""

from typing import Any, Final

from rich.table import Table

GOALS: Final = {  # issue of the site: at most, or at least for Lighthouse
    "first_load_kb_223": 120,
    "first_load_kb_20000": 300,
    "usable_ms_223": 1000,
    "usable_ms_20000": 1500,
    "click_ms": 200,
    "cycle_write_s_20000": 3,
    "third_party_requests": 0,
    "axe_violations": 0,
    "lighthouse_mobile_223": 95,
    "lighthouse_mobile_20000": 90,
}


def table(found: dict[str, Any]) -> Table:
    """Return all figures, their goals where there are any, and what is absent and why."""
    shown = Table(title="The site")
    shown.add_column("figure")
    shown.add_column("measured", justify="right")
    shown.add_column("goal", justify="right")
    shown.add_column("")
    for name, value in found["figures"].items():
        shown.add_row(name, f"{value:,.4g}", goal(name), verdict(name, value))
    for name, reason in found["detail"]["absent"].items():
        shown.add_row(name, "absent", "", reason)
    return shown


def goal(name: str) -> str:
    """Return what a figure should be, e.g. `<= 120`; "" where nothing is asked."""
    if name not in GOALS:
        return ""
    return f"{'>=' if _more_is_better(name) else '<='} {GOALS[name]:,}"


def verdict(name: str, value: float) -> str:
    """Return whether a figure meets its goal; "" where it has none."""
    if name not in GOALS:
        return ""
    met = value >= GOALS[name] if _more_is_better(name) else value <= GOALS[name]
    return "met" if met else "MISSED"


def _more_is_better(name: str) -> bool:
    return name.startswith("lighthouse")
