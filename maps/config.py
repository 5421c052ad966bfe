"""What a page tells its scripts, in one block of JSON: `<script id="config">`."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from data.stations import Stage
from forecast.outlook import Language
from maps.listing import labels
from maps.now_data import leads
from maps.now_words import SCRIPT
from maps.view import View
from maps.words import UNIT, stage_word

MINUTE = np.timedelta64(1, "m")


def config(
    view: View, language: Language, up: str, files: Mapping[str, str], data: str
) -> dict[str, Any]:
    """Return the block of a page of a network.

    Args:
        up: The way from the page to the network's folder, `""` or `"../"`.
        files: From the name of a data file to its path below that folder.
        data: The folder of the gauges' own files (`maps.shards`), below that folder.
    """
    told = labels(view, language)
    return {
        "lang": language,
        "folder": up,
        "files": dict(files),
        "data": data,
        "zone": view.zone.key,
        "issue": told["issue_time"],
        "next": told["next"],
        "step": int(view.network.step / MINUTE),
        "horizon": view.network.horizon,
        "leads": leads(view.network),
        "quantity": view.network.quantity.value,
        "unit": UNIT[view.network.quantity],
        "stages": {str(int(stage)): stage_word(stage, language) for stage in Stage},
        "words": {key: said[language] for key, said in SCRIPT.items()},
    }
