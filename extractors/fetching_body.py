"""A response's body, read piece by piece: never more than its cap in memory, whatever the compression promises."""

import zlib

from models.errors import FetchError

_MAX_MEMBERS = 64  # a gzip file may be a series; a longer one serves only to burn time
_GZIP_MAGIC = b"\x1f\x8b"


class OversizeError(FetchError):
    """The body is larger than its cap, compressed or not."""


class Body:
    """Collects a body of at most `cap` bytes after decompression.

    Raises FetchError for an unknown or broken compression, OversizeError beyond the cap.
    """

    def __init__(self, encoding: str, cap: int) -> None:
        self._encoding = encoding.strip().lower()
        if self._encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise FetchError(f"compression « {self._encoding[:30]} » non demandée et non gérée")
        self._compressed = self._encoding not in {"", "identity"}
        self._cap = cap
        self._read = 0
        self._members = 0
        self._inflater: zlib._Decompress | None = None
        self._bytes = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Takes the next piece as it came."""
        self._read += len(chunk)
        if self._read > self._cap:
            raise self._oversize()
        if not self._compressed:
            self._bytes += chunk
            return
        try:
            while chunk:
                chunk = self._inflate(chunk)
        except zlib.error:
            raise FetchError("réponse compressée illisible") from None

    def _inflate(self, chunk: bytes) -> bytes:
        """Decompresses a piece; returns what follows the end of a gzip member, if another begins."""
        if self._inflater is None:
            self._inflater = zlib.decompressobj(_window(self._encoding, chunk))
            self._members += 1
        room = self._cap - len(self._bytes) + 1
        self._bytes += self._inflater.decompress(chunk, room)
        if len(self._bytes) > self._cap:
            raise self._oversize()
        rest = self._inflater.unused_data
        if not self._inflater.eof or not rest.startswith(_GZIP_MAGIC):
            return b""  # bytes after the end that begin no member are padding of some servers
        if self._members >= _MAX_MEMBERS:
            raise FetchError("réponse compressée en trop de morceaux")
        self._inflater = None
        return rest

    def finish(self) -> bytes:
        """The whole body; raises FetchError where the compressed data end too early."""
        if self._inflater is not None and not self._inflater.eof:
            raise FetchError("réponse tronquée : les données compressées s'arrêtent trop tôt")
        return bytes(self._bytes)

    def _oversize(self) -> OversizeError:
        return OversizeError(f"réponse de plus de {self._cap / 1048576:.0f} Mo : lecture abandonnée")


def _window(encoding: str, first: bytes) -> int:
    """The zlib window for an encoding; "deflate" comes with and without its header (RFC 9110, 8.4.1.2)."""
    if encoding != "deflate":
        return 16 + zlib.MAX_WBITS
    headed = len(first) > 1 and first[0] & 0x0F == 8 and (first[0] << 8 | first[1]) % 31 == 0
    return zlib.MAX_WBITS if headed else -zlib.MAX_WBITS
