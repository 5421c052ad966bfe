"""What Prefect shows of a cycle: a state by its own name, and who is told when a run dies."""

import logging
from datetime import datetime
from typing import Any, Literal

import numpy as np
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed

from data.errors import MulgilError
from flows import telling
from flows.cycle import Cycle
from flows.settings import read
from flows.times import to_utc

NAMES = {
    "degraded": "CompletedWithGaps",
    "superseded": "Superseded",
    "overlapped": "Overlapped",
}
_LOG = logging.getLogger("mulgil.flows")


def of(cycle: Cycle) -> Any:
    """Return the state of the flow that ran a cycle; its result is the site's folder."""
    if cycle.state == "failed":
        return Failed(message=cycle.told)
    name = NAMES.get(cycle.state, "Completed")
    return Completed(name=name, message=cycle.told, data=str(cycle.release or cycle.run or ""))


def overlapped(what: str) -> Any:
    """Return the state of a run that found another one at work."""
    return Completed(name="Overlapped", message=f"{what} is already running.", data="")


def due() -> np.datetime64 | None:
    """Return when a schedule wanted this run, UTC; None for a run that a person started."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or not run.auto_scheduled or run.expected_start_time is None:
        return None
    moment = datetime.fromisoformat(run.expected_start_time.isoformat())
    return np.datetime64(to_utc(moment), "ns")


def who() -> str:
    """Return who started this run, for its manifest."""
    return "schedule" if due() is not None else read().triggered_by


def crashed(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell that the process of a run died; Prefect calls it with exactly these names."""
    _tell("crashed", flow, flow_run, state)


def failed(flow: Any, flow_run: Any, state: Any) -> None:
    """Tell that a run failed; cycles tell it themselves."""
    _tell("failed", flow, flow_run, state)


def _tell(kind: Literal["crashed", "failed"], flow: Any, flow_run: Any, state: Any) -> None:
    """Send one event; whatever is wrong with it, the runner goes on."""
    network = str((flow_run.parameters or {}).get("network", ""))
    said = f"{flow.name} {flow_run.name}: {state.message or state.name}"
    try:
        telling.tell(kind, network, f"{flow.name} {kind}", said, read())
    except MulgilError:
        _LOG.exception("nobody was told of %s", said)
