"""OPML in and out: the list of feeds that every reader of feeds exchanges, folders included."""

from collections.abc import Iterable, Iterator

from lxml import etree

from extractors.plaintext import one_line
from models.errors import InputError
from models.identity import canonical_url
from models.records import Feed

_MOST_BYTES = 10 * 1024 * 1024
_DEEPEST = 20  # folders within folders
_LONGEST_NAME = 200
_LONGEST_URL = 2_000


def read_opml(body: bytes) -> tuple[Feed, ...]:
    """The feeds of an OPML document, each address once, folders as `A / B`.

    Outlines without an http(s) address are skipped. Raises InputError, in one line, where it is no OPML.
    """
    root = _root(body)
    found: dict[str, Feed] = {}
    for outline, folder in _outlines(root):
        url = (outline.get("xmlUrl") or outline.get("xmlurl") or "").strip()
        if not url or len(url) > _LONGEST_URL or canonical_url(url) is None:
            continue
        name = one_line(outline.get("title") or outline.get("text") or "", _LONGEST_NAME)
        site = (outline.get("htmlUrl") or "").strip()
        feed = Feed(url=url, title=name, site=site if canonical_url(site) else "", folder=folder)
        found.setdefault(canonical_url(url) or url, feed)
    return tuple(found.values())


def write_opml(feeds: Iterable[Feed], title: str = "Vigie") -> str:
    """The feeds as OPML 2.0, a folder an outline; `read_opml` gives them back."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    for feed in feeds:
        parent = body
        if feed.folder and feed.folder not in folders:
            folders[feed.folder] = etree.SubElement(body, "outline", text=feed.folder, title=feed.folder)
        if feed.folder:
            parent = folders[feed.folder]
        name = one_line(feed.title or feed.name, _LONGEST_NAME)
        outline = etree.SubElement(parent, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
        if feed.site:
            outline.set("htmlUrl", feed.site)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written.decode("utf-8")


def _root(body: bytes) -> etree._Element:
    if len(body) > _MOST_BYTES:
        raise InputError("fichier OPML de plus de 10 Mo : ce n'est sans doute pas une liste de flux")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:  # ValueError: a declared encoding that nobody knows
        line = getattr(error, "lineno", None)
        raise InputError(f"ce n'est pas du XML, donc pas une liste OPML (ligne {line or 1})") from None
    if etree.QName(root).localname.lower() != "opml":
        raise InputError(f"ce n'est pas une liste OPML : l'élément racine est « {one_line(str(root.tag), 40)} »")
    return root


def _outlines(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Every outline with the path of the folders above it."""
    body = root.find("body")
    waiting = [(child, "", 0) for child in reversed(list(body))] if body is not None else []
    while waiting:
        outline, folder, depth = waiting.pop()
        if not isinstance(outline.tag, str) or outline.tag.lower() != "outline":
            continue
        yield outline, folder
        name = one_line(outline.get("text") or outline.get("title") or "", _LONGEST_NAME)
        inner = f"{folder} / {name}" if folder and name else folder or name
        if depth < _DEEPEST and not outline.get("xmlUrl"):
            waiting += [(child, inner, depth + 1) for child in reversed(list(outline))]
