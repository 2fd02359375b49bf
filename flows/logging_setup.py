"""Where log lines go: the terminal (few), and the page of a Prefect run (all of our packages')."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

PACKAGES = ("flows", "extractors", "models")
NOISY = ("trafilatura", "htmldate", "asyncio", "apprise", "httpx", "charset_normalizer")


def set_up(*, debug: bool = False) -> None:
    """Log lines on stderr: what went wrong, or everything with `debug`."""
    shown = logging.StreamHandler()
    shown.setLevel(logging.DEBUG if debug else logging.ERROR)  # a run's own page asks for more than a terminal
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING, handlers=[shown])
    for name in PACKAGES:
        logging.getLogger(name).setLevel(logging.DEBUG if debug else logging.ERROR)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)


def prepare_prefect() -> None:
    """Settings for a Prefect that this process starts: no telemetry, fewer transactions. Before its import."""
    for name, value in prefect_environment().items():
        os.environ.setdefault(name, value)


def prefect_environment() -> dict[str, str]:
    """What a server and the processes of our flows want in their environment; `deployments/` says the same."""
    return {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # The handler of a run's logs is on our packages for as long as it lasts, also for lines of no run.
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        # A run's own rows and events in few, larger transactions: a task run then costs the server 10 ms, not 35.
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "50",
    }


@contextmanager
def run_logs() -> Iterator[None]:
    """Our packages' INFO lines on the page of the run that is under way, whatever the worker's environment says.

    PREFECT_LOGGING_EXTRA_LOGGERS would do so for the threads that carry the run's context; those of a pool do not,
    so each line is given the run's id here.
    """
    from prefect.context import FlowRunContext
    from prefect.logging.handlers import APILogHandler

    context = FlowRunContext.get()
    run_id = context.flow_run.id if context and context.flow_run else None

    def of_this_run(record: logging.LogRecord) -> bool:
        here = FlowRunContext.get()
        if here is None or here.flow_run is None:
            record.flow_run_id = run_id
            return run_id is not None
        return here.flow_run.id == run_id

    handler = APILogHandler()
    handler.addFilter(of_this_run)
    loggers = [logging.getLogger(name) for name in PACKAGES]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(min(logger.getEffectiveLevel(), logging.INFO))
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
