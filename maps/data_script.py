"""A data file of the site: a script that hands one value to the page.

A page that is opened from a folder may load scripts, but no JSON; so all data are scripts, for
every reader, and the site's policy needs no exception. A file's name changes with its content: a
browser may keep it for ever, and a page never meets numbers of another run.
"""

from hashlib import sha256
from typing import Any

from maps.page import json_text
from maps.release import Draft


def script(name: str, value: Any) -> str:
    """Return the script that hands `value` to whoever asked `Mulgil.load(name)`.

    Args:
        value: Lists, numbers, texts and None; an object only with keys of our own.
    """
    return f"Mulgil.put({json_text(name)},{json_text(value)});\n"


def write(draft: Draft, name: str, value: Any) -> str:
    """Write a data file below the network's folder; return its path below that folder."""
    content = script(name, value).encode("utf-8", "replace")
    path = f"data/{name}.{sha256(content).hexdigest()[:10]}.js"
    draft.put(path, content)
    return path
