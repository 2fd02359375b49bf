"""What a target's answer means, in French and without its address. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from models.errors import DeliveryError

_MEANING = {
    400: "requête refusée",
    401: "accès refusé, vérifier l'adresse du canal",
    403: "accès interdit, vérifier l'adresse du canal",
    404: "introuvable, vérifier l'adresse du canal",
    410: "canal supprimé, vérifier son adresse",
    413: "message trop long",
    429: "trop de messages à la fois",
}


def refusal(status: int, retry_after: str | None, now: datetime) -> DeliveryError:
    """The error for an HTTP status that is no success."""
    meaning = _MEANING.get(status, "erreur du service" if status >= 500 else "réponse inattendue")
    return DeliveryError(f"réponse {status} ({meaning})", waiting(retry_after, now))


def waiting(header: str | None, now: datetime) -> float | None:
    """Retry-After in seconds: a number of them, or a date of HTTP; None where it is neither."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
