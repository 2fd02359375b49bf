"""Which organisation cuts the jobs that a sentence tells of."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from extractors.events.cuts import lexicon
from extractors.events.gazetteer import gazetteer
from extractors.events.language import Parsed, Sentence, text_of
from extractors.events.names import Name, NameKind, Names
from extractors.events.people import deep_subject
from extractors.events.qualifiers import outlets
from models.identity import fold

if TYPE_CHECKING:
    from spacy.tokens import Token

_CHEZ = re.compile(
    r"^[^.;:!?]{0,70}?\b(?:chez|au sein d(?:e|u|es)|par|à la tête d(?:e|u)|dans "
    r"les rangs d(?:e|u)|du côté d(?:e|u)) ?(?:d'|l'|le |la |les |l’)?(?:(?:géant|"
    r"groupe|firme|fabricant|éditeur|opérateur|constructeur|plateforme|start-up|"
    r"jeune pousse|studio|équipementier|site|service) (?:[\w-]+ ){0,2})?$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"^(?: (?!dans|face|suite|à)[\w'’%-]+){0,2} ?(?:de |d'|du |des |de chez "
    r"|d’)(?:le |la |l'|les )?(?:(?:géant|groupe|firme|fabricant|éditeur|opérateur|"
    r"constructeur|plateforme|start-up|jeune pousse|studio|site) (?:[\w-]+ ){0,2})?$",
    re.IGNORECASE,
)
_STAND_INS_WORDS = (
    "il elle ils elles on entreprise société groupe firme start-up startup "
    "pousse éditeur géant plateforme compagnie maison opérateur constructeur "
    "fabricant studio licorne direction équipementier fondeur marque enseigne "
    "chaîne filiale spécialiste service réseau site pionnier leader numéro "
    "créateur américain américaine français française suédois allemand chinois "
    "britannique japonais coréen finlandais fintech banque bourse unité branche "
    "division entité"
)
_STAND_INS = frozenset(_STAND_INS_WORDS.split())
_HEADS_WORDS = (
    "rupture plan suppression réduction licenciement programme procédure vague "
    "direction patron patronne pdg ceo salariés employés équipes maison-mère "
    "fondateur président porte-parole dirigeant "
    "directeur directrice employeur siège groupe numéro site plan vague licenciements "
    "suppressions effectifs effectif équipe personnel"
)
_HEADS = frozenset(_HEADS_WORDS.split())
_PARTLY = re.compile(
    r"\b(?:principalement|surtout|notamment|dont|y compris|en particulier|essentiellement|à commencer)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\b(?:chez|au|à|côté|du côté de) ?$", re.IGNORECASE)


def same_name(one: Name, other: Name) -> bool:
    """Whether two names are of one organisation within a document: equal, or one begins the other."""
    a, b = fold(one.full).split(), fold(other.full).split()
    return bool(a and b) and (a == b or a[: len(b)] == b or b[: len(a)] == a)


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
        if name.kind is NameKind.OUTLET or name.text.casefold() in outlets():
            return bool(_LEAD.search(self._before(name, 12)))
        if name.kind is NameKind.ORGANISATION:
            return not self._common_word(name)
        if name.kind is NameKind.OTHER:
            return self._heads_title(name)
        if name.kind is NameKind.PERSON and len(name.text.split()) == 1 and not name.titled:
            form = fold(name.text)
            return form not in people and form not in gazetteer().first_names
        return False

    def _common_word(self, name: Name) -> bool:
        """Whether a capitalised word that opens a sentence, named once, is a French word: Corollaire, Plombée."""
        form = fold(name.text)
        if " " in name.text or form in gazetteer().organisations or not name.text[1:].islower():
            return name.text.islower() and fold(name.full) not in self._forms
        doc = self.parsed.title if name.where == "title" else self.parsed.text
        opens = any(s.start == name.start for s in self.parsed.sentences if s.where == name.where)
        after = text_of(doc)[name.end : name.end + 10] if doc is not None else ""
        if (
            opens
            and re.search(r"(?:é|ée|és|ées|ie|is|ue|us)$", name.text)
            and re.match(r" (?:par|de|à|en|dans|depuis) ", after)
        ):
            return True  # Plombée par, Interrogée par
        span = doc.char_span(name.start, name.end, alignment_mode="expand") if doc is not None else None
        if span is None or not opens or self._count[form] > 1 or span[0].pos_ in ("PROPN", "X"):
            return False
        topic = name.where == "title" and re.match(r"^ ?:", text_of(span.doc)[name.end : name.end + 2])
        return not topic and bool(span.doc.vocab.has_vector(name.text.casefold()))

    def _heads_title(self, name: Name) -> bool:
        """Whether an unknown name begins the title as its topic or subject: "Manor : un poste sur cinq menacé"."""
        title = self.parsed.title
        if title is None:
            return False
        if name.where != "title":
            return any(n.where == "title" and n.text == name.text and self._heads_title(n) for n in self.names.all)
        span = title.char_span(name.start, name.end, alignment_mode="expand")
        topic = re.match(r"^ ?:", text_of(title)[name.end : name.end + 2])
        subject = (
            span is not None and span.root.dep_ in ("nsubj", "nsubj:pass") and span.root.pos_ in ("PROPN", "X")
        )
        return name.start < 4 and bool(topic or subject)

    @cached_property
    def _forms(self) -> frozenset[str]:
        """Names as the document writes them; a nickname alone names nobody ("l'opérateur historique belge")."""
        return frozenset(fold(n.text) for n in self.names.all if not n.text[:1].islower())

    @cached_property
    def _count(self) -> Counter[str]:
        return Counter(fold(n.text) for n in self.names.all)

    def _before(self, name: Name, width: int) -> str:
        doc = self.parsed.title if name.where == "title" else self.parsed.text
        text = text_of(doc) if doc is not None else ""
        line = text.rfind("\n", 0, name.start) + 1
        return text[max(line, name.start - width) : name.start]

    def barred(self, name: Name) -> bool:
        """Whether a name stands where no employer stands: rival de X, racheté par X, selon X, (X)."""
        before = self._before(name, 60)
        doc = self.parsed.title if name.where == "title" else self.parsed.text
        after = text_of(doc)[name.end : name.end + 1] if doc is not None else ""
        if before.endswith("(") and after in (")", ","):
            return True
        if re.fullmatch(r"[A-Z]+\d+\w*", name.text) and re.search(r"\b(?:[Ll]e|[Ll]a|[Uu]ne?|[Dd]u) $", before):
            return True  # le R1T: a model
        if re.search(r"-(?:en|sur|sous|lès|les|d'|de|du)-?", name.text):
            return True
        return any(p.search(before) for p in lexicon().not_employer_before)

    def inside(self, sentence: Sentence) -> list[Name]:
        """The candidates of a sentence."""
        return [
            n for n in self.candidates if n.where == sentence.where and sentence.start <= n.start < sentence.end
        ]

    @cached_property
    def main(self) -> Name | None:
        """The organisation that the document is about: the title's, else the first and most often named."""
        return self._best(self.candidates)

    def central(self, name: Name) -> bool:
        """Whether the document is plainly about an organisation: in its title or opening, or named again."""
        lead = max((s.end for s in [s for s in self.parsed.sentences if s.where == "text"][:3]), default=0)
        here = [n for n in self.candidates if same_name(n, name)]
        return len(here) > 1 or any(n.where == "title" or n.start < lead for n in here)

    def main_before(self, sentence: Sentence) -> Name | None:
        """The same, if it was named before the end of a sentence; else the best of those that were."""
        best = self.main
        seen = [
            n
            for n in self.candidates
            if n.where == "title" or (sentence.where == "text" and n.start < sentence.end)
        ]
        seen = [n for n in seen if not self.barred(n)]
        if best is None or any(same_name(best, n) for n in seen) or not seen:
            return best
        return self._best(tuple(seen))

    def _best(self, among: tuple[Name, ...]) -> Name | None:
        votes: defaultdict[str, float] = defaultdict(float)
        first: dict[str, Name] = {}
        lead = next((s.end for s in self.parsed.sentences if s.where == "text"), 0)
        for name in among:
            key = fold(name.full)
            first.setdefault(key, name)
            votes[key] += self._weight(name, lead)
        if not votes:
            return None
        return first[max(votes, key=lambda k: (votes[k], -list(first).index(k)))]

    def _weight(self, name: Name, lead: int) -> float:
        doc = self.parsed.title if name.where == "title" else self.parsed.text
        if doc is None:
            return 0.0
        span = doc.char_span(name.start, name.end, alignment_mode="expand")
        weight = 3.0 if name.where == "title" else 2.0 if name.start < lead else 1.0
        if re.match(r"^ ?: ", text_of(doc)[name.end : name.end + 3]) and (
            name.start == 0 or name.where == "title"
        ):
            weight += 3
        if span is not None and span.root.dep_ in ("nsubj", "nsubj:pass"):
            weight += 1
        if fold(name.text) in gazetteer().organisations:
            weight += 0.5
        return weight * (0.2 if self.barred(name) else 1)

    def of(
        self, sentence: Sentence, start: int, end: int, limit: int, head: int | None = None
    ) -> tuple[Name | None, str]:
        """The employer of what stands at a place of a sentence, and the rule that found it; None for a pronoun.

        `limit`: where the next figure begins, beyond which a name belongs to that one; `head`: where the trigger's
        verb may be, if not there.
        """
        doc = text_of(sentence.span.doc)
        here = self.inside(sentence)
        right = [n for n in here if end <= n.start < limit]
        left = [n for n in here if n.end <= start and not self.barred(n)]
        subject, rule = self._subject(sentence, start if head is None else head, here)
        stands_in = rule == "employer.stands_in"
        for name in right:
            between = doc[end : name.start]
            if _CHEZ.match(between) and not (stands_in or subject or self.barred(name) or _PARTLY.search(between)):
                return name, "employer.chez"
        if subject is not None and (subject.end <= start or not left or subject in right[:1]):
            return subject, rule
        if right and _OF.match(doc[end : right[0].start]) and not self.barred(right[0]):
            return right[0], "employer.de"
        strong = [n for n in left if self._strong(n)]
        if strong and not stands_in:
            return strong[-1], "employer.before"
        inner = [n for n in here if start <= n.start < end and not self.barred(n)]
        if inner:
            return inner[-1], "employer.inside"
        free = [n for n in here if not self.barred(n) and self._strong(n)]
        if free and not stands_in:
            return free[0], "employer.sentence"
        return None, "employer.none"

    def _strong(self, name: Name) -> bool:
        """Whether a name is surely an organisation's: known, in the title, named twice, or it opens a clause."""
        form = fold(name.text)
        known = gazetteer().organisations
        if (
            form in known
            or (form.split()[:1] and form.split()[0] in known)
            or self._count[form] > 1
            or name.where == "title"
        ):
            return True
        return bool(
            re.search(
                r"(?:^|, |, et | et |: |; |\n|[.!?»•*–-] )(?:[Ll]e |[Ll]a |[Ll]'|[Cc]hez "
                r"|[Aa]u )?(?:[a-zé-]+ ){0,2}$",
                self._before(name, 40),
            )
        )

    def _subject(self, sentence: Sentence, place: int, here: list[Name]) -> tuple[Name | None, str]:
        """The organisation that is, or heads, the subject of a verb; whether a word stands in for one."""
        doc = sentence.span.doc
        span = doc.char_span(place, place + 1, alignment_mode="expand")
        if span is None:
            return None, ""
        token: Token | None = span[0]
        while token is not None and token.pos_ not in ("VERB", "AUX"):
            token = token.head if token.head.i != token.i else None
        subject = deep_subject(token) if token is not None else None
        if subject is None or not sentence.start <= subject.idx < sentence.end:
            return None, ""
        for name in here:
            if name.start <= subject.idx < name.end:
                return (None, "") if self.barred(name) else (name, "employer.subject")
        low = subject.lower_
        for child in subject.subtree:
            if child.dep_ in ("appos", "flat:name", "flat:foreign", "nmod", "conj") and child.head.i in (
                subject.i,
                subject.i - 1,
            ):
                apposed = next((n for n in here if n.start <= child.idx < n.end), None)
                cased = any(c.dep_ == "case" for c in child.children)
                if apposed and not self.barred(apposed) and (not cased or low in _HEADS):
                    return apposed, "employer.subject"
        return None, "employer.stands_in" if low in _STAND_INS else ""

    def _ordinal(self, sentence: Sentence) -> Name | None:
        """Le premier, le second: of the two organisations that the sentence before names together."""
        match = re.match(
            r"^\W*L[ea] (?P<which>premi\w+|seconde?|deuxième|derni\w+)\b(?! (?:vague|salve|fois|plan|trimestre))",
            sentence.text,
        )
        if match is None:
            return None
        for earlier in reversed(self.parsed.sentences[max(0, sentence.index - 2) : sentence.index]):
            named = self.inside(earlier)
            if len(named) == 2:
                return named[0 if match["which"].startswith("premi") else 1]
        return None

    def coordinated(self, sentence: Sentence, name: Name) -> list[Name]:
        """The names that share its place: "Eidos Montréal et Black Forest Games"."""
        doc, here = text_of(sentence.span.doc), self.inside(sentence)
        out: list[Name] = []
        for other in here:
            low, high = min(name, other, key=lambda n: n.start), max(name, other, key=lambda n: n.start)
            gap = doc[low.end : high.start]
            if other is not name and re.fullmatch(r"(?:, [\w .-]+)*,? (?:et|ou|comme) (?:chez )?", gap):
                out.append(other)
        return out

    def antecedent(self, sentence: Sentence, start: int) -> tuple[Name | None, str]:
        """Whom a sentence without a name is about: an elliptic one the last sentence's, else the story's own."""
        ordinal = self._ordinal(sentence)
        if ordinal is not None:
            return ordinal, "employer.ordinal"
        if (
            re.search(r"\b(?:cette|ce) derni(?:ère|er)\b|\bcelle-ci\b|\bcelui-ci\b", sentence.text, re.IGNORECASE)
            and sentence.index
        ):
            named = self.inside(self.parsed.sentences[sentence.index - 1])
            if named:
                return named[-1], "employer.latter"
        if not any(t.dep_ in ("nsubj", "nsubj:pass", "expl:subj") and t.idx < start for t in sentence.span):
            for earlier in reversed(self.parsed.sentences[: sentence.index]):
                if earlier.where != sentence.where or earlier.paragraph != sentence.paragraph:
                    break
                named = [
                    n
                    for n in self.inside(earlier)
                    if not self.barred(n) and n.start - earlier.start < 30 and self._strong(n)
                ]
                if named:
                    return named[0], "employer.last_named"
        return self.main_before(sentence), "employer.main"
