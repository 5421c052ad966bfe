"""How to train: every setting in one place."""

from collections.abc import Callable
from dataclasses import dataclass, field

from forecast.model import ModelConfig

Report = Callable[[int, int, str], None]


@dataclass(frozen=True)
class TrainConfig:
    """How to train.

    Attributes:
        updates: Steps of the optimiser; the best weights on the way are kept.
        batch: Windows per update.
        rate, decay: Highest learning rate and weight decay of AdamW.
        average: Weight of the past in the running mean of the weights, which is what is kept.
        check_every: Updates between two looks at the validation years.
        square: Weight of the squared error of the median beside the quantile loss: what counts in
            a flood is the peak, and a median alone is cautious.
        gapped: Share of windows from a version of the record with holes punched into it.
        busy: Share of windows drawn in proportion to how much the level changes in them.
        companion: A network of up to so many gauges gets a companion (`forecast.companion`),
            which takes some 25 s for each of them; 0 leaves the LSTM alone.
        folds: Groups of training years that are left out in turn (`forecast.left_out`); the whole
            is taught once more for each. 0: shares and intervals come from the validation years.
        gauges: Learn from no more than so many gauges, spread over the network; the others are
            scaled by their own record and forecast as an average one. 0 is all of them.
    """

    updates: int = 400
    batch: int = 64
    rate: float = 3e-3
    decay: float = 1e-4
    average: float = 0.98
    check_every: int = 50
    square: float = 0.2
    gapped: float = 0.2
    busy: float = 0.5
    companion: int = 0
    folds: int = 0
    gauges: int = 0
    seed: int = 0
    model: ModelConfig = field(default_factory=ModelConfig)


def silent(done: int, total: int, message: str) -> None:
    """Report nothing."""
