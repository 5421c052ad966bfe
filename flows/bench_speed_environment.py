"""A throw-away environment with NeuralHydrology in it; our own is not touched.

It sees our packages (torch above all, so that both use the same and no other one is fetched) and
adds what NeuralHydrology needs beside them.
"""

import subprocess
import sys
import sysconfig
from importlib.metadata import distributions
from pathlib import Path

from data.errors import MulgilError

RIVAL = "neuralhydrology==1.13.0"
_MOST = 600  # s
_REMEDY = "It needs the package index; all else is measured without it."


def make(folder: Path) -> Path:
    """Make the environment and return its Python.

    Raises:
        MulgilError: It could not be made, or NeuralHydrology could not be installed.
    """
    _run([sys.executable, "-m", "venv", str(folder)])
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    packages = _run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    ours = sysconfig.get_path("purelib")
    (Path(packages.strip()) / "ours.pth").write_text(f"{ours}\n", encoding="utf-8")
    as_here = folder / "as_here.txt"
    as_here.write_text(constraints(), encoding="utf-8")
    install = ["-m", "pip", "install", "--quiet", "--constraint", str(as_here), RIVAL]
    _run([str(python), *install])
    return python


def constraints() -> str:
    """Return all of our packages as they are: none of them may be replaced."""
    found = {d.metadata["Name"]: d.version for d in distributions()}
    return "".join(f"{name}=={version}\n" for name, version in found.items() if name != "mulgil")


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603  # our own words only
            command, check=True, capture_output=True, text=True, timeout=_MOST
        )
    except (subprocess.SubprocessError, OSError) as e:
        told = str(getattr(e, "stderr", "") or e).strip().splitlines()[-1]
        raise MulgilError(f"{RIVAL} could not be installed: {told}", _REMEDY) from e
    return done.stdout
