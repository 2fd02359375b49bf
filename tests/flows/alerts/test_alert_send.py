"""Messages to real local receivers: a webhook, Slack's shape, an SMTP server; and what goes wrong with them."""

import hashlib
import hmac
import io
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.alerts.answers import waiting
from flows.alerts.render import Look, message
from flows.alerts.render_digest import digest_message
from flows.alerts.send import Sender
from flows.alerts.services import NotifySlack
from flows.alerts.story import Reference
from flows.alerts.targets import targets_of
from flows.alerts.webhook import body_of, signature
from flows.settings import Channel
from models.errors import ConfigurationError, DeliveryError
from models.events import Alternative, Change, Chosen
from models.vocabulary import Kind, News

SECOND = timedelta(seconds=1)


def sender(timeout: timedelta = 60 * SECOND, **urls: str) -> Sender:
    channels = {name: Channel.model_validate({"url": url}) for name, url in urls.items()}
    return Sender.of(channels, {}, timeout=timeout)


def test_apprise_json_webhook_gets_french_text(make: Any, sink: Any) -> None:
    mine = sender(equipe=f"json://127.0.0.1:{sink.port}/vigie")
    mine.send(message(make.alert(), mine.look("equipe")), "equipe")
    (body,) = sink.bodies
    assert body["title"] == "Lumen supprime 500\u00a0postes"
    assert "500\u00a0postes supprimés, soit 13\u202f% des effectifs" in body["message"]
    assert "https://echo.example/un" in body["message"]


