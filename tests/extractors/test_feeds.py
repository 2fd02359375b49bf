"""Feeds of every form, right and wrong, made of this project's own words."""

import io
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from extractors.feeds import parse_feed
from extractors.feeds_dates import parse_date
from models.records import ParsedFeed
from models.vocabulary import Health

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://site.example/flux/feed.xml"
REAL = Path(__file__).parents[3] / "shared/real/feeds"


def parse(text: str | bytes, content_type: str = "application/rss+xml") -> ParsedFeed:
    body = text.encode() if isinstance(text, str) else text
    return parse_feed(body, feed_url=URL, content_type=content_type, now=NOW)


def rss(items: str, head: str = "<title>Le Fil</title><link>https://site.example/</link>", start: str = "") -> str:
    return (
        f'{start}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{head}'
        f"<description>d</description>{items}</channel></rss>"
    )


FORMS = {
    "rss 0.91": '<rss version="0.91"><channel><title>Le Fil</title><item><title>Élodie part</title>'
    "<link>https://site.example/a</link></item></channel></rss>",
    "rss 0.92": '<rss version="0.92"><channel><title>Le Fil</title><item><title>Élodie part</title>'
    "<link>/a</link><description>x</description></item></channel></rss>",
    "rss 1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="https://site.example/"><title>Le Fil</title></channel>'
    '<item rdf:about="https://site.example/a"><title>Élodie part</title><link>https://site.example/a</link></item></rdf:RDF>',
    "rss 2.0": rss("<item><title><![CDATA[<b>Élodie</b> part]]></title><link>https://site.example/a?utm_source=rss#x</link></item>"),
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>Le Fil</title><id>f</id><entry><id>e</id>'
    '<title type="html">&lt;i&gt;Élodie&lt;/i&gt; part</title><link rel="alternate" href="/a"/></entry></feed>',
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_entry(form: str) -> None:
    parsed = parse(FORMS[form])
    assert (parsed.title, parsed.health, parsed.problem) == ("Le Fil", Health.FRESH, None)
    (entry,) = parsed.entries
    assert (entry.title, entry.url, entry.publisher) == ("Élodie part", "https://site.example/a", "Le Fil")


def test_text_comes_out_plain_and_composed() -> None:
    item = (
        "<item><title>De\u0301mission&#13;&#10;Bcc: x&#x202e;gro.liam &amp;amp; co</title><guid>1</guid>"
        "<description><![CDATA[<p>Un&nbsp;départ</p><script>alert(1)</script><p>R&amp;D</p>]]></description></item>"
    )
    (entry,) = parse(rss(item)).entries
    assert entry.title == "Démission Bcc: xgro.liam & co"
    assert entry.summary == "Un départ\nR&D"


def test_a_comparison_is_no_markup() -> None:
    (entry,) = parse(rss("<item><title>Marge : 3 &lt; 5 &amp; 7</title></item>")).entries
    assert entry.title == "Marge : 3 < 5 & 7"


def test_long_descriptions_are_content_and_are_capped() -> None:
    (entry,) = parse(
        rss(f"<item><title>{'mot ' * 200}</title><description>{'phrase. ' * 900}</description></item>")
    ).entries
    assert len(entry.title) <= 300
    assert entry.title.endswith("mot…")
    assert len(entry.summary) == 4000
    assert entry.content.count("phrase.") == 900


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b.fr"]
)
def test_links_are_http_or_nothing(link: str) -> None:
    parsed = parse(rss(f"<item><title>t</title><guid isPermaLink='false'>1</guid><link>{link}</link></item>"))
    assert parsed.entries[0].url is None
    assert "lien refusé" in (parsed.problem or "")


@pytest.mark.parametrize("link", ["http://[", "//", "#", "https://"])
def test_a_link_that_leads_nowhere_is_none(link: str) -> None:
    parsed = parse(rss(f"<item><title>t</title><guid isPermaLink='false'>1</guid><link>{link}</link></item>"))
    assert parsed.entries[0].url is None


def test_identity_is_guid_else_address_else_content() -> None:
    def keys(*items: str) -> list[str]:
        return [entry.key for entry in parse(rss("".join(f"<item>{item}</item>" for item in items))).entries]

    guid = "<guid isPermaLink='false'>7</guid>"
    assert keys(f"{guid}<title>a</title>") == keys(f"{guid}<title>b</title><link>https://x.example/</link>")
    address = "<link>https://x.example/a?utm_source=rss</link>"
    assert keys(f"{address}<title>a</title>") == keys("<link>https://x.example/a</link><title>b</title>")
    assert keys("<title>Un titre</title>") == keys("<title>un  titre !</title>") != keys("<title>Autre</title>")


