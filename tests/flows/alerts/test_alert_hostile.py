"""A thousand hostile strings through every renderer, read back as the receiver would read them."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from flows.alerts.cleaning import clean, link
from flows.alerts.mail import WIRE, letter
from flows.alerts.render import Look, message
from flows.alerts.render_digest import digest_message, overflow_message
from flows.exports import ATOM, COLUMNS, export
from models.events import Alert, Alternative, Change, Chosen
from models.queries import Stored
from models.vocabulary import Kind, Life, News

OURS = "https://echo.example/un"
WHEN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"

ATTACKS = [
    "<!channel>", "<!here|x>", "<@U024BE7LH>", "@here", "@everyone", "#general", "<https://mal.example|cliquez>",
    "https://mal.example/x", "http://mal.example", "www.mal.example", "//mal.example", "javascript:alert(1)",
    "[cliquez](https://mal.example)", "![x](https://mal.example/p.png)", "**gras** _it_ ~non~ `code` ```bloc```",
    "# titre\n- liste", "> citation", SCRIPT, "<img src=x onerror=alert(1)>", "<a href='https://mal.example'>x</a>",
    "\"><b>", "' onmouseover='x", "</td></table>", "&lt;b&gt;", "&#60;b&#62;", "{{ 7*7 }}", "{% raw %}",
    "%0d%0aBcc: x@mal.example",
    "a\r\nBcc: voleur@mal.example\r\n\r\ncorps", "\u202egnp.exe", "\u2066x\u2069",
    "\u200b\u200f\ufeff", "\x00\x1b[31m\x07",
    "\u2028x\u2029", "\x85x", ":boom:", "data:text/html,x", "tel:+33123", "mailto:x@mal.example", "ftp://mal.example",
    "=?utf-8?q?Bcc?=", "\ud800",
    "𝕏" * 50, "e\u0301" * 50, "a" * 5000, "<" * 500, "|" * 50, "\\" * 50, "_*~" * 30,
]  # fmt: skip
HOSTILE = st.one_of(
    st.sampled_from(ATTACKS),
    st.lists(st.one_of(st.sampled_from(ATTACKS), st.text(max_size=20)), min_size=1, max_size=4).map(" ".join),
    st.text(st.characters(), max_size=200),
)
URLS = st.one_of(
    HOSTILE,
    st.sampled_from(
        ["javascript:alert(1)", "https://echo.example/a'b\"c<d>e|f", "https://échos.example/é", "https://u:p@echo.example/",
         "https://echo.example/)[x](https://mal.example)", "https://echo.example/*_~`", "data:text/html,x", "//x"]
    ),
)  # fmt: skip


NAMES = ("company", "person", "role", "reason", "unit", "place", "destination", "successor")


def hostile_alert(make: Any, texts: list[str], url: str, kind: Kind, news: News, life: Life) -> Alert:
    """An alert of which every text is hostile; ten of them, or one for all."""
    text = (texts * 10)[:10]
    mention = make.mention(kind=kind, title=text[0], outlet=text[1], quote=text[2], company=text[3])
    bad = make.mention(
        kind=kind, title=text[4], outlet=text[5], quote=text[6], article="https://x.example/2", url=url
    )
    figure = Chosen(120, "r", (mention.id,), (Alternative(93, (bad.id,), (text[7],)),))
    fields = dict(zip(NAMES, text, strict=False))
    event = make.event(
        kind, mentions=(mention, bad), life=life, id="evt1", headcount=figure, date=text[9], **fields
    )
    change = Change("evt1", news, text[8], "successor", text[8], text[9], mention.id)
    return Alert("a1", text[9], ("equipe",), news, event, change, WHEN)


class Page(HTMLParser):
    """What a browser would make of a letter."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src"):
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.texts.append(data)


TAGS = {
    "html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "table", "tr", "th", "td", "p", "br",
    "strong", "blockquote", "span", "ul", "li", "a", "img",
}  # fmt: skip
ATTRIBUTES = {"lang", "charset", "name", "content", "class", "scope", "href", "src", "alt", "width", "height"}


