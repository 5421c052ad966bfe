"""When a model reaches a level of global warming: 20-year windows, and one fixed set of models.

Two kinds of table, both given by the user (they are not part of the project):
- crossings per model, scenario and level, in the layout of mathause/cmip6_warming_levels
  (CC BY-SA 4.0; Hauser et al., doi:10.5281/zenodo.3591806): `model, ensemble, exp, warming_level,
  start_year, end_year`, lines with `#` are comments. A window is the first 20 years whose mean
  warming over 1850-1900 reaches the level;
- observed global mean temperature by year: `Source,Year,Mean`.

Fewer models reach a higher level (SSP5-8.5: 52 of 52 reach 3 degC, 37 reach 4 degC), and those that
do run hot everywhere. Levels are only comparable within the same models: `common_windows` keeps
those that reach every level compared, and its `n` belongs on every page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import InvalidData, NothingThere

LENGTH = 20  # years of a window
_COLUMNS = ("model", "ensemble", "exp", "warming_level", "start_year", "end_year")


@dataclass(frozen=True)
class Window:
    """The 20 years, both ends included, around the crossing of a warming level."""

    start: int
    end: int

    @property
    def crossing(self) -> int:
        """The year in which the level is crossed."""
        return self.start + LENGTH // 2


@dataclass(frozen=True)
class Crossing:
    """One model run that reaches one warming level [degC] under one scenario."""

    model: str
    member: str
    scenario: str
    level: float
    window: Window


@dataclass(frozen=True)
class CommonWindows:
    """The windows of the models that reach all levels compared.

    Attributes:
        windows: Level [degC] to model to window; the same models at every level.
        reached: Level to the number of models that reach it at all, to be printed beside `n`.
    """

    scenario: str
    windows: dict[float, dict[str, Window]]
    reached: dict[float, int]

    @property
    def n(self) -> int:
        """The number of models in the fixed set."""
        return min((len(models) for models in self.windows.values()), default=0)


def read_crossings(path: Path) -> tuple[Crossing, ...]:
    """Read a table of crossings.

    Raises:
        NothingThere: There is no such file.
        InvalidData: A column is missing, or a window is not 20 years long.
    """
    table = _read(path, _COLUMNS, comment="#")
    wrong = table[table["end_year"] - table["start_year"] != LENGTH - 1]
    if len(wrong):
        raise InvalidData(
            f"'{path.name}': a window of {wrong.iloc[0]['model']} is "
            f"{wrong.iloc[0]['start_year']}-{wrong.iloc[0]['end_year']}, expected {LENGTH} years."
        )
    rows = table[list(_COLUMNS)].to_dict("records")
    return tuple(
        Crossing(
            model=str(row["model"]),
            member=str(row["ensemble"]),
            scenario=str(row["exp"]),
            level=float(row["warming_level"]),
            window=Window(int(row["start_year"]), int(row["end_year"])),
        )
        for row in rows
    )


def common_windows(
    crossings: Sequence[Crossing],
    scenario: str,
    levels: Sequence[float],
    among: Sequence[str] | None = None,
) -> CommonWindows:
    """Return the windows of the models that reach every one of `levels` under `scenario`.

    Args:
        among: Only these models (e.g. those whose daily data are at hand); None takes all.
    """
    found: dict[float, dict[str, Window]] = {level: {} for level in levels}
    for crossing in crossings:
        if crossing.scenario == scenario and crossing.level in found:
            found[crossing.level].setdefault(crossing.model, crossing.window)
    allowed = {
        level: {m: w for m, w in models.items() if among is None or m in among}
        for level, models in found.items()
    }
    everywhere = set.intersection(*(set(models) for models in allowed.values()))
    kept = {level: {m: models[m] for m in sorted(everywhere)} for level, models in allowed.items()}
    return CommonWindows(scenario, kept, {level: len(models) for level, models in allowed.items()})


def first_window(years: np.ndarray, warming: np.ndarray, level: float) -> Window | None:
    """Return the first 20 years whose mean warming reaches `level`; None if none does.

    Args:
        years: Consecutive years.
        warming: Global mean temperature over 1850-1900 in each [degC].
    """
    if len(years) < LENGTH:
        return None
    means = np.convolve(warming, np.full(LENGTH, 1 / LENGTH), mode="valid")
    reached = np.flatnonzero(means >= level)
    if not len(reached):
        return None
    start = int(years[reached[0]])
    return Window(start, start + LENGTH - 1)


def read_observed(path: Path, source: str = "gcag") -> pd.Series:
    """Read the observed global mean temperature by year, over the mean of 1850-1900 [degC].

    Args:
        source: Which series of the file; one that begins in 1850.

    Raises:
        NothingThere: There is no such file.
        InvalidData: A column is missing, or the series does not cover 1850-1900.
    """
    table = _read(path, ("Source", "Year", "Mean"))
    series = table[table["Source"] == source].set_index("Year")["Mean"].sort_index()
    base = series.loc[1850:1900]
    if len(base) != 51:
        raise InvalidData(
            f"'{path.name}': '{source}' has {len(base)} of the 51 years 1850-1900.",
            f"Choose one of {sorted(table['Source'].unique())}.",
        )
    return (series - base.mean()).rename("warming")


def _read(path: Path, columns: Sequence[str], comment: str | None = None) -> pd.DataFrame:
    if not path.is_file():
        raise NothingThere(f"There is no table of warming levels at '{path.name}'.")
    table = pd.read_csv(path, comment=comment, skipinitialspace=True)
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise InvalidData(f"'{path.name}': column '{missing[0]}' is missing.")
    return table
