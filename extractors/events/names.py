"""People and organisations in a text, beyond what the model's recogniser finds.

Capitalised runs are cut out by rule, then typed by known names, first names, the words around them and, last,
the recogniser. Surnames and first names alone take the full name that the same document gives.
"""

import itertools
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from extractors.events.elisions import UP, trimmed
from extractors.events.gazetteer import Gazetteer, gazetteer, grammar
from extractors.events.kinds import Name as Name
from extractors.events.kinds import NameKind as NameKind
from extractors.events.kinds import Names as Names
from extractors.events.kinds import kind_of
from extractors.events.language import Parsed, Where, model, text_of
from models.identity import fold

if TYPE_CHECKING:
    from spacy.tokens import Doc

_WORD = re.compile(
    rf"(?:[{UP}][\w]*(?:(?:[-'&]|\.(?=\w))\w+)*|[a-zé]{{1,3}}[A-Z]\w+|"  # Atos, xAI
    r"(?<![\w@])[a-z]\w*\.(?:com|fr|ai|io|net|org|biz|fyi)|(?<![\w.,’\'-])\d+(?:[a-z]*[A-Z]\w*|[a-z]{4,}))"
    rf"(?:\.(?=\s[{UP}])(?<=\b[{UP}]\.))?\+?"  # J. Allen Brack
)
_PARTICLES = (
    r"(?:de la|de|du|des|d'|la|le|van der|van den|van de|van|"
    r"von|der|den|di|da|dos|del|bin|ben|al|el|ter|ten|af|av|zu)"
)
_GLUE = re.compile(rf" | & | (?:of|and|for|the) | {_PARTICLES} | {_PARTICLES}(?<=')|-")
_FOREIGN_PARTICLE = re.compile(r" (?:van der|van den|van de|van|von|bin|ben|ter|ten|zu) ")  # of people alone
_PERSON_GLUE = re.compile(rf" | {_PARTICLES} | {_PARTICLES}(?<=')")
_TITLED = re.compile(
    r"(?:\bM\.|\bMM\.|\bMme|\bMlle|\bMonsieur|\bMadame|\bMr\.?|\bMrs\.?|\bMs\.?|\bDr\.?|\bSir)\s$"
)

_INSTITUTION = grammar("names_institution")


def names(parsed: Parsed) -> Names:
    """The names of a document, typed, surnames resolved to full names."""
    found: list[Name] = []
    for where, doc in parsed.parts():
        opened = {s.start for s in parsed.sentences if s.where == where}
        found += _with_nicknames(where, text_of(doc), _runs(where, doc, opened))
    found = _listed(parsed, _weighed(parsed, _employing(parsed, _settle(found))))
    spread = _spread(found)
    doubtful = tuple(n for n in spread if n.kind is NameKind.WORD and fold(n.text) not in _common())
    return Names(tuple(n for n in spread if n.kind is not NameKind.WORD), doubtful)


@cache
def _common() -> frozenset[str]:
    """Words that open sentences and name nothing: articles, pronouns, prepositions, conjunctions."""
    return frozenset(fold(word) for word in model().Defaults.stop_words)


def _runs(where: Where, doc: "Doc", opened: set[int]) -> list[Name]:
    text, known = text_of(doc), gazetteer()
    entities = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
    common = {
        t.idx
        for t in doc
        if t.idx in opened and t.pos_ not in ("PROPN", "X") and len(t.text) > 1 and not t.text.isupper()
    }
    words = [w for m in _WORD.finditer(text) for w in [trimmed(m, known)] if w]
    found: list[Name] = []
    i = 0
    while i < len(words):
        j = i
        while j + 1 < len(words) and _joins(text, words, i, j, known):
            j += 1
        found += _typed(where, text, words[i : j + 1], opened, entities, common)
        i = j + 1
    institutions = [
        Name(where, m.start(), m.end(), m.group(), NameKind.ORGANISATION, m.group())
        for m in _INSTITUTION.finditer(text)
    ]
    kept = [n for n in found if not any(i.start <= n.start < i.end for i in institutions)]
    return sorted(kept + institutions, key=lambda n: n.start)


def _with_nicknames(where: Where, text: str, found: list[Name]) -> list[Name]:
    """Add "le géant de Redmond" as a name of Microsoft; it covers the place that it is made of."""
    extra = [
        Name(
            where,
            m.start(),
            m.end(),
            m.group(),
            NameKind.ORGANISATION,
            gazetteer().nicknames[m.group().casefold()],
        )
        for m in _nicknames().finditer(text)
    ]
    kept = [n for n in found if not any(e.start < n.end and n.start < e.end for e in extra)]
    return sorted(kept + extra, key=lambda n: n.start)


