"""The effect: messages to the targets of the configured channels, one target at a time."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from flows.alerts.addresses import reveal
from flows.alerts.render import Look
from flows.alerts.targets import Target, targets_of
from models.errors import ConfigurationError, DeliveryError
from models.events import Message

if TYPE_CHECKING:
    from flows.settings import Channel

TIMEOUT = timedelta(seconds=20)


class Sender:
    """The channels with their targets, built once a cycle. Its repr shows names only.

    A channel whose secret is missing is no reason to stop the others: its deliveries fail, in words, and wait.
    """

    def __init__(
        self,
        channels: Mapping[str, tuple[Target, ...]],
        problems: Mapping[str, str] | None = None,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        self._channels = dict(channels)
        self.problems: Mapping[str, str] = dict(problems or {})
        self._timeout = timeout.total_seconds()

    @classmethod
    def of(
        cls,
        channels: Mapping[str, "Channel"],
        env: Mapping[str, str] | None = None,
        folder: Path | None = None,
        *,
        timeout: timedelta = TIMEOUT,
        stream: TextIO | None = None,
    ) -> "Sender":
        """For `settings.channels`. `folder`: the configuration's; `stream`: what `terminal:` writes to."""
        built: dict[str, tuple[Target, ...]] = {}
        problems: dict[str, str] = {}
        for name, channel in channels.items():
            try:
                built[name] = _built(channel, os.environ if env is None else env, folder or Path.cwd(), stream)
            except ConfigurationError as error:
                problems[name] = f"canal « {name} » : {error}"
        return cls(built, problems, timeout)

    @property
    def targets(self) -> dict[str, int]:
        """How many targets each channel has; one where that is not known."""
        return {**dict.fromkeys(self.problems, 1), **{name: len(t) for name, t in self._channels.items()}}

    def look(self, channel: str, target: int = 0) -> Look:
        """The form of message that a target wants; plain text where the channel does not work."""
        targets = self._channels.get(channel, ())
        return targets[target].look if 0 <= target < len(targets) else Look.TEXT

    def send(self, message: Message, channel: str, target: int = 0) -> None:
        """Send one message to one target. Raises DeliveryError; no address is in it."""
        if channel in self.problems:
            raise DeliveryError(self.problems[channel])
        targets = self._channels.get(channel)
        if targets is None:
            raise DeliveryError(f"canal « {channel} » : il n'est plus dans la configuration")
        if not 0 <= target < len(targets):
            raise DeliveryError(f"canal « {channel} » : il n'a plus de destinataire n° {target + 1}")
        targets[target].send(message, self._timeout)

    def __repr__(self) -> str:
        return f"Sender({', '.join(sorted(self.targets))})"


def _built(channel: "Channel", env: Mapping[str, str], folder: Path, stream: TextIO | None) -> tuple[Target, ...]:
    secret = reveal(channel.secret, env, folder) if channel.secret else None
    return tuple(t for url in channel.url for t in targets_of(reveal(url, env, folder), secret, stream))
