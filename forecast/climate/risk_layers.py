"""The layers H, E, V and R by region: hazard from the 1-in-20-year day, the rest from a user."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.climate import futures, risk
from forecast.climate.atlas import BASELINES, REFERENCE, Facts, Reason
from forecast.climate.catalogue import RISK, Layer
from forecast.climate.observed_layers import Observed
from forecast.climate.risk_table import Table

_REFERENCE = BASELINES.index(REFERENCE)


@dataclass(frozen=True)
class Parts:
    """What the risk layers are made from: the user's table, and bounds fixed from the baseline."""

    table: Table
    by: risk.Yardstick

    def of(self, layer: Layer, level: np.ndarray) -> np.ndarray:
        """Return one risk layer of RL20 levels (..., region)."""
        found = risk.assess(level, self.table, self.by)
        named = {
            "HAZARD": found.hazard,
            "EXPOSURE": found.exposure,
            "VULNERABILITY": found.vulnerability,
        }
        return named.get(layer.id, found.index)


def prepare(codes: Sequence[str], level: Observed, table: Table) -> Parts:
    """Return what the layers are made from; bounds are of the districts of the reference years.

    Args:
        level: RL20 as observed.
    """
    district = np.array([len(code) == 5 for code in codes])
    part = replace(
        table,
        exposure=table.exposure[district],
        vulnerability=table.vulnerability[district],
    )
    return Parts(table, risk.yardstick(level.base[_REFERENCE][district], part))


def observe(parts: Parts, level: Observed) -> dict[str, Observed]:
    """Return every risk layer as of the baselines."""
    return {each.id: _observed(each, parts, level) for each in RISK}


def _observed(layer: Layer, parts: Parts, level: Observed) -> Observed:
    base = parts.of(layer, level.base)
    reason = np.where(np.isfinite(base), Reason.OK, Reason.NOT_SUPPLIED).astype("int8")
    nothing = np.full(base.shape[1], np.nan)
    series = np.full_like(level.series, np.nan)
    return Observed(series, base, reason, nothing, nothing, nothing, None)


def outcome(parts: Parts, layer: Layer, told: futures.Told) -> futures.Told:
    """Return hazard or risk in a window, from the outcome of RL20; the others do not change."""
    if told is None or layer.id in ("EXPOSURE", "VULNERABILITY"):
        return None
    return parts.of(layer, told[0]), told[1]


def compared(facts: Facts, seen: Observed, table: Table) -> Facts:
    """Say what the risk is made from, and its rank correlation with damage where that is given."""
    found = risk.agreement(seen.base[_REFERENCE], table.damage)
    tested = "–" if np.isnan(found.rho) else f"Spearman {found.rho:+.2f}, n = {found.n}"
    return replace(
        facts,
        risk_ko="노출과 취약성은 사용자 자료입니다. H는 2000–2019년에 가장 낮은 시군구가 0, "
        f"가장 높은 곳이 1이며 그 밖은 0과 1에서 끊습니다. 피해와의 순위 상관: {tested}.",
        risk_en="Exposure and vulnerability are user supplied. H is 0 in the mildest district of "
        f"the baseline and 1 in the worst; beyond them it is clipped. Rank with damage: {tested}.",
    )
