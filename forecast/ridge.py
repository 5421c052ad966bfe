"""Ridge regression with gaps: standardised features, a missing one counts as average."""

from dataclasses import dataclass

import numpy as np

PENALTIES = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5)
_CLIP = 8.0  # standard deviations: a linear model must not run away with one wild reading
_RARE = 1e-3  # a feature missing less often than that needs no mask
_DEAD = 1e-9


@dataclass(frozen=True)
class Ridge:
    """A linear model of some features and of which of them are missing.

    Attributes:
        centre, spread: (feature,) mean and standard deviation where known; spread inf where a
            feature never varies, so that it counts for nothing.
        masked: (feature,) whether its absence is a feature of its own.
        weights: (feature + masked feature + 1,) the last is the intercept.
    """

    centre: np.ndarray
    spread: np.ndarray
    masked: np.ndarray
    weights: np.ndarray

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the predictions (n,) for features (n, feature) that may have gaps."""
        return np.asarray(_design(x, self.centre, self.spread, self.masked) @ self.weights)


def fit(x: np.ndarray, y: np.ndarray, later_x: np.ndarray, later_y: np.ndarray) -> Ridge:
    """Fit on (n, feature) and (n,), with the penalty that is best on the later cases.

    Source: Hoerl & Kennard (1970), Technometrics 12, doi:10.1080/00401706.1970.10488634.
    """
    centre, spread, masked = measured(x, _RARE)
    design, later = (_design(cases, centre, spread, masked) for cases in (x, later_x))
    gram, moment = design.T @ design, design.T @ y
    tried = [_solve(gram, moment, penalty) for penalty in PENALTIES]
    errors = [np.mean((later @ weights - later_y) ** 2) for weights in tried]
    return Ridge(centre, spread, masked, tried[int(np.argmin(errors))])


def _design(
    x: np.ndarray, centre: np.ndarray, spread: np.ndarray, masked: np.ndarray
) -> np.ndarray:
    scaled = np.clip(np.nan_to_num((x - centre) / spread), -_CLIP, _CLIP)
    missing = np.isnan(x[:, masked])
    return np.concatenate([scaled, missing, np.ones((len(x), 1))], axis=1, dtype="float64")


def _solve(gram: np.ndarray, moment: np.ndarray, penalty: float) -> np.ndarray:
    punished = np.full(len(gram), penalty)
    punished[-1] = 1e-6  # not the intercept
    return np.linalg.solve(gram + np.diag(punished), moment)


def measured(x: np.ndarray, rare: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return centre, spread and whether it needs a mask, of each feature of (n, feature).

    Args:
        rare: The share of cases that a feature may be missing in without a mask.
    """
    known = np.isfinite(x)
    count = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, x, 0).sum(axis=0, dtype="float64") / count
    squares = np.where(known, (x - centre) ** 2, 0).sum(axis=0, dtype="float64")
    spread = np.sqrt(squares / count)
    spread = np.where(spread > _DEAD, spread, np.inf)
    masked = (~known).mean(axis=0) > rare
    return centre, spread, masked
