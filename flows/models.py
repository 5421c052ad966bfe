"""The models of a network: every one that was trained is kept with its card; one of them serves.

<network>/models/<model id>.pt     the checkpoint
<network>/models/<model id>.json   its card: what it learnt from, and what validation said
<network>/model.pt                 the one that serves, a copy
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.errors import MulgilError, NothingThere
from data.network import Network
from flows.folders import Folders
from forecast import checkpoint
from forecast.checkpoint import Checkpoint

TOLERANCE = 0.005  # of mean persistence skill: less is chance of the seed


@dataclass(frozen=True)
class Card:
    """What is known of a model that was trained.

    Attributes:
        told: The card as it is kept: model, network, stations, seed, trained_on, trained_at, leads
            and validation_skill (persistence skill at each of them, mean over the gauges).
        serves: Whether it is the one in service.
    """

    told: dict[str, Any]
    serves: bool

    @property
    def model(self) -> str:
        """Its id."""
        return str(self.told["model"])

    @property
    def skill(self) -> float:
        """Its mean validation skill over the leads."""
        told = list(self.told["validation_skill"])
        return float(sum(told) / len(told))


def keep(folders: Folders, model: Checkpoint) -> Path:
    """Keep a model and its card; return its checkpoint."""
    path = _folder(folders, model.network) / f"{model.model_id}.pt"
    checkpoint.save(path, model)
    text = json.dumps(_told(model), indent=1, ensure_ascii=False) + "\n"
    path.with_suffix(".json").write_text(text, encoding="utf-8")
    return path


def promote(folders: Folders, network: Network, model_id: str) -> Path:
    """Put a model that was kept in service, whole or not at all; also the way back.

    Raises:
        NothingThere: There is no such model.
        CheckpointMismatch: It was trained for another network.
    """
    kept = _folder(folders, network.name) / f"{model_id}.pt"
    if not kept.exists():
        known = ", ".join(card.model for card in cards(folders, network)) or "none"
        raise NothingThere(f"'{network.name}' has no model '{model_id}'.", f"Known: {known}.")
    path = folders.checkpoint(network.name)
    checkpoint.save(path, checkpoint.load(kept, network))
    return path


def cards(folders: Folders, network: Network) -> list[Card]:
    """Return the cards of all models that were kept, the newest first."""
    serving = serves(folders, network)
    files = sorted(_folder(folders, network.name).glob("*.json"))
    found = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    newest = sorted(found, key=lambda told: str(told["trained_at"]), reverse=True)
    now = serving.model_id if serving else ""
    return [Card(told, told["model"] == now) for told in newest]


def serves(folders: Folders, network: Network) -> Checkpoint | None:
    """Return the model in service; None where there is none that fits."""
    try:
        return checkpoint.load(folders.checkpoint(network.name), network)
    except MulgilError:
        return None


def require_no_worse(new: Checkpoint, serving: Checkpoint | None) -> None:
    """Let a new model pass that validation finds no worse than the one in service.

    Raises:
        MulgilError: It is worse.
    """
    if serving is None:
        return
    ours, theirs = (skill(each) for each in (new, serving))
    if ours < theirs - TOLERANCE:
        raise MulgilError(
            f"The new model {new.model_id} has a validation skill of {ours:.3f}, the one in "
            f"service, {serving.model_id}, of {theirs:.3f}: it is kept and does not serve.",
            f"To let it serve: mulgil models {new.network} --promote {new.model_id}",
        )


def skill(model: Checkpoint) -> float:
    """Return the mean persistence skill over the leads, in the validation years."""
    return sum(model.scores.values()) / max(len(model.scores), 1)


def _folder(folders: Folders, network: str) -> Path:
    return folders.network(network) / "models"


def _told(model: Checkpoint) -> dict[str, Any]:
    return {
        "model": model.model_id,
        "network": model.network,
        "stations": list(model.stations),
        "quantity": model.quantity.value,
        "seed": model.seed,
        "trained_on": list(model.period),
        "trained_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "members": ["lstm"] if model.companion is None else ["lstm", "ridge", "trees"],
        "leads": list(range(1, model.horizon + 1)),
        "validation_skill": [
            model.scores[f"validation_skill_{n}"] for n in range(1, model.horizon + 1)
        ],
    }
