"""Files of tensors and plain containers, written whole or not at all and known to be undamaged.

A zip of torch, and behind it a seal: the SHA-256 of all that stands before. Torch does not look
whether a bit has flipped, and LightGBM ends the whole process over a damaged tree.
"""

import io
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch

_MARK = b"MULGIL\x00\x01"
_LONG = len(_MARK) + sha256().digest_size


class Damaged(ValueError):
    """A file is not what was written, or was never sealed."""


def write(path: Path, plain: dict[str, Any]) -> None:
    """Write tensors and plain containers to one file, whole or not at all.

    Raises:
        OSError: The disk is full, or the folder cannot be written.
    """
    content = io.BytesIO()
    torch.save(plain, content)
    body = content.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(body + _MARK + sha256(body).digest())
    unfinished.replace(path)


def read(path: Path) -> Any:
    """Return what was written.

    Raises:
        Damaged: A bit is not as it was, or it is no file of ours.
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    body, seal = content[:-_LONG], content[-_LONG:]
    if seal != _MARK + sha256(body).digest():
        raise Damaged(f"'{path}' is damaged, cut off, or no file of Mulgil.")
    return torch.load(io.BytesIO(body), weights_only=True)
