"""The envelope of every answer of the Environment Agency, and values that come as lists."""

from typing import Any

from data.errors import SourceError
from data.sources import json_answer
from data.sources.asking import Answer

LIMIT = 10_000  # items asked for; 500 where nothing is said, and more are not given


def items(answer: Answer) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the items of an answer, one or many, and what looks wrong with them.

    Raises:
        SourceUnavailable: The answer breaks off.
        SourceError: It is not in the shape that this was written for.
    """
    body = json_answer.load(answer)
    found = body.get("items") if isinstance(body, dict) else None
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        raise SourceError(
            f"{answer.source}, {answer.what}: no 'items' but {json_answer.shown(body)}.",
            "The provider may have changed its answers: compare with its documentation.",
        )
    usable = [item for item in found if isinstance(item, dict)]
    complaints = [
        f"{answer.what}: an item is {json_answer.shown(item)}, expected an object."
        for item in found
        if not isinstance(item, dict)
    ]
    if len(found) >= _limit(body):
        complaints.append(f"{answer.what}: {len(found):,} items, the limit: some may lack.")
    return usable, complaints


def alone(raw: object) -> tuple[str, bool]:
    """Return a text that may come as a number or a list, and whether it was a list of several."""
    several = isinstance(raw, list)
    found = raw if isinstance(raw, list) else [raw]
    texts = [json_answer.plain(str(each)) for each in found if isinstance(each, (str, int, float))]
    return (" / ".join(dict.fromkeys(texts)), several)


def tail(raw: object) -> str:
    """Return the last part of an address, which is the id of what it stands for; "" if none."""
    address = raw.get("@id") if isinstance(raw, dict) else raw
    return json_answer.plain(address.rpartition("/")[2]) if isinstance(address, str) else ""


def _limit(body: dict[str, Any]) -> float:
    meta = body.get("meta")
    told = json_answer.number(meta.get("limit")) if isinstance(meta, dict) else 0.0
    return told if told >= 1 else float(LIMIT)
