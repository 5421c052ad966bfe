"""Gradient-boosted trees for each quantile of the change: the probabilistic baseline to beat."""

from dataclasses import dataclass

import lightgbm
import numpy as np

from data.schema import QUANTILES

SETTINGS = {
    "objective": "quantile",
    "learning_rate": 0.15,
    "num_leaves": 15,
    "max_bin": 63,
    "min_data_in_leaf": 50,
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
ROUNDS = 150
PATIENCE = 15  # rounds without a better validation loss


@dataclass(frozen=True)
class QuantileTrees:
    """Boosted trees of one gauge and lead, one set for each of `QUANTILES`.

    Source: Ke et al. (2017), LightGBM, NeurIPS 30; Koenker & Bassett (1978), doi:10.2307/1913643.
    """

    boosters: tuple[lightgbm.Booster, ...]

    def predict(self, start: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Return values (n, quantile), ascending, from last values (n,) and features."""
        told = [each.predict(x, num_threads=1) for each in self.boosters]
        return np.sort(start[:, None] + np.stack(told, axis=-1), axis=-1)


def fit(x: np.ndarray, y: np.ndarray, later_x: np.ndarray, later_y: np.ndarray) -> QuantileTrees:
    """Fit on (n, feature) and changes (n,), as many trees as are best on the later cases."""
    known = lightgbm.Dataset(x, y, params=SETTINGS)
    later = lightgbm.Dataset(later_x, later_y, reference=known)
    made = []
    for level in QUANTILES:
        stop = lightgbm.early_stopping(PATIENCE, verbose=False)
        settings = SETTINGS | {"alpha": level}
        made.append(lightgbm.train(settings, known, ROUNDS, valid_sets=[later], callbacks=[stop]))
    return QuantileTrees(tuple(made))
