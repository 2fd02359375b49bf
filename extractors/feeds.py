"""Bytes to entries: any RSS or Atom, cleaned at the border, and in words what was wrong with it.

feedparser reads bytes through a stream only: given a string or plain bytes it would open what they name.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser

from extractors import feeds_bytes
from extractors.addresses import refusal
from extractors.feeds_dates import parse_date, plausible
from extractors.markup import parser_failures
from extractors.plaintext import one_line, plain
from models.identity import canonical_url, content_hash, digest
from models.records import Entry, ParsedFeed
from models.vocabulary import Health

LONGEST_TITLE = 300
LONGEST_SUMMARY = 4_000
LONGEST_CONTENT = 400_000
_LONGEST_ID = 2_000
_IP = re.compile(r"[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")
_CALL = re.compile(r"<(?:![a-z]+>|[@#][UWC]\w+)")  # Slack would call a whole channel; no feed needs it
_WHOLE_ITEM = 1_200  # a description of so many characters of text is the item, not its summary


def parse_feed(
    body: bytes, *, feed_url: str, content_type: str = "", publisher: str = "", now: datetime
) -> ParsedFeed:
    """The entries of a feed's bytes, in its order. What is wrong stands in `problem` and `health`.

    Raises ParseError where feedparser itself fails on them, MemoryError, RecursionError (told by parsing).
    `feed_url` resolves relative links; `publisher` names the entries' outlet, else the feed's title does;
    no date is after `now`.
    """
    if refusal := feeds_bytes.refusal(body, content_type):
        return refusal
    repaired = feeds_bytes.repair(body, content_type)
    headers = {"content-location": feed_url, "content-type": repaired.content_type}
    with parser_failures():
        found = feedparser.parse(
            io.BytesIO(repaired.body), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    if not found.get("version") and not found.entries:
        return feeds_bytes.not_a_feed(body)
    return _described(found, feed_url, publisher, repaired, now)


def _described(
    found: Any, feed_url: str, publisher: str, repaired: feeds_bytes.Repaired, now: datetime
) -> ParsedFeed:
    title = one_line(plain(_text(found.feed, "title")), LONGEST_TITLE)
    items = _whole(found.entries, repaired)
    notes = [repaired.note, *_notes(items, feed_url, now)]
    entries = _distinct([_entry(item, feed_url, publisher or title, now) for item in items])
    broken = feeds_bytes.breakage(found, repaired, len(entries))
    problem = " ; ".join(note for note in [broken, *notes] if note) or None
    health = Health.BROKEN if broken else Health.FRESH
    if not entries and not broken:
        health, problem = Health.EMPTY, problem or "flux valide, mais sans aucune entrée"
    return ParsedFeed(
        title=title,
        site=_link(found.feed) or "",
        language=_text(found.feed, "language")[:20],
        entries=entries,
        health=health,
        problem=problem,
        ttl_minutes=_minutes(_text(found.feed, "ttl")),
        skip_hours=feeds_bytes.skip_hours(repaired.body),
        older=_older(found.feed),
    )


def _entry(item: Any, feed_url: str, publisher: str, now: datetime) -> Entry:
    guid = _text(item, "id").strip()[:_LONGEST_ID] or None
    url = _link(item)
    if url == canonical_url(feed_url) or (url and _inwards(url, feed_url)):
        url = None  # an empty link, resolved; one that no reader should follow, or be shown
    description = _text(item, "summary")
    summary = plain(description[:LONGEST_CONTENT])
    content = max((_text(part, "value") for part in dict.get(item, "content", [])), key=len, default="")
    if not content and len(summary) >= _WHOLE_ITEM:
        content = description
    title = one_line(plain(_text(item, "title")), LONGEST_TITLE) or one_line(summary, 110)
    return Entry(
        key=_key(guid, url, title, summary),
        feed_url=feed_url,
        url=url,
        title=title,
        guid=guid,
        summary=summary[:LONGEST_SUMMARY],
        content=content[:LONGEST_CONTENT],
        published=_date(item, ("published", "created", "updated"), now),
        updated=_date(item, ("updated",), now),
        publisher=publisher,
    )


def _key(guid: str | None, url: str | None, title: str, summary: str) -> str:
    if guid:
        return digest("guid", guid)
    return digest("url", url) if url else digest("content", content_hash(f"{title} {summary}"))


def _distinct(entries: list[Entry]) -> tuple[Entry, ...]:
    """Each item once. Items that share a guid but neither address nor title are told apart by these."""
    bearers = Counter(key for key, _, _ in {(one.key, one.url, one.title) for one in entries})
    kept: dict[str, Entry] = {}
    for one in entries:
        key = one.key if bearers[one.key] == 1 else digest("shared guid", one.key, one.url or "", one.title)
        kept.setdefault(key, replace(one, key=key))
    return tuple(kept.values())


def _whole(items: list[Any], repaired: feeds_bytes.Repaired) -> list[Any]:
    """Without the last item of a truncated feed: its address may be cut as well, and still look like one."""
    return items[:-1] if repaired.truncated and len(items) > repaired.closed_items else items


def _notes(items: Iterable[Any], feed_url: str, now: datetime) -> list[str]:
    """What is odd in a feed that can be read, in words."""
    items = list(items)
    guids = Counter(_text(item, "id") for item in items if _text(item, "id"))
    counts = {
        "lien refusé, ni http ni https": sum(1 for i in items if _text(i, "link") and not _link(i)),
        "lien vers une adresse privée, refusé": sum(1 for i in items if (u := _link(i)) and _inwards(u, feed_url)),
        "caractères de contrôle dans le titre": sum(1 for i in items if "\r" in _text(i, "title")),
        "appel de messagerie dans le texte": sum(1 for i in items if _CALL.search(_text(i, "title"))),
        "date impossible": sum(1 for i in items if _dated(i) and not _date(i, ("published", "updated"), now)),
        "identifiant répété": sum(n - 1 for n in guids.values()),
    }
    return [f"{what} ({n} entrée{'s' if n > 1 else ''})" for what, n in counts.items() if n]


def _dated(item: Any) -> bool:
    return bool(_text(item, "published") or _text(item, "updated"))


def _date(item: Any, names: tuple[str, ...], now: datetime) -> datetime | None:
    for name in names:
        written = _text(item, name)
        if found := parse_date(written, now):
            return found
        parsed = dict.get(item, f"{name}_parsed")
        if parsed and str(parsed[0]) in written and (found := _struct(parsed, now)):
            return found  # only where the year stands there: of "-0001-11-30" feedparser makes 2000
    return None


def _struct(parsed: Any, now: datetime) -> datetime | None:
    """What feedparser made of a date in a form that only it knows (Korean, Greek, day without time)."""
    try:
        year, month, day, hour, minute, second = parsed[:6]
        return plausible(datetime(year, month, day, hour, minute, second, tzinfo=UTC), now)
    except (ValueError, OverflowError):  # year -1 or 299, month 0, second 61
        return None


def _link(item: Any) -> str | None:
    """The canonical address of an item or feed, http(s) only."""
    written = _text(item, "link").strip()
    return canonical_url(written) if 0 < len(written) <= _LONGEST_ID else None


def _older(feed: Any) -> str | None:
    """The page of older entries that a feed names: an archive, else the next page (RFC 5005, 3 and 4)."""
    links = [link for link in dict.get(feed, "links") or [] if isinstance(link, dict)]
    for relation in ("prev-archive", "next"):
        for link in links:
            address = _text(link, "href").strip()
            if _text(link, "rel") == relation and len(address) <= _LONGEST_ID and canonical_url(address):
                return address
    return None


def _inwards(url: str, feed_url: str) -> bool:
    """Whether a link leads to a private address, written as one, on another host than the feed's own."""
    host = urlsplit(url).hostname or ""
    return host != urlsplit(feed_url).hostname and _IP.fullmatch(host) is not None and refusal(host) is not None


def _text(item: Any, name: str) -> str:
    # dict.get: feedparser's own lends `updated` the value of `published`, with a warning.
    value = dict.get(item, name)
    return value if isinstance(value, str) else ""


def _minutes(written: str) -> int | None:
    return int(written) if re.fullmatch(r"[0-9]{1,6}", written) and 0 < int(written) < 100_000 else None
