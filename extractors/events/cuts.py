"""Where a sentence tells of jobs cut: its triggers, and the figures that go with them.

Patterns of lexicons/layoffs.toml are matched on the sentence with its figures masked (# a count, § a share,
~ a vague number), so that one pattern covers "licencie 40 personnes" and "licencie plus d'un millier".
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

from extractors.events.language import Sentence
from extractors.events.numbers import Quantity, quantities
from extractors.events.verbs import forms

# "Réduire ses effectifs de 14 000 personnes" cuts them; "un effectif de 14 000 personnes" is their number.
_REDUCED = re.compile(
    r"(?:rédui|diminu|amput|rogn|abaiss|baiss|allég|allèg|compress|taill|coup)\w*(?: "
    r"[\w']+){0,3} (?:effectifs?|personnel|équipes|main-d'œuvre|"
    r"masse salariale)(?: \w+)? (?:de |d')$",
    re.IGNORECASE,
)
BARE = 60  # characters: "Ce sera 2 043." completes what stands beside it
STRENGTHS = ("sure", "figure", "weak", "idiom", "support")
Strength = Literal["sure", "figure", "weak", "idiom", "support"]
_GAP = r"(?:,? |'|,? [^.;:!?]{0,60}?[ '«(])"
_VERBS = re.compile(r"\{([^\d}][^}]*)\}([!~]?)")
_CUE = re.compile(
    r"licenci|suppr|effectif|postes?\b|emplois?\b|salari|employ|personne|collaborat|"
    r"main[- ]d|plan soci|\bPSE\b|\bRCC\b|rupture|départ|congédi|mise?s? à pied|"
    r"dégraiss|charrette|saignée|purge|voilure|équipe|personnel|liquidation|"
    r"dans le vif|coupe|job|travailleurs|porte|cartons|débauch|congé|trappe|"
    r"balai|rabot|tapis|journalistes|develop|ingénieurs|livreurs|rédaction|emport|"
    r"plans?\b|\brenvo|\bvir[eé]|remerci|séparer?|place\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """One trigger of the lexicon."""

    id: str
    strength: Strength
    regex: re.Pattern[str] = field(repr=False)
    heads: frozenset[str] = field(repr=False)  # where a pattern begins with a verb: one of its forms must be there
    examples: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """lexicons/layoffs.toml, compiled."""

    triggers: tuple[Entry, ...]
    people: re.Pattern[str]
    workforce: re.Pattern[str]
    nouns: re.Pattern[str]  # after a count: what it counts
    staff: re.Pattern[str]  # after a share: of what
    staff_before: re.Pattern[str]
    not_before: tuple[re.Pattern[str], ...]
    not_after: tuple[re.Pattern[str], ...]
    vetoes: tuple[re.Pattern[str], ...]
    verbal: frozenset[str]  # triggers that begin with a verb
    not_employers: frozenset[str]
    not_employer_before: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger at its place in the sentence's title or text."""

    entry: str
    strength: Strength
    start: int
    end: int
    vague: bool = False  # "des centaines de postes"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of jobs or a share of the workforce that a sentence may tell as cut."""

    quantity: Quantity
    end: int  # of the noun that it counts
    noun: bool  # whether it counts people or jobs by name

    @property
    def start(self) -> int:
        """Where its qualifier, or the number, begins."""
        return self.quantity.cue_start


@dataclass(frozen=True)
class Told:
    """What one sentence tells of cuts: triggers and figures in reading order."""

    sentence: Sentence
    triggers: tuple[Trigger, ...]
    figures: tuple[Figure, ...]

    @property
    def strength(self) -> Strength | None:
        """The strongest of its triggers."""
        order: tuple[Strength, ...] = ("sure", "figure", "weak", "idiom", "support")
        found = {t.strength for t in self.triggers}
        return next((s for s in order if s in found), None)


@cache
def lexicon() -> Lexicon:
    """The layoff lexicon, read and compiled once."""
    data = tomllib.loads((resources.files("extractors") / "lexicons" / "layoffs.toml").read_text("utf-8"))
    nouns = {k: "|".join(v) for k, v in data["nouns"].items()}
    macros = _macros(nouns)
    triggers = tuple(
        Entry(
            t["id"],
            t["strength"],
            compile_pattern(t["pattern"], macros),
            _heads(t["pattern"]),
            tuple(t["examples"]),
            tuple(t["counters"]),
        )
        for t in data["trigger"]
    )
    every = "|".join(nouns.values())

    def patterns(items: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(i, re.IGNORECASE) for i in items)

    return Lexicon(
        triggers,
        re.compile(rf" (?:{nouns['people']}|{nouns['jobs']}) ", re.IGNORECASE),
        re.compile(rf"(?:{nouns['staff']}|{nouns['people']})(?!\w)", re.IGNORECASE),
        re.compile(rf"^(?: ?(?:de|d'|des|de ses|de leurs|de son)(?= |\b) ?|\s)?(?:[#§]+ )?(?:[\w'’-]+ "
        rf"){{0,2}}?(?P<noun>{every})(?!\w)", re.IGNORECASE),
        re.compile(rf"^ ?(?:de |d'|du |des )(?:[\w#'’-]+[ ']){{0,4}}?(?P<noun>{nouns['staff']}|"
        rf"{nouns['people']})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?:{nouns['staff']})(?: [\w'’-]+){{0,4}}?(?: (?:de|d'|à hauteur de|jusqu'à))? "
        rf"?[(,]? ?$", re.IGNORECASE),
        patterns(data["not_a_cut"]["before"]),
        patterns(data["not_a_cut"]["after"]),
        patterns(data["vetoes"]["patterns"]),
        frozenset(t["id"] for t in data["trigger"] if t["pattern"].startswith("{")),
        frozenset(n.casefold() for n in data["not_employers"]["names"]),
        patterns(data["not_employers"]["not_before"]),
    )  # fmt: skip


