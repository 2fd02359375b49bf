"""The outbox emptied: each delivery that is due is sent and marked by itself; none holds back another."""

import asyncio
import os
from pathlib import Path

from flows.alerts.deliver import DeliveryReport
from flows.alerts.deliver import deliver as deliver_due
from flows.alerts.send import Sender
from flows.pipeline_desk import Desk
from flows.pipeline_summary import Delivered, Failure
from flows.settings import Settings


def sender_of(settings: Settings) -> Sender:
    """The sender of the configured channels; their secrets are read now. Raises ConfigurationError."""
    return Sender.of(settings.channels, os.environ, Path.cwd())


async def deliver(desk: Desk) -> Delivered:
    """Send what is due now, beside the event loop; what fails waits for a later cycle."""
    return await asyncio.to_thread(_deliver, desk)


def _deliver(desk: Desk) -> Delivered:
    settings = desk.settings
    report: DeliveryReport = deliver_due(
        desk.store,
        sender_of(settings),
        settings.alert_rules(),
        clock=desk.clock,
        worker=desk.worker,
        limits=settings.delivery,
        zone=settings.zone,
    )
    return Delivered(report.sent, tuple(Failure("", str(words)) for words in report.failures))
