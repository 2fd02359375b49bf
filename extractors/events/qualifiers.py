"""How a told fact is meant: denied, hypothetical, speculated, reported, past, or to come.

One engine for every family of cues (lexicons/qualifiers.toml), for departures and layoffs alike. It looks at
the verbs that govern the trigger (mood and tense by spelling: the tagger takes "préparerait" for an imperfect),
at cue words in the trigger's clause, and at whose word it is.
"""

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, cast

from extractors.events.language import Sentence
from extractors.events.verbs import table
from extractors.events.words import AUXILIARIES, SKIPPED
from models.vocabulary import Status

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_NEGATIONS = frozenset(
    {"pas", "plus", "jamais", "aucun", "aucune", "nullement", "guère", "point", "rien", "ni", "personne"}
)
_CLIMBED = {
    "xcomp", "ccomp", "obj", "obl:arg", "nsubj", "nsubj:pass", "nmod", "conj", "obl:mod", "acl", "fixed",
    "iobj", "dep", "appos", "obl:agent",
}  # fmt: skip
_CONDITIONAL = re.compile(r"(?:[eidt]|d|ur|er|oud|iend|aud)r(?:ait|aient|ais)$")
_APPOSED = (
    r"(?: (?:le|la|l'|les|au|nos confrères de|nos confrères du|l'agence|le site|le quotidien|le journal|"
    r"le magazine|le média|une? \w+|américaine?|économique|spécialisé))*\s*$"
)
_REPORTING = (
    r"(?:selon|d'après|à en croire|dixit|sur la foi (?:de|du|d')|(?:écrit|écrivent|"
    r"affirme|rapporte|révèle|indique|croit savoir|annonce|assure|avance|relate|"
    r"évoque|estime|"
    r"souligne|raconte|dévoile|précise|explique|signale|relève|a révélé|a rapporté|"
    r"a affirmé|a appris|a indiqué|a écrit)(?: \w+){0,2}?)"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that qualify, with their family and rule; offsets are those of the sentence's title or text."""

    family: str
    rule: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Qualified:
    """How a trigger is meant. `hypothetical`: wished, feared, or in principle; `future`: told as to come."""

    status: Status = Status.CONFIRMED
    denied: bool = False
    hypothetical: bool = False
    past: bool = False
    future: bool = False
    cues: tuple[Cue, ...] = ()

    @property
    def asserted(self) -> bool:
        """Whether it is told as something that happens, surely or not."""
        return not (self.denied or self.hypothetical)


@dataclass(frozen=True)
class _Rule:
    id: str
    family: str
    verbs: frozenset[str]
    only: dict[str, str]
    preceding: tuple[re.Pattern[str], ...]
    following: tuple[re.Pattern[str], ...]
    pseudo: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class _Lexicon:
    rules: tuple[_Rule, ...]
    termination: re.Pattern[str]
    outlets: re.Pattern[str]
    outlet_names: frozenset[str]
    verbs: frozenset[str]


@dataclass(frozen=True)
class _Verb:
    """A verb of the trigger's group or above it."""

    token: "Token"
    inside: bool  # a word of the trigger itself: it qualifies by its tense only
    infinitives: frozenset[tuple[str, str]]  # (infinitive, tense)
    near: bool  # in the trigger's own verbal group
    outside: bool = False  # beyond a "que": its negation is not the trigger's

    def reads(self, infinitive: str, tense: str = "") -> bool:
        return any(i == infinitive and (not tense or t == tense) for i, t in self.infinitives)

    @property
    def conditional(self) -> bool:
        return conditional(self.token)


@cache
def lexicon() -> _Lexicon:
    """The cues of lexicons/qualifiers.toml, compiled once."""
    data = tomllib.loads((resources.files("extractors") / "lexicons" / "qualifiers.toml").read_text("utf-8"))

    def compiled(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(p, re.IGNORECASE) for p in patterns)

    rules = tuple(
        _Rule(
            cue["id"], cue["family"], frozenset(cue.get("verbs", ())), cue.get("only", {}),
            compiled(cue.get("preceding", [])), compiled(cue.get("following", [])),
            compiled(cue.get("pseudo", [])),
        )
        for cue in data["cue"]
    )  # fmt: skip
    names = "|".join(re.escape(o.replace("’", "'")) for o in sorted(data["outlets"], key=len, reverse=True))
    return _Lexicon(
        rules,
        re.compile("|".join(data["termination"]), re.IGNORECASE),
        re.compile(rf"(?<![\w-])(?:(?:le|la|les|l'|The|du|des) ?)?(?:{names})(?![\w-])"),
        frozenset(o.casefold() for o in data["outlets"]),
        frozenset(v for r in rules for v in r.verbs) | AUXILIARIES,
    )


def outlets() -> frozenset[str]:
    """Names of outlets in lower case: they tell of others."""
    return lexicon().outlet_names


def conditional(token: "Token") -> bool:
    """Whether a verb is in the conditional, by its spelling first."""
    word = token.lower_
    if word.endswith(("rait", "raient", "rais")):
        readings = table(lexicon().verbs).get(word)
        if readings:
            return any(tense == "cond" for _, tense in readings)
        return bool(_CONDITIONAL.search(word)) and token.pos_ in ("VERB", "AUX", "NOUN", "ADJ", "X")
    return "Cnd" in token.morph.get("Mood", [])


def qualify(sentence: Sentence, trigger: "Span | Token", own: Collection[str] = ()) -> Qualified:
    """How the event that a trigger tells is meant. `own`: names of its organisation, whose word is no report."""
    first, last = _bounds(trigger)
    verbs = tuple(_governors(sentence, first, last))
    cues = [*_verb_cues(verbs), *_word_cues(sentence, first, last), *_negated(verbs, sentence)]
    cues += _attributions(sentence, own)
    families = {c.family for c in cues}
    past = "past" in families or _pluperfect(verbs)
    return Qualified(
        _status(verbs, families),
        "negation" in families,
        "hypothesis" in families,
        past,
        _future(verbs),
        tuple(cues),
    )


def _bounds(trigger: "Span | Token") -> tuple["Token", "Token"]:
    if hasattr(trigger, "idx"):
        return cast("Token", trigger), cast("Token", trigger)
    return trigger[0], trigger[-1]


def _governors(sentence: Sentence, first: "Token", last: "Token") -> Iterator[_Verb]:
    """The verbs before the trigger in its group, then those above it in the parse."""
    doc, known = first.doc, table(lexicon().verbs)
    seen: set[int] = set()
    for token in doc[first.i : last.i + 1]:
        if token.pos_ in ("VERB", "AUX") or token.lower_ in known:
            seen.add(token.i)
            yield _Verb(token, True, known.get(token.lower_, frozenset()), near=True)
    i = first.i - 1
    while i >= sentence.span.start:
        token = doc[i]
        if token.pos_ == "AUX" or (token.lower_ in known and not _noun(token)):
            seen.add(i)
            yield _Verb(token, False, known.get(token.lower_, frozenset()), near=True)
        elif token.lower_ not in SKIPPED and not (token.pos_ == "ADV" or token.lower_.endswith("ment")):
            break
        i -= 1
    yield from _above(first.doc[first.i : last.i + 1].root, seen, known)


def _noun(token: "Token") -> bool:
    """La presse, un plan, La Redoute: a noun or a name that is spelt like a verb."""
    before = token.doc[token.i - 1] if token.i else token
    named = token.text[:1].isupper() and not token.is_sent_start
    return (
        named
        or token.pos_ in ("DET", "ADP", "PUNCT")
        or (token.pos_ in ("NOUN", "ADJ") and before.pos_ in ("DET", "ADJ", "NUM"))
    )


def _above(token: "Token", seen: set[int], known: dict[str, frozenset[tuple[str, str]]]) -> Iterator[_Verb]:
    outside = False
    for _ in range(6):
        if token.dep_ not in _CLIMBED or token.head.i == token.i:
            return
        outside = outside or token.dep_ in ("ccomp", "acl")
        if ";" in token.doc[min(token.i, token.head.i) : max(token.i, token.head.i)].text:
            return
        beside = token.dep_ == "conj"  # its mood is its own; what governs both is above
        token = token.head
        if beside or _noun(token) or (token.pos_ not in ("VERB", "AUX") and token.lower_ not in known):
            continue
        for verb in (token, *(c for c in token.children if c.dep_.startswith(("aux", "cop")))):
            if verb.i not in seen:
                seen.add(verb.i)
                yield _Verb(verb, False, known.get(verb.lower_, frozenset()), near=False, outside=outside)


def _verb_cues(verbs: tuple[_Verb, ...]) -> Iterator[Cue]:
    for rule in lexicon().rules:
        for verb in verbs:
            if verb.inside and rule.family != "intention":
                continue
            for infinitive, tense in sorted(verb.infinitives):
                if infinitive in rule.verbs and rule.only.get(infinitive, tense) == tense:
                    if rule.family == "intention" and not verb.conditional:
                        continue
                    start = verb.token.idx
                    yield Cue(rule.family, rule.id, start, start + len(verb.token.text), verb.token.text)
                    break


def _word_cues(sentence: Sentence, first: "Token", last: "Token") -> Iterator[Cue]:
    text, base = sentence.span.text, sentence.span.start_char
    start, end = first.idx - base, last.idx + len(last.text) - base
    left = max((m.end() for m in lexicon().termination.finditer(text, 0, start)), default=0)
    right = min((m.start() for m in lexicon().termination.finditer(text, end)), default=len(text))
    before, after = text[left:start], text[end:right]
    for rule in lexicon().rules:
        if any(p.search(before) for p in rule.pseudo):
            continue
        for pattern in rule.preceding:
            match = pattern.search(before)
            if match:
                at = base + left + match.start()
                yield Cue(rule.family, rule.id, at, base + left + match.end(), match.group())
        for pattern in rule.following:
            match = pattern.search(after)
            if match:
                yield Cue(
                    rule.family, rule.id, base + end + match.start(), base + end + match.end(), match.group()
                )


def _negated(verbs: tuple[_Verb, ...], sentence: Sentence) -> Iterator[Cue]:
    """Ne … pas around a verb of the trigger's group; "ne … que" restricts and denies nothing."""
    for verb in verbs:
        token = verb.token
        if verb.outside:
            continue
        window = token.doc[max(sentence.span.start, token.i - 5) : min(sentence.span.end, token.i + 4)]
        ne = next((t for t in window if t.lower_ in ("ne", "n'") and t.i < token.i and _between(t, token)), None)
        if ne is None:
            continue
        for word in window:
            if word.i > ne.i and word.lower_ in _NEGATIONS and not _restricts(word):
                yield Cue(
                    "negation",
                    "negation.ne",
                    ne.idx,
                    word.idx + len(word.text),
                    sentence.span.doc[ne.i : word.i + 1].text,
                )
                break


def _between(ne: "Token", verb: "Token") -> bool:
    inner = ne.doc[ne.i + 1 : verb.i]
    return all(
        t.lower_ in SKIPPED or t.lower_ in _NEGATIONS or t.pos_ in ("AUX", "ADV", "PRON", "VERB") for t in inner
    )


def _restricts(word: "Token") -> bool:
    after = word.doc[word.i + 1 : word.i + 3].text.casefold()
    before = word.doc[max(0, word.i - 1) : word.i].text.casefold()
    more_than = word.lower_ == "plus" and re.match(r"d(?:e|')\s?(?:\d|un|la|deux|trois|cent|mille)", after)
    return after.startswith(("que", "qu'")) or before in ("de", "d'", "non") or bool(more_than)


def _attributions(sentence: Sentence, own: Collection[str]) -> Iterator[Cue]:
    text, base = sentence.span.text, sentence.span.start_char
    mine = {name.casefold() for name in own}
    for match in lexicon().outlets.finditer(text):
        name = re.sub(r"^(?:le|la|les|l'|du|des) ?", "", match.group(), flags=re.IGNORECASE)
        if name.casefold() in mine:
            continue
        before, after = text[max(0, match.start() - 70) : match.start()], text[match.end() : match.end() + 40]
        told = re.search(rf"\b{_REPORTING}{_APPOSED}", before, re.IGNORECASE)
        tells = re.match(rf"^(?:,[^,]{{0,40}},)? {_REPORTING}", after, re.IGNORECASE)
        if told or tells:
            yield Cue("report", "report.outlet", base + match.start(), base + match.end(), match.group())


def _status(verbs: tuple[_Verb, ...], families: set[str]) -> Status:
    """The certainty; "il a dit qu'il supprimerait" is a future seen from the past, and no guess."""
    told_so = "report" not in families and any(v.outside and _told_in_the_past(v) for v in verbs)
    doubtful = [v for v in verbs if v.conditional and not (told_so and (v.near or v.inside))]
    guessed = any(v.infinitives and not _perfect(v) for v in doubtful)
    if "speculation" in families or guessed or ("intention" in families and not told_so):
        return Status.SPECULATED
    return Status.REPORTED if "report" in families or doubtful else Status.CONFIRMED


def _told_in_the_past(verb: _Verb) -> bool:
    token = verb.token
    return any(c.dep_ == "aux:tense" and not conditional(c) for c in token.children) or "Imp" in token.morph.get(
        "Tense", []
    )


def _perfect(verb: _Verb) -> bool:
    return verb.reads("avoir") or verb.reads("être")


def _pluperfect(verbs: tuple[_Verb, ...]) -> bool:
    """Avait supprimé, avaient été licenciées, s'était séparé: earlier than what the story tells."""
    return any(
        (v.reads("avoir", "impf") or v.reads("être", "impf")) and v.token.dep_.startswith("aux") for v in verbs
    )


def _future(verbs: tuple[_Verb, ...]) -> bool:
    return any(
        "Fut" in v.token.morph.get("Tense", [])
        or any(t == "fut" for _, t in v.infinitives)
        or (v.reads("aller", "pres") and v.near)
        or v.reads("apprêter")
        or v.reads("devoir")
        for v in verbs
    )
