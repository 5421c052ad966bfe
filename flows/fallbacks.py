"""Which gauges have fallen back to persistence: decided after each verification, in a log.

<network>/scored/fallback-<kind>.jsonl: one line a change of state. An issue goes by the newest line
that was written down by its own time, so a replay of the past sees what was decided then.
"""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import xarray as xr

from data.network import Network
from flows import ledger
from flows.folders import Folders
from flows.issued import Kind, own_kind
from forecast.fallback import State, judge, unjudged


def log_kind(network: Network, kind: Kind) -> Kind:
    """Return whose decisions hold: a replay of a live network goes by what was decided then."""
    return own_kind(network) if kind == "replay" else kind


def states(
    folders: Folders, network: Network, kind: Kind, known_at: np.datetime64
) -> dict[str, State]:
    """Return the state of each gauge that had one at a time."""
    path = _path(folders, network, kind)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    read = [state for line in lines if (state := _parsed(line)) is not None]
    then = sorted((s for s in read if s.known_at <= known_at), key=lambda s: s.known_at)
    return {state.station: state for state in then if state.station in network.ids}


def fallen(
    folders: Folders, network: Network, kind: Kind, known_at: np.datetime64
) -> dict[str, str]:
    """Return why each fallen gauge has fallen back, in the order of the network."""
    found = states(folders, network, log_kind(network, kind), known_at)
    return {s: found[s].words for s in network.ids if s in found and found[s].fallen}


def decide(
    folders: Folders,
    network: Network,
    kind: Kind,
    sums: xr.Dataset,
    size: xr.DataArray,
    model: str,
) -> dict[str, State]:
    """Judge every gauge by what was counted, write down what changes, and return all states.

    Args:
        sums: `forecast.rolling.daily` of the last 30 days; its attribute `known_at` (UTC) says
            when that was known.
        size: (station, lead_time) of `forecast.persistence.learn`.
        model: The id of the model that issues now.
    """
    now = np.datetime64(str(sums.attrs["known_at"]), "ns")
    before = states(folders, network, kind, now)
    horizon = network.horizon * network.step
    after = {}
    for station in network.ids:
        state = _of_model(before.get(station), station, model, now)
        here = sums.sel(station=station)
        sizes = size.sel(station=station).reindex(lead_time=here.lead_time.values).values
        after[station] = judge(state, here, sizes, now, horizon)
    changed = [state for s, state in after.items() if state is not before.get(s)]
    _write(_path(folders, network, kind), changed)
    return after


def _of_model(before: State | None, station: str, model: str, now: np.datetime64) -> State:
    """Return the state with the model that issues now; a new one is judged from now on."""
    if before is None:
        return replace(unjudged(station, model), known_at=now)
    return (
        before if before.model == model else replace(before, model=model, since=now, known_at=now)
    )


def _path(folders: Folders, network: Network, kind: Kind) -> Path:
    return ledger.home(folders, network.name) / f"fallback-{kind}.jsonl"


def _write(path: Path, changed: list[State]) -> None:
    if not changed:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(_plain(state), ensure_ascii=False) + "\n" for state in changed]
    cut_off = path.exists() and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as log:
        log.write("\n" * cut_off + "".join(lines))


def _plain(state: State) -> dict[str, object]:
    told = asdict(state) | {"since": str(state.since), "known_at": str(state.known_at)}
    return told | {"skill": None if np.isnan(state.skill) else state.skill}


def _parsed(line: str) -> State | None:
    """Return what a line says; None for one that was cut off."""
    try:
        told = json.loads(line)
        times = {name: np.datetime64(told[name], "ns") for name in ("since", "known_at")}
        skill = np.nan if told["skill"] is None else float(told["skill"])
        return State(**(told | times | {"skill": skill}))
    except (ValueError, KeyError, TypeError):
        return None
