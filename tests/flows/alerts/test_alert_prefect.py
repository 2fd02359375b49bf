"""What alerting has of Prefect: addresses in Secret blocks, and the event of a delivery that was given up."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from flows.alerts.addresses import reveal
from flows.alerts.send import Sender
from flows.pipeline_summary import Cycle, Delivered, Failure
from flows.settings import Channel
from models.errors import ConfigurationError, DeliveryError
from models.events import Message
from models.records import Feed
from models.store import Store
from models.vocabulary import DeliveryState

if TYPE_CHECKING:
    from tests.flows.conftest import Newsroom

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.usefixtures("prefect"),
    # Prefect leaves connections of its own to the garbage collector, which says so.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def secret(sink: Any) -> str:
    """A channel's address in a Secret block; the block's name."""
    from prefect.blocks.system import Secret

    Secret(value=f"vigie+{sink.url}/JetonSecret").save("canal-essai", overwrite=True)
    return "canal-essai"


def test_an_address_is_found_in_a_secret_block(secret: str, sink: Any, tmp_path: Path) -> None:
    channel = Channel.model_validate({"url": f"prefect-secret:{secret}"})
    sender = Sender.of({"web": channel}, {}, tmp_path)
    assert sender.problems == {}
    sender.send(Message("m1", "Essai", "Un essai."), "web")
    ((path, _, _),) = sink.received
    assert path == "/JetonSecret"
    assert "JetonSecret" not in repr(sender) + repr(channel)


@pytest.mark.asyncio
async def test_it_is_found_inside_an_event_loop_too(secret: str, sink: Any, tmp_path: Path) -> None:
    found = reveal(SecretStr(f"prefect-secret:{secret}"), {}, tmp_path)
    assert found == f"vigie+{sink.url}/JetonSecret"


def test_a_block_that_is_not_there_stops_its_channel_only(secret: str, sink: Any, tmp_path: Path) -> None:
    reference = SecretStr("prefect-secret:absent")
    with pytest.raises(ConfigurationError, match="bloc Secret « absent »"):
        reveal(reference, {}, tmp_path)
    urls = {"bon": f"prefect-secret:{secret}", "perdu": "prefect-secret:absent"}
    sender = Sender.of({n: Channel.model_validate({"url": u}) for n, u in urls.items()}, {}, tmp_path)
    sender.send(Message("m1", "Essai", "Un essai."), "bon")
    assert len(sink.received) == 1
    with pytest.raises(DeliveryError, match="canal « perdu » : le bloc Secret « absent »"):
        sender.send(Message("m1", "Essai", "Un essai."), "perdu")


def test_a_delivery_that_was_given_up_is_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import signals

    emitted: list[dict[str, Any]] = []
    monkeypatch.setattr(signals, "emit_event", lambda event, **more: emitted.append({"event": event, **more}))
    lost, late = Failure("panne", "réponse 410 ; abandonnée"), Failure("lent", "pas de réponse en 20 s")
    signals.emit(Cycle(delivered=Delivered(failures=(lost, late), given_up=(lost,))))
    assert [e["event"] for e in emitted] == ["vigie.delivery.failed"] * 2
    assert [e["resource"]["prefect.resource.id"] for e in emitted] == ["vigie.channel.panne", "vigie.channel.lent"]
    assert [e["resource"]["vigie.given-up"] for e in emitted] == ["true", "false"]


async def artifacts_of(run: Any) -> dict[str, str]:
    """What a run published, by key."""
    from prefect import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    async with get_client() as client:
        mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
        return {str(a.key): str(a.data) for a in await client.read_artifacts(artifact_filter=mine)}


@pytest.mark.slow
def test_what_was_given_up_is_told_by_whichever_flow_gave_it_up(
    newsroom: "Newsroom", config: Path, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import signals
    from flows.deliver import deliver_alerts
    from flows.digest import send_digests
    from flows.watch import watch_feeds

    emitted: list[dict[str, Any]] = []
    monkeypatch.setattr(signals, "emit_event", lambda event, **more: emitted.append({"event": event, **more}))
    monkeypatch.setenv("VIGIE_CONFIG", str(config))
    written = config.read_text("utf-8").replace("json://", "vigie+http://127.0.0.1:9/JetonSecret?")
    config.write_text(f'{written}[delivery]\ngive_up_after = "0s"\n', encoding="utf-8")
    with Store.open(f"sqlite:///{config.parent / 'vigie.db'}") as store:
        store.add_feeds([Feed(url=f"{newsroom.base}/alpha/feed", publisher="alpha")])
        for flow, key in ((watch_feeds, "events"), (deliver_alerts, "deliveries"), (send_digests, "deliveries")):
            emitted.clear()
            due: Any = flow
            state = asyncio.run(due(return_state=True))
            assert state.name == "CompletedWithErrors"
            failed = [e for e in emitted if e["event"] == "vigie.delivery.failed"]
            assert [e["resource"]["vigie.given-up"] for e in failed] == ["true"]
            shown = asyncio.run(artifacts_of(state.state_details.flow_run_id))[f"vigie-{key}"]
            assert "abandonnée" in shown
            assert "JetonSecret" not in shown + str(emitted)
            (delivery,) = store.deliveries()
            assert delivery.state is DeliveryState.GIVEN_UP
            assert store.retry([delivery.id or 0], now) == 1
