"""Where log lines go: the terminal (few), and the page of a Prefect run (all of our packages')."""

import logging
import os

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
        # A run's own rows and events in few, larger transactions: a task run then costs the server 10 ms, not 35.
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "50",
    }


def logs_in_run() -> None:
    """Our packages' INFO lines on the page of the run that is under way, whatever the worker's environment says.

    Prefect does so by itself where PREFECT_LOGGING_EXTRA_LOGGERS names them; not every worker is started so.
    """
    from prefect.logging.handlers import APILogHandler

    for name in PACKAGES:
        logger = logging.getLogger(name)
        if not any(isinstance(handler, APILogHandler) for handler in logger.handlers):
            logger.addHandler(APILogHandler())
        logger.setLevel(min(logger.level or logging.INFO, logging.INFO))
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)
