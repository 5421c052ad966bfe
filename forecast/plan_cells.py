"""What was learnt of one gauge, one lead and some known futures: a ridge regression and trees."""

from dataclasses import dataclass

import lightgbm
import numpy as np

from data.schema import QUANTILES
from forecast import companion, linear
from forecast.cells import spread
from forecast.linear import Linear

Cases = tuple[np.ndarray, np.ndarray]  # features (n, feature), and the bent changes that came (n,)


@dataclass(frozen=True)
class Cell:
    """The learners of one gauge, lead and set of known variables.

    Attributes:
        trees: Those that tell the change, and those that tell what the ridge leaves over.
        errors: (quantile,) around the forecast, in the validation years with their true future.
    """

    ridge: Linear
    trees: tuple[lightgbm.Booster, lightgbm.Booster]
    errors: np.ndarray

    def change(self, x: np.ndarray) -> np.ndarray:
        """Return bent changes (n,) from features (n, feature)."""
        alone, upon = (each.predict(x, num_threads=1) for each in self.trees)
        return np.asarray((alone + self.ridge.predict(x)[:, 0] + upon) / 2)


def learn(cases: Cases, later: Cases) -> Cell:
    """Learn from cases of the training years; cases of the validation years say when to stop."""
    x, y = np.concatenate([cases[0], later[0]]), np.concatenate([cases[1], later[1]])
    ridge = linear.fit(cases[0], cases[1][:, None], later[0], later[1][:, None])
    first = np.arange(y.size) < cases[1].size
    changes = tuple(np.where(part, y, np.nan)[:, None] for part in (first, ~first))
    trees = companion.grow(x, ridge.predict(x)[:, 0], (changes[0], changes[1]), 1)
    cell = Cell(ridge, trees, np.zeros(len(QUANTILES)))
    return Cell(ridge, trees, spread(later[1] - cell.change(later[0])))
