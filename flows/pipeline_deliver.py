"""The outbox emptied: each delivery that is due is sent and marked by itself; none holds back another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from flows.alerts.deliver import Failure as Undelivered
from flows.alerts.deliver import deliver as deliver_due
from flows.alerts.schedule import Limits
from flows.pipeline_desk import Desk
from flows.pipeline_notices import tell_of_feeds
from flows.pipeline_summary import Delivered, Failure


@asynccontextmanager
async def delivering_anyway(desk: Desk, deliver: Callable[[Desk], Awaitable[Delivered]]) -> AsyncIterator[None]:
    """Steps that a bug may end: it ends the run, but only after what already waits in the outbox is sent."""
    try:
        yield
    except Exception:  # a bug of any kind: it is raised again
        await deliver(desk)
        raise


async def deliver(desk: Desk) -> Delivered:
    """Send what is due now, then tell of feeds that ail, in a thread; what fails waits for a later cycle."""
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
    told = [(f, Failure(f.channel, _words(f))) for f in report.failures]
    alerts = Delivered(report.sent, tuple(t for _, t in told), tuple(t for f, t in told if f.given_up))
    return alerts + tell_of_feeds(desk)


def _words(failed: Undelivered) -> str:
    """Why, and that nothing more will be tried, where it is so."""
    if not failed.given_up:
        return failed.error
    return f"{failed.error} ; alerte {failed.alert} abandonnée, « vigie alerts retry » la reprend"
