"""What alerting has of Prefect: addresses in Secret blocks, and the event of a delivery that was given up."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from flows.alerts.addresses import reveal
from flows.alerts.send import Sender
from flows.pipeline_summary import Cycle, Delivered, Failure
from flows.settings import Channel
from models.errors import ConfigurationError, DeliveryError
from models.events import Message

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]


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
