"""The outlets' feeds: the same stories in nine forms that real sites use, quirks included. Pure."""

import gzip
import hashlib
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime

from flows.demo.stories import Site, Story

_E = html.escape


@dataclass(frozen=True, slots=True)
class Served:
    """Bytes with their headers, as the server sends them."""

    body: bytes
    content_type: str
    encoding: str = ""

    @property
    def etag(self) -> str:
        """A strong validator: the body's hash."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def feed(site: Site, base: str) -> Served:
    """The feed of an outlet served under `base` (http://127.0.0.1:port), in the outlet's form."""
    return _FORMS[site.form](site, f"{base}/{site.slug}")


def plain(title: str) -> str:
    """A title without its HTML."""
    return re.sub(r"<[^>]+>", "", title)


def _lead(story: Story) -> str:
    first = story.paragraphs[0]
    return first if len(first) < 240 else f"{first[:220].rsplit(' ', 1)[0]}…"


def _guid(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _iso(story: Story) -> str:
    return story.when.isoformat()


def _item(story: Story, address: str, *, title: str = "", description: str = "", more: str = "") -> str:
    return (
        f"<item><title>{title or _E(plain(story.title))}</title><link>{_E(address)}</link>"
        f"<description>{description or _E(_lead(story))}</description>{more}</item>"
    )


def _dates(story: Story, address: str) -> str:
    return f'<pubDate>{format_datetime(story.when)}</pubDate><guid isPermaLink="false">{_guid(address)}</guid>'


def _rss(site: Site, root: str, items: list[str], version: str = "2.0", charset: str = "utf-8") -> Served:
    text = (
        f'<?xml version="1.0" encoding="{charset}"?>\n'
        f'<rss version="{version}" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{_E(site.name)}</title><link>{root}/</link><description>{_E(site.tagline)}</description>"
        f"<language>fr</language>{''.join(items)}</channel></rss>"
    )
    return Served(text.encode(charset, "xmlcharrefreplace"), "application/rss+xml")


def _rss_20(site: Site, root: str) -> Served:
    return _rss(site, root, [_item(s, a, more=_dates(s, a)) for s, a in _places(site, root)])


def _rss_content(site: Site, root: str) -> Served:
    """The whole story in content:encoded, as blogs do."""
    items = []
    for story, address in _places(site, root):
        whole = "".join(f"<p>{_E(p)}</p>" for p in story.paragraphs)
        content = f"<content:encoded><![CDATA[{whole}]]></content:encoded>"
        items.append(_item(story, address, more=content + _dates(story, address)))
    return _rss(site, root, items)


def _rss_092(site: Site, root: str) -> Served:
    """No guid and no date: only the page tells when the story was published."""
    return _rss(site, root, [_item(s, a) for s, a in _places(site, root)], version="0.92")


def _rss_cdata(site: Site, root: str) -> Served:
    """HTML in the titles, an image and a script in the descriptions."""
    items = []
    for story, address in _places(site, root):
        lead = f'<p><img src="{root}/logo.png" alt=""/>{_E(_lead(story))}</p><script>mesure()</script>'
        items.append(
            _item(
                story,
                address,
                title=f"<![CDATA[{story.title}]]>",
                description=f"<![CDATA[{lead}]]>",
                more=_dates(story, address),
            )
        )
    return _rss(site, root, items)


def _rss_tracking(site: Site, root: str) -> Served:
    """Links that carry the parameters of an audience meter."""
    items = []
    for story, address in _places(site, root):
        tracked = f"{address}?utm_source=rss&utm_medium=feed&utm_campaign=tout#xtor=RSS-1"
        items.append(_item(story, tracked, more=_dates(story, address)))
    return _rss(site, root, items)


def _rss_cp1252(site: Site, root: str) -> Served:
    items = [_item(s, a, more=_dates(s, a)) for s, a in _places(site, root)]
    return _rss(site, root, items, charset="windows-1252")


def _rdf(site: Site, root: str) -> Served:
    """RSS 1.0 in ISO-8859-15: guillemets fit, typographic apostrophes become character references."""
    places = list(_places(site, root))
    order = "".join(f'<rdf:li rdf:resource="{a}"/>' for _, a in places)
    rows = "".join(
        f'<item rdf:about="{a}"><title>{_E(plain(s.title))}</title><link>{a}</link>'
        f"<description>{_E(_lead(s))}</description><dc:date>{_iso(s)}</dc:date></item>"
        for s, a in places
    )
    text = (
        '<?xml version="1.0" encoding="ISO-8859-15"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{root}/"><title>{_E(site.name)}</title>'
        f"<link>{root}/</link><description>{_E(site.tagline)}</description>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>{rows}</rdf:RDF>"
    )
    return Served(text.encode("iso-8859-15", "xmlcharrefreplace"), "application/rdf+xml")


def _atom(site: Site, root: str, links: Callable[[str], str], base: str = "") -> Served:
    rows = "".join(
        f"<entry><id>urn:vigie:{site.slug}:{s.slug}</id><title>{_E(plain(s.title))}</title>"
        f'<link rel="alternate" href="{links(a)}"/><published>{_iso(s)}</published><updated>{_iso(s)}</updated>'
        f"<author><name>{_E(s.author)}</name></author><summary>{_E(_lead(s))}</summary></entry>"
        for s, a in _places(site, root)
    )
    newest = _iso(site.stories[0]) if site.stories else "2000-01-01T00:00:00Z"
    text = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"{base} xml:lang="fr">'
        f"<title>{_E(site.name)}</title><subtitle>{_E(site.tagline)}</subtitle><id>urn:vigie:{site.slug}</id>"
        f"<updated>{newest}</updated>{rows}</feed>"
    )
    return Served(text.encode(), "application/atom+xml")


def _atom_gzip(site: Site, root: str) -> Served:
    served = _atom(site, root, str)
    return Served(gzip.compress(served.body, mtime=0), served.content_type, "gzip")


def _atom_base(site: Site, root: str) -> Served:
    """Relative links against xml:base."""
    return _atom(site, root, lambda a: a.removeprefix(f"{root}/"), f' xml:base="{root}/"')


def _places(site: Site, root: str) -> list[tuple[Story, str]]:
    return [(story, f"{root}/{story.slug}") for story in site.stories]


_FORMS: Mapping[str, Callable[[Site, str], Served]] = {
    "rss": _rss_20,
    "rss-content": _rss_content,
    "rss-092": _rss_092,
    "rss-cdata": _rss_cdata,
    "rss-tracking": _rss_tracking,
    "rss-cp1252": _rss_cp1252,
    "rdf": _rdf,
    "atom-gzip": _atom_gzip,
    "atom-base": _atom_base,
}
FORMS = tuple(_FORMS)
