"""At issue time: persistence in the place of the model where a gauge has fallen back."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from data.errors import NothingThere
from data.network import Network
from flows import fallbacks, issued
from flows.folders import Folders
from flows.learnt import recall
from flows.manifest import Manifest
from forecast.outlook import STAGE_WORDS, Outlook, assess
from forecast.reasons import notes
from forecast.stand_in import stand_in


def with_stand_ins(
    forecast: xr.Dataset, network: Network, folders: Folders, run: Manifest
) -> xr.Dataset:
    """Return the forecast as it is issued, and note in the manifest where the model is not.

    Whatever is wrong with the scorecard, a forecast is issued: the model's, with a warning.

    Args:
        run: With `known_at`: what was decided later is not seen.
    """
    kind = issued.kind_of(network, run.replay, run.replayed)
    known_at = np.datetime64(run.known_at.rstrip("Z"), "ns")
    try:
        fallen = fallbacks.fallen(folders, network, kind, known_at)
        if not fallen:
            return forecast
        recorded = recall(folders, network)
        if recorded is None:
            raise NothingThere(  # noqa: TRY301  # told as any other trouble
                f"what persistence would say at {', '.join(fallen)} is not there.",
                f"Run: mulgil verify-forecasts {network.name}",
            )
        made = stand_in(forecast, network, recorded, fallen)
    except Exception as error:  # noqa: BLE001  # a scorecard never stops a forecast
        run.warnings.append(f"No gauge falls back to persistence in this run: {error}")
        return forecast
    run.fallback = notes(made)
    return made


def said_by_model(
    forecast: xr.Dataset, outlooks: Sequence[Outlook], network: Network, run: Manifest
) -> list[str]:
    """Return what the model, not issued, would warn of beyond what is issued.

    Args:
        forecast: The model's own.
        outlooks: Of what is issued.
    """
    if not run.fallback:
        return []
    told = {outlook.station: outlook for outlook in assess(forecast.isel(issue_time=0), network)}
    return [
        f"{o.station}: persistence is issued; the model, worse than it of late, expects "
        f"{STAGE_WORDS[told[o.station].stage]['en']} from {str(told[o.station].stage_time)[:16]}Z"
        for o in outlooks
        if o.station in run.fallback and told[o.station].stage > max(o.stage, 0)
    ]
