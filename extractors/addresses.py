"""Which addresses may be connected to: public ones, and private ones that the user named.

Feeds and pages are hostile: a redirect, a link or a DNS answer may point at the user's own network. All here is
pure; extractors.fetching applies it to the address that a socket really connects to.
"""

import ipaddress
from collections.abc import Iterable

from models.errors import ConfigurationError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def refusal(address: str) -> str | None:
    """Why an IP address may not be connected to, in French; None where it is public.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is judged by what it carries.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return f"« {address[:60]} » n'est pas une adresse IP"
    for inner in _carried(ip):
        if inner.is_multicast or inner.is_unspecified or not inner.is_global:
            return f"adresse privée ou réservée ({ip})"
    return None


def _carried(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip in _NAT64:
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    if ip.sixtofour:
        return [ip, ip.sixtofour]
    if ip.teredo:
        return [ip, *ip.teredo]
    # ::/8 is reserved but for what is handled above: `::127.0.0.1`, the old IPv4-compatible form, is among it.
    return [ip] if not ip.is_reserved else [ipaddress.IPv6Address("::")]


def parse_allowed(entries: Iterable[str]) -> frozenset[tuple[str, int]]:
    """`host:port` entries as pairs; an IPv6 host stands in brackets. Raises ConfigurationError."""
    return frozenset(_pair(entry.strip().lower()) for entry in entries if entry.strip())


def _pair(entry: str) -> tuple[str, int]:
    host, _, port = entry.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ConfigurationError(f"allow_private_hosts : « {entry} » n'est pas de la forme hôte:port")
    return host, int(port)


class Guard:
    """Judges addresses for one client: public, or reached through a host and port that the user named.

    Only the name as written in the address is looked up among the allowed ones: `2130706433` is not
    `127.0.0.1`, and a public name that resolves inwards is refused even where its target is allowed.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = parse_allowed(allowed)
        self._open = {pair for pair in self._allowed if refusal(pair[0])}

    def names(self, host: str, port: int) -> bool:
        """Whether the user allowed this very host and port."""
        return (host.lower(), port) in self._allowed

    def refuses_name(self, host: str, port: int, address: str) -> str | None:
        """Why a host may not be reached at an address that it resolved to; None where it may."""
        if self.names(host, port):
            self._open.add((address, port))
            return None
        return refusal(address)

    def refuses_socket(self, address: str, port: int) -> str | None:
        """Why a socket may not connect there; the last check, on what is really connected to."""
        return None if (address, port) in self._open else refusal(address)
