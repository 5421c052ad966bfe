"""Judge the model in service, beside its baselines, on years that neither has seen."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from data import netcdf
from data.errors import OutsideRecord
from data.network import Network, Years
from flows.folders import Folders
from flows.pulling import open_network
from forecast import baselines, checkpoint, reliability
from forecast.predict import predict
from forecast.verify import compare

Progress = Callable[[int, int, str], None]
BASELINES = ("persistence", "ridge", "lightgbm")
LEADS = (1, 3, 6, 12, 24)  # [steps]


def verify(
    name: str,
    folders: Folders,
    years: Years | None = None,
    models: Sequence[str] | None = None,
    report: Progress = lambda *_: None,
) -> xr.Dataset:
    """Score the LSTM and the baselines on the test years and keep the scores for the site.

    Args:
        years: First and last year to score; None is the network's test years.

    Returns:
        `forecast.verify.compare`, leads 1, 3, 6, 12, 24 steps, the same pairs for every model; and
        the `forecast.reliability` of the LSTM beside it.
    """
    network, observations = open_network(name, folders)
    times = issue_times(network, observations, years or network.split.test)
    leads = [lead for lead in LEADS if lead <= network.horizon]
    model = checkpoint.load(folders.checkpoint(name), network)
    chosen = BASELINES if models is None else models
    report(0, len(chosen) + 1, "LSTM")
    hindcasts = {"lstm": predict(model, network, observations, times)}
    for done, baseline in enumerate(chosen, start=1):
        report(done, len(chosen) + 1, baseline)
        fitted = baselines.fit(baseline, network, observations, leads)
        hindcasts[baseline] = baselines.predict(fitted, network, observations, times)
    scores = compare(hindcasts, observations, network)
    scores = _with_reliability(scores, hindcasts["lstm"], observations, network)
    report(len(chosen) + 1, len(chosen) + 1, "scored")
    scores = scores.assign_attrs(_provenance(network, times, model.model_id))
    save(folders.scores(name), scores)
    return scores


def issue_times(network: Network, observations: xr.Dataset, years: Years) -> np.ndarray:
    """Return every time of those years at which the record has a reading of any station.

    Raises:
        OutsideRecord: The record has none in those years.
    """
    seen = observations[network.quantity.value].notnull().any("station").values
    year = observations.time.dt.year.values
    times: np.ndarray = observations.time.values[seen & (year >= years[0]) & (year <= years[1])]
    if not times.size:
        span = (
            f"{str(observations.time.values[0])[:10]} to {str(observations.time.values[-1])[:10]}"
        )
        raise OutsideRecord(
            f"The record of '{network.name}' has no reading in {years[0]}–{years[1]}.",
            f"It covers {span}.",
        )
    return times


def _with_reliability(
    scores: xr.Dataset, forecast: xr.Dataset, observations: xr.Dataset, network: Network
) -> xr.Dataset:
    limits = reliability.levels(observations, network)
    told = forecast.sel(lead_time=scores.lead_time.values)
    found = reliability.reliability(told, observations, network, limits)
    return reliability.beside(scores, found)


def save(path: Path, scores: xr.Dataset) -> None:
    """Keep scores beside the model that they judge."""
    netcdf.write(path, scores)


def _provenance(network: Network, times: np.ndarray, model_id: str) -> dict[str, str]:
    split = network.split
    return {
        "network": network.name,
        "model": model_id,
        "train_years": "{}–{}".format(*split.train),
        "validate_years": "{}–{}".format(*split.validate),
        "scored": f"{str(times[0])[:16]}Z to {str(times[-1])[:16]}Z, {times.size} issue times",
        "caveat_ko": network.caveat_ko,
        "caveat_en": network.caveat_en,
    }
