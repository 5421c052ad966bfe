"""Which networks there are: those that are built in, and those that have a folder of their own."""

from data import networks
from data.errors import MulgilError
from flows.folders import Folders
from flows.pulling import find


def there(folders: Folders) -> list[str]:
    """Return the names of the networks that are known or have a folder with something in it."""
    known = networks.names()
    if not folders.home.is_dir():
        return known
    found = [path.name for path in sorted(folders.home.iterdir()) if path.is_dir()]
    return [*known, *(name for name in found if name not in known and _is_one(name, folders))]


def _is_one(name: str, folders: Folders) -> bool:
    try:
        return find(name, folders).name == name
    except MulgilError:
        return False
