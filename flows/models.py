"""The models of a network: every one that was trained is kept with its card; one of them serves.

<network>/models/<model id>.pt     the checkpoint
<network>/models/<model id>.json   its card: what it learnt from, and what validation said
<network>/models/<model id>.md     the same for a person
<network>/model.pt                 the one that serves, a copy
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.errors import MulgilError, NothingThere
from data.network import Network
from flows import card_files, model_card
from flows.folders import Folders
from forecast import checkpoint
from forecast.checkpoint import Checkpoint
from forecast.contest import Contest


@dataclass(frozen=True)
class Card:
    """What is known of a model that was trained.

    Attributes:
        told: The card as it is kept, `flows.model_card`; one of an older version has less.
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
        """Its mean validation skill over the leads, as it was when it was made."""
        known = [value for value in self.told["validation_skill"] if value is not None]
        return float(sum(known) / len(known)) if known else float("nan")


def keep(folders: Folders, model: Checkpoint, told: dict[str, Any] | None = None) -> Path:
    """Keep a model and its card; return its checkpoint.

    Args:
        told: `flows.model_card.told`; None is what the checkpoint alone tells. When a model is
            made again, to the last bit, its promotions stay on its card.
    """
    path = _folder(folders, model.network) / f"{model.model_id}.pt"
    checkpoint.save(path, model)
    card = told or model_card.plain(model)
    if before := card_files.read(path):
        card = card | {"promotions": before.get("promotions", [])}
    card_files.write(path, card)
    return path


def promote(
    folders: Folders, network: Network, model_id: str, why: str = "", forced: bool = False
) -> Path:
    """Put a model that was kept in service, whole or not at all; also the way back.

    Args:
        why: Goes on its card, with the time.
        forced: Whether it serves although validation did not find it better.

    Raises:
        NothingThere: There is no such model.
        CheckpointMismatch: It was trained for another network.
    """
    kept = _require(folders, network, model_id)
    model = checkpoint.load(kept, network)
    before = serves(folders, network)
    if before and not _path(folders, network, before.model_id).exists():
        keep(folders, before)  # it was put there by an older version: it must not be lost
    path = folders.checkpoint(network.name)
    checkpoint.save(path, model)
    card = card_files.read(kept) or model_card.plain(model)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    promotion = {"at": at, "why": why or "chosen by hand", "forced": forced}
    card_files.write(kept, card | {"promotions": [*card.get("promotions", []), promotion]})
    return path


def predecessor(folders: Folders, network: Network) -> str:
    """Return the id of the model that served before the one that serves now.

    Raises:
        NothingThere: None did, as far as the cards tell.
    """
    history = [
        (str(each["at"]), card.model)
        for card in cards(folders, network)
        if not card.serves
        for each in card.told.get("promotions", ())
    ]
    if not history:
        raise NothingThere(
            f"No other model has served '{network.name}'.",
            f"Those that were kept: mulgil models {network.name}",
        )
    return max(history)[1]


def card(folders: Folders, network: Network, model_id: str) -> Card:
    """Return the card of one model.

    Raises:
        NothingThere: There is no such model.
    """
    kept = _require(folders, network, model_id)
    serving = serves(folders, network)
    told = card_files.read(kept) or model_card.plain(checkpoint.load(kept, network))
    return Card(told, serving is not None and serving.model_id == model_id)


def cards(folders: Folders, network: Network) -> list[Card]:
    """Return the cards of all models that were kept, the newest first."""
    serving = serves(folders, network)
    files = sorted(_folder(folders, network.name).glob("*.json"))
    found = [told for path in files if (told := card_files.read(path)) is not None]
    newest = sorted(found, key=lambda told: str(told["trained_at"]), reverse=True)
    now = serving.model_id if serving else ""
    return [Card(told, told["model"] == now) for told in newest]


def serves(folders: Folders, network: Network) -> Checkpoint | None:
    """Return the model in service; None where there is none that fits."""
    try:
        return checkpoint.load(folders.checkpoint(network.name), network)
    except MulgilError:
        return None


def require_serving(folders: Folders, network: Network) -> Checkpoint:
    """Return the model in service.

    Raises:
        NothingThere: There is none.
        CheckpointMismatch: It cannot be read, or does not fit the network.
    """
    return checkpoint.load(folders.checkpoint(network.name), network)


def require_no_worse(new: Checkpoint, contest: Contest) -> None:
    """Let a new model pass that validation finds no worse than the one in service.

    Raises:
        MulgilError: It is worse, or they cannot be compared.
    """
    if contest.won:
        return
    kept = f"The new model {new.model_id} is kept and does not serve"
    remedy = (
        f"Its card: mulgil models {new.network} --show {new.model_id}. To let it serve: "
        f"mulgil models {new.network} --promote {new.model_id} --reason TEXT"
    )
    if contest.problem:
        told = f"{kept}: it cannot be compared with {contest.model}, {contest.problem}."
    else:
        told = (
            f"{kept}: on the validation years it has a skill of {contest.new:.3f}, the one in "
            f"service, {contest.model}, of {contest.serving:.3f}."
        )
    raise MulgilError(told, remedy)


def _require(folders: Folders, network: Network, model_id: str) -> Path:
    path = _path(folders, network, model_id)
    if not path.exists():
        known = ", ".join(card.model for card in cards(folders, network)) or "none"
        raise NothingThere(f"'{network.name}' has no model '{model_id}'.", f"Known: {known}.")
    return path


def _path(folders: Folders, network: Network, model_id: str) -> Path:
    return _folder(folders, network.name) / f"{Path(model_id).name}.pt"


def _folder(folders: Folders, network: str) -> Path:
    return folders.network(network) / "models"