def test_signed_webhook(make: Any, sink: Any) -> None:
    channel = Channel.model_validate({"url": f"vigie+{sink.url}/recu?jeton=1", "secret": "env:CLE"})
    mine = Sender.of({"api": channel}, {"CLE": "clé secrète"})
    mine.send(message(make.alert(), mine.look("api")), "api")
    ((path, headers, body),) = sink.received
    assert path == "/recu?jeton=1"
    seconds = headers["x-vigie-signature"].split(",")[0].removeprefix("t=")
    expected = hmac.new("clé secrète".encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["x-vigie-signature"] == f"t={seconds},v1={expected}"
    assert headers["idempotency-key"] == "a1"
    data = json.loads(body)
    assert (data["version"], data["type"], data["id"], data["news"]) == (1, "alert", "a1", "new")
    assert data["event"]["values"]["headcount"] == 500
    assert data["event"]["sources"][0]["url"] == "https://echo.example/un"


def test_every_key_of_the_webhook_is_documented(make: Any, now: datetime) -> None:
    page = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text(encoding="utf-8")
    schema = page.split("## The signed webhook")[1].split("## How they look")[0]
    figure = Chosen(500, "r", (), (Alternative(400, (), ("Le Fil",)),))
    change = Change("evt1", News.FIGURE, "", "headcount", 400, 500)
    alert = make.alert(make.event(headcount=figure), News.FIGURE, change=change)
    bodies = [
        json.loads(body_of(message(alert, Look.WEBHOOK, quote="oui"))),
        json.loads(body_of(digest_message([alert], Look.WEBHOOK, "bilan", now=now))),
    ]
    found: set[str] = set()

    def walk(node: Any) -> None:
        for key, value in node.items():
            found.add(key)
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and key != "values":  # those are the fields of docs/schema.md
                    walk(one)

    for body in bodies:
        walk(body)
    assert {"conflicts", "outlets", "sources", "published", "alerts", "change"} <= found
    assert sorted(k for k in found - {"headcount"} if f"`{k}`" not in schema) == []


def test_signature_is_checked_as_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text(encoding="utf-8")
    scope: dict[str, Any] = {"hmac": hmac, "hashlib": hashlib, "time": time}
    exec(page.split("```python\n")[1].split("```")[0], scope)  # noqa: S102 - our own page
    at = datetime(2026, 11, 22, tzinfo=UTC)
    monkeypatch.setattr(time, "time", lambda: at.timestamp() + 60)
    header = signature("secret", b"{}", at)
    assert scope["genuine"](b"secret", header, b"{}")
    assert not scope["genuine"](b"secret", header, b"{ }")
    assert not scope["genuine"](b"autre", header, b"{}")
    assert not scope["genuine"](b"secret", signature("secret", b"{}", at - timedelta(hours=1)), b"{}")


def test_slack_webhook_and_bot(make: Any, sink: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotifySlack, "webhook_url", f"{sink.url}/services")
    monkeypatch.setattr(NotifySlack, "api_url", f"{sink.url}/api/{{}}")
    mine = sender(
        crochet="slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        robot="slack://xoxb-1234-1234-4ddbc191d40ee098cbaae6f3523ada2d/#veille",
    )
    rendered = message(make.alert(), mine.look("crochet"))
    mine.send(rendered, "crochet")
    with pytest.raises(DeliveryError, match="Slack refuse"):  # this sink does not say {"ok": true}
        mine.send(rendered, "robot")
    (hook, _, body), (api, headers, sent) = sink.received
    assert hook == "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    assert json.loads(body)["blocks"][0]["text"]["text"] == "Lumen supprime 500\u00a0postes"
    assert api == "/api/chat.postMessage"
    assert headers["authorization"].startswith("Bearer xoxb-")
    assert json.loads(sent)["channel"] == "#veille"


def test_mail_has_its_accents_its_parts_and_its_thread(make: Any, mailbox: Any, now: datetime) -> None:
    mine = sender(courrier=f"mailto://127.0.0.1:{mailbox.port}?from=Vigie<vigie@example.org>&to=zoe@example.org")
    event = make.event(Kind.DEPARTURE, company="Crédit Numérique")
    alert = make.alert(event, id="a2", first="a1")
    mine.send(message(alert, mine.look("courrier"), reference=Reference("a1", now)), "courrier")
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Zoé Lefèvre quitte Crédit Numérique"
    assert letter["From"].addresses[0].addr_spec == "vigie@example.org"
    assert letter["Message-ID"] == "<a2@example.org>"
    assert letter["In-Reply-To"] == letter["References"] == "<a1@example.org>"
    plain, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    for part in (plain, html):
        content = part.get_content()
        assert "directrice financière" in content
        assert "départ volontaire" in content
    assert "<h1>Zoé Lefèvre quitte Crédit Numérique</h1>" in html.get_content()


def test_spaces_of_a_long_subject_survive(make: Any, mailbox: Any) -> None:
    # The standard library's newer half lost the last one.
    subject = "Rumeur\u00a0: N I quitterait N I (périmètre précisé) – l’été dernier, à Évry-lès-Mâcon, près d’ici"
    mine = sender(c=f"mailto://127.0.0.1:{mailbox.port}?from=v@example.org&to=a@example.org")
    mine.send(replace(message(make.alert(), Look.MAIL), subject=subject), "c")
    assert mailbox.letters[0]["Subject"] == subject


def test_recipients_are_targets_of_their_own(make: Any, mailbox: Any) -> None:
    url = f"mailto://127.0.0.1:{mailbox.port}?from=v@example.org&to=a@example.org,b@example.org&cc=c@example.org"
    mine = sender(courrier=url)
    assert mine.targets == {"courrier": 3}
    mailbox.refused = {"a@example.org"}
    rendered = message(make.alert(), Look.MAIL)
    mine.send(rendered, "courrier", 1)
    with pytest.raises(DeliveryError, match="451"):
        mine.send(rendered, "courrier", 0)
    mine.send(rendered, "courrier", 2)
    assert mailbox.recipients == [["b@example.org"], ["c@example.org"]]


def test_several_addresses_are_targets_too(make: Any, sink: Any) -> None:
    channel = Channel.model_validate({"url": [f"json://127.0.0.1:{sink.port}/1", "terminal:"]})
    stream = io.StringIO()
    mine = Sender.of({"deux": channel}, {}, stream=stream)
    assert mine.targets == {"deux": 2}
    mine.send(message(make.alert()), "deux", 1)
    assert "Lumen supprime" in stream.getvalue()
    assert sink.received == []


@pytest.mark.parametrize("scheme", ["json://", "vigie+http://"])
def test_http_answers_become_errors_in_words(make: Any, sink: Any, scheme: str) -> None:
    address = f"{scheme}127.0.0.1:{sink.port}/JetonTresSecret"
    patient, hasty = sender(c=address), sender(c=address, timeout=0.3 * SECOND)
    sink.answers = [
        (429, {"Retry-After": "17"}, None),
        (503, {"Retry-After": "Sun, 22 Nov 2099 10:00:00 GMT"}, None),
        (500, {}, None),
        (404, {}, None),
        (200, {}, sink.never),
    ]
    errors = []
    for mine in [patient] * 4 + [hasty]:
        with pytest.raises(DeliveryError) as caught:
            mine.send(message(make.alert(), mine.look("c")), "c")
        errors.append(caught.value)
        assert "Jeton" not in repr(caught.value)
        assert "127.0.0.1" not in repr(caught.value)
        assert caught.value.__cause__ is None
    assert [str(e)[:11] for e in errors[:4]] == ["réponse 429", "réponse 503", "réponse 500", "réponse 404"]
    assert errors[0].retry_after == 17
    assert errors[1].retry_after is not None
    assert errors[1].retry_after > 10**8
    assert "0.3 s" in str(errors[4])


def test_nobody_at_home(make: Any) -> None:
    for url in (
        "json://127.0.0.1:9/x",
        "vigie+http://127.0.0.1:9/x",
        "mailto://127.0.0.1:9?from=a@b.fr&to=c@d.fr",
    ):
        mine = sender(c=url)
        with pytest.raises(DeliveryError) as caught:
            mine.send(message(make.alert(), mine.look("c")), "c")
        assert "\n" not in str(caught.value)
        assert "127.0.0.1" not in str(caught.value)


def test_mail_server_that_refuses_or_hangs(make: Any, mailbox: Any) -> None:
    address = f"mailto://127.0.0.1:{mailbox.port}?from=a@b.fr&to=c@d.fr"
    mailbox.answer = "554 non"
    with pytest.raises(DeliveryError, match="répond 554"):
        sender(c=address).send(message(make.alert(), Look.MAIL), "c")
    mailbox.answer = None
    with pytest.raises(DeliveryError, match="pas répondu en 1 s"):
        sender(c=address, timeout=SECOND).send(message(make.alert(), Look.MAIL), "c")


def test_secrets_come_from_variables_and_files(tmp_path: Path, make: Any, sink: Any) -> None:
    (tmp_path / "adresse").write_text(f"json://127.0.0.1:{sink.port}/f\n")
    channels = {
        "variable": Channel.model_validate({"url": "env:ADRESSE"}),
        "fichier": Channel.model_validate({"url": "file:adresse"}),
    }
    mine = Sender.of(channels, {"ADRESSE": f"json://127.0.0.1:{sink.port}/v"}, tmp_path)
    for name in channels:
        mine.send(message(make.alert()), name)
    assert [path for path, _, _ in sink.received] == ["/v", "/f"]


def test_a_missing_secret_fails_that_channel_alone(make: Any, sink: Any, tmp_path: Path) -> None:
    channels = {
        "absent": Channel.model_validate({"url": "env:RIEN"}),
        "perdu": Channel.model_validate({"url": "file:rien"}),
        "faux": Channel.model_validate({"url": "env:FAUX"}),
        "bon": Channel.model_validate({"url": f"json://127.0.0.1:{sink.port}/v"}),
    }
    mine = Sender.of(channels, {"FAUX": "inconnu://JetonSecret/x"}, tmp_path)
    mine.send(message(make.alert()), "bon")
    assert len(sink.received) == 1
    for name, words in (("absent", "variable d'environnement RIEN"), ("perdu", "illisible"), ("faux", "Apprise")):
        with pytest.raises(DeliveryError, match=words) as caught:
            mine.send(message(make.alert()), name)
        assert f"« {name} »" in str(caught.value)
        assert "JetonSecret" not in str(caught.value) + repr(mine) + str(mine.problems)
    with pytest.raises(DeliveryError, match="plus dans la configuration"):
        mine.send(message(make.alert()), "retiré")
    with pytest.raises(DeliveryError, match="destinataire n° 2"):
        mine.send(message(make.alert()), "bon", 1)


def test_reprs_of_targets_hold_no_address() -> None:
    for url in (
        "vigie+https://h.example/Jeton",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "json://u:Jeton@h/Jeton",
    ):
        shown = repr(targets_of(url, "Jeton"))
        assert "Jeton" not in shown
        assert "TIiajk" not in shown
    with pytest.raises(ConfigurationError) as caught:
        targets_of("slack://Jeton")
    assert "Jeton" not in str(caught.value)
    assert "Jeton" not in repr(Channel.model_validate({"url": "json://Jeton", "secret": "Jeton"}))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("17", 17.0),
        (" 0 ", 0.0),
        ("-3", None),
        ("bientôt", None),
        ("", None),
        (None, None),
        ("٣", None),
        ("Sun, 22 Nov 2026 09:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 08:00:00 GMT", 0.0),
        ("9" * 400, 999999999.0),
    ],
)
def test_retry_after(header: str | None, seconds: float | None, now: datetime) -> None:
    assert waiting(header, now) == seconds
