"""JSON over HTTP: the signed webhook (docs/alerts.md) and Slack's, with status and Retry-After."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import httpx

from flows.alerts.answers import refusal
from flows.alerts.hushed import hushed
from models.errors import DeliveryError
from models.events import Message

SIGNATURE = "X-Vigie-Signature"
USER_AGENT = "Vigie"


def signature(secret: str, body: bytes, at: datetime) -> str:
    """`t=<seconds>,v1=<hex HMAC-SHA256 of "<seconds>.<body>">`: the time is signed, so that a replay shows."""
    seconds = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256)
    return f"t={seconds},v1={mac.hexdigest()}"


def body_of(message: Message) -> bytes:
    """The webhook's body: the message's own structure, else its words."""
    data: dict[str, Any] = json.loads(message.data) if message.data else {}
    data.setdefault("version", 1)
    data.setdefault("type", "text")
    data |= {"id": message.id, "subject": message.subject, "text": message.text}
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def post_signed(url: str, secret: str | None, message: Message, timeout: float) -> None:
    """Send a message to the webhook at `url`, signed where there is a secret. Raises DeliveryError."""
    body = body_of(message)
    headers = {"Idempotency-Key": message.id}
    if secret:
        headers[SIGNATURE] = signature(secret, body, datetime.now(UTC))
    post(url, body, headers, timeout)


def post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> bytes:
    """One POST of JSON; the answer's body where it is a success. No redirect is followed: the address is secret.

    Raises DeliveryError, which says neither the address nor anything of it.
    """
    sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": USER_AGENT, **headers}
    with hushed():
        try:
            with httpx.Client(timeout=timeout, follow_redirects=False) as client:
                response = client.post(url, content=body, headers=sent)
        except httpx.TimeoutException:
            raise DeliveryError(f"pas de réponse en {timeout:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise DeliveryError(f"connexion impossible ({type(error).__name__})") from None
    if not response.is_success:
        raise refusal(response.status_code, response.headers.get("Retry-After"), datetime.now(UTC))
    return response.content[:4000]
