"""How long an ensemble of forecast rain takes: 51 members, 223 gauges, 72 hours, whole.

Timed is what an issue does once inputs and models are in memory: LSTM with its whole look-back, the
planner of every gauge for every member, one forecast of all members, chances of all stages. Beside
it the naive ways on a few members and gauges, scaled up: a member at a time, and a gauge of a
member at a time. Rivers and models are made up, of the size of real ones.
"""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter, process_time
from typing import Any, Final

import numpy as np
import xarray as xr

from data.errors import MulgilError
from data.network import Network
from data.schema import FORCINGS
from data.stations import ALERTS
from flows import bench_speed_rivers as rivers
from flows.bench_climate_memory import above
from forecast import companion, futures, members, plan_cells
from forecast.checkpoint import Checkpoint
from forecast.foresight import Foresight, foresee
from forecast.foresight_fit import LEADS
from forecast.inputs import channels
from forecast.known import ascending
from forecast.lags import Bends
from forecast.many_gauges import of_some
from forecast.planned import Planner
from forecast.rhythms import Place
from forecast.sampling import cut

Report = Callable[[int, int, str], None]
MEMBERS: Final = 51
GAUGES: Final = 223
HORIZON: Final = 72
_RAIN: Final[futures.Known] = ("rainfall",)
_FEW = 2  # members, and gauges, of the naive ways
_CASES = 2_000
_SEED = 8


def run(
    report: Report = lambda *_: None, gauges: int = GAUGES, count: int = MEMBERS, rounds: int = 3
) -> dict[str, Any]:
    """Return figures `ensemble_s`, `peak_mb`, those of the naive ways, and detail."""
    report(0, rounds + 3, "learning trees")
    world = _world(gauges)
    plans = _rain(world[1], world[2].time.values[-1], count)
    report(1, rounds + 3, "memory")
    peak = above(lambda: _whole(world, plans))
    times, processor = [], []
    for number in range(rounds):
        report(2 + number, rounds + 3, f"{count} members")
        busy = process_time()
        times.append(_timed(lambda: _whole(world, plans)))
        processor.append(process_time() - busy)
    report(2 + rounds, rounds + 3, "the naive ways")
    by_member = _timed(lambda: _member_at_a_time(world, plans)) / _FEW * count
    by_gauge = _timed(lambda: _gauge_at_a_time(world, plans)) / _FEW**2 * count * gauges
    took = float(np.median(times))
    trees = [tree.num_trees() for cell in world[3].planner.cells.values() for tree in cell.trees]
    return {
        "figures": {
            "ensemble_s": took,
            "peak_mb": peak,
            "member_at_a_time_s": by_member,
            "gauge_and_member_at_a_time_s": by_gauge,
            "times_faster": by_member / took,
        },
        "detail": {
            "gauges": gauges,
            "members": count,
            "hours": HORIZON,
            "leads": list(LEADS),
            "trees_of_a_cell": float(2 * np.mean(trees)),
            "rounds_s": times,
            "processor_s": processor,
            "naive": f"from {_FEW} members, and {_FEW} gauges of {_FEW} members; without pooling",
        },
    }


World = tuple[Checkpoint, Network, xr.Dataset, Foresight]


def _world(gauges: int) -> World:
    network = rivers.nation(gauges, HORIZON)
    known = rivers.record(network)
    model = rivers.checkpoint(network, known)
    return model, network, known, _foresight(model, network, known)


def _foresight(model: Checkpoint, network: Network, known: xr.Dataset) -> Foresight:
    """Return a planner whose gauges all have the trees of the first one: they cost the same."""
    table = channels(known, network)
    names = tuple(str(name) for name in table.channel.values)
    gauges = len(network.ids)
    bends = Bends(names, np.ones((gauges, len(names))), np.full(gauges, -np.inf))
    places = tuple(
        Place(row, 9, None, HORIZON * network.step)  # type: ignore[arg-type]
        if "tide" not in names
        else companion.place_of(network, table, row)
        for row in range(gauges)
    )
    seen = companion.features(table, bends, places[0])
    rng = np.random.default_rng(_SEED)
    first = {lead: _cell(rng, seen.shape[1], (bends, lead)) for lead in LEADS}
    every = [(row, lead, _RAIN) for row in range(gauges) for lead in LEADS]
    cells = {place: first[place[1]] for place in every}
    planner = Planner(LEADS, bends, places, cells)
    widening = model.widening[:, :, np.array(LEADS) - 1]
    weights = {_RAIN: np.full(len(LEADS), 0.8)}
    return Foresight(model.model_id, planner, weights, {_RAIN: widening}, {})


