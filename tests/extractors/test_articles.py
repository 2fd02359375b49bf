"""Pages of every sort, made of this project's own words; real ones where they are at hand."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.articles import article_of_entry, failed_article, read_article
from models.records import Article, Entry
from models.vocabulary import ArticleFlag

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://site.example/a?utm_source=rss"
PAGES = Path(__file__).parents[3] / "shared/real/pages"
SENTENCE = (
    "Le directeur financier quitte le groupe, a annoncé mardi la société dans un communiqué adressé aux salariés."
)
WALL = [
    "Avec votre accord, nos partenaires et nous utilisons des cookies pour stocker et accéder à des informations.",
    "Continuer sans accepter",
]
PAID = '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>'
STORY = [f"{SENTENCE} Paragraphe {n}, avec assez de mots pour compter comme du texte." for n in range(6)]


def page(paragraphs: list[str], head: str = "", after: str = "", lang: str = "fr") -> bytes:
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    title = "Titre de page"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{title} - Site 3</title>{head}</head>"
        "<body><nav><a href=/>Accueil</a></nav>"
        f"<main><article><h1>{title}</h1>{body}</article>{after}</main></body></html>"
    ).encode()


def read(body: bytes, entry: Entry | None = None, content_type: str = "text/html") -> Article:
    return read_article(body, url=URL, content_type=content_type, entry=entry, now=NOW)


ENTRY = Entry(
    key="k", feed_url="https://site.example/feed", url="https://site.example/a", title="Titre du flux",
    published=datetime(2026, 11, 20, 8, tzinfo=UTC), publisher="Le Site", summary="Un résumé.",
)  # fmt: skip


def test_the_feeds_title_date_and_publisher_win() -> None:
    head = '<meta property="article:published_time" content="2026-10-01T10:00:00+02:00">'
    article = read(page(STORY, head), ENTRY)
    assert (article.title, article.published, article.publisher) == ("Titre du flux", ENTRY.published, "Le Site")
    assert (article.url, article.entry_key, article.flags) == ("https://site.example/a", "k", frozenset())
    assert article.text == "\n".join(STORY)


def test_the_pages_own_heading_is_no_text_whatever_the_feed_calls_it() -> None:
    shared = '<meta property="og:title" content="Un autre titre">'
    body = page(["Un autre titre", *STORY], shared).replace(b"<h1>Titre de page</h1>", b"")
    assert read(body, ENTRY).text == "\n".join(STORY)


def test_what_a_feed_does_not_tell_the_page_does() -> None:
    head = '<meta property="og:site_name" content="Le Journal">'
    article = read(page(STORY, head), replace(ENTRY, publisher=""))
    assert (article.title, article.published, article.publisher) == (ENTRY.title, ENTRY.published, "Le Journal")


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2026-10-01T10:00:00+02:00">',
        '<script type="application/ld+json">{"datePublished": "2026-10-01T08:00:00Z"}</script>',
        '<meta itemprop="datePublished" content="2026-10-01 08:00:00">',
    ],
)
def test_without_a_feed_the_page_tells_title_and_date(head: str) -> None:
    article = read(page(STORY, head))
    assert (article.title, article.published) == ("Titre de page", datetime(2026, 10, 1, 8, tzinfo=UTC))


def test_no_page_is_dated_in_the_future() -> None:
    article = read(page(STORY, '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'))
    assert article.published is None or article.published <= NOW
    assert article.published or ArticleFlag.UNDATED in article.flags


def test_furniture_is_cut_and_the_text_is_not() -> None:
    tail = [
        "A lire également",
        "Le patron de Nimbus claque la porte",
        "Signaler une erreur dans le texte",
        "2 commentaires",
        "toto75 : le PDG va démissionner",
    ]
    article = read(page([*STORY, *tail]))
    assert article.text == "\n".join(STORY)


@pytest.mark.parametrize(
    ("paragraphs", "head", "flag"),
    [
        (WALL, "", ArticleFlag.CONSENT),
        (["Vérifiez que vous êtes un humain. Performance & security by Cloudflare."], "", ArticleFlag.CONSENT),
        ([*STORY, "La lecture de la suite de cet article est réservée aux abonnés."], "", ArticleFlag.PARTIAL),
        ([*STORY, "Il vous reste 80.5% de cet article à lire."], "", ArticleFlag.PARTIAL),
        (STORY[:2], PAID, ArticleFlag.PARTIAL),
        ([], "", ArticleFlag.EMPTY),
    ],
)  # fmt: skip
def test_what_is_no_whole_article_is_flagged(paragraphs: list[str], head: str, flag: ArticleFlag) -> None:
    article = read(page(paragraphs, head), ENTRY)
    assert flag in article.flags
    assert article.readable is (flag is ArticleFlag.PARTIAL)  # a teaser tells what it tells


def test_an_article_about_cookies_is_an_article() -> None:
    text = [*STORY * 4, "Refuser les cookies ? Nos partenaires utilisent des traceurs, dit-elle."]
    assert read(page(text)).readable


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "iso-8859-15"])
def test_accents_survive_a_wrong_announcement(encoding: str) -> None:
    text = [s.replace("é", "é") for s in STORY]
    body = page(text).decode().replace('charset="utf-8"', 'charset="iso-8859-1"').encode(encoding)
    assert read(body, content_type="text/html; charset=utf-8").text == "\n".join(STORY)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"   ", b"\x00" * 100, b"<!-- -->", b"<p><!-- -->", b"%PDF-1.7 \xff\xfe", b"<div>" * 50_000,
        b"\xff" * 999, b"<p" + b" x" * 70_000 + b">", b'{"a": 1}',
    ],
)  # fmt: skip
def test_nothing_raises(body: bytes) -> None:
    assert not read(body, ENTRY).readable


def test_an_oversized_tag_is_refused_in_words() -> None:
    article = read(page(STORY) + b"<a" + b" x=1" * 30_000 + b">")
    assert (article.flags, article.text) == (frozenset({ArticleFlag.FAILED}), "")
    assert "64 Kio" in (article.error or "")


def test_the_feeds_own_text_stands_in_for_a_page() -> None:
    entry = Entry(
        "k",
        "https://site.example/feed",
        "https://site.example/a",
        "T",
        content="<p>Un.</p><p>Deux.</p><p>A lire également</p>",
    )
    article = article_of_entry(entry, NOW)
    assert article.text == "Un.\nDeux."
    assert article.flags == {ArticleFlag.SUMMARY, ArticleFlag.UNDATED}
    assert article.readable
    assert article_of_entry(ENTRY, NOW).text == "Un résumé."


def test_a_page_that_was_not_fetched_says_why() -> None:
    article = failed_article(URL, "adresse introuvable (HTTP 404)", ENTRY, NOW)
    assert (article.error, article.readable, article.entry_key) == ("adresse introuvable (HTTP 404)", False, "k")


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def f1(gold: str, found: str) -> float:
    common = sum((words(gold) & words(found)).values())
    return 2 * common / (sum(words(gold).values()) + sum(words(found).values()))


@pytest.mark.shared
@pytest.mark.skipif(not PAGES.is_dir(), reason="needs ../shared/real")
def test_real_pages() -> None:
    whole, kept, missing, extra = [], 0, 0, 0
    for one in json.loads((PAGES / "index.json").read_text("utf-8")):
        gold = one["gold"]
        article = read_article((PAGES / one["file"]).read_bytes(), url=one["url"], now=NOW)
        if "text" in gold:
            whole.append(f1(gold["text"], article.text))
            assert article.title.split() == gold["title"].split()
            assert not gold.get("date") or str(article.published)[:10] == gold["date"], one["file"]
        else:
            found = [segment in article.text for segment in gold["with"]]
            kept, missing = kept + sum(found), missing + found.count(False)
            extra += sum(segment in article.text for segment in gold["without"])
    assert sum(whole) / len(whole) >= 0.98
    assert 2 * kept / (2 * kept + missing + extra) >= 0.95
