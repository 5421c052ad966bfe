"""The two files of a model's card: JSON for machines, Markdown for persons."""

import json
import os
from pathlib import Path
from typing import Any

from flows.model_card_text import markdown

_LEAST = {"model", "trained_at", "trained_on", "seed", "validation_skill"}


def read(checkpoint: Path) -> dict[str, Any] | None:
    """Return the card beside a checkpoint; None where there is none, or a broken one."""
    try:
        told = json.loads(checkpoint.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and set(told) >= _LEAST else None


def write(checkpoint: Path, card: dict[str, Any]) -> None:
    """Write a card beside its checkpoint, in both forms, each whole or not at all."""
    text = json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    for suffix, content in ((".json", text), (".md", markdown(card))):
        half = checkpoint.with_suffix(f"{suffix}.{os.getpid()}")
        half.write_text(content, encoding="utf-8")
        half.replace(checkpoint.with_suffix(suffix))
