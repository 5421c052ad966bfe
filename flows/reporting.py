"""Where the situation report of a network's newest run lies; one not published is drawn first."""

from pathlib import Path

import orjson

from data.errors import MulgilError, NothingThere
from flows import manifest
from flows.folders import Folders
from flows.manifest import Manifest
from forecast.outlook import Language
from maps import situation
from maps.page import ending
from maps.plain import file_name, plain_view
from maps.release import fresh
from maps.shared_files import shared


def folder(network: str, folders: Folders, scratch: Path) -> Path:
    """Return the folder that holds the report of the newest run.

    Args:
        scratch: Where a report is drawn that is not published.

    Raises:
        NothingThere: No forecast of the network was ever issued.
    """
    run = newest(network, folders)
    published = (folders.site / "current").resolve()
    there = published / file_name(network)
    if told_of(there) == run.run_id:
        return there
    return draw(run, folders, published, scratch)


def file(folder: Path, language: Language, form: str) -> Path:
    """Return a file of a report.

    Args:
        form: `md`, `html`, or `json`, which holds both languages.
    """
    return folder / f"{situation.NAME}{'' if form == 'json' else ending(language)}.{form}"


def newest(network: str, folders: Folders) -> Manifest:
    """Return the run with the newest issue time that has issued a forecast.

    Raises:
        NothingThere: There is none.
    """
    found = (folders.home / "runs").glob(f"{network}-*.json")
    for path in sorted(found, key=lambda path: path.name, reverse=True):
        try:
            run = manifest.load(path)
        except MulgilError:
            continue  # cut off by a crash, or of another program: it issued nothing
        if run.network == network and run.forecast:
            return run
    raise NothingThere(
        f"No forecast of '{network}' has been issued yet.", f"Run: mulgil forecast {network}"
    )


def told_of(folder: Path) -> str:
    """Return the run whose report lies in a folder of the site; "" if none can be read."""
    try:
        return str(orjson.loads((folder / f"{situation.NAME}.json").read_bytes())["run_id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def draw(run: Manifest, folders: Folders, published: Path, scratch: Path) -> Path:
    """Draw the report of a run into a folder of its own, compared with what is published."""
    from flows import publishing

    view = plain_view(publishing.view(run, folders))
    draft = fresh(scratch) / file_name(run.network)
    situation.write(view, draft, shared(scratch, []), published if published.is_dir() else None)
    return draft.folder
