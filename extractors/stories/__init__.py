"""Mentions into events: what is the same story, what it is worth, and what is news in it (docs/resolution.md).

`keys_of` and `event_keys` say where to look, `resolve` and `decide` what an article's mentions make of what was
found there, `rebuild` what an event is from the set of its mentions. `Memory` keeps events without a database.
"""

from extractors.stories.keys import event_keys, keys_of
from extractors.stories.memory import Memory, resolve_stream
from extractors.stories.names import Names, bundled, with_aliases
from extractors.stories.resolution import Lookup, decide, rebuild, resolve

__all__ = [
    "Lookup",
    "Memory",
    "Names",
    "bundled",
    "decide",
    "event_keys",
    "keys_of",
    "rebuild",
    "resolve",
    "resolve_stream",
    "with_aliases",
]
