"""How fast heavy rain grows with the globe's temperature, beside what thermodynamics expects."""

import numpy as np

from data.climate.scenarios import SCENARIOS
from forecast.climate.atlas import REFERENCE, Atlas
from forecast.climate.return_levels import per_degree


def rates(atlas: Atlas) -> list[tuple[str, str]]:
    """Return, for each scenario, the change of the country's RL20 by 2081-2100 in % per degC."""
    found: list[tuple[str, str]] = []
    if "RL20" not in atlas.values["layer"].values:
        return found
    part = atlas.values.sel(region="KR", layer="RL20")
    for scenario in SCENARIOS:
        window = f"{scenario.name}:2081-2100"
        if window not in part["window"].values:
            continue
        factor = part["future"].sel(window=window, quantile=0.5) / part["observed"].sel(
            baseline=f"{REFERENCE[0]}-{REFERENCE[1]}"
        )
        spans = np.array([np.mean(REFERENCE) + 0.5, 2090.5])
        before, after = scenario.global_warming(spans)
        rate = per_degree(np.asarray(factor.values - 1), float(after - before))
        if np.isfinite(rate):
            found.append((scenario.title, f"{float(rate):.1f}"))
    return found
