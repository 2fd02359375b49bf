"""The name lists of extractors/lexicons, folded for look-up."""

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
    marks: frozenset[str]
    kinds: frozenset[str]
    nicknames: dict[str, str]  # folded nickname → the company's name
    role_words: frozenset[str]
    suffixes: frozenset[str]


def load(name: str) -> dict[str, Any]:
    """One lexicon file."""
    return tomllib.loads((files("extractors") / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))


def _listed(text: str) -> frozenset[str]:
    return frozenset(fold(n) for line in text.splitlines() for n in line.split("|") if n.strip())


@cache
def gazetteer() -> Gazetteer:
    """All name lists, read once."""
    names, organisations = load("names"), load("organisations")
    places = names["places"].replace("\n", " ")
    return Gazetteer(
        first_names=frozenset(fold(n) for n in load("first_names")["names"].split()),
        organisations=_listed(organisations["names"]),
        outlets=_listed(organisations["outlets"]["names"]),
        places=frozenset(fold(p) for p in places.split()) | frozenset(fold(p) for p in names["places_of_words"]),
        openers=frozenset(fold(w) for w in names["openers"].split()),
        marks=frozenset(fold(w) for w in names["organisation_marks"].split()),
        kinds=frozenset(organisations["kinds"]["words"].split()),
        nicknames={
            nickname: company
            for company, line in organisations["nicknames"].items()
            for nickname in line.split("|")
        },
        role_words=frozenset(names["role_words"]),
        suffixes=frozenset(fold(w) for w in names["suffixes"]),
    )
