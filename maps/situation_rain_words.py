"""What a situation report says of the rain, so far and ahead."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from forecast.outlook import Language
from maps.listing import name
from maps.situation_facts import Facts
from maps.situation_parts import Section
from maps.situation_rain import Fallen
from maps.situation_words import TITLES, gauges, said
from maps.words import VARIABLES


def rained(facts: Facts, language: Language) -> Section:
    """Return how much it has rained, and what is known of the rain to come."""
    told = [*_so_far(facts, language), *_ahead(facts, language)]
    return Section("rain", TITLES["rain"][language], tuple(told))


def _so_far(facts: Facts, language: Language) -> Iterator[str]:
    found = facts.rain
    if found is None:
        yield said("no_rain", language)
        return
    for fallen in found.windows:
        yield _fallen(facts, fallen, language)
    lacking = found.gauges - found.windows[0].whole
    if found.known and lacking:
        all_ = {"all": f"{found.gauges:,}", "gauges": gauges(found.gauges, language)}
        yield said("rain_lacking", language, some=f"{lacking:,}", **all_)


def _fallen(facts: Facts, fallen: Fallen, language: Language) -> str:
    if np.isnan(fallen.most):
        return said("rain_unknown", language, hours=fallen.hours)
    key = "rain_most" if np.isnan(fallen.mean) else "rain_mean"
    if not fallen.most and fallen.whole:
        key = "rain_none"
    return said(
        key,
        language,
        hours=fallen.hours,
        some=f"{fallen.whole:,}",
        gauges=gauges(fallen.whole, language),
        mean=f"{fallen.mean:.1f}",
        name=name(facts.view.network.station(fallen.at), language),
        most=f"{fallen.most:.1f}",
        at_least=said("at_least", language) if fallen.missing else "",
    )


def _ahead(facts: Facts, language: Language) -> Iterator[str]:
    """Yield what the manifest says of the hours ahead (`flows.futures`)."""
    inputs = _record(facts.view.manifest, "inputs")
    futures = _record(inputs, "futures")
    source, plan = futures.get("rainfall"), _record(futures, "plan")
    if isinstance(source, str) and source:
        yield said("ahead_known", language, source=source)
        yield from _sum(facts, _record(futures, "rain_ahead"), language)
    elif "rainfall" not in plan.get("variables", ()):
        yield said("ahead_none", language)
    if plan:
        variables = [VARIABLES.get(v, {}).get(language, v) for v in plan.get("variables", ())]
        by = {key: str(plan.get(key) or "–") for key in ("who", "reason")}
        yield said("ahead_plan", language, variables=", ".join(variables) or "–", **by)


def _sum(facts: Facts, told: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Yield how much rain was forecast (`data.rain_ahead.total`), if the record has all of it."""
    numbers = [told.get(key) for key in ("hours", "gauges", "mean", "most")]
    if told.get("station") not in facts.ids or not all(isinstance(n, int | float) for n in numbers):
        return
    hours, count, mean, most = (float(number or 0) for number in numbers)
    yield said(
        "ahead_sum",
        language,
        hours=f"{hours:g}",
        some=f"{count:,.0f}",
        gauges=gauges(int(count), language),
        mean=f"{mean:.1f}",
        most=f"{most:.1f}",
        name=name(facts.view.network.station(str(told["station"])), language),
    )


def _record(given: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = given.get(key)
    return found if isinstance(found, Mapping) else {}
