"""The name lists of extractors/lexicons, folded for look-up."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from models.identity import fold


@dataclass(frozen=True)
class Gazetteer:
    """Known names in folded form."""

    first_names: frozenset[str]
    organisations: frozenset[str]
    outlets: frozenset[str]
    places: frozenset[str]
    openers: frozenset[str]
    products: frozenset[str]
    surnames: frozenset[str]  # that stand alone in the press
    marks: frozenset[str]
    kinds: frozenset[str]
    either: frozenset[str]  # any word that is, or begins, a known name
    nicknames: dict[str, str]  # folded nickname → the company's name
    role_words: frozenset[str]
    suffixes: frozenset[str]


def load(name: str) -> dict[str, Any]:
    """One lexicon file."""
    return tomllib.loads((files("extractors") / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def grammar(name: str) -> re.Pattern[str]:
    """A pattern of lexicons/grammar.toml. Raises KeyError for a name that it does not hold."""
    entry = _grammar()[name]
    return re.compile(re.sub(r"\n *", "", entry["pattern"]), re.IGNORECASE if entry.get("ignore_case") else 0)


@cache
def _grammar() -> dict[str, Any]:
    return load("grammar")


def _listed(text: str) -> frozenset[str]:
    return frozenset(fold(n) for line in text.splitlines() for n in line.split("|") if n.strip())


def _first_words(names: frozenset[str]) -> frozenset[str]:
    return frozenset(n.split()[0] for n in names if n)


@cache
def gazetteer() -> Gazetteer:
    """All name lists, read once."""
    names, organisations = load("names"), load("organisations")
    places = names["places"].replace("\n", " ")
    first_names = frozenset(fold(n) for n in load("first_names")["names"].split())
    known, outlets = _listed(organisations["names"]), _listed(organisations["outlets"]["names"])
    return Gazetteer(
        first_names=first_names,
        organisations=known,
        outlets=outlets,
        places=frozenset(fold(p) for p in places.split()) | frozenset(fold(p) for p in names["places_of_words"]),
        surnames=frozenset(fold(w) for w in names["surnames"].split()),
        products=_listed(names["products"]) - known,  # Google+ folds to Google
        openers=frozenset(fold(w) for w in names["openers"].split()),
        marks=frozenset(fold(w) for w in names["organisation_marks"].split()),
        kinds=frozenset(organisations["kinds"]["words"].split()),
        either=_first_words(first_names | known | outlets),
        nicknames={
            nickname: company
            for company, line in organisations["nicknames"].items()
            for nickname in line.split("|")
        },
        role_words=frozenset(names["role_words"]),
        suffixes=frozenset(fold(w) for w in names["suffixes"]),
    )
