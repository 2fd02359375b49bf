"""The guarded client: the only door through which a feed or a page comes in.

One exchange has a deadline, a cap in bytes after decompression and at most three redirects, each hop judged
anew; a private address is refused on the socket itself, so that neither a redirect nor a DNS answer that
changes between check and connection leads inwards. Nothing here raises for one bad address.
"""

import asyncio
import importlib.metadata
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from extractors.addresses import Guard
from extractors.fetching_body import Body, OversizeError
from extractors.fetching_words import FailedError, RefusedSocketError, shown, status_failure, told
from models.errors import FetchError
from models.records import Fetched
from models.vocabulary import Health, Outcome

FEED_ACCEPT = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"
PAGE_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_LONGEST_HEADER = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exchange, one host and the whole client may use."""

    seconds: float = 20.0  # of one fetch, redirects included; waiting for a free slot does not count
    connect_seconds: float = 10.0
    max_bytes: int = 10 * 1024 * 1024  # after decompression; the largest real feeds measured are near 1 MB
    redirects: int = 3
    per_host: int = 2
    overall: int = 50


@dataclass(frozen=True, slots=True)
class _Answer:
    url: URL
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    moved: bool = False  # by permanent redirects only


class _Resolver(AbstractResolver):
    """Resolves names, and drops the answers that may not be connected to."""

    def __init__(self, guard: Guard, inner: AbstractResolver) -> None:
        self._guard = guard
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        refusals = [self._guard.refuses_name(host, port, answer["host"]) for answer in found]
        kept = [answer for answer, refused in zip(found, refusals, strict=True) if not refused]
        if not kept and found:
            raise RefusedSocketError(refusals[0])
        return kept

    async def close(self) -> None:
        await self._inner.close()


class Fetcher:
    """An async context manager around one HTTP client; `fetch` is its door.

    `contact` goes into the User-Agent; `allow_private` names the `host:port` that may be private (raises
    ConfigurationError where one is of another form); `resolver` replaces the system's (for tests).
    """

    def __init__(
        self,
        *,
        contact: str = "",
        allow_private: Iterable[str] = (),
        limits: Limits | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.guard = Guard(allow_private)
        self._agent = user_agent(contact)
        self._inner = resolver
        self._session: aiohttp.ClientSession | None = None
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._overall = asyncio.Semaphore(self.limits.overall)

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=0,  # the slots below count, per host and overall
            resolver=_Resolver(self.guard, self._inner or ThreadedResolver()),
            socket_factory=self._open_socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.limits.connect_seconds),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, accept: str = FEED_ACCEPT
    ) -> Fetched:
        """One address read, redirects followed. A failure is the result's `error`, in French."""
        started = datetime.now(UTC)
        clock = asyncio.get_running_loop().time
        begun = clock()
        wanted = {"Accept": accept, **_validators(etag, last_modified)}
        try:
            answer = await self._follow(url, wanted)
        except FailedError as failure:
            return Fetched(
                url=url,
                outcome=Outcome.FAILED,
                started=started,
                seconds=clock() - begun,
                status=failure.status,
                headers=failure.headers,
                error=str(failure),
                health=failure.health,
            )
        final = str(answer.url)
        return Fetched(
            url=url,
            outcome=Outcome.NOT_MODIFIED if answer.status == 304 else Outcome.OK,
            started=started,
            seconds=clock() - begun,
            final_url=final,
            status=answer.status,
            body=answer.body,
            headers=answer.headers,
            moved_to=final if answer.moved else None,
        )

    def unfetched(self, url: str, words: str) -> Fetched:
        """The result for an address that is not to be asked for: FAILED, REFUSED, `words` as its error."""
        return Fetched(
            url=url, outcome=Outcome.FAILED, started=datetime.now(UTC), error=words, health=Health.REFUSED
        )

    async def _follow(self, url: str, wanted: Mapping[str, str]) -> _Answer:
        target, moved, seen = _parse(url), True, set[URL]()
        left = self.limits.seconds
        clock = asyncio.get_running_loop().time
        for _ in range(self.limits.redirects + 1):
            if target in seen:
                raise FailedError("redirection en boucle")
            seen.add(target)
            async with self._slot(target):
                begun = clock()
                answer = await self._exchange(target, wanted, left)
                left -= clock() - begun
            if answer.status not in _REDIRECTS:
                self._judge(answer, wanted)
                return _Answer(answer.url, answer.status, answer.headers, answer.body, moved and len(seen) > 1)
            moved = moved and answer.status in _PERMANENT
            target = _redirected(answer)
        raise FailedError(f"plus de {self.limits.redirects} redirections")

    @asynccontextmanager
    async def _slot(self, target: URL) -> AsyncIterator[None]:
        """A turn on the target's host, then one of the whole client's; in this order none waits for a waiter."""
        host = self._hosts.setdefault(target.host or "", asyncio.Semaphore(self.limits.per_host))
        async with host, self._overall:
            yield

    async def _exchange(self, target: URL, wanted: Mapping[str, str], seconds: float) -> _Answer:
        """One request, no redirect followed. Raises FailedError, in words, for whatever goes wrong."""
        try:
            async with asyncio.timeout(max(seconds, 0)):
                return await self._request(target, wanted)
        except FailedError:
            raise
        except OversizeError as error:
            raise FailedError(str(error), Health.BROKEN) from None
        except FetchError as error:
            raise FailedError(str(error), Health.BROKEN) from None
        except TimeoutError:
            raise FailedError(f"pas de réponse complète en {self.limits.seconds:.0f} s") from None
        except (aiohttp.ClientError, OSError, UnicodeError, ValueError) as error:
            # ValueError, UnicodeError: a host that neither yarl nor the system's resolver can encode.
            raise FailedError(told(error, target)) from None

    async def _request(self, target: URL, wanted: Mapping[str, str]) -> _Answer:
        if self._session is None:
            raise RuntimeError("Fetcher is used outside its `async with` block")
        literal = target.host or ""
        if _is_ip(literal) and (refused := self.guard.refuses_socket(literal, target.port or 0)):
            raise RefusedSocketError(refused)
        async with self._session.get(target, headers=wanted, allow_redirects=False) as response:
            headers = _headers(response)
            if response.status in _REDIRECTS or response.status == 304 or response.status >= 400:
                return _Answer(target, response.status, headers)
            body = Body(headers.get("content-encoding", ""), self.limits.max_bytes)
            async for chunk in response.content.iter_any():
                body.feed(chunk)
            return _Answer(target, response.status, headers, body.finish())

    def _open_socket(self, info: "aiohttp.AddrInfoType") -> socket.socket:
        family, kind, proto, _, address = info
        if refused := self.guard.refuses_socket(str(address[0]), int(address[1])):
            raise RefusedSocketError(refused)
        return socket.socket(family=family, type=kind, proto=proto)

    def _judge(self, answer: _Answer, wanted: Mapping[str, str]) -> None:
        """Raises FailedError where the status says that there is nothing to read."""
        status = answer.status
        if status == 304 and not wanted.keys() & {"If-None-Match", "If-Modified-Since"}:
            raise FailedError("réponse 304 sans avoir été demandée", Health.BROKEN, status, answer.headers)
        if failure := status_failure(status, answer.headers):
            raise failure


