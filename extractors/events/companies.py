"""Which organisation a departure is from: named beside the trigger, in the leaver's role, or the story's own."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from extractors.events.gazetteer import gazetteer, grammar
from extractors.events.language import Sentence, Where, text_of
from extractors.events.names import Name, NameKind
from extractors.events.people import People
from extractors.events.roles import Role
from models.identity import fold
from models.vocabulary import RoleCode

_ORGANISATIONS = (NameKind.ORGANISATION, NameKind.OUTLET, NameKind.OTHER)
_AROUND = grammar("companies_around")
_INTRODUCED = grammar("companies_introduced")
_STORY_WORDS = re.compile(
    r"\b(?:selon|d'après|interrogée?s? par|à|au|dans|sur|cité par|via) (?:le |la |l'|les )?$", re.IGNORECASE
)

_OBJECT_END = grammar("companies_object_end")
_BESIDE_END = grammar("companies_beside_end")
_MAKER = re.compile(r"(?:co-?)?(?:créat(?:eur|rice)|père|papa|mère|maman|invent(?:eur|rice))\b", re.IGNORECASE)
_LONG = 14  # sentences; a longer story may speak of several organisations


@dataclass(frozen=True)
class Companies:
    """The organisations of a document."""

    people: People

    @cached_property
    def focus(self) -> Name | None:
        """The organisation that the story is most about."""
        return self.focus_without(frozenset())

    def focus_without(self, never: frozenset[str]) -> Name | None:
        """The organisation that the story is most about, some left out (where somebody goes)."""
        counts: Counter[str] = Counter()
        first: dict[str, Name] = {}
        for name in self.people.names.all:
            if name.kind not in (NameKind.ORGANISATION, NameKind.OUTLET) or name.key in never:
                continue
            before = self._text(name.where)[max(0, name.start - 30) : name.start]
            if name.kind is NameKind.OUTLET and (_STORY_WORDS.search(before) or not self._acts(name)):
                continue
            first.setdefault(name.key, name)
            counts[name.key] += self._weight(name)
        for role in self.people.roles:
            if role.organisation is not None and role.organisation.key in first and not role.former:
                counts[role.organisation.key] += 2
        if not counts:
            return self._unlisted(never)
        best = max(counts, key=lambda k: (counts[k], -self._order(first[k])))
        return first[best]

    def _unlisted(self, never: frozenset[str]) -> Name | None:
        """Where no organisation is known: the first and most named that is neither person nor place."""
        names = [
            n
            for n in self.people.names.of(NameKind.PRODUCT, NameKind.OTHER)
            if n.key not in never and not n.text.isdigit()
        ]
        counts: Counter[str] = Counter()
        for name in names:
            counts[name.key] += 4 if name.where == "title" else 2 if name.start < 200 else 1
        return max(names, key=lambda n: counts[n.key], default=None)

    def _weight(self, name: Name) -> int:
        text = self._text(name.where)
        leads = name.start < 12 and bool(re.match(r" ?:", text[name.end : name.end + 2]))
        opening = self.people.names.organisations[:1]
        untitled = self.people.parsed.title is None and bool(opening) and opening[0] is name
        known = 1 if fold(name.text) in gazetteer().organisations else 0
        return known + (
            8 if leads else 7 if untitled else 4 if name.where == "title" else 2 if name.start < 200 else 1
        )

    def _acts(self, name: Name) -> bool:
        """Whether an outlet is told of rather than quoted: it is in the title, or somebody's employer."""
        if any(r.organisation is not None and r.organisation.key == name.key for r in self.people.roles):
            return True
        before = self._text(name.where)[max(0, name.start - 15) : name.start]
        return name.where == "title" or bool(re.search(r"(?:chez|quitte\w*|rédaction d[eu]) $", before))

    def _order(self, name: Name) -> int:
        return name.start + (0 if name.where == "title" else 1000)

    def _text(self, where: Where) -> str:
        doc = self.people.parsed.title if where == "title" else self.people.parsed.text
        return text_of(doc) if doc is not None else ""

    def in_object(self, where: Where, start: int, end: int) -> Name | None:
        """The organisation that a stretch begins with ("quitte [la direction de X pour …]")."""
        text = self._text(where)
        cut = _OBJECT_END.search(text[start:end])
        limit = start + cut.start() if cut else end
        for name in self.people.names.between(where, start, limit + 1):
            if name.kind in _ORGANISATIONS and name.start - start <= 90:
                return name
        return None

    def beside(self, sentence: Sentence, start: int, end: int) -> Name | None:
        """The organisation told right after a trigger ("démissionne de son poste de PDG de X", "… chez X")."""
        text = self._text(sentence.where)
        if re.search(r"démission$", text[start:end]):
            given = self.people.names.between(sentence.where, end, min(end + 60, sentence.end))
            if (
                given
                and given[0].kind in _ORGANISATIONS
                and re.fullmatch(r" (?:à|au|à la) ?", text[end : given[0].start])
            ):
                return given[0]
        cut = _BESIDE_END.search(text[end : sentence.end])
        limit = end + (cut.start() if cut else sentence.end - end)
        for name in self.people.names.between(sentence.where, end, limit):
            if name.kind not in _ORGANISATIONS or name.start - end > 110:
                continue
            if _AROUND.search(text[max(start, name.start - 60) : name.start]):
                return name
        return None

    def of_post(self, sentence: Sentence, offset: int) -> Name | None:
        """The organisation of a post that stands for its holder: "le PDG de X démissionne"."""
        found = [
            r.organisation
            for r in self.people.roles
            if r.where == sentence.where
            and sentence.start <= r.start < offset
            and r.person is None
            and not r.coming
            and not r.former
            and not self._made(r)
        ]
        named = [o for o in found if o is not None and o.start < offset]
        return named[-1] if named else None

    def _made(self, role: Role) -> bool:
        """Whether a post is the fame of having made something: "le créateur de X" need not work for X."""
        return bool(_MAKER.match(self._text(role.where), role.start))

    def of_person(self, person: str, near: Sentence | None = None, former: bool = False) -> Name | None:
        """The organisation of the role that the document gives a person, in the nearest sentence first."""
        found = [
            r
            for r in self.people.roles
            if r.person == person and r.organisation is not None and not r.coming and not self._made(r)
        ]
        if near is not None:
            here = [r for r in found if r.where == near.where and near.start <= r.start < near.end]
            current = [r for r in here if not r.former]
            if current:
                leading = [r for r in current if set(r.codes) - {RoleCode.FOUNDER}]
                return (leading or current)[0].organisation
        current = [r for r in found if not r.former] or (found if former else [])
        leading = [r for r in current if set(r.codes) - {RoleCode.FOUNDER}]
        return (leading or current)[0].organisation if current else None

    def meant(self, sentence: Sentence, offset: int) -> Name | None:
        """What "l'entreprise" stands for: the story's organisation once it was named, else the last one."""
        focus = self.focus
        last = self.last_before(sentence, offset)
        if focus is None or last is None or focus.key == last.key:
            return last or focus
        here = self.people.names.between(sentence.where, sentence.start, offset, NameKind.ORGANISATION)
        untitled = self.people.parsed.title is not None and focus.where != "title"
        if untitled or len(self.people.parsed.sentences) > _LONG:
            back = self.people.parsed.sentences[max(0, sentence.index - 1)]
            near = here or self.people.names.between(back.where, back.start, back.end, NameKind.ORGANISATION)
            if near and all(n.key != focus.key for n in near):
                return near[-1]
        spoken = [n for n in self.people.names.organisations if n.key == focus.key]
        return focus if len(spoken) > 1 or focus.where == "title" else last

    def overshadowed(self, name: Name) -> bool:
        """An unknown name (a team, a product) in a role, where the title names a known organisation."""
        known = gazetteer().organisations
        focus = self.focus
        if focus is None or focus.where != "title" or focus.key == name.key:
            return False
        if _INTRODUCED.search(self._text(name.where), max(0, name.start - 60), name.start):
            return False
        return fold(focus.text) in known and fold(name.text) not in known and not name.text.startswith(focus.text)

    def _is_subject(self, name: Name, sentence: Sentence) -> bool:
        span = sentence.span.doc.char_span(name.start, name.end, alignment_mode="expand")
        return span is not None and span.root.dep_.startswith("nsubj")

    def acting(self, sentence: Sentence, offset: int) -> Name | None:
        """The organisation that dismisses or loses: the last subject before a place, else the last named."""
        found = self.people.names.between(sentence.where, sentence.start, offset, NameKind.ORGANISATION)
        subjects = [n for n in found if self._is_subject(n, sentence)]
        told = subjects or list(found)
        return told[-1] if told else None

    def last_before(self, sentence: Sentence, offset: int) -> Name | None:
        """The organisation last named before a place, for "l'entreprise", "la start-up"."""
        for back in range(4):
            index = sentence.index - back
            if index < 0:
                return None
            candidate = self.people.parsed.sentences[index]
            limit = offset if back == 0 else candidate.end
            found = self.people.names.between(candidate.where, candidate.start, limit, NameKind.ORGANISATION)
            if found:
                subjects = [n for n in found if self._is_subject(n, candidate)]
                return (subjects or found)[0] if back else found[-1]
        return None