def allowed(url: str, given: str) -> bool:
    """Whether a live address is one of the articles' own, http or https, and of a plain form."""
    parts = urlsplit(url)
    known = {OURS, "https://x.example/2"} | ({link(given)} if link(given) else set())
    return url in known and parts.scheme in ("http", "https") and not re.search(r"[\s<>\"'|*~`\\]", url)


def check_html(html: str, given: str) -> None:
    page = Page()
    page.feed(html)
    page.close()
    assert set(page.tags) <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert all(url == "cid:graphique" or allowed(url, given) for url in page.links)
    assert_dead("".join(page.texts), given)


def assert_dead(text: str, given: str) -> None:
    """No address but ours, no mention, no control, in a text that a program would make live by itself."""
    for found in re.findall(r"(?i)\b[a-z][a-z0-9+.-]*://\S+", text):
        assert allowed(found, given), found
    rest = re.sub(r"https?://\S+", "", text)
    assert not re.search(r"(?i)\bwww\.\w|(?<!\w)@\w|<[!@#]|javascript:|mailto:|data:\w", rest)
    assert not re.search(r"\]\(|!\[|```|[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08\x0b-\x1f\x7f\x85]", rest)


def check_slack(data: str, given: str) -> None:
    """Slack reads `text` as its markup, and of the blocks only what they say is a link."""
    body = json.loads(data)
    assert not re.search(r"[<>]", body["text"])
    assert not re.search(r"&(?!amp;|lt;|gt;)", body["text"])

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            kind = node.get("type")
            assert kind in {
                None, "header", "plain_text", "rich_text", "rich_text_section", "rich_text_quote",
                "rich_text_list", "text", "link",
            }  # fmt: skip
            if kind == "link":
                assert allowed(node["url"], given)
            if kind == "header":
                assert len(node["text"]["text"]) <= 150
                assert node["text"]["emoji"] is False
            if kind in ("text", "plain_text"):
                assert 0 < len(node["text"]) <= 3000
                assert_dead(node["text"], given)
            walk([v for v in node.values() if isinstance(v, list | dict)])

    walk(body["blocks"])


