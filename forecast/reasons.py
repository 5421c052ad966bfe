"""Why a gauge has no forecast, or none of the model, in the words that everyone sees."""

import numpy as np
import xarray as xr

WHY = (
    "fallback"  # (issue_time, station) in a forecast: why no model stands behind it; "" if one does
)


def reasons(age: np.ndarray, known: np.ndarray, limit: int, step: np.timedelta64) -> np.ndarray:
    """Return a sentence for each case, in Korean and English; "" where there is a forecast.

    Args:
        age: Steps since the last reading, or since where we stopped looking for one.
        known: Whether there is a last reading.
        limit: Oldest reading that a forecast may start from [steps].
    """
    hours = step / np.timedelta64(1, "h")
    sentences = np.full(age.shape, "", dtype=object)
    for here in zip(*np.nonzero(age > limit), strict=True):
        old, most = (f"{steps * hours:.3g}" for steps in (age[here], limit))
        sentences[here] = _too_old(old, most) if known[here] else _nothing(old)
    return sentences.astype(str)


def _too_old(old: str, most: str) -> str:
    return (
        f"마지막 관측이 {old}시간 전입니다 (한도 {most}시간). "
        f"The last reading is {old} h old, the limit is {most} h."
    )


def _nothing(old: str) -> str:
    return f"{old}시간 동안 관측값이 없습니다. No reading in the last {old} h."


def notes(forecast: xr.Dataset) -> dict[str, str]:
    """Return why persistence was issued, by station; without those where it was not."""
    if WHY not in forecast:
        return {}
    why = forecast[WHY].isel(issue_time=0) if "issue_time" in forecast[WHY].dims else forecast[WHY]
    return {str(s): str(w) for s, w in zip(why.station.values, why.values, strict=True) if str(w)}
