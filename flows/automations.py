"""Prefect's automations that watch over the runs: zombies are ended, and silence is told.

They are made once and brought up to date at each start; their state lives in Prefect's database.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flows import flow_events
from flows.schedules import Schedule

BEAT = 30  # seconds between two signs of life of a run
WITHIN = 90  # seconds without one: its process is gone
WINDOWS = 2.5  # cadences without a forecast are silence
ZOMBIES = "mulgil: end runs whose process is gone"


def ensure(schedules: Sequence[Schedule], silence: UUID) -> None:
    """Make the automations, or bring them up to date.

    Args:
        silence: The deployment that tells silence.
    """
    from prefect.client.orchestration import get_client

    wanted = [zombies(), *(silent(each, silence) for each in schedules)]
    with get_client(sync_client=True) as client:
        for automation in wanted:
            there = client.read_automations_by_name(automation.name)
            for each in there[1:]:
                client.delete_automation(each.id)
            if there:
                client.update_automation(there[0].id, automation)
            else:
                client.create_automation(automation)


def zombies() -> Any:
    """Return the automation that lets a run crash that has shown no sign of life.

    A run that has ended says so at once, and shows no more signs; its state would be known to the
    trigger 15 minutes later only, see `flows.flow_events`.
    """
    from prefect.client.schemas.objects import StateType
    from prefect.events import AutomationCore, ChangeFlowRunState, EventTrigger, Posture

    trigger = EventTrigger(
        after={"prefect.flow-run.heartbeat"},
        expect={"prefect.flow-run.*", flow_events.ENDED},
        match={"prefect.resource.id": ["prefect.flow-run.*"]},
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=timedelta(seconds=WITHIN),
    )
    action = ChangeFlowRunState(
        name="Crashed",
        force=False,
        state=StateType.CRASHED,
        message=f"No sign of life for {WITHIN} s: the process of this run is gone.",
    )
    return AutomationCore(
        name=ZOMBIES,
        description="Without it a run whose process was killed stays Running for ever.",
        trigger=trigger,
        actions=[action],
    )


def silent(schedule: Schedule, silence: UUID) -> Any:
    """Return the dead man's switch of one network."""
    from prefect.events import AutomationCore, EventTrigger, Posture, RunDeployment

    trigger = EventTrigger(
        expect={flow_events.ISSUED},
        match={"prefect.resource.id": [flow_events.resource(schedule.network)]},
        posture=Posture.Proactive,
        threshold=1,
        within=timedelta(minutes=schedule.minutes * WINDOWS),
    )
    action = RunDeployment(
        source="selected",
        deployment_id=silence,
        parameters={"network": schedule.network},
        job_variables=None,
    )
    return AutomationCore(
        name=f"mulgil: tell when {schedule.network} is silent",
        description="No forecast was issued within two and a half cadences.",
        trigger=trigger,
        actions=[action],
    )
