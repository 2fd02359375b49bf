"""The outbox emptied: each delivery that is due is sent and marked by itself; none holds back another."""

import asyncio
import os

from flows.alerts.deliver import deliver as deliver_due
from flows.alerts.schedule import Limits
from flows.alerts.send import Sender
from flows.pipeline_desk import Desk, configuration_folder
from flows.pipeline_summary import Delivered, Failure
from flows.settings import Settings


def sender_of(settings: Settings) -> Sender:
    """The sender of the configured channels; what is wrong with one is told when it is used."""
    timeout = settings.delivery.timeout
    return Sender.of(settings.channels, os.environ, configuration_folder(), timeout=timeout)


async def deliver(desk: Desk) -> Delivered:
    """Send what is due now, beside the event loop; what fails waits for a later cycle."""
    return await asyncio.to_thread(_deliver, desk)


def _deliver(desk: Desk) -> Delivered:
    settings, asked = desk.settings, desk.settings.delivery
    report = deliver_due(
        desk.store,
        sender_of(settings),
        settings.alert_rules(),
        clock=desk.clock,
        worker=desk.worker,
        limits=Limits(asked.timeout, asked.first_wait, asked.longest_wait, asked.give_up_after),
        zone=settings.zone,
    )
    desk.progress("envois", report.sent, report.sent + len(report.failures))
    return Delivered(report.sent, tuple(Failure(f.channel, f.error) for f in report.failures))
