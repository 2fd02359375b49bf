"""No library tells an address: while a message is being sent, the libraries that send it log nothing.

They log whole addresses at INFO and DEBUG (httpx: each request; apprise: the address and the payload; urllib3: the
path, where Slack's tokens are). The answer's status, which apprise does not return, is overheard.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import requests

LOGGERS = (
    "apprise",
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "requests",
    "urllib3.connectionpool",
    "urllib3.connection",
    "urllib3.util.retry",
)


@dataclass(slots=True)
class Overheard:
    """What the last answers said, while one message was being sent."""

    statuses: list[int] = field(default_factory=list)
    retry_after: str | None = None


_sending: ContextVar[Overheard | None] = ContextVar("vigie_sending", default=None)


class _Hush(logging.Filter):
    """Drops what is said while this thread sends; anything else passes."""

    def filter(self, record: logging.LogRecord) -> bool:
        return _sending.get() is None


_HUSH = _Hush()
_send = requests.Session.send


def _listening(
    session: requests.Session, request: requests.PreparedRequest, **kwargs: object
) -> requests.Response:
    """Requests' own send, noting status and Retry-After of answers to this thread's message."""
    response: requests.Response = _send(session, request, **kwargs)
    heard = _sending.get()
    if heard is not None:
        heard.statuses.append(response.status_code)
        heard.retry_after = response.headers.get("Retry-After")
    return response


@contextmanager
def hushed() -> Iterator[Overheard]:
    """Silence around the sending of one message in this thread, and what was overheard.

    apprise answers True or False only: a provider's Retry-After can be respected in no other way.
    """
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_HUSH)  # adding it again changes nothing
    setattr(requests.Session, "send", _listening)  # noqa: B010 - the type checker knows no replaced method
    heard = Overheard()
    token = _sending.set(heard)
    try:
        yield heard
    finally:
        _sending.reset(token)
