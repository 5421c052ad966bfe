"""Rows that are dated after their own answer came: no reading is of a time yet to come.

Rows that are ahead by less than a day tell of a clock or a zone that is wrong: by how much nobody
says, so the site's other rows are misdated as well. Farther ahead, a date is a slip of that row.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

MARGIN = np.timedelta64(5, "m")  # so much may a provider's clock be ahead of ours
DAY = np.timedelta64(24, "h")

T = TypeVar("T")


def not_ahead(
    rows: Sequence[T], time: Callable[[T], np.datetime64], fetched: np.datetime64
) -> tuple[list[T], str]:
    """Return the rows of one site that can be used, and what is wrong with the others, or "".

    Args:
        time: Of a row, UTC; NaT is not ahead.
        fetched: When the answer came, UTC.
    """
    times = [time(row) for row in rows]
    late = [each for each in times if each > fetched + MARGIN]
    if not late:
        return list(rows), ""
    many = "1 row is" if len(late) == 1 else f"{len(late)} rows are"
    said = f"{many} dated after the answer came, up to {str(max(late))[:16]}Z"
    if min(late) < fetched + DAY:
        return [], f"{said}: a clock is wrong, so no row of this site is used."
    kept = [row for row, each in zip(rows, times, strict=True) if not each > fetched + MARGIN]
    return kept, f"{said}, and left out."