def _macros(nouns: dict[str, str]) -> dict[str, str]:
    people, staff, jobs = nouns["people"], nouns["staff"], nouns["jobs"]
    any_noun = rf"(?:{people}|{staff}|{jobs})(?!\w)"
    of = r"(?:de |d'|des |du |de ses |de son |de leurs )?(?:[#§]+ )?(?:[\w'-]+ ){0,3}?"
    many = (
        r"(?:des|plusieurs|certaine?s|une partie d\w* ?\w*|l'ensemble d\w+(?: \w+)?|"
        r"tous \w+|toutes \w+|ses|leurs|de nombreux|de nombreuses|nombre de|"
        r"la plupart d\w+(?: \w+)?|la majeure partie d\w+(?: \w+)?|l'essentiel d\w+(?: "
        r"\w+)?|une bonne partie d\w+(?: \w+)?|une grande partie d\w+(?: \w+)?)"
    )
    return {
        "@staff_share": rf"(?:[§#~]+(?: {of}(?:{staff})(?!\w)| du total)|§+(?=[ ,.)]|$)|[#~]+(?=[,.)]|"
        rf"$| sur| en))",
        "@group": rf"(?:[#§~]+ {of}{any_noun}|[#~]+ d'entre eux|{many} (?:[\w'-]+ ){{0,2}}?{any_noun})",
        "@people": rf"(?:{people})(?!\w)",
        "@staff": rf"(?:{staff})(?!\w)",
        "@jobs": rf"(?:{jobs})(?!\w)",
        "@gap": _GAP,
        "@near": r"(?: |'| [^.,;:!?]{0,45}?[ '«(])",
    }


def _heads(pattern: str) -> frozenset[str]:
    first = _VERBS.match(pattern)
    return frozenset(word for verb in first.group(1).split("|") for word in forms(verb)) if first else frozenset()


def compile_pattern(pattern: str, macros: dict[str, str]) -> re.Pattern[str]:
    """The regular expression of a trigger's pattern."""

    def verbs(match: re.Match[str]) -> str:
        wanted = {"!": {"part"}, "~": {"inf", "pres", "impf", "fut", "cond", "past", "subj"}}.get(match.group(2))
        words = {
            word
            for verb in match.group(1).split("|")
            for word, tenses in forms(verb).items()
            if wanted is None or tenses & wanted
        }
        return (
            r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w))) + r")(?![\w])"
        )

    for name in sorted(macros, key=len, reverse=True):
        pattern = pattern.replace(name, macros[name])
    body = _VERBS.sub(verbs, pattern)
    return re.compile(rf"(?<![\w-])(?:{body})", re.IGNORECASE)


def masked(text: str, found: tuple[Quantity, ...]) -> str:
    """The text with every figure and its qualifier hidden, as long as before."""
    out = list(text)
    for quantity in found:
        sign = "~" if quantity.value is None else "#" if quantity.kind == "count" else "§"
        start = quantity.cue_start if text[quantity.cue_start : quantity.start].count(" ") < 6 else quantity.start
        while start < quantity.start and text[start] == " ":
            start += 1
        for i in range(start, quantity.end):
            out[i] = sign
    return "".join(out)


