"""Ridge regression for all leads of a gauge at once: one decomposition, every lead and penalty.

As `forecast.ridge`, but the features are the same for all leads, so what costs time is done once.
"""

from dataclasses import dataclass

import numpy as np

from forecast.ridge import PENALTIES, measured

_CLIP = 8.0  # standard deviations: a linear model must not run away with one wild reading
_RARE = 0.01  # a feature missing less often than that needs no mask; it must be there


@dataclass(frozen=True)
class Linear:
    """A linear model of some features and of which of them are missing, for several leads.

    Attributes:
        centre, spread: (feature,) mean and standard deviation where known; spread inf where a
            feature never varies, so that it counts for nothing.
        masked: (feature,) whether its absence is a feature of its own.
        weights: (feature + masked feature + 1, lead); the last row is the intercept.
    """

    centre: np.ndarray
    spread: np.ndarray
    masked: np.ndarray
    weights: np.ndarray

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the predictions (n, lead) for features (n, feature) that may have gaps."""
        return np.asarray(design(self, x) @ self.weights)

    def knows(self, x: np.ndarray) -> np.ndarray:
        """Say for which cases (n,) nothing is missing that was hardly ever missing before."""
        needed = ~self.masked & np.isfinite(self.spread)
        return np.asarray(np.isfinite(x[:, needed]).all(axis=1))


def design(model: Linear, x: np.ndarray) -> np.ndarray:
    """Return what the weights of a model are multiplied by, (n, feature), the last column 1."""
    laid_out = _design(x, model.centre, model.spread, model.masked)
    return np.concatenate([laid_out, np.ones((len(x), 1))], axis=1)


def fit(x: np.ndarray, y: np.ndarray, later_x: np.ndarray, later_y: np.ndarray) -> Linear:
    """Fit on (n, feature) and (n, lead), each lead with the penalty best on the later cases.

    Source: Hoerl & Kennard (1970), Technometrics 12, doi:10.1080/00401706.1970.10488634.
    """
    centre, spread, masked = measured(x, _RARE)
    known_x, later = (_design(cases, centre, spread, masked) for cases in (x, later_x))
    middle, mean = known_x.mean(axis=0), y.mean(axis=0)
    known_x -= middle
    size, axes = np.linalg.eigh(known_x.T @ known_x)
    moment = axes.T @ (known_x.T @ (y - mean))
    tried = np.stack([axes @ (moment / (size[:, None] + penalty)) for penalty in PENALTIES])
    left = np.stack([(later - middle) @ weights + mean - later_y for weights in tried])
    best = np.argmin(np.mean(left**2, axis=1), axis=0)  # (lead,)
    weights = tried[best, :, np.arange(best.size)].T
    return Linear(centre, spread, masked, np.vstack([weights, mean - middle @ weights]))


def _design(
    x: np.ndarray, centre: np.ndarray, spread: np.ndarray, masked: np.ndarray
) -> np.ndarray:
    scaled = np.clip(np.nan_to_num((x - centre) / spread), -_CLIP, _CLIP)
    return np.concatenate([scaled, np.isnan(x[:, masked])], axis=1, dtype="float64")
