"""The four SSP scenarios, and how warm the globe gets under each: the figures of AR6.

Source: IPCC AR6 WGI SPM, table SPM.1 (best estimates over 1850-1900) and A.1.2 (2001-2020).
"""

from dataclasses import dataclass

import numpy as np

_CENTRES = (2010.5, 2030.5, 2050.5, 2090.5)  # of 2001-2020, 2021-2040, 2041-2060, 2081-2100
_TODAY = 0.99  # degC, 2001-2020


@dataclass(frozen=True)
class Scenario:
    """One SSP.

    Attributes:
        name: As CMIP6 spells it, e.g. `ssp245`.
        title: As people read it, e.g. `SSP2-4.5`.
        warming: Global warming over 1850-1900 in 2021-2040, 2041-2060, 2081-2100 [degC].
    """

    name: str
    title: str
    warming: tuple[float, float, float]

    def global_warming(self, years: np.ndarray, sensitivity: float = 1.0) -> np.ndarray:
        """Return the warming of the globe over 1850-1900 in `years` [degC], piecewise linear.

        Args:
            sensitivity: Factor on the change since 2001-2020: 1 is the best estimate.
        """
        since = np.array([0.0, *(w - _TODAY for w in self.warming)]) * sensitivity
        slope = (since[-1] - since[-2]) / (_CENTRES[-1] - _CENTRES[-2])
        past = 0.02 * (1990 - _CENTRES[0])  # degC: some 0.2 degC per decade (AR6 A.1)
        centres = np.array([1990.0, *_CENTRES, 2100.0])
        changes = np.array([past, *since, since[-1] + slope * (2100 - _CENTRES[-1])])
        warming: np.ndarray = _TODAY + np.interp(years, centres, changes)
        return warming

    @property
    def change(self) -> float:
        """Global warming from 2001-2020 to 2081-2100 [degC]."""
        return self.warming[-1] - _TODAY


SCENARIOS = (
    Scenario("ssp126", "SSP1-2.6", (1.5, 1.7, 1.8)),
    Scenario("ssp245", "SSP2-4.5", (1.5, 2.0, 2.7)),
    Scenario("ssp370", "SSP3-7.0", (1.5, 2.1, 3.6)),
    Scenario("ssp585", "SSP5-8.5", (1.6, 2.4, 4.4)),
)


def scenario(name: str) -> Scenario:
    """Return the scenario of that name.

    Raises:
        KeyError: There is none.
    """
    return {s.name: s for s in SCENARIOS}[name]
