"""lemon24/reader on the same feeds; run by benchmarks/fetching.py under an interpreter that has it.

python fetching_reader.py DATABASE FIRST_FEED_FILE     (one address a line)
"""

import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

database, addresses = sys.argv[1:]
reader: Any = importlib.import_module("reader").make_reader(database)
for address in Path(addresses).read_text("utf-8").split():
    reader.add_feed(address, exist_ok=True)
before = resource.getrusage(resource.RUSAGE_SELF)
begun = time.perf_counter()
reader.update_feeds(workers=10, scheduled=False)
wall = time.perf_counter() - begun
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(
    json.dumps(
        {"wall": wall, "cpu": cpu, "peak": after.ru_maxrss / 1024, "entries": reader.get_entry_counts().total}
    )
)
