"""The desk at which a cycle works: the store, the web, the configuration, a clock. Opened here, closed here."""

import os
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from extractors.courtesy import Courtesy
from extractors.fetching import Fetcher, Limits
from extractors.parsing import Workshop
from flows.alerts.send import Sender
from flows.settings import Settings, load_settings
from models.records import Article, Entry, Feed
from models.store import Store

Progress = Callable[[str, int, int], None]
"""Called with the step's French name, how much of it is done, and how much there is."""


def utc_now() -> datetime:
    """The time, aware, in UTC: the only clock of a cycle."""
    return datetime.now(UTC)


def silent(step: str, done: int, total: int) -> None:
    """The progress of whom nobody watches."""


def worker_name() -> str:
    """A name for leases: which machine, which process, which desk."""
    return f"{_place()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def is_dead(worker: str) -> bool:
    """Whether a worker of that name was one of this machine and its process is no more; of others nobody knows."""
    place, _, rest = worker.partition(":")
    number = rest.partition(":")[0]
    if place != _place() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # PermissionError: somebody else's process, alive
        return False
    return False


def _place() -> str:
    """The machine, and on Linux the process namespace: two containers may have one host name."""
    try:
        namespace = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        namespace = 0
    return f"{socket.gethostname()[:40]}/{namespace}"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the steps of a cycle work with."""

    store: Store
    fetcher: Fetcher
    courtesy: Courtesy
    workshop: Workshop
    sender: Sender
    settings: Settings
    clock: Callable[[], datetime] = utc_now
    progress: Progress = silent
    worker: str = field(default_factory=worker_name)


@contextmanager
def given_back(desk: Desk, kind: str, items: Sequence[Feed | Entry | Article]) -> Iterator[None]:
    """The leases of items given back where a step ends badly: the next cycle need not wait for their end."""
    try:
        yield
    except BaseException:
        desk.store.release([f"{kind}:{item.id}" for item in items], desk.worker)
        raise


def configured() -> Settings:
    """The configuration of this process: the file that VIGIE_CONFIG names, else ./vigie.toml, and the environment.

    It is no parameter of a flow, because the database's address may hold a password. Raises ConfigurationError.
    """
    named = os.environ.get("VIGIE_CONFIG")
    return load_settings(Path(named) if named else None, os.environ)


def open_web(settings: Settings) -> Fetcher:
    """The guarded client with the configured limits; an async context manager. Raises ConfigurationError."""
    asked = settings.fetching
    limits = Limits(
        seconds=asked.deadline.total_seconds(),
        max_bytes=asked.max_bytes,
        per_host=asked.per_host,
        overall=asked.connections,
    )
    return Fetcher(contact=settings.contact, allow_private=settings.allow_private_hosts, limits=limits)


def sender_of(settings: Settings) -> Sender:
    """The sender of the configured channels; what is wrong with one is told when it is used."""
    timeout = settings.delivery.timeout
    return Sender.of(settings.channels, os.environ, settings.folder, timeout=timeout)


@asynccontextmanager
async def open_desk(settings: Settings, progress: Progress = silent) -> AsyncIterator[Desk]:
    """A desk for one cycle. Raises ConfigurationError, StoreError."""
    with Store.open(settings.database) as store:
        # What a killed cycle had in hand need not wait for the end of its leases.
        store.release_all([owner for owner in store.lease_owners() if is_dead(owner)])
        async with open_web(settings) as fetcher, Workshop() as workshop:
            yield Desk(
                store=store,
                fetcher=fetcher,
                courtesy=Courtesy(fetcher),
                workshop=workshop,
                sender=sender_of(settings),
                settings=settings,
                progress=progress,
            )
