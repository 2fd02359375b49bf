"""What went wrong in an exchange, as a failure that a user can read: one line of French, and the feed's health."""

import ssl
from collections.abc import Mapping

import aiohttp
from yarl import URL

from models.errors import FetchError
from models.vocabulary import Health


class RefusedSocketError(OSError):
    """Our refusal to connect, in the only form that aiohttp carries through its connector."""


class FailedError(FetchError):
    """An exchange that ended in a failure, with what is known of it."""

    def __init__(
        self,
        message: str,
        health: Health = Health.UNREACHABLE,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.health = health
        self.status = status
        self.headers = headers or {}


_STATUS = {
    401: (Health.REFUSED, "mot de passe demandé"),
    402: (Health.REFUSED, "paiement demandé"),
    403: (Health.REFUSED, "accès refusé"),
    404: (Health.UNREACHABLE, "adresse introuvable"),
    410: (Health.GONE, "supprimé par son éditeur"),
    429: (Health.REFUSED, "trop de requêtes"),
    451: (Health.REFUSED, "refusé pour raison légale"),
    503: (Health.UNREACHABLE, "momentanément indisponible"),
}


def status_failure(status: int, headers: Mapping[str, str]) -> FailedError | None:
    """The failure that a status alone tells; None where there is something to read, or nothing new (304)."""
    if status == 304 or 200 <= status < 300:
        return None
    health, words = _STATUS.get(status, (Health.UNREACHABLE, "erreur du serveur" if status >= 500 else "refus"))
    return FailedError(f"{words} (HTTP {status})", health, status, headers)


def told(error: Exception, target: URL) -> str:
    """An exception of the client, told in French."""
    inner = getattr(error, "os_error", error)
    host = shown(target.host or "")
    if isinstance(inner, RefusedSocketError):
        return f"refusé : {host} mène à une {inner}"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"nom d'hôte introuvable : {host}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError | ssl.SSLError):
        return f"certificat ou chiffrement refusé : {host}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"connexion impossible : {host}"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "réponse tronquée ou de longueur fausse"
    if isinstance(error, aiohttp.ClientResponseError):
        return "réponse HTTP mal formée"
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return "connexion coupée par le serveur"
    return f"adresse mal formée : {host}"


def shown(text: str) -> str:
    """A piece of an address as it may stand in a message: one short printable line."""
    return "".join(c for c in text[:80] if c.isprintable())
