"""The inputs of a what-if forecast, and what must be said of them."""

from dataclasses import dataclass

import xarray as xr


@dataclass(frozen=True)
class Changed:
    """The inputs of a what-if forecast.

    Attributes:
        observations: As they were known, but for what was changed.
        plan: What is known of the hours ahead, changed too; None where nothing is.
        changes: A sentence for each change.
        notes: What must be known before trusting it.
    """

    observations: xr.Dataset
    plan: xr.Dataset | None
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
