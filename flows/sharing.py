"""Put a shared model in service: a large simulated network takes that of the known points."""

from pathlib import Path

from data.network import Network
from data.sources import simulated_korea, simulated_record
from flows import pulling
from flows.folders import Folders
from forecast import checkpoint
from forecast.sharing import share


def is_shared(network: Network) -> bool:
    """Whether a network has no record long enough to be trained, and takes over another's model."""
    what = simulated_korea.asked(network.name)
    return what is not None and what.count > simulated_record.LONG


def teacher(name: str) -> str:
    """Return the network whose model a large simulated one takes over: the known points."""
    what = simulated_korea.asked(name)
    return f"{simulated_korea.NAME}-kma" if what is not None and what.kma else simulated_korea.NAME


def take_over(name: str, folders: Folders) -> Path:
    """Let the model of the known points serve a large simulated network; return its checkpoint.

    Raises:
        NothingThere: That model was not trained yet.
        CheckpointMismatch: It does not fit.
    """
    network = pulling.find(name, folders)
    known = pulling.find(teacher(name), folders)
    theirs = checkpoint.load(folders.checkpoint(known.name), known)
    path = folders.checkpoint(name)
    checkpoint.save(path, share(theirs, network, simulated_record.sample(network)))
    return path
