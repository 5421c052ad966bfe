"""Read a column of values: numbers, what stands for "no value", and what cannot be read."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from data.own.sheet import BLANK
from data.schema import Flag

SENTINELS = (-999.0, -9999.0, -99999.0, -999999.0)


@dataclass(frozen=True)
class Missing:
    """What stands for "no value", beside blank cells: numbers, and words in lower case."""

    numbers: frozenset[float] = frozenset(SENTINELS)
    words: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, texts: list[str]) -> "Missing":
        """Return the usual ones and those that a person adds, e.g. `-99` or `Ice`."""
        found = pd.to_numeric(pd.Series(texts, dtype="str"), errors="coerce").tolist()
        numbers = {each for each in found if np.isfinite(each)}
        words = {text.strip().lower() for text in texts}
        return cls(frozenset(SENTINELS) | numbers, frozenset(words))


@dataclass(frozen=True)
class Numbers:
    """The values of a column.

    Attributes:
        value: As written; NaN where there is none.
        flag: `Flag.GOOD`, NOT_REPORTED (blank) or SENTINEL.
        wrong: What is neither a number nor blank.
        comma: Where that has a comma.
    """

    value: np.ndarray
    flag: np.ndarray
    wrong: np.ndarray
    comma: np.ndarray


def read(cells: pd.Series, missing: Missing) -> Numbers:
    """Read a column of values."""
    if is_numeric_dtype(cells) and not is_bool_dtype(cells):
        value = cells.to_numpy("float64")
        blank, absent = np.isnan(value), np.zeros(value.size, bool)
        comma = absent
    else:
        text = cells.astype("str").fillna("").str.strip()
        lower = text.str.lower()
        value = pd.to_numeric(text, errors="coerce").to_numpy("float64", copy=True)
        blank = lower.isin(BLANK).to_numpy(bool)
        absent = lower.isin(missing.words).to_numpy(bool) & ~blank
        comma = text.str.contains(",").to_numpy(bool)
    absent = absent | np.isin(value, list(missing.numbers))
    wrong = ~np.isfinite(value) & ~blank & ~absent
    flag = np.where(absent, Flag.SENTINEL, np.where(blank, Flag.NOT_REPORTED, Flag.GOOD))
    gone = absent | blank | wrong
    return Numbers(np.where(gone, np.nan, value), flag.astype("int8"), wrong, wrong & comma)
