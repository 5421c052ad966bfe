"""Split a record by calendar years (UTC): about 60 % to learn, 20 % to choose, 20 % to judge."""

import re
from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from data.errors import SourceError
from data.network import Split, Years
from data.own.lines import Line

ENOUGH = 14  # days with readings: fewer are the edge of a record, or of a time zone
WELL = 90  # days with readings: fewer judge little
SHARES = (0.6, 0.2, 0.2)
PARTS = ("train", "validate", "test")


def days(lines: Iterable[Line]) -> dict[int, int]:
    """Return on how many days of each year any of some lines has a value."""
    each = [line.time[line.good].astype("datetime64[D]") for line in lines]
    found = np.unique(np.concatenate([np.unique(one) for one in each])) if each else np.zeros(0)
    years, counts = np.unique(found.astype("datetime64[Y]").astype(int) + 1970, return_counts=True)
    return {int(y): int(n) for y, n in zip(years, counts, strict=True)}


def years(text: str) -> Years:
    """Read years as a person writes them: `2012-2018`, or `2019`.

    Raises:
        SourceError: They are none.
    """
    found = re.fullmatch(r"\s*(\d{4})\s*(?:[-–:]\s*(\d{4}))?\s*", text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last:
        raise SourceError(f"'{text}' are no years.", "Write them like 2012-2018, or 2019.")
    return first, last


def split(record: Mapping[int, int], asked: Mapping[str, Years]) -> Split:
    """Return which years to learn from, to choose on, and to be judged by.

    Args:
        record: `days` of each year.
        asked: What a person wants: all of `PARTS`, or nothing.

    Raises:
        SourceError: There are too few years, or the ones asked for do not fit.
    """
    if asked:
        return _checked(record, asked)
    enough = [year for year, count in sorted(record.items()) if count >= ENOUGH]
    if len(enough) < len(PARTS):
        there = ", ".join(f"{year} ({count} days)" for year, count in sorted(record.items()))
        raise SourceError(
            f"Only {len(enough)} calendar year(s) have readings on {ENOUGH} days or more: {there}.",
            "Three are needed: one to learn from, one to choose the model on, one to judge it by. "
            "Add older readings, or wait for more.",
        )
    cuts = min(combinations(range(1, len(enough)), 2), key=lambda c: _miss(c, record, enough))
    parts = np.split(np.array(enough), cuts)
    return Split(*((int(part[0]), int(part[-1])) for part in parts))


def _miss(cuts: tuple[int, ...], record: Mapping[int, int], enough: list[int]) -> float:
    """Return how far a split is from `SHARES` of the days."""
    counts = np.array([record[year] for year in enough])
    parts = np.add.reduceat(counts, [0, *cuts]) / counts.sum()
    return float(np.abs(parts - SHARES).sum())


def _checked(record: Mapping[int, int], asked: Mapping[str, Years]) -> Split:
    lacking = [part for part in PARTS if part not in asked]
    if lacking:
        raise SourceError(
            f"--{' and --'.join(asked)} without --{' and --'.join(lacking)}.",
            "Name all three: --train 2012-2018 --validate 2019 --test 2020-2021",
        )
    train, validate, test = (asked[part] for part in PARTS)
    if not train[1] < validate[0] or not validate[1] < test[0]:
        raise SourceError(
            "The years of training, validation and test must follow each other and not overlap.",
            "For example: --train 2012-2018 --validate 2019 --test 2020-2021",
        )
    for part, (first, last) in asked.items():
        if not any(first <= year <= last for year in record):
            there = ", ".join(map(str, sorted(record)))
            raise SourceError(
                f"No reading lies in the years {first}-{last} of --{part}.", f"There are {there}."
            )
    return Split(train, validate, test)
