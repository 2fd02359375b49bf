"""Whether our feeds have the entries that feedparser finds: over folders of feeds, with the differences.

python -m benchmarks.parsers FOLDER [FOLDER ...]      (every .xml below; feedparser's own test feeds, for one)
"""

import io
import sys
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from extractors.feeds import parse_feed


def main(folders: list[str]) -> None:
    """Prints counts, times and every feed that differs."""
    warnings.simplefilter("ignore")  # feedparser warns of its own mappings
    now = datetime.now(UTC)
    files = sorted(path for folder in folders for path in Path(folder).rglob("*.xml"))
    differ, ours, theirs = [], 0.0, 0.0
    for path in files:
        body = path.read_bytes()
        begun = time.process_time()
        wanted = len(feedparser.parse(io.BytesIO(body)).entries)
        between = time.process_time()
        parsed = parse_feed(body, feed_url="http://127.0.0.1:8097/feed.xml", now=now)
        theirs, ours = theirs + between - begun, ours + time.process_time() - between
        if wanted != len(parsed.entries):
            differ.append(
                f"| {path.name} | {wanted} | {len(parsed.entries)} | {parsed.problem or 'repeated items'} |"
            )
    print(f"{len(files)} feeds, {len(differ)} differ; CPU {ours:.1f} s, feedparser alone {theirs:.1f} s\n")
    print("| feed | feedparser | ours | why |\n| --- | --- | --- | --- |")
    print("\n".join(differ))


if __name__ == "__main__":
    main(sys.argv[1:])
