"""The outbox emptied: each delivery that is due is sent and marked by itself; none holds back another."""

import asyncio

from flows.alerts.deliver import deliver as deliver_due
from flows.alerts.schedule import Limits
from flows.pipeline_desk import Desk
from flows.pipeline_summary import Delivered, Failure


async def deliver(desk: Desk) -> Delivered:
    """Send what is due now, beside the event loop; what fails waits for a later cycle."""
    return await asyncio.to_thread(_deliver, desk)


def _deliver(desk: Desk) -> Delivered:
    settings, asked = desk.settings, desk.settings.delivery
    report = deliver_due(
        desk.store,
        desk.sender,
        settings.alert_rules(),
        clock=desk.clock,
        worker=desk.worker,
        limits=Limits(asked.timeout, asked.first_wait, asked.longest_wait, asked.give_up_after),
        zone=settings.zone,
    )
    desk.progress("envois", report.sent, report.sent + len(report.failures))
    return Delivered(report.sent, tuple(Failure(f.channel, f.error) for f in report.failures))
