"""Who a word stands for: the subject of a verb, a pronoun, "le PDG", "l'intéressé"."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from extractors.events.gazetteer import load
from extractors.events.language import Parsed, Sentence, Where, text_of, where_of
from extractors.events.names import Name, NameKind, Names
from extractors.events.roles import Role
from models.vocabulary import RoleCode

if TYPE_CHECKING:
    from spacy.tokens import Token

_PRONOUNS = frozenset(load("people")["pronouns"].split())
_STAND_INS = frozenset(load("people")["stand_ins"].split())
_GENERIC = re.compile(
    r"(?:employé|salarié|cadre|ingénieur|développeu|chercheu|journaliste|commercial|rédacteur|associé)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class People:
    """The people of a document, and who words stand for."""

    parsed: Parsed
    names: Names
    roles: tuple[Role, ...]

    @cached_property
    def by_key(self) -> dict[str, Name]:
        """The first mention of each person."""
        found: dict[str, Name] = {}
        for name in self.names.persons:
            found.setdefault(name.key, name)
        return found

    @cached_property
    def focus(self) -> str | None:
        """The person whom the document is most about."""
        if not self.names.persons:
            return None
        counts = Counter(n.key for n in self.names.persons)
        for i, name in enumerate(self.names.persons):
            counts[name.key] += 3 if name.where == "title" else (1 if i == 0 else 0)
        return max(counts, key=lambda k: (counts[k], -self._first(k)))

    def _first(self, key: str) -> int:
        return next(i for i, n in enumerate(self.names.persons) if n.key == key)

    def role_at(self, where: Where, offset: int) -> Role | None:
        """The role phrase that covers a place."""
        return next((r for r in self.roles if r.where == where and r.start <= offset < r.end), None)

    def at(self, token: "Token") -> list[str]:
        """The people that a noun, name or pronoun names; empty where it is nobody's."""
        where = where_of(token.doc)
        name = self.names.at(where, token.idx)
        if name is not None:
            return [name.key] if name.kind is NameKind.PERSON else []
        word = token.lower_
        role = self.role_at(where, token.idx)
        if role is not None:
            return self.of_role(role)
        if word in _PRONOUNS:
            return self.before(token)
        if word in ("dernier", "dernière"):
            return self.before(token) if token.i and token.nbor(-1).lower_ in ("ce", "cette") else []
        if word in _STAND_INS:
            return self.before(token)
        return []

    def of_role(self, role: Role) -> list[str]:
        """Who holds the post that a phrase names: in apposition, else by the same post elsewhere."""
        if role.person:
            return [role.person]
        plural = role.text.casefold().endswith(("s", "x")) and not role.text.isupper()
        if plural or _GENERIC.match(role.text):
            return []  # "les dirigeants", "un salarié": nobody in particular
        candidates = [
            r.person
            for r in self.roles
            if r.person
            and not r.coming
            and set(r.codes) & set(role.codes) - {RoleCode.HEAD, RoleCode.OTHER}
            and (not r.former or role.former)
        ]
        if role.organisation:
            same = [
                r.person
                for r in self.roles
                if r.person
                and not r.coming
                and r.organisation
                and r.organisation.key == role.organisation.key
                and set(r.codes) & set(role.codes)
            ]
            candidates = same or candidates
        if candidates:
            return [candidates[0]]
        holders = {r.person for r in self.roles if r.person}
        if role.where == "title":
            following = [n.key for n in self.names.persons if n.where == "text"]
            free = [k for k in following if k not in holders] or following
            return free[:1]
        return self.near(role.where, role.start)

    def near(self, where: Where, offset: int) -> list[str]:
        """The person last spoken of before a place."""
        token = self.parsed.title if where == "title" else self.parsed.text
        span = token.char_span(offset, offset + 1, alignment_mode="expand") if token is not None else None
        return self.before(span[0]) if span is not None and len(span) else []

    def before(self, token: "Token") -> list[str]:
        """The antecedent of a pronoun: the last subject that is a person, in this sentence or the four before."""
        sentence = self.parsed.sentence_of(token)
        plural = token.lower_ in ("ils", "elles", "eux")
        for back in range(min(5, sentence.index + 1)):
            candidate = self.parsed.sentences[sentence.index - back]
            if (
                back >= 2
                and self._titled(self.focus)
                and not plural
                and not self._speaks_of(candidate, self.focus)
            ):
                break
            limit = token.idx if back == 0 else candidate.end
            found = self.names.between(candidate.where, candidate.start, limit, NameKind.PERSON)
            if found and plural:
                return list(dict.fromkeys(n.key for n in found))[-3:]
            chosen = self._antecedent(found, candidate, back) if found else None
            if chosen is not None:
                return [chosen]
        return [self.focus] if self.focus and not plural else []

    def _antecedent(self, found: tuple[Name, ...], sentence: Sentence, back: int) -> str | None:
        """The one of a sentence's people that a later pronoun takes up."""
        subjects = [n for n in found if self._is_subject(n, sentence, main=back > 0)]
        if back == 0:
            return (subjects[-1] if subjects else found[0]).key
        if self._speaks_of(sentence, self.focus):
            return self.focus
        if subjects:
            return subjects[0].key
        return found[0].key if self.focus is None or sentence.where == "title" else None

    def _speaks_of(self, sentence: Sentence, key: str | None) -> bool:
        inside = self.names.between(sentence.where, sentence.start, sentence.end, NameKind.PERSON)
        return any(n.key == key for n in inside)

    def _titled(self, key: str | None) -> bool:
        return any(n.key == key and n.where == "title" for n in self.names.persons)

    def _is_subject(self, name: Name, sentence: Sentence, main: bool = False) -> bool:
        doc = sentence.span.doc
        span = doc.char_span(name.start, name.end, alignment_mode="expand")
        if span is None:
            return False
        root = span.root
        for _ in range(3):
            if root.dep_.startswith("nsubj"):
                return not main or root.head.dep_ in ("ROOT", "conj", "ccomp", "parataxis", "cop", "xcomp")
            if root.dep_ not in ("flat:name", "appos", "nmod", "conj", "flat:foreign"):
                return False
            root = root.head
        return False

    def group(self, sentence: Sentence, key: str, start: int, end: int) -> list[str]:
        """The people joined with one by commas and "et" within a stretch of its sentence."""
        found = [
            n
            for n in self.names.between(sentence.where, start, end, NameKind.PERSON)
            if " " in n.full or n.key == key
        ]
        at = next((i for i, n in enumerate(found) if n.key == key), None)
        if at is None:
            return [key]
        first = last = at
        while first > 0 and self._joined(sentence, found[first - 1], found[first]):
            first -= 1
        while last + 1 < len(found) and self._joined(sentence, found[last], found[last + 1]):
            last += 1
        return list(dict.fromkeys(n.key for n in found[first : last + 1]))

    def _joined(self, sentence: Sentence, a: Name, b: Name) -> bool:
        doc = sentence.span.doc
        gap = text_of(doc)[a.end : b.start]
        if len(gap) > 110 or re.search(
            r"[;:.!?]|\b(?:par|avec|contre|après|avant|mais|qui|que|selon|pour|où|aux côtés)\b", gap
        ):
            return False
        if not re.search(r"\bet\b|,|ainsi que|&", gap):
            return False
        if gap.strip() == "," and _ACTS.match(text_of(doc), b.end):
            return False  # "se sépare de A, B reprend la main"
        span = doc.char_span(a.end, b.start, alignment_mode="contract")
        if span is None:
            return bool(re.fullmatch(r"\s*(?:,|et|&|\s)+\s*", gap))
        return not any(t.pos_ in ("AUX",) or (t.pos_ == "VERB" and t.dep_ not in ("acl", "amod")) for t in span)