def user_agent(contact: str) -> str:
    """Who we are, honestly: name, version, purpose, and whom to write to where the user told it."""
    told = "".join(c for c in contact if c.isascii() and c.isprintable() and c not in "();")
    about = "veille de presse" + (f"; +{told}" if told else "")
    return f"Vigie/{importlib.metadata.version('vigie')} ({about})"


def _parse(url: str) -> URL:
    """An http(s) address with a host; the same parser judges and connects, so that they never differ."""
    try:
        target = URL(url.strip())
        port = target.port
    except ValueError:  # yarl's word for every malformed address
        raise FailedError(f"adresse mal formée : {shown(url)}") from None
    if target.scheme not in {"http", "https"}:
        raise FailedError(f"seules les adresses http et https sont lues, pas « {shown(target.scheme)} »")
    if not target.host or not port:
        raise FailedError(f"adresse sans hôte : {shown(url)}")
    return target.with_fragment(None)


def _redirected(answer: _Answer) -> URL:
    location = answer.headers.get("location", "")
    if not location:
        raise FailedError(f"redirection sans destination (HTTP {answer.status})")
    try:
        joined = answer.url.join(URL(location))
    except ValueError:
        raise FailedError(f"redirection vers une adresse mal formée : {shown(location)}") from None
    try:
        return _parse(str(joined))
    except FailedError as failure:
        raise FailedError(f"redirection refusée : {failure}") from None


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Conditional headers, of validators that can be sent: a hostile server may have given us anything."""
    pairs = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in pairs.items() if value and value.isascii() and value.isprintable()}


def _headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Lower-case names; values printable, of bounded length, repeated ones joined. Cookies are not kept."""
    kept: dict[str, str] = {}
    for name, value in response.headers.items():
        key = name.lower()
        if key == "set-cookie":
            continue
        clean = "".join(c for c in value[:_LONGEST_HEADER] if c.isprintable())
        kept[key] = f"{kept[key]}, {clean}"[:_LONGEST_HEADER] if key in kept else clean
    return kept


def _is_ip(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host.partition("%")[0])
        except (OSError, UnicodeError):
            continue
        return True
    return False