def _cell(rng: np.random.Generator, width: int, at: tuple[Bends, int]) -> plan_cells.Cell:
    """Learn a law that trees need their rounds for, from as many features as a gauge has."""
    bends, lead = at
    ahead = {name: np.zeros((1, HORIZON)) for name in ("dam_release", "rainfall")}
    more = futures.told(ahead, np.zeros((1, 2)), bends, (0, lead))["rainfall"].shape[1]
    x = rng.normal(size=(2 * _CASES, width + more)).astype("float32")
    y = np.sin(2 * x[:, :12]).sum(axis=1) + x[:, -1] + rng.normal(size=len(x))
    return plan_cells.learn((x[:_CASES], y[:_CASES]), (x[_CASES:], y[_CASES:]))


def _rain(network: Network, issue: np.datetime64, count: int) -> xr.Dataset:
    rng = np.random.default_rng(_SEED)
    times = issue + network.lead_times
    fallen = rng.gamma(0.3, 4.0, (count, len(network.ids), times.size)).astype("float32")
    coords = {"member": np.arange(count), "station": network.ids, "time": times}
    attrs = {"units": FORCINGS["rainfall"]}
    rain = xr.DataArray(fallen, coords, ("member", "station", "time"), attrs=attrs)
    return xr.Dataset({"rainfall": rain})


def _whole(world: World, plans: xr.Dataset) -> np.ndarray:
    """Return the chances of all stages; the forecast of all members is made, too.

    Raises:
        MulgilError: A gauge got no forecast, or members make no difference.
    """
    model, network, known, foresight = world
    made = members.foresee(foresight, model, network, known, plans, known.time.values[-1])
    together = made.together()[network.quantity.value]
    limits = np.tile(np.array([[1.0], [2.0], [3.0], [4.0]]), len(network.ids))[: len(ALERTS)]
    likely = made.exceedance(limits)
    if not np.isfinite(together).all() or not np.ptp(made.values[:, 0, -1, 4]) > 0:
        raise MulgilError("A gauge got no forecast, or rain made no difference: nothing measured.")
    return likely


def _member_at_a_time(world: World, plans: xr.Dataset) -> None:
    model, network, known, foresight = world
    issue = ascending(known, known.time.values[-1:])
    for one in range(_FEW):
        plan = plans.isel(member=one, drop=True)
        foresee(foresight, model, network, known, plan, issue)


def _gauge_at_a_time(world: World, plans: xr.Dataset) -> None:
    model, network, known, foresight = world
    issue = ascending(known, known.time.values[-1:])
    for row in range(_FEW):
        part = cut(network, [network.ids[row]])
        own = of_some(model, part)
        here, near = _of_gauge(foresight, row), known.sel(station=part.ids)
        for one in range(_FEW):
            plan = plans.isel(member=one, drop=True).sel(station=part.ids)
            foresee(here, own, part, near, plan, issue)


def _of_gauge(foresight: Foresight, row: int) -> Foresight:
    planner = foresight.planner
    bends = replace(planner.bends, bend=planner.bends.bend[[row]], floor=planner.bends.floor[[row]])
    cells = {(0, *key[1:]): cell for key, cell in planner.cells.items() if key[0] == row}
    place = replace(planner.places[row], row=0)
    widening = {known: each[:, [row]] for known, each in foresight.widening.items()}
    one = replace(planner, bends=bends, places=(place,), cells=cells)
    return replace(foresight, planner=one, widening=widening)


def _timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