_ACTS = re.compile(r" (?:reprend|prend|lui succède|succède|devient|assure|hérite|remplace|arrive|revient|reste)\b")


def deep_subject(token: "Token") -> "Token | None":
    """The subject of a verb through relatives, participles, infinitives and coordination."""
    seen = 0
    while seen < 6:
        seen += 1
        for child in token.children:
            if child.lower_ == "il" and child.i + 1 < len(child.doc) and child.nbor(1).lower_ == "y":
                continue  # "il y a un an"
            if child.dep_ in ("nsubj", "nsubj:pass", "expl:subj") and child.lower_ not in (
                "qui",
                "ce",
                "c'",
                "cela",
                "ça",
            ):
                return child
            if child.dep_ in ("nsubj", "nsubj:pass") and child.lower_ == "qui":
                return _antecedent(token)
        if token.dep_ in ("acl", "acl:relcl", "amod"):
            return token.head
        if (
            token.dep_
            in (
                "xcomp",
                "ccomp",
                "conj",
                "advcl",
                "obl:mod",
                "obl:arg",
                "cop",
                "aux:pass",
                "aux:tense",
                "obj",
                "advcl:cleft",
                "parataxis",
                "dep",
            )
            and token.head.i != token.i
        ):
            if token.dep_ in ("obl:mod", "obl:arg", "obj") and token.pos_ not in ("VERB", "AUX"):
                return None
            token = token.head
            continue
        return None
    return None


def _antecedent(verb: "Token") -> "Token | None":
    if verb.dep_ in ("acl:relcl", "acl") and verb.head.i != verb.i:
        return verb.head
    for _ in range(3):
        if verb.dep_ == "conj":
            verb = verb.head
            if verb.dep_ in ("acl:relcl", "acl"):
                return verb.head
    return None