def check_letter(rendered: Any, given: str) -> None:
    """Headers as RFC 5322 has them: ours alone, each on its line."""
    raw = letter(rendered, ("Vigie", "vigie@example.org"), ("", "a@example.org"), WHEN).as_bytes(policy=WIRE)
    head = raw.split(b"\r\n\r\n", 1)[0]
    assert head.isascii()
    assert max(len(line) for line in head.split(b"\r\n")) <= 998
    read = message_from_bytes(raw, policy=policy.default)
    assert set(read.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Application", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert read["To"] == "a@example.org"
    assert read["Subject"] == rendered.subject
    assert not read.defects
    html = read.get_body(("html",))
    assert html is not None
    check_html(html.get_content().replace("\r\n", "\n"), given)


def check_atom(written: str, given: str) -> None:
    """A feed reader's view: well-formed, one entry, text that is text, links that are ours."""
    root = Xml.fromstring(written.encode())  # noqa: S314 - what we wrote ourselves
    (entry,) = root.findall(f"{{{ATOM}}}entry")
    assert all(child.tag.startswith(f"{{{ATOM}}}") for child in root.iter())
    assert all(allowed(one.attrib["href"], given) for one in entry.findall(f"{{{ATOM}}}link"))
    content = entry.find(f"{{{ATOM}}}content")
    assert content is not None
    assert content.get("type") == "text"
    for text in (entry.findtext(f"{{{ATOM}}}title"), content.text):
        assert_dead(text or "", given)


def check_calendar(written: str, given: str) -> None:
    """A calendar program's view: one entry at the most, with the properties that we gave it and no alarm."""
    components = [c.name for c in Calendar.from_ical(written).walk()]
    assert components in (["VCALENDAR"], ["VCALENDAR", "VEVENT"])
    for entry in Calendar.from_ical(written).walk("VEVENT"):
        assert set(entry) <= {
            "UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION", "STATUS", "CATEGORIES", "TRANSP", "URL",
        }  # fmt: skip
        assert_dead(str(entry["SUMMARY"]), given)
        assert_dead(str(entry["DESCRIPTION"]), given)
        assert allowed(str(entry["URL"]), given)


def check_table(written: str) -> None:
    """A spreadsheet's view: one row of known cells, none of them a formula."""
    header, row = csv.reader(io.StringIO(written, newline=""))
    assert tuple(header) == COLUMNS
    assert len(row) == len(COLUMNS)
    assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


def check_lines(written: str, alert: Alert) -> None:
    """A program's view: one line, one object, raw texts (the documentation says so)."""
    (line,) = written.splitlines()
    assert json.loads(line)["id"] == alert.event.id


@settings(
    max_examples=100,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(
    texts=st.lists(HOSTILE, min_size=10, max_size=10),  # 1,000 in all
    url=URLS,
    kind=st.sampled_from(Kind),
    news=st.sampled_from(News),
    life=st.sampled_from(Life),
)
def test_nothing_hostile_is_live(
    make: Any, texts: list[str], url: str, kind: Kind, news: News, life: Life
) -> None:
    alert = hostile_alert(make, texts, url, kind, news, life)
    assert alert.change is not None
    also = (replace(alert.change, field="headcount", before=texts[3], after=texts[4], summary=texts[2]),)
    for look in Look:
        check(message(alert, look, quote=texts[0], also=also), look, url)
        check(digest_message([alert], look, texts[1], now=WHEN, also={alert.id: also}), look, url)
        check(overflow_message([alert], look, {alert.id: also}), look, url)
    stored = (Stored(alert.event, WHEN, WHEN),)
    check_atom(export(stored, "atom"), url)
    check_calendar(export(stored, "ics"), url)
    check_table(export(stored, "csv"))
    check_lines(export(stored, "jsonl"), alert)


def check(rendered: Any, look: Look, url: str) -> None:
    assert "\n" not in rendered.subject
    assert "\r" not in rendered.subject
    assert len(rendered.subject) <= 180
    assert_dead(rendered.subject, url)
    assert_dead(rendered.text, url)
    rendered.text.encode()
    if look is Look.SLACK:
        check_slack(rendered.data, url)
    if look is Look.MAIL:
        check_letter(rendered, url)
    if look is Look.WEBHOOK:
        json.loads(rendered.data)


def test_a_title_of_a_megabyte_costs_no_more_than_another(make: Any) -> None:
    alert = hostile_alert(
        make, ["<!channel> @here " * 60_000], "https://echo.example/2", Kind.LAYOFF, News.NEW, Life.CONFIRMED
    )
    for look in Look:
        rendered = message(alert, look)
        assert len(rendered.text) < 8000
        assert len(rendered.html or "") < 20_000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "L’IA d’Orange : 1 200 postes – « dès 2026 » (13 %)",
            "L’IA d’Orange : 1 200 postes – « dès 2026 » (13 %)",
        ),
        ("Yahoo! et C# chez Builder.ai, R&D à 50 %", "Yahoo! et C# chez Builder.ai, R&D à 50 %"),
        ("deux\nlignes\tet  blancs", "deux lignes et blancs"),
        ("Z\u0065\u0301phir", "Zéphir"),
        ("x" * 400, "x" * 299 + "…"),
        ("", ""),
        (None, ""),
    ],
)
def test_ordinary_text_stays_as_it_is(text: str | None, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://echo.example/a?b=c&utm_source=rss#x", "https://echo.example/a?b=c"),
        ("https://echo.example/L’été", "https://echo.example/L%E2%80%99%C3%A9t%C3%A9"),
        ("https://echo.example/a(b)|c", "https://echo.example/a%28b%29%7Cc"),
        ("javascript:alert(1)", ""),
        ("https://<b>/", ""),
        ("https://é.example/", ""),
        ("ftp://echo.example/", ""),
        ("https://echo.example/" + "a" * 3000, ""),
        (None, ""),
    ],
)
def test_links(url: str | None, shown: str) -> None:
    assert link(url) == shown
