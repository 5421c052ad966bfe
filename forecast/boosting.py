"""Gradient-boosted linear trees, stopped on the validation years.

Trees know no value beyond those they have seen; so a leaf holds a small linear model, and where a
ridge regression already tells most of the change, the trees learn only what it leaves over.
"""

from dataclasses import dataclass

import lightgbm
import numpy as np

from forecast import ridge
from forecast.ridge import Ridge

SETTINGS = {
    "objective": "regression",
    "linear_tree": True,
    "linear_lambda": 1.0,
    "learning_rate": 0.1,
    "num_leaves": 15,
    "max_bin": 63,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "force_col_wise": True,
    "deterministic": True,
    "seed": 0,
    "verbosity": -1,
}
ROUNDS = 400
PATIENCE = 30  # rounds without a better validation error
LINEAR_ENOUGH = 0.8  # share of the squared change that the ridge must explain to be built upon


@dataclass(frozen=True)
class Trees:
    """Boosted trees, on top of a ridge regression or on their own.

    Source: Ke et al. (2017), LightGBM, NeurIPS 30; linear leaves: Shi et al. (2019), IJCAI,
    doi:10.24963/ijcai.2019/476.
    """

    booster: lightgbm.Booster
    base: Ridge | None

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the predictions (n,) for features (n, feature) that may have gaps."""
        return np.asarray(_told(self.base, x) + self.booster.predict(x, num_threads=1))


def fit(x: np.ndarray, y: np.ndarray, later_x: np.ndarray, later_y: np.ndarray) -> Trees:
    """Fit on (n, feature) and (n,), as many trees as are best on the later cases."""
    linear = ridge.fit(x, y, later_x, later_y)
    left = np.mean((later_y - linear.predict(later_x)) ** 2)
    enough = left <= (1 - LINEAR_ENOUGH) * np.mean(later_y**2)
    base = linear if enough else None
    known = lightgbm.Dataset(x, y - _told(base, x), params=SETTINGS)
    later = lightgbm.Dataset(later_x, later_y - _told(base, later_x), reference=known)
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    booster = lightgbm.train(SETTINGS, known, ROUNDS, valid_sets=[later], callbacks=[stop])
    return Trees(booster, base)


def _told(base: Ridge | None, x: np.ndarray) -> np.ndarray:
    return base.predict(x) if base else np.zeros(len(x))
