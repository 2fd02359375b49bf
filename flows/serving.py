"""The deployments of Vigie, served from this process: the same as deployments/prefect.yaml, with no set-up.

Entry points are dotted (`flows.watch.watch_feeds`): from a path, Prefect would load a second copy of the module.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.schedules import Cron
from prefect.settings import PREFECT_API_URL, PREFECT_UI_URL, temporary_settings
from prefect.types.entrypoint import EntrypointType

from flows.cli.api import answers, without_password
from models.errors import ConfigurationError

ZONE = "Europe/Paris"
_START = 600.0
"""Seconds for a local server to answer: 10 to 20 on two idle cores with a new database, over 60 on busy ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One deployment: which flow, when, with what; `single`: a run that would overlap is cancelled."""

    name: str
    entrypoint: str
    cron: str | None
    single: bool = True
    parameters: dict[str, Any] = field(default_factory=dict)


PLANS = (
    Plan("watch", "flows.watch.watch_feeds", "*/15 * * * *"),
    Plan("deliver", "flows.deliver.deliver_alerts", "7-59/15 * * * *"),
    Plan("digest", "flows.digest.send_digests", "0 8 * * 1-5"),
    Plan("upkeep", "flows.upkeep.keep_house", "30 3 * * *"),
    Plan("backfill", "flows.backfill.read_again", None),
)


def deployments() -> tuple[RunnerDeployment, ...]:
    """What `vigie serve` serves."""
    return tuple(_deployment(plan) for plan in PLANS)


def _deployment(plan: Plan) -> RunnerDeployment:
    limit = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    flow: Flow[..., Any] = load_flow_from_entrypoint(plan.entrypoint)
    deployment: RunnerDeployment = flow.to_deployment(  # type: ignore[assignment]  # sync here, whatever its overloads say
        name=plan.name,
        schedule=Cron(plan.cron, timezone=ZONE) if plan.cron else None,
        parameters=plan.parameters,
        tags=["vigie"],
        concurrency_limit=limit if plan.single else None,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return deployment


def serve_schedules(say: Callable[[str], None]) -> None:
    """Serve the deployments until stopped, with a local server where no API is configured.

    Raises ConfigurationError where the configured API does not answer, or no server can be started.
    """
    with _api(say) as url, temporary_settings({PREFECT_API_URL: url}):
        say(f"Interface de Prefect : {without_password(PREFECT_UI_URL.value() or url.removesuffix('/api'))}")
        say("Les horaires tournent ; Ctrl-C les arrête.")
        serve(*deployments(), print_starting_message=False, pause_on_shutdown=False)


@contextmanager
def _api(say: Callable[[str], None]) -> Iterator[str]:
    """The address of the configured API, or of a server started here and stopped after."""
    configured = PREFECT_API_URL.value()
    if configured:
        if not answers(configured):
            raise ConfigurationError(
                f"l’API Prefect ne répond pas ({without_password(configured)}) ; lancez-la ou ôtez PREFECT_API_URL"
            )
        yield configured
        return
    port = int(os.environ.get("PREFECT_SERVER_API_PORT", "4200"))
    url = f"http://127.0.0.1:{port}/api"
    if answers(url):  # one is there already: two on one database would quarrel
        yield url
        return
    say(f"Un serveur Prefect local démarre (port {port}) …")
    with local_server(port):
        os.environ["PREFECT_API_URL"] = url  # for the processes in which runs happen
        yield url


@contextmanager
def local_server(
    port: int,
    environment: Mapping[str, str] | None = None,
    log: int | IO[bytes] = subprocess.DEVNULL,
    patience: float = _START,
) -> Iterator[str]:
    """The API's address of a Prefect server started here on loopback, stopped after.

    `environment`: what it gets, else this process’s own; `log`: where its lines go. Raises ConfigurationError
    where it does not come up within `patience` seconds.
    """
    url = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own
    try:
        _await(server, url, patience)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await(server: "subprocess.Popen[bytes]", url: str, patience: float) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ConfigurationError("le serveur Prefect s’est arrêté ; « prefect server start » dit pourquoi")
        if answers(url):
            return
        time.sleep(0.5)
    raise ConfigurationError(f"le serveur Prefect local n’a pas répondu en {patience:.0f} s")
