"""What a cycle tells Prefect's automations: events with resource ids, so that a team can act on them in the UI.

    vigie.event.new · vigie.event.confirmed · vigie.event.changed    resource vigie.event.<id>
    vigie.feed.silent                                                 resource vigie.feed.<hash of its address>
    vigie.delivery.failed                                             resource vigie.channel.<name>; its label
                                                                      vigie.given-up is true on the last try

Payloads hold what an alert would say, never a channel's address.
"""

from prefect.events import emit_event

from flows.pipeline_summary import Cycle
from models.events import Resolution
from models.identity import digest
from models.vocabulary import Health, News

_SILENT = {Health.UNREACHABLE, Health.BROKEN, Health.REFUSED, Health.GONE, Health.NOT_A_FEED, Health.EMPTY}


def emit(cycle: Cycle) -> None:
    """Emit the events of a cycle; without an API they go nowhere."""
    for resolution in cycle.telling.resolutions:
        if resolution.news is not None:
            _emit_event(resolution)
    for result in cycle.polled.results:
        if result.fetched.error and (result.fetched.health in _SILENT or result.feed.failures):
            emit_event(
                "vigie.feed.silent",
                resource=_resource(f"vigie.feed.{digest(result.feed.url)}", result.feed.name),
                payload={
                    "url": result.feed.url,
                    "error": result.fetched.error,
                    "failures": result.feed.failures + 1,
                },
            )
    for failure in cycle.delivered.failures:
        emit_event(
            "vigie.delivery.failed",
            resource={
                **_resource(f"vigie.channel.{failure.what}", failure.what),
                "vigie.given-up": str(failure in cycle.delivered.given_up).lower(),
            },
            payload={"error": failure.words},
        )


def name_of(news: News) -> str:
    """The event's name for what a mention adds."""
    known = {News.NEW: "vigie.event.new", News.CONFIRMED: "vigie.event.confirmed"}
    return known.get(news, "vigie.event.changed")


def _emit_event(resolution: Resolution) -> None:
    event, news = resolution.event, resolution.news
    if news is None:
        return
    company = event.get("company")
    emit_event(
        name_of(news),
        resource={
            **_resource(f"vigie.event.{event.id}", str(event.get("person") or company or event.id)),
            "vigie.kind": event.kind.value,
            "vigie.life": event.life.value,
            "vigie.salience": event.salience.value,
        },
        payload={
            "news": news.value,
            "company": company,
            "person": event.get("person"),
            "headcount": event.get("headcount"),
            "outlets": list(event.outlets),
            "url": resolution.mention.provenance.url,
        },
    )


def _resource(key: str, name: str) -> dict[str, str]:
    return {"prefect.resource.id": key, "prefect.resource.name": name[:200]}