def test_items_that_share_a_guid_are_told_apart_and_repeated_ones_are_not_kept_twice() -> None:
    def item(title: str) -> str:
        return (
            f"<item><title>{title}</title><link>https://x.example/</link><guid isPermaLink='false'>g</guid></item>"
        )

    parsed = parse(rss(item("un") + item("deux") + item("un")))
    assert [entry.title for entry in parsed.entries] == ["un", "deux"]
    assert "identifiant répété (2 entrées)" in (parsed.problem or "")
    turned = parse(rss(item("deux") + item("un")))
    assert {e.title: e.key for e in parsed.entries} == {e.title: e.key for e in turned.entries}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Mon, 02 Nov 2026 10:00:00 CEST", "2026-11-02 08:00"),
        ("Mon, 02 Nov 2026 10:00:00 +0100", "2026-11-02 09:00"),
        ("lun., 02 nov. 2026 10:00:00 +0100", "2026-11-02 09:00"),
        ("02 août 2026 10:00 CEST", "2026-08-02 08:00"),
        ("Mon, 02 Nov 2026 10:00 EST", "2026-11-02 15:00"),
        ("2026-11-02T10:00:00.1234567+01:00", "2026-11-02 09:00"),
        ("2026-11-02 10:00:00", "2026-11-02 10:00"),
        ("Mon, 02 Nov 2026", "2026-11-02 00:00"),
        ("Sun, 22 Nov 2026 14:00:00 GMT", "2026-11-22 12:00"),  # two hours ahead: now
        ("Mon, 22 Nov 2027 14:00:00 GMT", None),
        ("Mon, 01 Jan 299 00:00:00 GMT", None),
        ("0000-00-00", None),
        ("-0001-11-30T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("9999-12-31T23:00:00-10:00", None),
        ("hier", None),
    ],
)
def test_dates(written: str, told: str | None) -> None:
    (entry,) = parse(rss(f"<item><title>t</title><pubDate>{written}</pubDate></item>")).entries
    assert (f"{entry.published:%Y-%m-%d %H:%M}" if entry.published else None) == told
    assert entry.published is None or entry.published.tzinfo is UTC


def test_the_feeds_own_dates_are_read_without_feedparsers_help() -> None:
    assert parse_date("Mon, 02 Nov 2026 10:00:00 CEST", NOW) == datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "health", "words"),
    [
        (b"", Health.EMPTY, "réponse vide"),
        (b" \n ", Health.EMPTY, "réponse vide"),
        (rss("").encode(), Health.EMPTY, "sans aucune entrée"),
        (b"<!doctype html><html><title>x</title></html>", Health.NOT_A_FEED, "page HTML"),
        ("<html><body>Gérer mon consentement</body></html>".encode(), Health.NOT_A_FEED, "consentement"),
        (b"<html><h1>Just a moment...</h1></html>", Health.NOT_A_FEED, "anti-robot"),
        (b'{"version": "https://jsonfeed.org/version/1"}', Health.NOT_A_FEED, "JSON"),
        (b"<opml version='2.0'><body/></opml>", Health.NOT_A_FEED, "OPML"),
        (b"bonjour", Health.NOT_A_FEED, "ni RSS ni Atom"),
        (b"/etc/passwd", Health.NOT_A_FEED, "ni RSS ni Atom"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", Health.NOT_A_FEED, "ni RSS ni Atom"),
    ],
)
def test_what_is_no_feed_is_told_in_words(body: bytes, health: Health, words: str) -> None:
    parsed = parse(body)
    assert (parsed.health, parsed.entries) == (health, ())
    assert words in (parsed.problem or "")


def test_broken_xml_keeps_what_can_be_rescued() -> None:
    parsed = parse(rss("<item><title>A & B</title><link>https://x.example/a</link></item>"))
    assert (parsed.health, parsed.entries[0].title) == (Health.BROKEN, "A & B")
    assert "mal formé" in (parsed.problem or "")
    assert "1 entrée sauvée" in (parsed.problem or "")


def test_a_truncated_feed_loses_the_item_that_is_cut() -> None:
    whole = rss(
        "".join(f"<item><title>t{n}</title><link>https://x.example/article-{n}</link></item>" for n in range(3))
    )
    parsed = parse(whole[: whole.index("article-2") + 4])
    assert [entry.url for entry in parsed.entries] == [
        "https://x.example/article-0",
        "https://x.example/article-1",
    ]
    assert "XML tronqué, 2 entrées sauvées" in (parsed.problem or "")


@pytest.mark.parametrize(
    ("declared", "written", "content_type", "told"),
    [
        ("utf-8", "utf-8", "application/rss+xml", None),
        ("iso-8859-15", "iso-8859-15", "application/rss+xml", None),
        ("windows-1252", "windows-1252", "text/xml", None),
        ("utf-8", "utf-16", "application/rss+xml", None),
        ("utf-8", "cp1252", "application/rss+xml", "windows-1252"),
        ("iso-8859-1", "utf-8", "application/rss+xml", "utf-8"),
        ("utf-8", "utf-8", "application/rss+xml; charset=iso-8859-1", "utf-8"),
    ],
)
def test_accents_survive_what_is_announced(
    declared: str, written: str, content_type: str, told: str | None
) -> None:
    title = "L’été à la Défense" if written != "iso-8859-15" else "L'été à la Défense"
    xml = "utf-16" if written == "utf-16" else declared
    text = rss(f"<item><title>{title}</title></item>", start=f'<?xml version="1.0" encoding="{xml}"?>')
    parsed = parse(text.encode(written), content_type)
    assert parsed.entries[0].title == title
    assert (parsed.problem is None) if told is None else (told in (parsed.problem or ""))


def test_ttl_and_language_are_read() -> None:
    parsed = parse(
        rss("<item><title>t</title></item>", head="<title>F</title><ttl>45</ttl><language>fr-FR</language>")
    )
    assert (parsed.ttl_minutes, parsed.language) == (45, "fr-FR")


@pytest.mark.shared
@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/real")
@pytest.mark.parametrize("path", sorted(REAL.glob("*.xml")), ids=lambda p: p.stem)
def test_real_feeds_give_feedparsers_entries_but_for_repeated_ones(path: Path) -> None:
    body = path.read_bytes()
    theirs = feedparser.parse(io.BytesIO(body)).entries
    parsed = parse(body)
    distinct = {(e.get("id"), e.get("link"), e.get("title"), e.get("summary")) for e in theirs}
    assert len(parsed.entries) in {len(theirs), len(distinct)}
    assert all(entry.published is None or entry.published <= NOW for entry in parsed.entries)
