"""Addresses, times and numbers in the feeds."""

from uuid import NAMESPACE_URL, uuid5

import numpy as np


def urn(*parts: str) -> str:
    """Return an address that is the same for the same parts, everywhere and always."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, '|'.join(parts))}"


def iso(time: np.datetime64) -> str | None:
    """Return a UTC time as RFC 3339; None for no time."""
    return None if np.isnat(time) else f"{time.astype('datetime64[s]')!s}Z"


def number(value: float, digits: int = 3) -> float | None:
    """Return a number for JSON; None where there is none: it is never 0."""
    return round(float(value), digits) if np.isfinite(value) else None
