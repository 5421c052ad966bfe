"""How much each learner counts: weights by lead, fitted on years that it has not seen.

They are held near equal ones: the learners' errors differ, so even equal weights are better than
the best of them. The further a forecast looks, the more the errors of neighbouring hours are one
and the same, and the fewer cases there really are: so the hold grows with the lead.
"""

import numpy as np
from scipy.optimize import nnls

HOLD = 0.1  # what equal weights are worth for each step of lead, as a share of all cases


def fit(members: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return weights (lead, member), none negative, their sum 1.

    Args:
        members: (station, n, lead, member) forecast changes, NaN where unknown.
        truth: (station, n, lead) changes that followed.

    Source: Breiman (1996), Stacked regressions, doi:10.1007/BF00117832.
    """
    leads = range(truth.shape[-1])
    return np.stack([_at_lead(members[:, :, k], truth[:, :, k], HOLD * (k + 1)) for k in leads])


def blended(members: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return (.., lead) the weighted mean over the members that are known; NaN without any.

    Where none but members of no weight are known, they count alike.
    """
    known = np.isfinite(members)
    share = np.where(known, weights, 0.0)
    share = np.where(share.sum(axis=-1, keepdims=True) > 0, share, known)
    total = share.sum(axis=-1)
    mean = (share * np.where(known, members, 0.0)).sum(axis=-1)
    return np.where(total > 0, mean / np.where(total > 0, total, 1.0), np.nan)


def _at_lead(members: np.ndarray, truth: np.ndarray, worth: float) -> np.ndarray:
    """Return (member,) weights from cases of all stations, each in units of its own change."""
    equal = np.full(members.shape[-1], 1 / members.shape[-1])
    known = np.isfinite(members).all(axis=-1) & np.isfinite(truth)
    rows, sides = [], []
    for row in np.flatnonzero(known.any(axis=1)):
        here = known[row]
        size = np.sqrt(np.mean(truth[row, here] ** 2) * here.sum()) + 1e-12
        rows.append(members[row, here] / size)
        sides.append(truth[row, here] / size)
    if not rows:
        return equal
    hold = np.sqrt(worth * len(rows)) * np.eye(equal.size)
    hold *= _spread(np.concatenate(rows), len(rows))
    found, _ = nnls(np.concatenate([*rows, hold]), np.concatenate([*sides, hold @ equal]))
    return np.asarray(found / found.sum()) if found.sum() > 0 else equal


def _spread(members: np.ndarray, stations: int) -> float:
    """Return how much the members differ, beside the size of the change itself."""
    apart = members - members.mean(axis=1, keepdims=True)
    return float(np.sqrt((apart**2).mean(axis=1).sum() / stations))
