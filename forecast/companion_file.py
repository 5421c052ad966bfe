"""The companion as lists and text, to be kept in a checkpoint: no pickled class hides in it."""

import hashlib
from typing import Any

import lightgbm
import numpy as np

from forecast.companion import Companion, Helper
from forecast.harmonics import Tide
from forecast.lags import Bends
from forecast.linear import Linear
from forecast.rhythms import Place

_LINEAR = ("centre", "spread", "masked", "weights")


def plain(companion: Companion | None) -> dict[str, Any] | None:
    """Return lists, numbers and text only."""
    if companion is None:
        return None
    return {
        "channels": list(companion.bends.channels),
        "bend": companion.bends.bend.tolist(),
        "floor": companion.bends.floor.tolist(),
        "weights": companion.weights.tolist(),
        "helpers": [_plain_helper(helper) for helper in companion.helpers],
    }


def rich(kept: dict[str, Any] | None) -> Companion | None:
    """Undo `plain`."""
    if kept is None:
        return None
    bends = Bends(tuple(kept["channels"]), np.array(kept["bend"]), np.array(kept["floor"]))
    helpers = tuple(_rich_helper(helper) for helper in kept["helpers"])
    return Companion(bends, helpers, np.array(kept["weights"]))


def digest(companion: Companion) -> bytes:
    """Return a SHA-256 that tells it from others: its shares, ridges and numbers of trees."""
    found = hashlib.sha256(companion.weights.tobytes())
    for helper in companion.helpers:
        if helper is not None:
            found.update(helper.ridge.weights.tobytes())
            sizes = [each.num_trees() for pair in helper.trees.values() for each in pair]
            found.update(str(sizes).encode())
    return found.digest()


def _plain_helper(helper: Helper | None) -> dict[str, Any] | None:
    if helper is None:
        return None
    place = helper.place
    return {
        "row": place.row,
        "clock": place.clock,
        "tide": place.tide.weights.tolist(),
        "horizon_seconds": int(place.horizon / np.timedelta64(1, "s")),
        "ridge": {name: getattr(helper.ridge, name).tolist() for name in _LINEAR},
        "trees": {
            lead: [each.model_to_string() for each in pair] for lead, pair in helper.trees.items()
        },
    }


def _rich_helper(kept: dict[str, Any] | None) -> Helper | None:
    if kept is None:
        return None
    horizon = np.timedelta64(kept["horizon_seconds"], "s")
    place = Place(kept["row"], kept["clock"], Tide(np.array(kept["tide"])), horizon)
    ridge = Linear(**{name: np.array(kept["ridge"][name]) for name in _LINEAR})
    trees = {}
    for lead, (alone, few, upon) in kept["trees"].items():
        trees[lead] = _booster(alone), _booster(few), _booster(upon)
    return Helper(place, ridge, trees)


def _booster(kept: str) -> lightgbm.Booster:
    return lightgbm.Booster(model_str=kept)
