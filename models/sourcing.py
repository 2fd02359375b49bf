"""A reading's mentions with their provenance, under ids that a second reading of the article finds again."""

from collections import Counter
from dataclasses import replace

from models.dates import PartialDate
from models.events import Provenance, SourcedMention
from models.identity import content_hash, digest, fold
from models.records import Article, Document, Mention, Reading
from models.vocabulary import Kind

# The largest employer has 2.1 million people (Walmart, 2025).
MOST_JOBS = 10_000_000


def source(article: Article, reading: Reading) -> tuple[SourcedMention, ...]:
    """The mentions of a stored article, told by its publisher, dated by its publication (else by its fetching)."""
    where = Provenance(
        article=article.url,
        outlet=article.publisher,
        url=article.url,
        title=article.title,
        published=PartialDate.of(article.published or article.fetched),
        seen=article.fetched,
        text_hash=article.content_hash or content_hash(article.text),
    )
    return _sourced(where, reading)


def source_document(document: Document, reading: Reading) -> tuple[SourcedMention, ...]:
    """The mentions of a document that no store holds, for `vigie resolve`."""
    where = Provenance(
        article=document.id,
        outlet=document.source or "",
        url=document.url or "",
        title=document.title or "",
        published=document.published,
        text_hash=content_hash(document.text),
    )
    return _sourced(where, reading)


def _sourced(where: Provenance, reading: Reading) -> tuple[SourcedMention, ...]:
    """One id for article, kind and name; a second mention of the same name is told by its rank."""
    seen: Counter[tuple[str, str]] = Counter()
    out = []
    for mention in reading.mentions:
        key = (mention.kind.value, _name(mention))
        seen[key] += 1
        out.append(SourcedMention(digest(where.article, *key, str(seen[key])), _plausible(mention), where))
    return tuple(out)


def _plausible(mention: Mention) -> Mention:
    """The mention without figures that no organisation has; a database could not even hold some of them."""
    jobs, percent = mention.headcount, mention.percent
    if (jobs is None or 0 <= jobs <= MOST_JOBS) and (percent is None or 0 <= percent <= 100):
        return mention
    keeps = jobs is not None and 0 <= jobs <= MOST_JOBS
    share = percent if percent is not None and 0 <= percent <= 100 else None
    return replace(mention, headcount=jobs if keeps else None, percent=share)


def _name(mention: Mention) -> str:
    """What tells a mention from the others of its article: who left, or which firm cuts."""
    if mention.kind is Kind.DEPARTURE and mention.person:
        return fold(mention.person)
    return fold(mention.company or "")
