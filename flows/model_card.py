"""The card of a model: what it learnt from, what validation said, what it is for and what not.

Kept as JSON for machines, and as Markdown, drawn from the JSON, for persons.
"""

from datetime import UTC, datetime
from typing import Any

import numpy as np

from data.network import Network
from forecast import validation
from forecast.checkpoint import Checkpoint
from forecast.contest import Contest

INTENDED = (
    "To tell hydrologists, and those who read the site, how the {quantity} at these gauges may "
    "go on in the next {hours:g} hours, with its uncertainty, beside what they know themselves.",
)
NOT_FOR = (
    "It is no official flood warning (공식 홍수특보가 아닙니다) and takes the place of none.",
    "Not for gauges, quantities or steps of time that it has not learnt, nor for a place between "
    "two gauges.",
    "Not for the operation of dams and gates, for design floods, insurance or compensation.",
    "Not for a climate to come: it knows the weather of {years}.",
)
LIMITS = (
    "The skill below flatters: weights, blend and intervals were chosen on the same years. "
    "Years that chose nothing: mulgil verify {network}.",
    "The coverage below is what the intervals were widened to; in a flood unlike those of {years} "
    "it may be lower.",
    "It sees only what is read at the gauges: a dam, gate, dike or bed that changes after {last} "
    "is unknown to it.",
)


def told(
    model: Checkpoint,
    network: Network,
    judged: tuple[list[dict[str, Any]], dict[str, list[float | None]]],
    contest: Contest,
) -> dict[str, Any]:
    """Return the card as JSON can hold it.

    Args:
        judged: `forecast.validation.judge`.
        contest: How it did against the one that served when it was made.
    """
    rows, by_gauge = judged
    return plain(model) | {
        "title": network.title_en,
        "provenance": network.provenance,
        "caveat": network.caveat_en,
        "simulated": network.simulated,
        "not_forecast": _silent(model),
        "validation": rows,
        "validation_leads": validation.leads(network),
        "validation_by_gauge": by_gauge,
        "contest": contest.told(),
        "intended_use": _filled(INTENDED, model),
        "limits": [*_limits(model, network), *_losses(rows)],
        "not_for": _filled(NOT_FOR, model),
        "promotions": [],
    }


def plain(model: Checkpoint) -> dict[str, Any]:
    """Return what the checkpoint alone tells."""
    leads = range(1, model.horizon + 1)
    return {
        "model": model.model_id,
        "network": model.network,
        "stations": list(model.stations),
        "quantity": model.quantity.value,
        "step_minutes": int(model.step / np.timedelta64(1, "m")),
        "seed": model.seed,
        "trained_on": list(model.period),
        "trained_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "members": ["lstm"] if model.companion is None else ["lstm", "ridge", "trees"],
        "leads": list(leads),
        "validation_skill": [_number(model.scores.get(f"validation_skill_{n}")) for n in leads],
        "about": model.about,
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else value


def _silent(model: Checkpoint) -> list[str]:
    known = validation.learnt(model)
    return [s for s, here in zip(model.stations, known, strict=True) if not here]


def _limits(model: Checkpoint, network: Network) -> list[str]:
    found = _filled(LIMITS, model)
    if network.caveat_en:
        found.append(network.caveat_en)
    if stopped := model.about.get("stopped"):
        found.append(f"Its training ended early. {stopped}")
    if average := model.about.get("average"):
        found.append(
            f"{average:,} of {len(model.stations):,} gauges were not learnt from: they are scaled "
            "by their own record and forecast as a mean gauge, with the intervals of a mean gauge. "
            f"The scores below are of {len(network.ids)} such gauges."
        )
    return found


def _losses(rows: list[dict[str, Any]]) -> list[str]:
    """Say at which leads a baseline had the lower error, in all hours and in flood hours."""
    found = []
    for score, when in (("rmse", "in all hours"), ("rmse_flood", "in flood hours")):
        error = {(row["model"], row["lead_hours"]): row.get(score) for row in rows}
        for name in dict.fromkeys(row["model"] for row in rows if row["model"] != "model"):
            pairs = [(lead, e, error["model", lead]) for (n, lead), e in error.items() if n == name]
            lost = [f"{lead:g}" for lead, theirs, ours in pairs if _lower(theirs, ours)]
            if lost:
                found.append(f"Worse than {name} {when} at {', '.join(lost)} h.")
    return found


def _lower(theirs: float | None, ours: float | None) -> bool:
    return theirs is not None and ours is not None and theirs < ours


def _filled(texts: tuple[str, ...], model: Checkpoint) -> list[str]:
    first, last = (day[:4] for day in model.period)
    years = first if first == last else f"{first} to {last}"
    hours = model.horizon * (model.step / np.timedelta64(1, "h"))
    quantity = model.quantity.value.replace("_", " ")
    facts = {"network": model.network, "quantity": quantity, "hours": hours}
    return [text.format(years=years, last=last, **facts) for text in texts]
