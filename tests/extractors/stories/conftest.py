"""Mentions in a line, for the tests of resolution."""

from collections.abc import Callable
from typing import Any

import pytest

from models.dates import PartialDate
from models.events import Provenance, SourcedMention
from models.identity import digest
from models.records import Mention
from models.vocabulary import Kind, Manner, Qualifier, RoleCode, Salience, Status

Make = Callable[..., SourcedMention]


def _sourced(
    published: str | None, outlet: str, *, title: str = "", text: str = "", **fields: Any
) -> SourcedMention:
    fields["salience"] = Salience(fields.get("salience", "main"))
    fields["status"] = Status(fields.get("status", "confirmed"))
    fields["date"] = PartialDate(fields["date"]) if fields.get("date") else None
    fields["role_codes"] = tuple(RoleCode(c) for c in fields.get("role_codes", ()))
    fields["manner"] = tuple(Manner(m) for m in fields.get("manner", ()))
    if fields.get("headcount_qualifier"):
        fields["headcount_qualifier"] = Qualifier(fields["headcount_qualifier"])
    mention = Mention(**fields)
    article = f"https://{outlet}.example/{published}"
    rank = fields.get("person") or f"{fields.get('company')}{fields.get('headcount')}{fields['date']}"
    return SourcedMention(
        id=digest(article, mention.kind, str(rank)),
        mention=mention,
        provenance=Provenance(
            article=article,
            outlet=outlet,
            url=article,
            title=title,
            published=PartialDate(published) if published else None,
            text_hash=digest(text or article),
        ),
    )


@pytest.fixture
def departure() -> Make:
    """A departure told on a day by an outlet: `departure("2025-11-11", "a", person=…, company=…)`."""
    return lambda published, outlet, **fields: _sourced(published, outlet, kind=Kind.DEPARTURE, **fields)


@pytest.fixture
def layoff() -> Make:
    """A cut told on a day by an outlet: `layoff("2025-11-11", "a", company=…, headcount=…)`."""
    return lambda published, outlet, **fields: _sourced(published, outlet, kind=Kind.LAYOFF, **fields)
