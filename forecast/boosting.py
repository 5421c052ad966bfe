"""Gradient-boosted trees, stopped on the validation years."""

from dataclasses import dataclass

import lightgbm
import numpy as np

SETTINGS = {
    "objective": "regression",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "force_col_wise": True,
    "deterministic": True,
    "seed": 0,
    "verbosity": -1,
}
ROUNDS = 600
PATIENCE = 40  # rounds without a better validation error


@dataclass(frozen=True)
class Trees:
    """Boosted trees in LightGBM's own text form, and their number.

    Source: Ke et al. (2017), LightGBM, NeurIPS 30.
    """

    booster: lightgbm.Booster

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the predictions (n,) for features (n, feature) that may have gaps."""
        return np.asarray(self.booster.predict(x, num_threads=1))


def fit(x: np.ndarray, y: np.ndarray, later_x: np.ndarray, later_y: np.ndarray) -> Trees:
    """Fit on (n, feature) and (n,), as many trees as are best on the later cases."""
    known = lightgbm.Dataset(x, y)
    later = lightgbm.Dataset(later_x, later_y, reference=known)
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    booster = lightgbm.train(SETTINGS, known, ROUNDS, valid_sets=[later], callbacks=[stop])
    return Trees(booster)
