"""Which organisation cuts the jobs that a sentence tells of."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from extractors.events.cuts import lexicon
from extractors.events.gazetteer import gazetteer
from extractors.events.language import Parsed, Sentence
from extractors.events.names import Name, NameKind, Names
from models.identity import fold

_CHEZ = re.compile(
    r"^[^.;:!?]{0,70}?\b(?:chez|au sein d(?:e|u|es)|par|à la tête d(?:e|u)|dans les rangs d(?:e|u)|du côté d(?:e|u)|au|sur) ?(?:d'|l'|le |la |les |l’)?(?:(?:géant|groupe|firme|fabricant|éditeur|opérateur|constructeur|plateforme|start-up|jeune pousse|studio|équipementier|site|service) (?:[\w-]+ ){0,2})?$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"^(?: [\w'’%-]+){0,4} ?(?:de |d'|du |des |de chez |d’)(?:le |la |l'|les )?(?:(?:géant|groupe|firme|fabricant|éditeur|opérateur|constructeur|plateforme|start-up|jeune pousse|studio|site) (?:[\w-]+ ){0,2})?$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\b(?:chez|au|à|côté|du côté de) ?$", re.IGNORECASE)


@dataclass(frozen=True)
class Employers:
    """The organisations of a document that may cut jobs, and which of them a place tells of."""

    parsed: Parsed
    names: Names

    @cached_property
    def candidates(self) -> tuple[Name, ...]:
        """Every mention of an organisation that may be an employer, in reading order."""
        people = {w for n in self.names.persons for w in fold(n.text).split() if len(n.text.split()) > 1}
        return tuple(n for n in self.names.all if self._may_employ(n, people))

    def _may_employ(self, name: Name, people: set[str]) -> bool:
        if name.text.casefold() in lexicon().not_employers or len(name.text) < 2:
            return False
        if name.kind is NameKind.ORGANISATION:
            return True
        if name.kind is NameKind.OUTLET:
            return bool(_LEAD.search(self._before(name, 12)))
        if name.kind is NameKind.PERSON and len(name.text.split()) == 1 and not name.titled:
            form = fold(name.text)
            return form not in people and form not in gazetteer().first_names
        return False

    def _before(self, name: Name, width: int) -> str:
        doc = self.parsed.title if name.where == "title" else self.parsed.text
        text = doc.text if doc is not None else ""
        line = text.rfind("\n", 0, name.start) + 1
        return text[max(line, name.start - width) : name.start]

    def barred(self, name: Name) -> bool:
        """Whether a name stands where no employer stands: rival de X, racheté par X, selon X."""
        before = self._before(name, 60)
        return any(p.search(before) for p in lexicon().not_employer_before)

    def inside(self, sentence: Sentence) -> list[Name]:
        """The candidates of a sentence."""
        return [
            n for n in self.candidates if n.where == sentence.where and sentence.start <= n.start < sentence.end
        ]

    @cached_property
    def main(self) -> Name | None:
        """The organisation that the document is about: the title's, else the first and most often named."""
        votes: Counter[str] = Counter()
        first: dict[str, Name] = {}
        lead = [s for s in self.parsed.sentences if s.where == "text"][:1]
        for name in self.candidates:
            key = fold(name.full)
            first.setdefault(key, name)
            weight = 1.0 if not self.barred(name) else 0.4
            if name.where == "title":
                weight *= 3
            elif lead and name.start < lead[0].end:
                weight *= 2
            votes[key] += weight  # type: ignore[assignment]
        if not votes:
            return None
        best = max(votes, key=lambda k: (votes[k], -list(first).index(k)))
        return first[best]

    def of(self, sentence: Sentence, start: int, end: int, limit: int) -> tuple[Name | None, str]:
        """The employer of what stands at a place of a sentence, and the rule that found it.

        `limit`: where the next figure begins, beyond which a name belongs to that one.
        """
        doc = sentence.span.doc.text
        here = self.inside(sentence)
        right = [n for n in here if n.start >= end and n.start < limit]
        left = [n for n in here if n.end <= start and not self.barred(n)]
        for name in right:
            if _CHEZ.match(doc[end : name.start]):
                return name, "employer.chez"
        if right and _OF.match(doc[end : right[0].start]):
            return right[0], "employer.de"
        if left:
            return self._nearest(sentence, left, start), "employer.before"
        inner = [n for n in here if start <= n.start < end and not self.barred(n)]
        if inner:
            return inner[-1], "employer.inside"
        free = [n for n in here if not self.barred(n)]
        if free and not self._anaphoric(sentence, start):
            return free[0], "employer.sentence"
        return None, "employer.none"

    def _nearest(self, sentence: Sentence, left: list[Name], start: int) -> Name:
        """The subject of the clause if a name is, else the nearest name."""
        doc = sentence.span.doc
        near = left[-1]
        clause = doc.text[near.end : start]
        if re.search(r"[;:]|, (?:tandis|alors|et|mais)\b", clause) or len(left) == 1:
            return near
        for name in reversed(left):
            span = doc.char_span(name.start, name.end, alignment_mode="expand")
            if span is not None and span.root.dep_ in ("nsubj", "nsubj:pass") and span.root.head.i >= span.root.i:
                return name
        return near

    def _anaphoric(self, sentence: Sentence, start: int) -> bool:
        before = sentence.span.doc.text[sentence.start : start]
        return bool(
            re.search(
                r"\b(?:il|elle|ils|l'entreprise|la société|le groupe|la firme|la start-up|la jeune pousse|l'éditeur|le géant|la plateforme|la compagnie|la maison|l'opérateur|le constructeur|le fabricant|le studio|la licorne|la direction)\b",
                before,
                re.IGNORECASE,
            )
        )
