"""JSON as Apache Jena spaces it: `"k" : v ,` and a blank after each opening brace."""

import json
from typing import Any


def dumps(value: Any, depth: int = 0) -> str:
    """Return a value as text; its lines below the first are indented by `depth`."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict) and value:
        pairs = (f"{json.dumps(k)} : {dumps(v, depth + 1)}" for k, v in value.items())
        return "{ \n" + inner + f" ,\n{inner}".join(pairs) + f"\n{outer}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        rows = (dumps(each, depth + 1) for each in value)
        return f"[\n{inner}" + f" ,\n{inner}".join(rows) + f"\n{outer}]"
    if isinstance(value, list):
        return "[ " + ", ".join(json.dumps(each, ensure_ascii=False) for each in value) + " ]"
    return json.dumps(value, ensure_ascii=False)
