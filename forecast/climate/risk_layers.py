"""The layers H, E, V and R by region: hazard from the 1-in-20-year day, the rest from a user."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.climate import futures, risk
from forecast.climate.atlas import BASELINES, REFERENCE, Facts, Reason
from forecast.climate.catalogue import RISK, Layer
from forecast.climate.observed_layers import Observed

_REFERENCE = BASELINES.index(REFERENCE)


@dataclass(frozen=True)
class Risk:
    """What the risk layers are made from, (region,) each.

    Attributes:
        within: Bounds of the hazard: RL20 of the reference years in the districts.
        exposure, vulnerability: From 0 to 1.
    """

    within: risk.Bounds
    exposure: np.ndarray
    vulnerability: np.ndarray

    def of(self, layer: Layer, level: np.ndarray) -> np.ndarray:
        """Return hazard or risk of RL20 levels (..., region)."""
        hazard = risk.scaled(level, self.within)
        if layer.id == "HAZARD":
            return hazard
        return risk.index(hazard, self.exposure, self.vulnerability)


def prepare(codes: Sequence[str], level: Observed, given: risk.Inputs) -> Risk:
    """Return what the layers are made from; bounds are of the districts alone.

    Args:
        level: RL20 as observed.
    """
    district = np.array([len(code) == 5 for code in codes])
    within = risk.bounds(level.base[_REFERENCE][district])
    parts = [
        risk.scaled(v, risk.bounds(v[district])) for v in (given.exposure, given.vulnerability)
    ]
    return Risk(within, *parts)


def observe(parts: Risk, level: Observed) -> dict[str, Observed]:
    """Return every risk layer as of the baselines."""
    return {each.id: _observed(each, parts, level) for each in RISK}


def _observed(layer: Layer, parts: Risk, level: Observed) -> Observed:
    fixed = {"EXPOSURE": parts.exposure, "VULNERABILITY": parts.vulnerability}
    base = (
        np.broadcast_to(fixed[layer.id], level.base.shape)
        if layer.id in fixed
        else parts.of(layer, level.base)
    )
    reason = np.where(np.isfinite(base), Reason.OK, Reason.FEW_YEARS).astype("int8")
    nothing = np.full(base.shape[1], np.nan)
    return Observed(
        np.full_like(level.series, np.nan), base, reason, nothing, nothing, nothing, None
    )


def outcome(parts: Risk, layer: Layer, told: futures.Told) -> futures.Told:
    """Return hazard or risk in a window, from the outcome of RL20; the others do not change."""
    if told is None or layer.id in ("EXPOSURE", "VULNERABILITY"):
        return None
    return parts.of(layer, told[0]), told[1]


def compared(facts: Facts, seen: Observed, given: risk.Inputs) -> Facts:
    """Say what the risk is made from, and its rank correlation with damage where that is given."""
    rank, count = risk.agreement(seen.base[_REFERENCE], given.damage)
    tested = "–" if np.isnan(rank) else f"Spearman {rank:+.2f}, n = {count}"
    return replace(
        facts,
        risk_ko=f"노출과 취약성은 사용자 자료입니다. 피해와의 순위 상관: {tested}.",
        risk_en=f"Exposure and vulnerability are user supplied. Rank with damage: {tested}.",
    )
