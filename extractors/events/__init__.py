"""Text → mentions: the understanding of French.

`understand` reads documents in bounded batches; the French model is loaded only where a cue was found.
"""

from collections.abc import Iterable, Iterator

from extractors.events.assembly import VERSION, understand
from models.records import Document, Reading

__all__ = ["VERSION", "Document", "Iterable", "Iterator", "Reading", "understand"]
