"""How often a record has a reading."""

import numpy as np

TEN_MINUTES = np.timedelta64(10, "m")


def cadence(time: np.ndarray) -> np.timedelta64:
    """Return the most common time between two readings; 10 minutes if there is only one."""
    if time.size < 2:
        return TEN_MINUTES
    gaps, counts = np.unique(np.diff(time), return_counts=True)
    usual: np.timedelta64 = gaps[counts.argmax()]
    return usual
