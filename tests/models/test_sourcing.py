"""Mentions with their provenance, under ids that a second reading finds again."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from models.dates import PartialDate
from models.identity import content_hash
from models.records import Document, Reading
from models.sourcing import source, source_document

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


def test_a_mention_says_where_it_was_told(toy: Any) -> None:
    article = toy.article(published=datetime(2026, 11, 20, 8, tzinfo=UTC))
    (mention,) = source(article, Reading("x", mentions=(toy.cut(),)))
    where = mention.provenance
    assert (where.article, where.url, where.title, where.outlet) == (
        article.url, article.url, "Titre 1", "Journal 1",
    )  # fmt: skip
    assert (where.published, where.seen) == (PartialDate("2026-11-20"), article.fetched)
    assert where.text_hash == content_hash(article.text)
    (undated,) = source(toy.article(), Reading("x", mentions=(toy.cut(),)))
    assert undated.provenance.published == PartialDate("2026-11-22")


def test_ids_depend_on_the_article_the_kind_and_the_name_alone(toy: Any) -> None:
    first = source(toy.article(), Reading("x", mentions=(toy.cut(), toy.leaving(), toy.leaving("Paul Martin"))))
    other = source(
        toy.article(text="Corrigé"),
        Reading("x", mentions=(toy.leaving("PAUL-MARTIN"), toy.leaving(role=None), toy.cut("ACME", 100))),
    )
    assert len({m.id for m in first}) == 3
    assert [m.id for m in reversed(other)] == [m.id for m in first]
    elsewhere = source(toy.article(2), Reading("x", mentions=(toy.cut(),)))
    assert elsewhere[0].id != first[0].id


def test_two_cuts_of_one_firm_in_one_article_are_told_apart_by_rank(toy: Any) -> None:
    reading = Reading("x", mentions=(toy.cut(headcount=93), toy.cut(headcount=500)))
    one, two = source(toy.article(), reading)
    assert one.id != two.id
    assert source(toy.article(), replace(reading, mentions=reading.mentions[:1]))[0].id == one.id


def test_a_document_is_its_own_article(toy: Any) -> None:
    document = Document("d1", "Un texte.", "Un titre", PartialDate("2026"), "Le Journal", None)
    (mention,) = source_document(document, Reading("d1", mentions=(toy.leaving(),)))
    where = mention.provenance
    assert (where.article, where.outlet, where.url, where.published) == (
        "d1",
        "Le Journal",
        "",
        PartialDate("2026"),
    )
