"""The figures of the bench of speed beside their goals, for a person."""

from typing import Any, Final

from rich.table import Table

GOALS: Final = {  # figure: (least, most), what issue and specs ask for
    "train_ratio_nh": (5.0, None),
    "train_ratio_nh_same_allocator": (3.0, None),
    "train_ratio_nh_2t": (5.0, None),
    "train_ratio_nh_same_allocator_2t": (3.0, None),
    "train_to_best_s": (None, 60.0),
    "forecast_ms_223": (None, 50.0),
    "forecast_s_20000": (None, 2.0),
    "growth_exponent": (None, 1.05),
}


def table(figures: dict[str, float], raw: dict[str, Any]) -> Table:
    """Return all figures; those with a goal say whether it is met."""
    made = Table(title="Speed")
    made.add_column("figure")
    for title in ("measured", "goal", ""):
        made.add_column(title, justify="right")
    for name, value in figures.items():
        least, most = GOALS.get(name, (None, None))
        goal = f"≥ {least:g}" if least else f"≤ {most:g}" if most else ""
        made.add_row(name, f"{value:.4g}", goal, verdict(value, least, most))
    for reason in raw["absent"]:
        made.add_row(reason, "–", "", "absent")
    return made


def verdict(value: float, least: float | None, most: float | None) -> str:
    """Say whether a goal is met; nothing where there is none."""
    if least is None and most is None:
        return ""
    met = (least is None or value >= least) and (most is None or value <= most)
    return "met" if met else "NOT met"