def numbers(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text that are no year and no hour."""
    return tuple(q for q in quantities(text) if not _is_year(text, q) and not _clock(text, q))


def told(sentence: Sentence) -> Told | None:
    """What a sentence tells of cuts; None where it holds no trigger and no figure of people or jobs."""
    text, base = sentence.span.text, sentence.span.start_char
    if not _CUE.search(text) and len(text) > BARE:
        return None
    known = lexicon()
    if any(p.search(text) for p in known.vetoes):
        return None
    found = numbers(text)
    hidden = masked(text, found)
    triggers = tuple(
        sorted(
            (t for t in _triggers(hidden, base, known) if not _nominal(sentence, t, known)),
            key=lambda t: (t.start, t.end),
        )
    )
    figures = tuple(_figures(text, hidden, found, base, known))
    return Told(sentence, triggers, figures) if triggers or figures else None


def _triggers(hidden: str, base: int, known: Lexicon) -> Iterator[Trigger]:
    words = frozenset(re.findall(r"\w+", hidden.casefold()))
    for entry in known.triggers:
        if entry.heads and entry.heads.isdisjoint(words):
            continue
        for match in entry.regex.finditer(hidden):
            yield Trigger(entry.id, entry.strength, base + match.start(), base + match.end(), "~" in match.group())


def _nominal(sentence: Sentence, trigger: Trigger, known: Lexicon) -> bool:
    """Whether a verb's form is a noun here: la taille des équipes."""
    if trigger.entry not in known.verbal:
        return False
    span = sentence.span.doc.char_span(trigger.start, trigger.start + 1, alignment_mode="expand")
    token = span[0] if span else None
    return bool(token and token.i and token.pos_ == "NOUN" and token.doc[token.i - 1].pos_ == "DET")


def _is_year(text: str, quantity: Quantity) -> bool:
    value = quantity.whole
    digits = text[quantity.start : quantity.end]
    if quantity.kind != "count" or value is None:
        return False
    before, after = text[max(0, quantity.start - 12) : quantity.start], text[quantity.end : quantity.end + 14]
    if re.match(
        r"^(?:er)? (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)", after
    ):
        return True
    if re.match(r"^ ?(?:h\d{0,2}\b|heures?\b)", after):
        return True
    if not re.fullmatch(r"(?:19|20)\d\d", digits):
        return False
    return not re.match(
        r"^ (?:salari|employ|postes|emplois|personnes|collab|suppress|licenc|départs)", after
    ) or bool(re.search(r"\b(?:en|de|fin|début|depuis|an) $", before))


def _clock(text: str, quantity: Quantity) -> bool:
    """Whether a number is part of a time of day: 14:22."""
    return bool(re.match(r"^:\d", text[quantity.end :]) or re.search(r"\d:$", text[: quantity.start]))


def _figures(text: str, hidden: str, found: tuple[Quantity, ...], base: int, known: Lexicon) -> Iterator[Figure]:
    for quantity in found:
        if quantity.value is None:
            continue
        before, after = hidden[: quantity.cue_start], hidden[quantity.end :]
        if quantity.kind == "percent":
            end = _share(before, after, quantity.end, known)
            if quantity.rule == "one_in" and known.people.search(text[quantity.start : quantity.end]):
                end = quantity.end  # un salarié sur dix
            if end is not None:
                yield _placed(quantity, base, end, noun=True)
            continue
        if quantity.whole is None or quantity.whole < 2:
            continue
        held = any(p.search(before) for p in known.not_before) and not _REDUCED.search(before)
        if held or any(p.match(after) for p in known.not_after):
            continue
        noun = known.nouns.match(after)
        if noun:
            yield _placed(quantity, base, quantity.end + noun.end(), noun=True)
        elif re.match(
            r"^(?:[,.;:)»!?]| (?:sur|en|dont|de plus|dans|à|au|aux|chez|et|ou|pour|selon|"
            r"par|\(|l'|le|la|d'ici|cette|ce|autres|supplémentaires|seront|sont|vont|"
            r"ont|ces|évoqué|annoncé|prévu|\[)|$)",
            after,
        ):
            yield _placed(quantity, base, quantity.end, noun=False)


def _share(before: str, after: str, end: int, known: Lexicon) -> int | None:
    """Where a share of the workforce ends; None for a share of something else."""
    if re.search(r"^[^.;]{0,30}\bau total\b", after):
        return None
    if re.search(
        r"(?:\+|hausse de|croissance de|progress\w+ de|bond\w* de|grimp\w* de|gagn\w+|"
        r"chut\w+ de|plong\w+ de|recul\w* de|bais\w+ de|perd\w+) ?$",
        before,
    ):
        return None
    if re.match(
        r"^ ?(?:de |d'|du |des )(?:[\w'’-]+ ){0,2}?(?:ventes|chiffre|capital|parts?|"
        r"marché|recettes|revenus?|bénéfices?|clients|utilisateurs|hausse|baisse|"
        r"croissance|actions?|prix|charges|coûts|dépenses|magasins|sites|réduction|"
        r"trafic|titre)",
        after,
    ):
        return None
    owned = re.match(r"^ ?(?:ses|son|sa|leurs?|les|le|la|l')\s?(?P<noun>[\w-]+(?:[- ]\w+)?)", after)
    if owned and not known.workforce.match(owned["noun"]):
        return None
    staff = known.staff.match(after)
    if staff:
        return end + staff.end()
    if known.staff_before.search(before):
        return end
    if re.match(r"^ ?\((?:[~#]|soit )", after):
        return end
    opens = before.rstrip().endswith(("(", ",", "soit")) or re.search(
        r"(?:coup|rédui|licenci|supprim|taill|congédi|remerci|sabr)\w* (?:de )?(?:#+ |à )?$", before
    )
    return end if opens and not re.match(r"^ ?(?:de |d'|du |des )", after) else None


def _placed(quantity: Quantity, base: int, end: int, *, noun: bool) -> Figure:
    moved = Quantity(
        quantity.kind, quantity.value, base + quantity.start, base + quantity.end, quantity.qualifier,
        base + quantity.cue_start, base + quantity.cue_end, quantity.low, quantity.rule,
    )  # fmt: skip
    return Figure(moved, base + end, noun)
