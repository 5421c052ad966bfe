"""Events of our own, which Prefect's automations see at once.

The events of a scheduled run's states reach its triggers 15 minutes late (Prefect 3.8.8): each
follows the one before, and the first of them, `Scheduled`, is never sent for a run that a schedule
made. Ours follow none.
"""

from typing import Any

ISSUED = "mulgil.forecast.issued"
ENDED = "mulgil.run.ended"


def resource(network: str) -> str:
    """Return what a network is called in events."""
    return f"mulgil.network.{network}"


def issued(network: str) -> None:
    """Say that a network's forecast is out."""
    from prefect.events import emit_event  # Prefect reads its settings at import

    emit_event(ISSUED, resource={"prefect.resource.id": resource(network)})


def ended(flow: Any, flow_run: Any, state: Any) -> None:
    """Say that a run has come to its end; Prefect calls it with exactly these names."""
    from prefect.events import emit_event

    name = f"prefect.flow-run.{flow_run.id}"
    emit_event(ENDED, resource={"prefect.resource.id": name}, payload={"state": state.name})
