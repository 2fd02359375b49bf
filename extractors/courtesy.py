"""Article pages, asked for politely: by the site's robots.txt and reservations, and one after another.

Feeds are published to be read by programs and go through the fetcher directly; pages go through here.
"""

import asyncio
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from extractors import robots
from extractors.fetching import PAGE_ACCEPT, Fetcher
from extractors.robots import ALL_ALLOWED, NONE_ALLOWED, Reservation, Robots
from models.records import Fetched
from models.vocabulary import FEED_ONLY, Health, Outcome

PAUSE = 1.0
"""Seconds between two pages of one host, unless its robots.txt asks for more."""

_DISALLOWED = "le robots.txt du site ne le permet pas"


@dataclass(frozen=True, slots=True)
class _Site:
    robots: Robots
    reservations: tuple[Reservation, ...]
    trouble: str | None = None  # why there is no robots.txt to go by


class Courtesy:
    """Fetches article pages for one cycle; each site's rules are read once.

    `pause`: seconds; hosts that the user named in allow_private_hosts are the user's own and get none.
    """

    def __init__(self, fetcher: Fetcher, *, pause: float = PAUSE) -> None:
        self._fetcher = fetcher
        self._pause = pause
        self._sites: dict[str, asyncio.Task[_Site]] = {}
        self._next: dict[str, float] = {}

    async def fetch(self, url: str, *, policy: str = "") -> Fetched:
        """One page, if it may be read. A refusal is the result's `error`, in French, with health REFUSED."""
        clock = asyncio.get_running_loop().time
        if policy == FEED_ONLY:
            return self._fetcher.unfetched(url, "seul le flux de cette source est lu (règle de la source)")
        origin = _origin(url)
        if origin is None:
            return await self._fetcher.fetch(url, accept=PAGE_ACCEPT)  # which says what is wrong with it
        site = await self._site(origin)
        if words := _objection(site, url):
            refused = self._fetcher.unfetched(url, words)
            # Rules that could not be read are no rules against us: the next cycle may read them.
            return replace(refused, health=Health.UNREACHABLE) if site.trouble else refused
        await self._wait(origin, max(site.robots.delay, self._pause), clock())
        fetched = await self._fetcher.fetch(url, accept=PAGE_ACCEPT)
        if fetched.outcome is not Outcome.OK:
            return fetched
        return await self._judged(fetched, origin)

    async def _judged(self, fetched: Fetched, origin: str) -> Fetched:
        """The page as fetched, or without its text where it, or the place that it redirects to, is reserved."""
        words = None
        if robots.reserved_by_page(fetched.headers, fetched.body):
            words = "fouille de textes réservée par l'éditeur (TDM)"
        elif (last := _origin(fetched.final_url)) and (last != origin or fetched.final_url != fetched.url):
            words = _objection(await self._site(last), fetched.final_url)
        if words is None:
            return fetched
        return replace(fetched, outcome=Outcome.FAILED, body=b"", error=words, health=Health.REFUSED)

    async def _site(self, origin: str) -> _Site:
        """The rules of a site; the first who asks reads them, the others wait."""
        if origin not in self._sites:
            self._sites[origin] = asyncio.ensure_future(self._read_site(origin))
        return await asyncio.shield(self._sites[origin])

    async def _read_site(self, origin: str) -> _Site:
        rules, reserved = await asyncio.gather(
            self._fetcher.fetch(f"{origin}/robots.txt", accept="text/plain, */*;q=0.1"),
            self._fetcher.fetch(f"{origin}/.well-known/tdmrep.json", accept="application/json"),
        )
        reservations = robots.parse_tdmrep(reserved.body) if reserved.outcome is Outcome.OK else ()
        if rules.outcome is Outcome.OK:
            return _Site(Robots.parse(rules.body), reservations)
        if rules.status is not None and 400 <= rules.status < 500:
            return _Site(ALL_ALLOWED, reservations)
        return _Site(NONE_ALLOWED, reservations, rules.error)

    async def _wait(self, origin: str, pause: float, now: float) -> None:
        """Until it is this request's turn on its host."""
        parts = urlsplit(origin)
        host = parts.hostname or ""
        if self._fetcher.guard.names(host, parts.port or (443 if parts.scheme == "https" else 80)):
            return
        turn = max(self._next.get(host, now), now)
        self._next[host] = turn + pause
        await asyncio.sleep(turn - now)


def _objection(site: _Site, url: str) -> str | None:
    if not site.robots.allows(url):
        return f"robots.txt illisible, page non lue : {site.trouble}" if site.trouble else _DISALLOWED
    if robots.reserved_at(site.reservations, url):
        return "fouille de textes réservée par l'éditeur (TDM)"
    return None


def _origin(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
