"""The known errors of the Han River record, told without the tests that are to find them.

Listed are: a water level of 0 or -990; a dam level of 0 or below 20 m; flows of 0 while the dam
level is 0 (then nothing of the dam was read); an inflow below 0; any other -990; three false
releases, which are in the inflow too; and each change of a water level of more than 50 cm in 10
minutes, of which some turn out to be true.
"""

import numpy as np
import xarray as xr

FALSE_RELEASES = ("2013-06-05T09:50", "2016-05-23T16:10", "2021-07-09T11:40")  # KST
KST = np.timedelta64(9, "h")
SENTINEL = -990
LOWEST_DAM = 20  # m El.
JUMP = 50  # cm in 10 minutes
TEN_MINUTES = np.timedelta64(10, "m")
ROUNDING = 1e-6  # cm: a jump of 50 is not above 50


def values(record: xr.Dataset, column: str) -> np.ndarray:
    """Return which values of a column are listed errors, bool, dims (time,)."""
    found = record[column].values
    wrong = found == SENTINEL
    if column.startswith("wl_"):
        return np.asarray(wrong | (found == 0))
    if column == "swl":
        return np.asarray(wrong | (found < LOWEST_DAM))
    if column in {"inf", "tototf"}:
        wrong |= (found == 0) & (record["swl"].values == 0)
        wrong |= np.isin(record.time.values, false_times())
    return np.asarray(wrong | (found < 0) if column == "inf" else wrong)


def jumps(record: xr.Dataset, column: str) -> np.ndarray:
    """Return the places of the readings after a listed jump of a water level."""
    change = abs(np.diff(record[column].values))
    next_to = np.diff(record.time.values) == TEN_MINUTES
    return np.asarray(np.flatnonzero((change > JUMP + ROUNDING) & next_to) + 1)


def false_times() -> np.ndarray:
    """Return when the dam falsely told of a huge release, UTC."""
    return np.array(FALSE_RELEASES, dtype="datetime64[ns]") - KST
