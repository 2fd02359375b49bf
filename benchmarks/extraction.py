"""How well, and how fast, libraries find an article's text: on French pages with what must come out.

    python benchmarks/extraction.py PAGES_DIRECTORY        (index.json beside the pages)

Run it under any interpreter: every library that it has is measured (ours, trafilatura, newspaper4k,
readability-lxml, news-please). Quality is the F1 of words on pages with a full text, and of segments that must and
must not be there.
"""

import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Extractor = Callable[[bytes, str], str]


def ours() -> Extractor:
    """This project's own door."""
    from extractors.articles import read_article

    now = datetime.now(UTC)
    return lambda body, url: read_article(body, url=url, now=now).text


def told() -> Extractor:
    """The same as in a cycle, where the feed has told title, date and publisher already."""
    from extractors.articles import read_article
    from models.records import Entry

    now = datetime.now(UTC)
    entry = Entry("key", "https://site.example/feed", None, "Titre du flux", published=now, publisher="Le Site")
    return lambda body, url: read_article(body, url=url, entry=entry, now=now).text


def trafilatura() -> Extractor:
    """Trafilatura as it comes, precise."""
    import trafilatura as library

    return lambda body, url: library.extract(body, url=url, favor_precision=True, include_comments=False) or ""


def newspaper() -> Extractor:
    """newspaper4k."""
    library: Any = import_module("newspaper")

    def read(body: bytes, url: str) -> str:
        article = library.Article(url, language="fr")
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
        return str(article.text)

    return read


def readability() -> Extractor:
    """readability-lxml, its summary's text."""
    import lxml.html

    library: Any = import_module("readability")

    def read(body: bytes, url: str) -> str:
        summary = library.Document(body.decode("utf-8", "replace"), url=url).summary()
        return str(lxml.html.fromstring(summary).text_content())

    return read


def newsplease() -> Extractor:
    """news-please."""
    library: Any = import_module("newsplease").NewsPlease
    return lambda body, url: library.from_html(body.decode("utf-8", "replace"), url=url).maintext or ""


LIBRARIES = {
    "extractors": ours,
    "extractors, with a feed": told,
    "trafilatura": trafilatura,
    "newspaper": newspaper,
    "readability": readability,
    "newsplease": newsplease,
}


def main(folder: Path) -> None:
    """Prints a line of a table for each library that is here, or for the one named after the folder."""
    pages = json.loads((folder / "index.json").read_text("utf-8"))
    bodies = [(folder / page["file"]).read_bytes() for page in pages]
    print("| library | text F1 | segments F1 | CPU ms a page, median | mean | failed |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, make in LIBRARIES.items():
        if find_spec(name.partition(",")[0]) is not None and name in (sys.argv[2:] or LIBRARIES):
            measure(name, make(), pages, bodies)


def measure(name: str, read: Extractor, pages: list[dict[str, Any]], bodies: list[bytes]) -> None:
    """One library over all pages; a page on which it raises counts as empty."""
    texts, times, failed = [], [], 0
    read(bodies[0], pages[0]["url"])  # what it loads once is not counted
    for page, body in zip(pages, bodies, strict=True):
        begun = time.process_time()
        try:
            texts.append(read(body, page["url"]))
        except Exception:  # noqa: BLE001 - any library may fail in its own way, and is counted
            texts.append("")
            failed += 1
        times.append((time.process_time() - begun) * 1000)
    whole, segments = scores(pages, texts)
    median, mean = statistics.median(times), statistics.mean(times)
    print(f"| {name} | {whole:.3f} | {segments:.3f} | {median:.0f} | {mean:.0f} | {failed} |", flush=True)


def scores(pages: list[dict[str, Any]], texts: list[str]) -> tuple[float, float]:
    """The mean F1 of words over pages with a full text, and the F1 of segments over the others."""
    whole, kept, missing, extra = [], 0, 0, 0
    for page, text in zip(pages, texts, strict=True):
        gold = page["gold"]
        if "text" in gold:
            asked, found = (Counter(re.findall(r"\w+", t.lower())) for t in (gold["text"], text))
            whole.append(2 * sum((asked & found).values()) / max(sum(asked.values()) + sum(found.values()), 1))
        else:
            there = sum(segment in text for segment in gold["with"])
            kept, missing = kept + there, missing + len(gold["with"]) - there
            extra += sum(segment in text for segment in gold["without"])
    return statistics.mean(whole), 2 * kept / max(2 * kept + missing + extra, 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
