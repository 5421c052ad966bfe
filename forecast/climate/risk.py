"""Flood risk as (hazard x exposure x vulnerability)^(1/3), each from 0 to 1 by fixed bounds.

The bounds are those of the baseline's districts and stay for every scenario and period: bounds of
each map by itself would hide the change. Exposure and vulnerability are the user's own:

    code,exposure,vulnerability[,damage]      UTF-8, one row per region
    11110,143000,0.41,12.5

exposure (e.g. people, or value at risk) and vulnerability (e.g. share of basement homes) are any
numbers of 0 or more, in one unit each; damage, if given, is only compared with the index. A region
that is not listed has no risk value, never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from data.errors import InvalidData, NothingThere

_NEEDED = ("code", "exposure", "vulnerability")
_FEWEST = 10  # regions for a rank correlation


@dataclass(frozen=True)
class Bounds:
    """The values that become 0 and 1; beyond them the scale ends."""

    low: float
    high: float


@dataclass(frozen=True)
class Inputs:
    """What a user supplied, (region,) each in the order asked for; NaN where not listed."""

    exposure: np.ndarray
    vulnerability: np.ndarray
    damage: np.ndarray


def bounds(values: np.ndarray) -> Bounds:
    """Return the bounds of a baseline map; NaN where nothing is there."""
    known = values[np.isfinite(values)]
    if not known.size:
        return Bounds(np.nan, np.nan)
    return Bounds(float(known.min()), float(known.max()))


def scaled(values: np.ndarray, within: Bounds) -> np.ndarray:
    """Return values from 0 to 1; a map without any spread is 1 throughout."""
    if within.high == within.low:
        return np.where(np.isfinite(values), 1.0, np.nan)
    return np.asarray(np.clip((values - within.low) / (within.high - within.low), 0, 1))


def index(hazard: np.ndarray, exposure: np.ndarray, vulnerability: np.ndarray) -> np.ndarray:
    """Return (H E V)^(1/3) of values from 0 to 1; NaN where any is missing."""
    return np.asarray(np.cbrt(hazard * exposure * vulnerability))


def read(path: Path, codes: Sequence[str]) -> Inputs:
    """Read a user's CSV.

    Args:
        codes: All regions, in the order wanted.

    Raises:
        NothingThere: There is no such file.
        InvalidData: A column is missing, a code is unknown or twice, or a number cannot be used.
    """
    if not path.is_file():
        raise NothingThere(
            f"There is no file '{path}'.", "Make one: mulgil climate --risk-template > risk.csv"
        )
    table = pd.read_csv(path, dtype={"code": "string"}, comment="#", encoding="utf-8-sig")
    for name in _NEEDED:
        if name not in table:
            raise InvalidData(f"'{path.name}': column '{name}' is missing.", f"Needed: {_NEEDED}.")
    _check_codes(path.name, table["code"], codes)
    rows = table.set_index("code").reindex(list(codes))
    found = [_numbers(path.name, rows, name) for name in (*_NEEDED[1:], "damage")]
    return Inputs(*found)


def _check_codes(name: str, given: pd.Series, codes: Sequence[str]) -> None:
    for wrong, why in (
        (given[given.duplicated()], "twice"),
        (given[~given.isin(codes)], "unknown"),
    ):
        if len(wrong):
            raise InvalidData(
                f"'{name}': code '{wrong.iloc[0]}' (row {wrong.index[0] + 2}) is {why}.",
                "Codes are those of: mulgil climate --risk-template",
            )


def _numbers(name: str, rows: pd.DataFrame, column: str) -> np.ndarray:
    if column not in rows:
        return np.full(len(rows), np.nan)
    numbers = pd.to_numeric(rows[column], errors="coerce")
    wrong = rows.index[rows[column].notna() & ~(numbers >= 0) | np.isinf(numbers)]
    if len(wrong):
        code, value = str(wrong[0]), str(rows.at[wrong[0], column])
        raise InvalidData(
            f"'{name}': {column} of '{code}' is '{value}', expected a number of 0 or more."
        )
    return np.asarray(numbers.to_numpy("float64"))


def template(codes: Sequence[str], names: Sequence[str]) -> str:
    """Return the CSV to fill in."""
    lines = [f"{code},{name},,," for code, name in zip(codes, names, strict=True)]
    return "\n".join(["code,name,exposure,vulnerability,damage", *lines]) + "\n"


def agreement(risk: np.ndarray, damage: np.ndarray) -> tuple[float, int]:
    """Return the rank correlation (Spearman) of an index with recorded damage, and of how many."""
    both = np.isfinite(risk) & np.isfinite(damage)
    if both.sum() < _FEWEST:
        return float("nan"), int(both.sum())
    return float(spearmanr(risk[both], damage[both]).statistic), int(both.sum())
