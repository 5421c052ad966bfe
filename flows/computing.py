"""With what a forecast was computed: our code, the machine, and how torch uses it.

Numbers are the same to the bit where these are the same; where they differ, this tells why.
"""

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

ROOMS = ("data", "forecast", "maps", "flows")
_HOME = Path(__file__).resolve().parent.parent


@cache
def code() -> dict[str, str]:
    """Return the version, the commit if it is known, and the fingerprint of our source text."""
    return {"version": version("mulgil"), "commit": _commit(), "sources": _sources()}


@cache
def machine() -> dict[str, str]:
    """Return what decides over the last bits: processor, number type, threads, builds."""
    import torch

    from forecast.threads import cores, fast_dtype

    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": torch.backends.cpu.get_cpu_capability(),
        "type of fast products": str(fast_dtype()).removeprefix("torch."),
        "cores": str(cores()),
        "threads": str(torch.get_num_threads()),
        "torch": str(torch.__version__),
    }


def _sources() -> str:
    digest = sha256()
    for room in ROOMS:
        for path in sorted((_HOME / room).rglob("*.py")):
            digest.update(path.relative_to(_HOME).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _commit() -> str:
    """Return the commit that is checked out, read without git; "" outside a checkout."""
    try:
        head = (_HOME / ".git" / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head[:12]
        name = head.removeprefix("ref: ")
        loose = _HOME / ".git" / name
        if loose.exists():
            return loose.read_text(encoding="utf-8").strip()[:12]
        packed = (_HOME / ".git" / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line[:12] for line in packed if line.endswith(f" {name}")), "")
    except OSError:
        return ""
