"""A name, and what it names: a person, an organisation, an outlet, a place, a product."""

import re
from dataclasses import dataclass
from enum import StrEnum

from extractors.events.gazetteer import Gazetteer, gazetteer, grammar
from extractors.events.language import Where
from models.identity import fold

_ROLE_BEFORE = grammar("names_role_before")


_CHEZ = grammar("names_chez")


_PERSON_AFTER = grammar("names_person_after")


_HEAD_OF = grammar("names_head_of")


class NameKind(StrEnum):
    """What a name names."""

    PERSON = "person"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    PLACE = "place"
    PRODUCT = "product"
    OTHER = "other"
    WORD = "word"  # opens a sentence and may be a common word: dropped unless it is somebody's surname


@dataclass(frozen=True, slots=True)
class Name:
    """A name at its place. `full` is the fullest form that the document gives of it."""

    where: Where
    start: int
    end: int
    text: str
    kind: NameKind
    full: str
    titled: bool = False  # M., Mme

    @property
    def key(self) -> str:
        """Equal for two mentions of one person or organisation within a document."""
        return fold(self.full) or self.full


@dataclass(frozen=True)
class Names:
    """Every name of a document, in reading order (the title first)."""

    all: tuple[Name, ...]
    doubtful: tuple[Name, ...] = ()  # open a sentence and may be a common word, or a name all the same

    def of(self, *kinds: NameKind) -> tuple[Name, ...]:
        """The names of some kinds."""
        return tuple(n for n in self.all if n.kind in kinds)

    @property
    def persons(self) -> tuple[Name, ...]:
        """People, every mention."""
        return self.of(NameKind.PERSON)

    @property
    def organisations(self) -> tuple[Name, ...]:
        """Organisations, every mention; outlets are not among them."""
        return self.of(NameKind.ORGANISATION)

    def between(self, where: Where, start: int, end: int, *kinds: NameKind) -> tuple[Name, ...]:
        """The names within a stretch of the title or text."""
        return tuple(
            n
            for n in self.all
            if n.where == where and n.start >= start and n.end <= end and (not kinds or n.kind in kinds)
        )

    def at(self, where: Where, offset: int) -> Name | None:
        """The name that covers a place."""
        return next((n for n in self.all if n.where == where and n.start <= offset < n.end), None)


Entities = list[tuple[int, int, str]]
"""The model's entities: start, end, label."""


def kind_of(text: str, start: int, end: int, length: int, entities: Entities, opens: bool) -> NameKind:
    """The kind of a run of so many words; `opens`: it begins a sentence."""
    known = gazetteer()
    listed = _known(fold(text[start:end]), known)
    if listed:
        return listed
    label = next((k for s, e, k in entities if s < end and e > start), "")
    if opens and re.match(r" ?:", text[end:]) and length <= 2 and label != "PER":
        return NameKind.ORGANISATION
    if length >= 2 or "." in text[start:end]:
        several = _of_several(text, start, end, length, label, known)
        if several:
            return several
    before = text[max(0, start - 40) : start]
    if _CHEZ.search(before) or (length == 1 and _HEAD_OF.search(before)):
        return NameKind.ORGANISATION
    exact = any(s == start and e == end and k == "PER" for s, e, k in entities)
    if exact and not opens and length == 1 and not text[start:end].isupper():
        return NameKind.PERSON
    if label == "LOC" and length == 1 and re.search(r"\b(?:à|en|au|aux|vers) $", before[-6:]):
        return NameKind.PLACE
    if label in ("ORG", "MISC", "LOC", "PER") or re.match(r"[a-zé]{1,3}[A-Z]|[A-Z]\w*[A-Z]", text[start:end]):
        return NameKind.ORGANISATION
    return NameKind.OTHER


def _known(form: str, known: Gazetteer) -> NameKind | None:
    if form in known.places:
        return NameKind.PLACE
    if form in known.products:
        return NameKind.PRODUCT
    if form in known.organisations:
        return NameKind.ORGANISATION
    return NameKind.OUTLET if form in known.outlets else None


def _of_several(text: str, start: int, end: int, length: int, label: str, known: Gazetteer) -> NameKind | None:
    """What several words name: the first word or an organisation's marks settle it, else what is around."""
    words = text[start:end].split()
    if any(part in known.marks for part in fold(text[start:end]).split()):
        return NameKind.ORGANISATION
    if fold(words[0].split("-")[0]) in known.first_names and length <= 4:
        return NameKind.PERSON
    if fold(words[0]) in known.organisations:
        return NameKind.ORGANISATION
    if length <= 3 and _PERSON_AFTER.match(text, end):
        return NameKind.PERSON
    if (label == "PER" or _ROLE_BEFORE.search(text, max(0, start - 30), start)) and length <= 4:
        return NameKind.ORGANISATION if _CHEZ.search(text, max(0, start - 40), start) else NameKind.PERSON
    return None
