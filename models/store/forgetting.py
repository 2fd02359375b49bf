"""Forgetting a person: erased from every table, and kept out by a keyed hash of the name.

The hash is a HMAC of the folded words of the name under a key that only this database has, so that the list of
those who were forgotten tells nobody who they are. A text is searched by hashing every run of as many words. What
is found is covered letter by letter, so that the offsets of evidence stay right; where the whole name stands in a
record, its family name alone is covered there too.
"""

import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import InputError
from models.events import SourcedMention
from models.identity import digest, fold
from models.records import Article, Entry, Evidence, Feed
from models.tables import MetaRow, SuppressionRow

COVER = "█"
# A name of one word would erase a common word from every text.
FEWEST_WORDS = 2
# Shorter family names ("Ma", "Ly", "de") are words of French, or parts of them.
SHORTEST_ALONE = 3

_PEPPER = "forgetting key"
_WORD = re.compile(r"[^\W_]+")

R = TypeVar("R", Article, Entry)


@dataclass(frozen=True, slots=True)
class Suppressor:
    """Who was forgotten, as hashes by number of words. Empty, it changes nothing and costs nothing."""

    pepper: str
    hashes: Mapping[int, frozenset[str]]

    @classmethod
    def of(cls, session: Session) -> "Suppressor":
        """Those of a store."""
        rows = session.execute(select(SuppressionRow.words, SuppressionRow.hash)).all()
        if not rows:
            return cls("", {})
        sizes = {words for words, _ in rows}
        hashes = {size: frozenset(h for words, h in rows if words == size) for size in sizes}
        return cls(pepper(session), hashes)

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def names(self, name: str | None) -> bool:
        """Whether somebody's name is one that was forgotten."""
        words = words_of(name or "")
        return keyed(self.pepper, words) in self.hashes.get(len(words), frozenset())

    def found(self, texts: Iterable[str]) -> set[tuple[str, ...]]:
        """The forgotten names that stand in texts, folded, as their words."""
        known: set[tuple[str, ...]] = set()
        for text in texts:
            words = words_of(text)
            for size, hashes in self.hashes.items():
                runs = {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}
                known.update(run for run in runs - known if keyed(self.pepper, run) in hashes)
        return known

    def clean(self, record: R) -> R:
        """A record in which no forgotten name can be read; itself where there is none.

        An entry's key becomes a hash of itself where it holds the name, so that it is found again.
        """
        texts = {f.name: getattr(record, f.name) for f in fields(record)}
        strings = {name: text for name, text in texts.items() if isinstance(text, str)}
        if not self or not (names := self.found(strings.values())):
            return record
        values: dict[str, Any] = {name: covered(text, names) for name, text in strings.items()}
        for name in ("key", "entry_key"):
            if name in values and values[name] != strings[name]:
                values[name] = covered_key(strings[name])
        return replace(record, **values)

    def clean_feed(self, feed: Feed) -> Feed:
        """A feed without forgotten names but in its addresses, which somebody chose to follow."""
        texts = {"title": feed.title, "publisher": feed.publisher, "health_note": feed.health_note}
        if not self or not (names := self.found(texts.values())):
            return feed
        covers: dict[str, Any] = {name: covered(text, names) for name, text in texts.items()}
        return replace(feed, **covers)

    def clean_mention(self, sourced: SourcedMention) -> SourcedMention | None:
        """A mention without forgotten names; None where it is a forgotten person's own."""
        mention = sourced.mention
        if not self:
            return sourced
        if self.names(mention.person):
            return None
        texts = {f.name: getattr(mention, f.name) for f in fields(mention)}
        strings = {name: str(text) for name, text in texts.items() if type(text) is str}
        quotes = {name: proof.quote for name, proof in mention.evidence.items()}
        where = {"title": sourced.provenance.title, "url": sourced.provenance.url}
        names = self.found([*strings.values(), *quotes.values(), *where.values()])
        if not names:
            return sourced
        evidence: dict[str, Evidence] = {
            name: replace(proof, quote=covered(proof.quote, names)) for name, proof in mention.evidence.items()
        }
        values: dict[str, Any] = {name: covered(text, names) for name, text in strings.items()}
        if self.names(mention.successor):
            values["successor"] = None
            evidence.pop("successor", None)
        cleaned = replace(mention, **values, evidence=evidence)
        provenance = replace(sourced.provenance, title=covered(where["title"], names))
        return replace(sourced, mention=cleaned, provenance=provenance)


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a text, as names are compared."""
    return tuple(fold(word) or word.casefold() for word in _WORD.findall(text))


def keyed(key: str, words: Iterable[str]) -> str:
    """The keyed hash of folded words."""
    return hmac.digest(key.encode(), " ".join(words).encode(), "sha256").hex()


def covered_key(key: str) -> str:
    """What stands for a key that holds a name: the same each time, and it tells nothing."""
    return f"{COVER} {digest(key)}"


def covered(text: str, names: Iterable[tuple[str, ...]]) -> str:
    """A text of the same length in which names, and their family names alone, are covered."""
    wanted = {part for name in names for part in (name, name[1:], name[-1:]) if _may_stand_alone(part)}
    found = list(_WORD.finditer(text))
    folded = [fold(match.group()) or match.group().casefold() for match in found]
    out = list(text)
    for part in wanted:
        for i in range(len(found) - len(part) + 1):
            if tuple(folded[i : i + len(part)]) == part:
                for match in found[i : i + len(part)]:
                    out[match.start() : match.end()] = COVER * (match.end() - match.start())
    return "".join(out)


def _may_stand_alone(part: tuple[str, ...]) -> bool:
    return len(part) > 1 or (len(part) == 1 and len(part[0]) >= SHORTEST_ALONE)


def pepper(session: Session) -> str:
    """The key of this store's hashes, made when it is first needed."""
    row = session.get(MetaRow, _PEPPER)
    if row is None:
        row = MetaRow(name=_PEPPER, value=secrets.token_hex(32))
        session.add(row)
        session.flush()
    return row.value


def suppress(session: Session, name: str, now: datetime) -> tuple[str, ...]:
    """Keep a name out from now on; its folded words. Raises InputError where it is no full name."""
    words = words_of(name)
    if len(words) < FEWEST_WORDS:
        raise InputError("il faut le prénom et le nom : un mot seul effacerait aussi d'autres que cette personne")
    hashed = keyed(pepper(session), words)
    if session.get(SuppressionRow, hashed) is None:
        session.add(SuppressionRow(hash=hashed, words=len(words), at=now))
        session.flush()
    return words
