"""What each word of a document means in its context: the states of a small transformer, computed on this machine.

The encoder descends from multilingual-e5-small (MIT licence), its vocabulary cut down to French, its upper layers
left out; `make train` teaches it on the labelled corpus and writes `encoder.onnx` (8-bit weights) and
`tokenizer.json`. One thread and a fixed order of operations: the same words always give the same states.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from extractors.events.judging.candidates import Candidate
from extractors.events.language import Where
from models.records import Document

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

BEGIN, END = 0, 2
LONGEST = 510  # tokens of a window: the encoder knows 512 positions
TITLE = 96  # tokens of a title at the most
OVERLAP = 64  # tokens that a window shares with the one before
WIDTH = 384  # numbers of a state
WINDOWS = 6  # of a document, some 2,500 words: news stands before that
FOLDER = resources.files("extractors.events.judging")

Array = np.ndarray[Any, np.dtype[np.float32]]
Span = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A stretch of a document behind its title: token ids, and the place of each token in the document."""

    ids: tuple[int, ...]
    places: tuple[tuple[Where, int, int] | None, ...]

    def span(self, where: Where, start: int, end: int) -> Span | None:
        """The tokens that cover a place, None where the window does not hold it."""
        inside = [
            i for i, p in enumerate(self.places) if p and p[0] == where and p[1] < end and p[2] > max(start, p[1])
        ]
        return (inside[0], inside[-1] + 1) if inside else None


@dataclass(frozen=True)
class Encoded:
    """The states of a document's windows, and where each candidate stands: (window, span), in reading order."""

    windows: tuple[Window, ...]
    states: tuple[Array, ...]
    spans: tuple[tuple[tuple[int, Span], ...], ...]

    def state(self, where: Where, start: int, end: int) -> Array | None:
        """The mean state of the words at a place; None where no window holds it."""
        found = _first(self.windows, where, start, end)
        if found is None:
            return None
        index, (a, b) = found
        mean: Array = self.states[index][a:b].mean(0)
        return mean


def windows(document: Document) -> list[Window]:
    """A document cut into windows; one for all but long articles."""
    return windows_by(_tokenizer(), document)


def windows_by(tokenizer: "Tokenizer", document: Document) -> list[Window]:
    """The windows that a tokenizer gives: training brings its own."""
    title = _tokens(tokenizer, "title", document.title or "")[:TITLE]
    text = _tokens(tokenizer, "text", document.text)
    size = LONGEST - len(title) - 3
    starts = range(0, max(1, len(text) - OVERLAP), size - OVERLAP) if len(text) > size else range(1)
    found = []
    for start in list(starts)[:WINDOWS]:
        part = text[start : start + size]
        ids = (BEGIN, *(i for i, _ in title), END, *(i for i, _ in part), END)
        found.append(Window(ids, (None, *(p for _, p in title), None, *(p for _, p in part), None)))
    return found


def _tokens(tokenizer: "Tokenizer", where: Where, text: str) -> list[tuple[int, tuple[Where, int, int]]]:
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return [(i, (where, start, end)) for i, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)]


def encode(document: Document, candidates: Sequence[Candidate]) -> Encoded:
    """The states of a document; the encoder is told which tokens are names, and of what type."""
    cut = windows(document)
    spans: list[list[tuple[int, Span]]] = [[] for _ in candidates]
    types = [[0] * len(window.ids) for window in cut]
    for candidate, own in zip(candidates, spans, strict=True):
        for place in candidate.places:
            found = _first(cut, place.where, place.start, place.end)
            if found:
                index, span = found
                types[index][span[0] : span[1]] = [candidate.type] * (span[1] - span[0])
                own.append(found)
    states = tuple(_run(window.ids, kinds) for window, kinds in zip(cut, types, strict=True))
    return Encoded(tuple(cut), states, tuple(tuple(own) for own in spans))


def _first(cut: Sequence[Window], where: Where, start: int, end: int) -> tuple[int, Span] | None:
    """The first window that holds a place, and the tokens there."""
    spans = ((index, window.span(where, start, end)) for index, window in enumerate(cut))
    return next(((index, span) for index, span in spans if span), None)


def _run(ids: Sequence[int], types: Sequence[int]) -> Array:
    feed = {"ids": np.array([ids], dtype=np.int64), "typ": np.array([types], dtype=np.int64)}
    states: Array = _session().run(None, feed)[0][0]
    return states


@cache
def _tokenizer() -> "Tokenizer":
    from tokenizers import Tokenizer  # here, so that documents without a cue never pay for it

    return Tokenizer.from_str(FOLDER.joinpath("tokenizer.json").read_text(encoding="utf-8"))


@cache
def _session() -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # a plan is kept for each length of window: twice the memory
    with resources.as_file(FOLDER.joinpath("encoder.onnx")) as path:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