@cache
def _nicknames() -> re.Pattern[str]:
    words = "|".join(re.escape(n) for n in sorted(gazetteer().nicknames, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


def _joins(text: str, words: list[tuple[int, int]], i: int, j: int, known: Gazetteer) -> bool:
    """Whether the next capitalised word continues the run: one space, or a particle inside a person's name."""
    gap = text[words[j][1] : words[j + 1][0]]
    if not _GLUE.fullmatch(gap):
        return False
    whole = fold(text[words[i][0] : words[j + 1][1]])
    if fold(text[words[i][0] : words[j][1]]) in known.openers:
        return gap == " " and whole in known.organisations | known.outlets
    if gap == " ":
        return True
    if whole in known.organisations or whole in known.outlets or gap in (" & ", " of ", " and ", " for "):
        return True
    if gap == "-":
        return False
    first = fold(text[words[i][0] : words[i][1]].split("-")[0])
    before = fold(text[words[i][0] : words[j][1]])
    if before in known.organisations or before in known.places or not _PERSON_GLUE.fullmatch(gap):
        return False
    if j == i and _FOREIGN_PARTICLE.fullmatch(gap):
        return True
    return first in known.first_names and j - i <= 2 and not (j > i and gap in (" de ", " d'", " du "))


def _typed(
    where: Where,
    text: str,
    words: list[tuple[int, int]],
    opened: set[int],
    entities: list[tuple[int, int, str]],
    common: set[int],
) -> list[Name]:
    known = gazetteer()
    whole = fold(text[words[0][0] : words[-1][1]])
    while words and whole not in known.organisations | known.outlets and _is_opener(text, words, known):
        words = words[1:]
    if not words:
        return []
    if words[0][0] in common and fold(text[slice(*words[0])]) not in known.either:
        start, end = words[0]
        if len(words) == 1:
            return [Name(where, start, end, text[start:end], NameKind.WORD, text[start:end])]
        if fold(text[words[1][0] : words[-1][1]]) in known.organisations:
            words = words[1:]
    cut = _split_at(text, words, known)
    if cut:
        return _typed(where, text, words[:cut], opened, entities, common) + _typed(
            where, text, words[cut:], opened, entities, common
        )
    start, end = words[0][0], words[-1][1]
    name = text[start:end]
    kind = kind_of(text, start, end, len(words), entities, start in opened)
    titled = bool(_TITLED.search(text, max(0, start - 12), start))
    if kind is NameKind.PERSON and re.search(r" [A-Z]$", name):
        kind = NameKind.OTHER  # "Daniel W.": nobody whom a story names
    titled = titled and fold(name.split()[0]) not in known.organisations
    return [Name(where, start, end, name, NameKind.PERSON if titled else kind, name, titled)]


def _is_opener(text: str, words: list[tuple[int, int]], known: Gazetteer) -> bool:
    """Whether the first word is none of the name: an opening word, a title, "le Niçois" before a full name."""
    form = fold(text[words[0][0] : words[0][1]])
    if form in known.openers or form in ("m", "mme", "mlle", "mm", "mr", "dr", "sir", "lord", "lady"):
        return True
    second = fold(text[words[1][0] : words[1][1]].split("-")[0]) if len(words) > 2 and len(form) > 1 else ""
    return bool(second in known.first_names and form not in known.first_names | known.organisations)


def _split_at(text: str, words: list[tuple[int, int]], known: Gazetteer) -> int | None:
    """Where a run holds two names: "Facebook Mark Zuckerberg", "Brian Krzanich Intel"."""
    for i in range(1, len(words)):
        head = fold(text[words[0][0] : words[i - 1][1]])
        tail = fold(text[words[i][0] : words[-1][1]])
        first = fold(text[words[i][0] : words[i][1]].split("-")[0])
        if head in known.organisations and first in known.first_names and i < len(words) - 1:
            return i
        if i >= 2 and tail in known.organisations and fold(text[words[0][0] : words[0][1]]) in known.first_names:
            return i
        if fold(text[words[i][0] : words[i][1]]) in known.role_words:
            return i
    return None


def _settle(found: list[Name]) -> list[Name]:
    """One kind for one form over the document: where readings differ, a person's full name wins, then the most."""
    votes: dict[str, Counter[NameKind]] = {}
    for name in found:
        votes.setdefault(fold(name.text), Counter())[name.kind] += 1
    out = []
    for name in found:
        vote = votes[fold(name.text)]
        if len(vote) > 1 and not name.titled:
            best = max(vote, key=lambda k: (k is not NameKind.OTHER, vote[k], k.value))
            name = replace(name, kind=best)
        out.append(name)
    return out


def _employing(parsed: Parsed, found: list[Name]) -> list[Name]:
    """A product that somebody leaves or leads is a company of that name: "quitte Nest", "la direction de Nest"."""
    texts = {where: text_of(doc) for where, doc in parsed.parts()}
    houses = {
        fold(n.text)
        for n in found
        if n.kind is NameKind.PRODUCT and _HOUSE.search(texts[n.where], max(0, n.start - 60), n.start)
    }
    return [
        replace(n, kind=NameKind.ORGANISATION) if n.kind is NameKind.PRODUCT and fold(n.text) in houses else n
        for n in found
    ]


_HOUSE = grammar("names_house")


def _weighed(parsed: Parsed, found: list[Name]) -> list[Name]:
    """Type unknown single words by where they stand: the recogniser takes "Nordalia" for a woman."""
    texts = {where: text_of(doc) for where, doc in parsed.parts()}
    people = {w for n in found if n.kind is NameKind.PERSON and " " in n.text for w in fold(n.text).split()}
    votes: Counter[str] = Counter()
    for name in found:
        before, after = texts[name.where][max(0, name.start - 60) : name.start], texts[name.where][name.end :][:40]
        votes[fold(name.text)] += bool(_AFTER_ORGANISATION.search(before)) + bool(
            _BEFORE_ORGANISATION.match(after)
        )
        votes[fold(name.text)] -= bool(_AFTER_PERSON.search(before)) + bool(_BEFORE_PERSON.match(after))
    return [
        replace(n, kind=NameKind.ORGANISATION) if votes[fold(n.text)] > 0 and _unsettled(n, people) else n
        for n in found
    ]


_AFTER_ORGANISATION = grammar("single_after_organisation")
_BEFORE_ORGANISATION = grammar("single_before_organisation")
_AFTER_PERSON = grammar("single_after_person")
_BEFORE_PERSON = grammar("single_before_person")


def _unsettled(name: Name, people: set[str]) -> bool:
    """Whether only the recogniser says what a single word is."""
    known, form = gazetteer(), fold(name.text)
    kinds = (NameKind.PERSON, NameKind.PLACE, NameKind.WORD, NameKind.OTHER)
    listed = known.places | known.outlets | known.products | known.surnames | known.openers
    return name.kind in kinds and " " not in name.text and not name.titled and form not in people | listed


def _listed(parsed: Parsed, found: list[Name]) -> list[Name]:
    """Unknown names in a list of people are people: "A, B, C et D ont annoncé"."""
    texts = {where: text_of(doc) for where, doc in parsed.parts()}
    out = list(found)
    for _ in range(6):  # from neighbour to neighbour
        before = list(out)
        for i, (a, b) in enumerate(itertools.pairwise(before)):
            if a.where != b.where or not re.fullmatch(r", (?:et )?| et ", texts[a.where][a.end : b.start]):
                continue
            for j, name, other in ((i, a, b), (i + 1, b, a)):
                if _may_be_person(name) and other.kind is NameKind.PERSON and " " in other.text:
                    out[j] = replace(name, kind=NameKind.PERSON)
        if out == before:
            break
    return out


def _may_be_person(name: Name) -> bool:
    known, words = gazetteer(), fold(name.text).split()
    return (
        name.kind in (NameKind.ORGANISATION, NameKind.OTHER)
        and len(name.text.split()) in (2, 3)
        and not known.marks & set(words)
        and fold(name.text) not in known.organisations
        and words[0] not in known.organisations
    )


def _spread(found: list[Name]) -> list[Name]:
    """Give surnames, first names and short forms the full name that the document has for them."""
    full = _full_persons(found)
    groups = _full_organisations(found)
    out = []
    for name in found:
        form = fold(name.text)
        if form in full and (name.kind is not NameKind.ORGANISATION or form not in gazetteer().organisations):
            name = replace(name, kind=NameKind.PERSON, full=full[form])
        elif name.kind is NameKind.ORGANISATION and form in groups and name.full == name.text:
            name = replace(name, full=groups[form])
        out.append(name)
    return out


def _full_persons(found: list[Name]) -> dict[str, str]:
    fulls: dict[str, str] = {}
    for name in found:
        if name.kind is NameKind.PERSON and len(name.text.split()) > 1:
            fulls.setdefault(fold(name.text), name.text)
    out = {form: _longest(form, fulls) for form in fulls}
    short: dict[str, set[str]] = {}
    for full in fulls.values():
        parts = full.split()
        for i in range(1, len(parts)):
            short.setdefault(fold(" ".join(parts[i:])), set()).add(full)
        short.setdefault(fold(parts[0]), set()).add(full)
    for form, owners in short.items():
        if form not in out and form and len(owners) == 1:
            out[form] = next(iter(owners))
        elif form not in out and form:
            out[form] = min(owners, key=lambda f: next(n.start for n in found if n.text == f))
    return out


def _longest(form: str, fulls: dict[str, str]) -> str:
    """The one full name that ends so: "Ferreira Neves" is "Thiago Ferreira Neves"."""
    longer = [f for f in fulls if f.endswith(f" {form}")]
    return fulls[longer[0]] if len(longer) == 1 else fulls[form]


def _full_organisations(found: list[Name]) -> dict[str, str]:
    """Short forms of organisations: "Peloton" of "Peloton Interactive", where one only begins so."""
    forms = {fold(n.text): n.text for n in reversed(found) if n.kind is NameKind.ORGANISATION}
    out: dict[str, str] = {}
    for form in forms:
        longer = [f for f in forms if f != form and f.startswith(form + " ")]
        if len(longer) == 1 and longer[0].split()[-1] in gazetteer().suffixes:
            out[form] = forms[longer[0]]
    return out
