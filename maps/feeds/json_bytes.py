"""JSON as bytes: compact, in which no text can be taken for HTML; arrays of numbers as they are."""

from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np
import orjson

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def json_bytes(value: Any) -> bytes:
    """Return JSON, without a line's end; NaN is null: what is missing is never a number.

    Args:
        value: Lists, texts, numbers, None, dataclasses, objects by name, arrays.
    """
    try:
        text = orjson.dumps(value, _listed, _OPTIONS)
    except orjson.JSONEncodeError:  # half of a surrogate pair, which no UTF-8 can hold
        text = orjson.dumps(_whole(value), _listed, _OPTIONS)
    return text.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")


def _listed(value: Any) -> Any:
    """Return a list for an array that does not lie in one piece, as a column of a table."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def _whole(value: Any) -> Any:
    """Return a value whose texts are UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if is_dataclass(value) and not isinstance(value, type):
        return _whole(asdict(value))
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list | tuple) else value
