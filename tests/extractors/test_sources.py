"""The bundled feeds and OPML."""

import pytest

from extractors.opml import read_opml, write_opml
from extractors.sources import bundled_feeds, parse_sources
from models.errors import ConfigurationError, InputError
from models.records import Feed

GOOD = '[[feed]]\npublisher = "P"\nurl = "https://p.example/feed"\nsite = "https://p.example"\ntopic = "tech"\n'


def test_at_least_sixty_feeds_come_with_vigie_each_with_publisher_site_and_topic() -> None:
    feeds = bundled_feeds()
    assert len(feeds) >= 60
    assert all(feed.publisher and feed.site and feed.topic and feed.url.startswith("https://") for feed in feeds)
    assert len({feed.url for feed in feeds}) == len(feeds)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("topic", "topics"), "clé inconnue « topics »"),
        (('"P"', '""'), "il manque « publisher »"),
        (("https://p.example/feed", "ftp://p.example"), "http"),
        (('"tech"', "3"), "chaînes"),
        (("[[feed]]", "[[flux]]"), r"\[\[feed\]\]"),
        (("[[feed]]", "[[feed"), "sources.toml"),
        (('"tech"', '"tech"\npolicy = "all"'), "règle de lecture"),
    ],
)
def test_a_mistake_in_the_list_is_named(change: tuple[str, str], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        parse_sources(GOOD.replace(*change))


def test_an_address_stands_once() -> None:
    with pytest.raises(ConfigurationError, match="deux fois"):
        parse_sources(GOOD + GOOD)


def test_opml_comes_back_as_it_went() -> None:
    feeds = (
        Feed(url="https://a.example/feed?x=1&y=2", title="Été & <Fils>", folder="Tech", site="https://a.example/"),
        Feed(url="https://b.example/feed", title="B", folder="Tech"),
        Feed(url="https://c.example/feed", title="C"),
    )
    assert read_opml(write_opml(feeds).encode()) == feeds


def test_folders_nest_and_each_address_comes_once() -> None:
    body = b"""<?xml version="1.0"?><opml version="1.0"><body><outline text="A"><outline text="B">
      <outline text="F" xmlUrl="https://f.example/feed"/></outline>
      <outline text="again" xmlUrl="https://F.example/feed"/>
      <outline text="bad" xmlUrl="javascript:alert(1)"/><outline text="none"/></outline></body></opml>"""
    (feed,) = read_opml(body)
    assert (feed.title, feed.folder, feed.url) == ("F", "A / B", "https://f.example/feed")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"bonjour", b"<rss/>", b"<opml", b'<?xml version="1.0" encoding="klingon"?><opml/>', b"\x00\x01",
        b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html/>',
    ],
)  # fmt: skip
def test_what_is_no_opml_is_told_in_one_line(body: bytes) -> None:
    with pytest.raises(InputError) as told:
        read_opml(body)
    assert "OPML" in str(told.value)
    assert "\n" not in str(told.value)


def test_an_outside_entity_is_not_read() -> None:
    body = b"""<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>
      <outline text="a &x;" xmlUrl="https://f.example/feed"/></body></opml>"""
    try:
        feeds = read_opml(body)
    except InputError:
        return
    assert all("root" not in feed.title for feed in feeds)


def test_an_empty_list_is_empty() -> None:
    assert read_opml(b"<opml version='2.0'><head/></opml>") == ()
