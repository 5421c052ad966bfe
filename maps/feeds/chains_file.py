"""The file that keeps chains of alert messages from one release to the next."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson

from data.errors import InvalidData
from data.stations import Stage
from maps.feeds.chains import Chain, State
from maps.feeds.json_bytes import json_bytes
from maps.feeds.label import notices
from maps.feeds.message import from_json
from maps.feeds.names import iso
from maps.feeds.warnings import Standing
from maps.view import View

FORMAT = 1


def to_json_bytes(state: State, view: View) -> bytes:
    """Return a state as its file holds it."""
    chains = {
        gauge: {
            "number": chain.number,
            "opened": chain.opened,
            "standing": _standing_json(chain.standing),
            "messages": chain.messages,
        }
        for gauge, chain in sorted(state.chains.items())
    }
    head = {"format": FORMAT, "label": state.label, "notice": notices(view)}
    return json_bytes(head | {"issue_time": iso(state.issue_time), "chains": chains}) + b"\n"


def _standing_json(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {
        "stage": int(standing.stage),
        "observed": standing.observed,
        "told": iso(standing.told),
        "calm": [int(stage) for stage in standing.calm],
        "lost_since": None if standing.lost_since is None else iso(standing.lost_since),
    }


def read(path: Path) -> State | None:
    """Return the state that a release left; None where it left none.

    Raises:
        InvalidData: The file is not one of ours, or broken. To go on without it would end every
            alert in force without a word.
    """
    if not path.is_file():
        return None
    try:
        kept = orjson.loads(path.read_bytes())
        if kept["format"] != FORMAT:
            raise InvalidData(
                f"'{path}' has the format {kept['format']}, expected {FORMAT}.", "Remove it."
            )
        chains = {gauge: _chain(given) for gauge, given in kept["chains"].items()}
        return State(kept["label"], _time(kept["issue_time"]), chains)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidData(
            f"'{path}' cannot be read as the state of alerts: {error!r}.",
            "Bring back an older one, or remove it: then every alert begins anew.",
        ) from error


def _chain(kept: dict[str, Any]) -> Chain:
    given = kept["standing"]
    standing = given and Standing(
        Stage(given["stage"]),
        given["observed"],
        _time(given["told"]),
        tuple(Stage(stage) for stage in given["calm"]),
        given["lost_since"] and _time(given["lost_since"]),
    )
    messages = tuple(from_json(message) for message in kept["messages"])
    return Chain(kept["number"], standing, kept["opened"], messages)


def _time(text: str) -> np.datetime64:
    return np.datetime64(text.rstrip("Z"), "ns")
