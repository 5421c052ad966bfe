"""What if: the inputs of a forecast, changed as a hydrologist asks; nothing of it is measured.

Rain is changed in the last hours before the issue time and in the hours ahead of which a forecast
or a plan of rain is known. Levels are changed before the issue time. What was changed is said in
Korean, then in English (`forecast.wording.in_language`).
"""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from data.errors import InvalidData
from data.network import Network
from forecast import scenario_levels, scenario_rain
from forecast.scenario_inputs import Changed
from forecast.scenario_levels import Correction
from forecast.scenario_rain import RainChange

__all__ = ["Changed", "Correction", "RainChange", "Scenario", "apply"]


@dataclass(frozen=True)
class Scenario:
    """What is changed.

    Attributes:
        releases: Planned releases, `forecast.plan.read`; None: none.
        blocked: Stations whose own readings are taken away.
    """

    rain: RainChange
    releases: xr.DataArray | None = None
    blocked: tuple[str, ...] = ()
    corrected: tuple[Correction, ...] = ()


def apply(
    scenario: Scenario,
    observations: xr.Dataset,
    plan: xr.Dataset | None,
    network: Network,
    issue_time: np.datetime64,
) -> Changed:
    """Return the inputs as a scenario changes them; what was given stays as it was.

    Args:
        observations: `data.schema.observations` up to the issue time.
        plan: What is known of the hours ahead, dims (station, time) at every step of the horizon.

    Raises:
        InvalidData: A change cannot be made; why is said.
    """
    require_one_member(plan)
    made = scenario_rain.apply(scenario.rain, Changed(observations, plan), network, issue_time)
    if scenario.releases is not None:
        made = _with_releases(made, scenario.releases)
    levels = scenario_levels.apply(made.observations, network, scenario.blocked, scenario.corrected)
    return replace(made, observations=levels.observations, changes=made.changes + levels.changes)


def require_one_member(plan: xr.Dataset | None) -> None:
    if plan is not None and "member" in plan.dims:
        raise InvalidData(
            "A what-if takes one future, and this plan has several members.",
            "Give a plan without a column 'member'.",
        )


def _with_releases(made: Changed, releases: xr.DataArray) -> Changed:
    plan = (made.plan if made.plan is not None else xr.Dataset()).assign(dam_release=releases)
    known = releases.notnull().any("station")
    times = releases.time.values[known.values]
    first, last = (f"{str(time)[:16]}Z" for time in (times[0], times[-1]))
    low, high = float(releases.min()), float(releases.max())
    said = (
        f"댐 방류 계획 {low:,.0f}–{high:,.0f} m3/s를 {first}부터 {last}까지 넣었습니다. "
        f"A planned dam release of {low:,.0f}–{high:,.0f} m3/s from {first} to {last} was put in."
    )
    return replace(made, plan=plan, changes=(*made.changes, said))
