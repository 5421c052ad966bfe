"""The companion of the LSTM: for each gauge a ridge regression and boosted trees on a table.

The ridge is what the LSTM stands on: beside a companion it learns what the ridge leaves over
(`forecast.upon_ridge`). Trees are better in the first hours; the mean of all is better than any
(`forecast.blend`). All tell the change from the last reading, bent as the LSTM's
(`forecast.scaling`). Trees are grown at some leads (`ANCHORS`); between them, what they add to the
ridge is interpolated.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import lightgbm
import numpy as np
import xarray as xr

from data.network import Network, Years
from forecast import harmonics, lags, linear, rhythms
from forecast.inputs import channels
from forecast.lags import Bends
from forecast.linear import Linear
from forecast.rhythms import Place
from forecast.scaling import bent_by
from forecast.windows import anchors

Report = Callable[[int, int, str], None]
ANCHORS = (1, 3, 6, 12, 24, 48, 72)  # steps
MEMBERS = ("lstm", "ridge", "trees", "trees_on_lags", "trees_on_ridge")
AGE_LIMIT = 6  # steps, as for the LSTM
MOVING = ("rainfall", "tide")
REACH = max(lags.REACH, rhythms.REACH)
FEWEST = 500  # cases in the training years, and in the validation years
_NEAR = 6  # steps: trees know every case up to that lead, every second one beyond
_MOST = 40_000  # cases: of a longer record every second one, or third ..; they are alike
_SETTINGS = {
    "objective": "regression",
    "linear_tree": True,
    "linear_lambda": 1.0,
    "learning_rate": 0.1,
    "num_leaves": 15,
    "max_bin": 63,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.2,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "force_col_wise": True,
    "deterministic": True,
    "seed": 0,
    "verbosity": -1,
}
_AT_ONCE = 3  # steps: so far nearly all can be foretold
_USUAL = 0.4  # standard deviations of the change: an error beyond counts linearly
_ROUNDS = 400
_PATIENCE = 30  # rounds without a better validation error


@dataclass(frozen=True)
class Helper:
    """The table learners of one gauge.

    Attributes:
        ridge: For every lead.
        trees: At some leads, by lead: those that tell the change, those that tell it from the lags
            alone (a flood does not follow yesterday's course), those that tell what the ridge
            leaves over.
    """

    place: Place
    ridge: Linear
    trees: dict[int, tuple[lightgbm.Booster, lightgbm.Booster, lightgbm.Booster]]

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return changes (n, lead, member without the LSTM) from features (n, feature).

        NaN where something is missing that never was when it learnt.
        """
        ridge = np.where(self.ridge.knows(x)[:, None], self.ridge.predict(x), np.nan)
        leads = np.arange(1, ridge.shape[1] + 1)
        told = [
            [_told(alone, x) - ridge[:, lead - 1], _told(few, x) - ridge[:, lead - 1], _told(on, x)]
            for lead, (alone, few, on) in self.trees.items()
        ]
        added = np.array(told)  # (anchor, 3, n)
        share = _between(leads, np.array(list(self.trees)))  # (lead, anchor)
        more = np.einsum("la,akn->nlk", share, added)
        return np.concatenate([ridge[..., None], ridge[..., None] + more], axis=-1)


@dataclass(frozen=True)
class Companion:
    """What stands beside an LSTM.

    Attributes:
        helpers: By station; None where a gauge has too little history.
        weights: (lead, member) share of each of `MEMBERS` in the forecast.
    """

    bends: Bends
    helpers: tuple[Helper | None, ...]
    weights: np.ndarray

    def predict(self, table: xr.DataArray, steps: np.ndarray) -> np.ndarray:
        """Return bent changes (station, n, lead, member), the LSTM's and unknown ones NaN.

        Args:
            table: `forecast.inputs.channels`, from `REACH` before the first of the steps.
            steps: (n,) rows of it.
        """
        shape = (len(self.helpers), steps.size, *self.weights.shape)
        made = np.full(shape, np.nan)
        for row, helper in enumerate(self.helpers):
            if helper is not None:
                x = features(table, self.bends, helper.place)[steps]
                made[row, ..., 1:] = helper.predict(x)
        return made

    def ridge(self, table: xr.DataArray, steps: np.ndarray) -> np.ndarray:
        """Return bent changes (station, n, lead) of the ridge alone, NaN where it is silent."""
        made = np.full((len(self.helpers), steps.size, len(self.weights)), np.nan)
        for row, helper in enumerate(self.helpers):
            if helper is not None:
                x = features(table, self.bends, helper.place)[steps]
                knows = helper.ridge.knows(x)[:, None]
                made[row] = np.where(knows, helper.ridge.predict(x), np.nan)
        return made


def fit(network: Network, observations: xr.Dataset, report: Report) -> Companion | None:
    """Fit every gauge on the training years, checked on the validation years; None without any.

    Args:
        observations: `data.schema.observations`; nothing after the validation years.
    """
    table = channels(observations, network)
    bends = lags.learn_bends(table, network)
    helpers = []
    for row, station in enumerate(network.ids):
        report(row, len(network.ids), f"trees of {station}")
        helpers.append(_fit_gauge(table, bends, place_of(network, table, row), network))
    equal = np.full((network.horizon, len(MEMBERS)), 1 / len(MEMBERS))
    return Companion(bends, tuple(helpers), equal) if any(helpers) else None


def anchor_leads(horizon: int) -> list[int]:
    """Return the leads that trees are grown at [steps], the horizon among them."""
    return [*(lead for lead in ANCHORS if lead < horizon), horizon]


def place_of(network: Network, table: xr.DataArray, row: int) -> Place:
    """Return what must be known of a station, its tide fitted on the training years."""
    time, (first, last) = table.time.values, network.split.train
    year = table.time.dt.year.values
    tide = np.where((year >= first) & (year <= last), table.sel(channel="tide").values[row], np.nan)
    clock = round(network.stations[row].longitude / 15)
    return Place(row, clock, harmonics.fit(time, tide), network.horizon * network.step)


def features(table: xr.DataArray, bends: Bends, place: Place) -> np.ndarray:
    """Return what is known at one station, (time, feature); see `held`."""
    row = [place.row]
    one, own = held(table.isel(station=row)), replace(place, row=0)
    here = Bends(bends.channels, bends.bend[row], bends.floor[row])
    return np.concatenate([lags.lay_out(one, here, 0), rhythms.lay_out(one, here, own)], axis=1)


def held(table: xr.DataArray) -> xr.DataArray:
    """Return a table in which a level or a flow stays what it was for up to `AGE_LIMIT` steps.

    A linear law that misses one of two levels it compares would run away; rain and tide do not
    stay, they remain unknown.
    """
    values = table.values.copy()
    for number, name in enumerate(table.channel.values):
        if name not in MOVING:
            values[..., number] = anchors(values[..., number], AGE_LIMIT).value
    return table.copy(data=values)


def _fit_gauge(table: xr.DataArray, bends: Bends, place: Place, network: Network) -> Helper | None:
    start, own = starts(table, bends, place.row)
    changes = [
        changes_of(own, start, inside_of(table, years), network.horizon)
        for years in (network.split.train, network.split.validate)
    ]
    whole = [thinned(np.flatnonzero(np.isfinite(change).all(axis=1))) for change in changes]
    if min(rows.size for rows in whole) < FEWEST:
        return None
    x = features(table, bends, place)
    (learn, check), (train, later) = whole, changes
    ridge = linear.fit(x[learn], train[learn], x[check], later[check])
    told = ridge.predict(x)
    leads = anchor_leads(network.horizon)
    few = x[:, : lags.width(table, bends)]
    trees = {}
    for lead in leads:
        alone, upon = grow(x, told[:, lead - 1], (train, later), lead)
        trees[lead] = alone, grow_on_lags(few, (train, later), lead), upon
    return Helper(place, ridge, trees)


def starts(table: xr.DataArray, bends: Bends, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (time,) the values that forecasts start from, and the own values, both bent."""
    own = bent_by(table.sel(channel="own").values[row].astype("float64"), bends.bend[row, 0])
    return anchors(own[None], AGE_LIMIT).value[0], own


def inside_of(table: xr.DataArray, years: Years) -> np.ndarray:
    """Say which times of the table lie in the years, both included."""
    year = table.time.dt.year.values
    return np.asarray((year >= years[0]) & (year <= years[1]))


def changes_of(own: np.ndarray, start: np.ndarray, inside: np.ndarray, horizon: int) -> np.ndarray:
    """Return (time, lead) changes whose start and end both lie inside; NaN elsewhere."""
    changes = np.full((own.size, horizon), np.nan)
    truth = np.where(inside, own, np.nan)
    for lead in range(1, horizon + 1):
        changes[:-lead, lead - 1] = truth[lead:] - np.where(inside, start, np.nan)[:-lead]
    return changes


def thinned(rows: np.ndarray) -> np.ndarray:
    """Return no more than `_MOST` of some rows, evenly."""
    return np.asarray(rows[:: max(1, -(-rows.size // _MOST))])


def grow(
    x: np.ndarray, told: np.ndarray, changes: tuple[np.ndarray, np.ndarray], lead: int
) -> tuple[lightgbm.Booster, lightgbm.Booster]:
    """Grow trees for one lead: for the change, and for what the ridge leaves over.

    Beyond the first hours trees for the change are drawn at random (Geurts et al. 2006,
    doi:10.1007/s10994-006-6226-1): they follow the training years less closely. And a few large
    changes, which nothing foretold, do not bend them (Huber 1964, doi:10.1214/aoms/1177703732).
    """
    train, later = (each[:, lead - 1] for each in changes)
    learn, check = _cases(train, later, lead)
    robust = {"objective": "huber", "alpha": _USUAL * float(train[learn].std())}
    loose = robust | {"extra_trees": True} if lead > _AT_ONCE else {"feature_fraction": 0.3}
    parts = ((_SETTINGS | loose, 0.0), (_SETTINGS, 1.0))
    alone, upon = (
        _boost(
            settings,
            (x[learn], train[learn] - share * told[learn]),
            (x[check], later[check] - share * told[check]),
        )
        for settings, share in parts
    )
    return alone, upon


def grow_on_lags(
    x: np.ndarray, changes: tuple[np.ndarray, np.ndarray], lead: int
) -> lightgbm.Booster:
    """Grow trees for one lead on the lags alone, for the change."""
    train, later = (each[:, lead - 1] for each in changes)
    learn, check = _cases(train, later, lead)
    settings = _SETTINGS | {"feature_fraction": 0.3, "seed": 1}
    return _boost(settings, (x[learn], train[learn]), (x[check], later[check]))


def _cases(train: np.ndarray, later: np.ndarray, lead: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to learn from, and those to stop by."""
    learn, check = (np.flatnonzero(np.isfinite(each)) for each in (train, later))
    return thinned(learn)[:: 1 if lead <= _NEAR else 2], check


def _told(booster: lightgbm.Booster, x: np.ndarray) -> np.ndarray:
    """Return what trees tell; those on the lags know the first columns only."""
    return np.asarray(booster.predict(x[:, : booster.num_feature()], num_threads=1))


def _boost(
    settings: dict[str, object],
    cases: tuple[np.ndarray, np.ndarray],
    later: tuple[np.ndarray, np.ndarray],
) -> lightgbm.Booster:
    known = lightgbm.Dataset(*cases, params=settings)
    check = lightgbm.Dataset(*later, reference=known)
    stop = lightgbm.early_stopping(_PATIENCE, verbose=False)
    return lightgbm.train(settings, known, _ROUNDS, valid_sets=[check], callbacks=[stop])


def _between(leads: np.ndarray, anchor: np.ndarray) -> np.ndarray:
    """Return (lead, anchor) shares that interpolate between the anchors, flat beyond the last."""
    return np.stack([np.interp(leads, anchor, row) for row in np.eye(anchor.size)], axis=1)
