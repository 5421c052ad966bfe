"""Which climate pages a publication carries, and how they get into it."""

import json
import os
from pathlib import Path
from typing import Any

from flows.folders import Folders
from maps.shared_files import HEADLINE


def show(folders: Folders, atlas: Path, pages: Path) -> None:
    """Make these pages the ones that the next publication carries."""
    note = folders.climate / "shown.json"
    half = note.with_suffix(".part")
    half.write_text(json.dumps({"atlas": atlas.name, "pages": pages.name}), encoding="utf-8")
    half.replace(note)


def shown(folders: Folders) -> Path | None:
    """Return the pages that a publication carries; None before the first update."""
    note = folders.climate / "shown.json"
    if not note.exists():
        return None
    pages = folders.climate / json.loads(note.read_text(encoding="utf-8"))["pages"]
    return pages if pages.is_dir() else None


def headlines(pages: Path) -> Any:
    """Return what the front page says of the climate map, by language."""
    return json.loads((pages / HEADLINE).read_text(encoding="utf-8"))


def link(pages: Path, target: Path) -> None:
    """Put finished pages below a new release, by hard links: no copy, no second write."""
    for path in sorted(pages.rglob("*")):
        there = target / path.relative_to(pages)
        if path.is_dir():
            there.mkdir(parents=True, exist_ok=True)
        else:
            there.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, there)
