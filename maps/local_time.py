"""Local times as the pages tell them; the same few times stand on many pages."""

from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd


@lru_cache(maxsize=4096)
def local_moment(zone: ZoneInfo, time: np.datetime64) -> str:
    """Return a local time with its zone; an empty text for no time."""
    if np.isnat(time):
        return ""
    local = pd.Timestamp(time).tz_localize("UTC").tz_convert(zone)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"
