"""The targets of a channel: apprise reads each address and splits it until one target is one place."""

import copy
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TextIO

from flows.alerts.answers import refusal
from flows.alerts.hushed import hushed
from flows.alerts.mail import send_mail
from flows.alerts.render import Look
from flows.alerts.render_slack import escaped
from flows.alerts.services import NotifyEmail, NotifySlack, SlackMode, apprise
from flows.alerts.webhook import post, post_signed
from models.errors import ConfigurationError, DeliveryError
from models.events import Message

TERMINAL = "terminal:"
SIGNED = ("vigie+https://", "vigie+http://")


class Target(Protocol):
    """One place that takes messages. `send` raises DeliveryError."""

    @property
    def look(self) -> Look:
        """The form in which it shows a message best."""

    def send(self, message: Message, timeout: float) -> None:
        """Send one message within `timeout` seconds an exchange."""


@dataclass(frozen=True)
class Terminal:
    """The standard output, or another stream."""

    stream: TextIO | None = None
    look: Look = Look.TEXT

    def send(self, message: Message, timeout: float) -> None:
        """Write the message between two rules."""
        stream = self.stream or sys.stdout
        stream.write(f"\n── {message.subject}\n{message.text}\n")
        stream.flush()


@dataclass(frozen=True)
class Webhook:
    """A signed JSON webhook."""

    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    look: Look = Look.WEBHOOK

    def send(self, message: Message, timeout: float) -> None:
        """POST the message's structure."""
        post_signed(self.url, self.secret, message, timeout)


@dataclass(frozen=True)
class Slack:
    """Slack's incoming webhook, or its API with a bot's token."""

    plugin: Any = field(repr=False)
    look: Look = Look.SLACK

    def send(self, message: Message, timeout: float) -> None:
        """POST blocks; with a bot's token, Slack says in the body whether it took them."""
        data = (
            json.loads(message.data) if message.data else {"text": escaped(f"{message.subject}\n{message.text}")}
        )
        plugin = self.plugin
        if plugin.mode is SlackMode.BOT:
            data["channel"] = _slack_channel(plugin.channels)
            headers = {"Authorization": f"Bearer {plugin.access_token}"}
            answer = post(plugin.api_url.format("chat.postMessage"), _json(data), headers, timeout)
            if not _accepted(answer):
                raise DeliveryError("Slack refuse le message ; vérifier le canal et les droits du robot")
            return
        base = plugin.webhook_gov_url if plugin.mode is SlackMode.WEBHOOK_GOV else plugin.webhook_url
        post(f"{base}/{plugin.token_a}/{plugin.token_b}/{plugin.token_c}", _json(data), {}, timeout)


@dataclass(frozen=True)
class Mail:
    """One recipient of an e-mail address of apprise's."""

    plugin: Any = field(repr=False)
    look: Look = Look.MAIL

    def send(self, message: Message, timeout: float) -> None:
        """Send the letter."""
        send_mail(self.plugin, message, timeout)


@dataclass(frozen=True)
class Other:
    """Any other of apprise's services, in plain text."""

    plugin: Any = field(repr=False)
    look: Look = Look.TEXT

    def send(self, message: Message, timeout: float) -> None:
        """Hand the words to apprise as text: it escapes them for a service that shows markup."""
        self.plugin.socket_connect_timeout = self.plugin.socket_read_timeout = timeout
        box = apprise.Apprise(asset=self.plugin.asset)
        box.add(self.plugin)
        with hushed() as heard:
            done = box.notify(body=message.text, title=message.subject, body_format=apprise.NotifyFormat.TEXT)
        if done is True:
            return
        status = heard.statuses[-1] if heard.statuses else None
        if status is None:
            raise DeliveryError(f"le service n'a pas répondu (en {timeout:g} s au plus)")
        raise refusal(status, heard.retry_after, datetime.now(UTC))


def targets_of(url: str, secret: str | None = None, stream: TextIO | None = None) -> tuple[Target, ...]:
    """The targets of one address, each a place of its own. Raises ConfigurationError, without the address."""
    if url == TERMINAL:
        return (Terminal(stream),)
    if url.startswith(SIGNED):
        return (Webhook(url.removeprefix("vigie+"), secret),)
    with hushed():
        plugin = apprise.Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)
    if plugin is None:
        raise ConfigurationError("Apprise ne comprend pas cette adresse ; voir docs/alerts.md")
    return tuple(_target(one) for one in _single(plugin))


def _asset() -> apprise.AppriseAsset:
    return apprise.AppriseAsset(
        app_id="Vigie",
        app_desc="Vigie",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,  # in our own thread, where what it logs is kept quiet
        storage_mode="memory",
        secure_logging=True,
    )


def _target(plugin: Any) -> Target:
    if isinstance(plugin, NotifyEmail) and plugin.pgp_mode == "no":
        return Mail(plugin)
    known = (SlackMode.WEBHOOK, SlackMode.WEBHOOK_GOV, SlackMode.BOT)
    if isinstance(plugin, NotifySlack) and plugin.mode in known and "@" not in str(plugin.channels[0] or "")[1:]:
        return Slack(plugin)
    return Other(plugin)


def _single(plugin: Any) -> Sequence[Any]:
    """Copies of an address's plug-in with one recipient each, so that one that fails is retried alone."""
    if isinstance(plugin, NotifyEmail):
        copies = [(False, address) for address in (*sorted(plugin.cc), *sorted(plugin.bcc))]
        return [_copy(plugin, "targets", place) for place in (*plugin.targets, *copies)]
    for name in ("targets", "channels"):
        places = getattr(plugin, name, None)
        if isinstance(places, list) and len(places) > 1:
            return [_copy(plugin, name, place) for place in places]
    return [plugin]


def _copy(plugin: Any, name: str, place: Any) -> Any:
    """The plug-in for one place. Who is in copy of an e-mail gets a letter apart: one refusal is theirs alone."""
    one = copy.copy(plugin)
    setattr(one, name, [place])
    if isinstance(plugin, NotifyEmail):
        one.cc, one.bcc = set(), set()
    return one


def _slack_channel(channels: Sequence[Any]) -> str:
    name = str(channels[0] if channels and channels[0] else "general")
    if name.startswith("+"):
        return name[1:]
    return name if name.startswith(("@", "#")) else f"#{name}"


def _accepted(answer: bytes) -> bool:
    try:
        return json.loads(answer).get("ok") is True
    except (ValueError, AttributeError):
        return False


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
