"""Idioms as data: TOML entries compiled to patterns over a sentence, with who and what stands in which slot.

The pattern language, in `extractors/lexicons/*.toml`:

    {quitter|lâcher}   any form of these verbs; the first such group is the head, its tense is told
    (le|son) poste     anything else is a regular expression, case ignored
    a space after }    up to two adverbs may stand there ("quitte donc officiellement")
    <who> <org> …      a slot: the names in these words fill it, up to the end of the clause

An entry says besides where its other arguments are: `who = "subject"` (of the head, seen through the passive,
relative clauses and coordination), `"object"`, `"de"` (complement of a noun: départ de X, son départ), or a slot.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from extractors.events.gazetteer import grammar, load
from extractors.events.verbs import forms
from models.vocabulary import Manner

_ADVERBS = grammar("adverbs").pattern
# A clause; the stop of "M." and of initials does not end it.
_SLOT = r"(?:[^.;:!?\n]|(?<=\bM)\.|(?<= [A-Z])\.|\.(?=\w))"
_GROUP = re.compile(r"\{([a-zà-ÿœ'|-]+)\}|<(\w+)>|(?<=\})( )")


@dataclass(frozen=True)
class Entry:
    """One idiom: what it looks like, what it means, and sentences that prove both."""

    id: str
    why: str
    pattern: str
    who: str
    manner: tuple[Manner, ...]
    options: dict[str, Any]
    examples: tuple[str, ...]
    counters: tuple[str, ...]
    regex: re.Pattern[str] = field(repr=False)
    heads: frozenset[str] = field(repr=False)  # one of these words is in the sentence, or it cannot match
    participles: frozenset[str] = field(repr=False)  # those of the heads that may be past participles
    futures: frozenset[str] = field(repr=False)
    imperfects: frozenset[str] = field(repr=False)

    def option(self, name: str, default: Any = None) -> Any:
        """A further key of the entry."""
        return self.options.get(name, default)


@dataclass(frozen=True)
class Match:
    """An entry found at a place of a spaCy doc's text; slots are places too."""

    entry: Entry
    start: int
    end: int
    head: tuple[int, int]
    slots: dict[str, tuple[int, int]]


def _in_tense(pattern: str, tense: str) -> frozenset[str]:
    verbs = [verb for match in _GROUP.finditer(pattern) if match[1] for verb in match[1].split("|")]
    return frozenset(word for verb in verbs for word, tenses in forms(verb).items() if tense in tenses)


def compile_pattern(pattern: str) -> tuple[re.Pattern[str], frozenset[str]]:
    """The regular expression of a pattern, and the verb forms one of which it needs (empty where it has none)."""
    heads: set[str] = set()
    out: list[str] = []
    position = groups = 0
    for match in _GROUP.finditer(pattern):
        out.append(pattern[position : match.start()])
        position = match.end()
        verbs, slot, _ = match.groups()
        if verbs:
            words = {word for verb in verbs.split("|") for word in forms(verb)}
            alternatives = "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))
            out.append(rf"\b(?P<h{groups}>{alternatives})\b")
            heads |= words
            groups += 1
        elif slot:
            last = position == len(pattern) or pattern[position] in "|)"
            out.append(rf"(?P<{slot}>{_SLOT}{{1,200}}{'' if last else '?'})")
        else:
            out.append(r"\s+" + _ADVERBS)
    out.append(pattern[position:])
    return re.compile(rf"(?<![\w-])(?:{''.join(out)})(?!\w)", re.IGNORECASE), frozenset(heads)


def entries_of(data: dict[str, Any], table: str) -> tuple[Entry, ...]:
    """The entries of one table of a lexicon file. Raises KeyError or ValueError for a malformed one."""
    return tuple(_entry(item) for item in data.get(table, ()))


def _entry(item: dict[str, Any]) -> Entry:
    known = {"id", "why", "pattern", "who", "manner", "examples", "counters"}
    try:
        regex, heads = compile_pattern(item["pattern"])
        return Entry(
            id=item["id"],
            why=item.get("why", ""),
            pattern=item["pattern"],
            who=item.get("who", "subject"),
            manner=tuple(Manner(m) for m in [item.get("manner", "unspecified")]),
            options={k: v for k, v in item.items() if k not in known},
            examples=tuple(item.get("examples", ())),
            counters=tuple(item.get("counters", ())),
            regex=regex,
            heads=heads,
            participles=_in_tense(item["pattern"], "part"),
            futures=_in_tense(item["pattern"], "fut"),
            imperfects=_in_tense(item["pattern"], "impf"),
        )
    except (KeyError, ValueError, re.error) as error:
        raise ValueError(f"lexicon entry {item.get('id', item)!r}: {error}") from error


@cache
def entries(file: str, table: str) -> tuple[Entry, ...]:
    """The entries of a lexicon that comes with the package, read once."""
    return entries_of(load(file), table)


def find(text: str, start: int, end: int, among: tuple[Entry, ...]) -> Iterator[Match]:
    """Where the entries match in a sentence, given as a stretch of a text, in the order of the lexicon."""
    sentence = text[start:end]
    words = frozenset(re.findall(r"[\w]+", sentence.casefold()))
    for entry in among:
        if entry.heads and entry.heads.isdisjoint(words):
            continue
        for match in entry.regex.finditer(sentence):
            groups = match.groupdict()
            slots = {
                name.rstrip("0123456789"): (start + match.start(name), start + match.end(name))
                for name, value in groups.items()
                if value and not re.fullmatch(r"h\d+", name)
            }
            head = next((n for n in groups if re.fullmatch(r"h\d+", n) and groups[n]), 0)
            span = (start + match.start(head), start + match.end(head))
            yield Match(entry, start + match.start(), start + match.end(), span, slots)
