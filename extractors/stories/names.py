"""Who is who: persons and organisations compared under all the names that the press gives them.

Names are data (lexicons/aliases.toml) and what the user adds; nothing here knows a case.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from models.identity import PersonName, fold, person_name
from models.queries import Alias

# A family name shorter than this is never taken for a misspelling of another: "Wang" and "Yang", "Lee" and "Leo"
# are two families. At 6, "Gelsinger"/"Gelsigner" and "Belmer"/"Bellmer" are found and no two persons of the 663 on
# the labelled documents fall together.
MISSPELLED_FROM = 6
# A misspelt letter leaves the first or the last letters of a family name whole: one of the two is a key of both.
HALF = 3
# A name shorter than this begins too many others to say that they are parts of it ("LG", "AB").
SHORTEST = 3


class Kinship(IntEnum):
    """How near two organisations are; greater is nearer."""

    NONE = 0  # nothing says that they have to do with each other
    GROUP = 1  # two parts of one group, or a group and its subsidiary
    BRANCH = 2  # one is a country's branch or a named part of the other
    SAME = 3


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as a name leads to it.

    `words` are the name's without legal forms and country; `line` holds the keys from its own up to the group's.
    """

    words: tuple[str, ...]
    branch: str | None
    line: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its own key, the country's branch left out."""
        return self.line[0] if self.line else ""

    @property
    def group(self) -> str:
        """The key of the group that it belongs to; its own where it stands alone."""
        return self.line[-1] if self.line else ""


class Names:
    """The known names: the bundled ones, with a user's aliases over them. Not to be changed once made."""

    def __init__(self, data: Mapping[str, Any], aliases: Iterable[Alias] = ()) -> None:
        self._legal = frozenset(data["legal_forms"])
        self._leading = frozenset(data["leading"])
        self._generic = frozenset(data["generic"])
        self._branches = {word: name for name, words in data["branches"].items() for word in words}
        self._nicknames = [frozenset(s) for s in data["nicknames"]["sets"]]
        self._owner: dict[str, str] = {}
        self._parent: dict[str, str] = {}
        self._persons: dict[str, str] = {}
        self._known: dict[str, Organisation] = {}
        for row in data["organisation"]:
            own = _compact(row["name"])
            for name in (row["name"], *row.get("also", ())):
                self._owner[_compact(name)] = own
            if "parent" in row:
                self._parent[own] = _compact(row["parent"])
        for alias in aliases:
            self._add(alias)
        self._entities = frozenset(self._owner.values())

    def _add(self, alias: Alias) -> None:
        """Lets a user's alias lead where its name leads; what led to the alias itself follows."""
        if alias.kind == "person":
            self._persons[fold(alias.alias)] = alias.name
            return
        old, new = (self._owner.get(_compact(n), _compact(n)) for n in (alias.alias, alias.name))
        if not old or not new or old == new:
            return
        self._owner = {n: new if owner == old else owner for n, owner in self._owner.items()}
        self._owner.update({_compact(alias.alias): new, _compact(alias.name): new})
        parents = {child: new if parent == old else parent for child, parent in self._parent.items()}
        if above := parents.pop(old, None):
            parents.setdefault(new, above)
        self._parent = {child: parent for child, parent in parents.items() if child != parent}

    def organisation(self, name: str | None) -> Organisation:
        """The organisation that a name leads to; an empty one where there is no name."""
        name = name or ""
        if name not in self._known:
            if len(self._known) > 50_000:  # a process that never stops must not grow with what it reads
                self._known.clear()
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: str) -> Organisation:
        words = fold(name).split()
        if key := self._owner.get("".join(words)):
            return Organisation(tuple(words), None, self._line(key))
        words = self._bare(words)
        words, branch = self._split_branch(words)
        if key := self._owner.get("".join(words)):
            return Organisation(tuple(words), branch, self._line(key))
        short = list(words)
        while len(short) > 1 and short[-1] in self._generic:
            short.pop()
        key = self._owner.get("".join(short), "".join(short))
        return Organisation(tuple(short), branch, self._line(key) if key else ())

    def _bare(self, words: list[str]) -> list[str]:
        while len(words) > 1 and words[-1] in self._legal:
            words = words[:-1]
        while len(words) > 1 and words[0] in self._leading and self._owner.get("".join(words)) is None:
            words = words[1:]
        return words

    def _split_branch(self, words: list[str]) -> tuple[list[str], str | None]:
        for size in (3, 2, 1):
            place = " ".join(words[-size:])
            if len(words) > size and place in self._branches:
                return self._bare(words[:-size]), self._branches[place]
        return words, None

    def _line(self, key: str) -> tuple[str, ...]:
        line = [key]
        while (parent := self._parent.get(line[-1])) and parent not in line:
            line.append(parent)
        return tuple(line)

    def branch_of(self, place: str | None) -> str | None:
        """The country that a place means: `France` and `l'Hexagone` are one; the folded place where it is none."""
        words = fold(place or "")
        return self._branches.get(words, words) or None

    def kinship(self, one: Organisation, other: Organisation) -> Kinship:
        """How near two organisations are."""
        if not one.line or not other.line:
            return Kinship.NONE
        if one.key == other.key:
            return Kinship.SAME if one.branch == other.branch else Kinship.BRANCH
        if one.key in other.line or other.key in one.line or one.group == other.group:
            return Kinship.GROUP
        if one.key in self._entities and other.key in self._entities:
            return Kinship.NONE
        short, long = sorted((one.words, other.words), key=len)
        if short == long[: len(short)] and len("".join(short)) >= SHORTEST:
            return Kinship.BRANCH
        return Kinship.NONE

    def person(self, name: str | None) -> PersonName:
        """A name taken apart, after the user's aliases."""
        return _person(self._persons.get(fold(name), name) if name else "")

    def same_person(self, one: PersonName, other: PersonName) -> bool:
        """Whether two names may be one person's; a word alone fits every bearer of that family or first name."""
        if not one.family or not other.family:
            return False
        if one.key == other.key or "".join((*one.given, one.family)) == "".join((*other.given, other.family)):
            return True
        if not _same_family(one, other):
            return _inside(one, other) or _first_alone(one, other)
        return not one.given or not other.given or self._same_given(one.given, other.given)

    def _same_given(self, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        return any(self._near_given(a, b) for a in one for b in other) or "".join(one) == "".join(other)

    def _near_given(self, one: str, other: str) -> bool:
        short, long = sorted((one, other), key=len)
        if short == long or (len(short) == 1 and long.startswith(short)):
            return True
        if any(one in s and other in s for s in self._nicknames):
            return True
        return len(short) >= MISSPELLED_FROM - 1 and DamerauLevenshtein.distance(one, other) == 1


def _compact(name: str) -> str:
    return fold(name).replace(" ", "")


@lru_cache(maxsize=20_000)
def _person(name: str) -> PersonName:
    return person_name(name)


def _same_family(one: PersonName, other: PersonName) -> bool:
    if one.family == other.family:
        return True
    if min(len(one.family), len(other.family)) < MISSPELLED_FROM:
        return False
    half = one.family[:HALF] == other.family[:HALF] or one.family[-HALF:] == other.family[-HALF:]
    return half and DamerauLevenshtein.distance(one.family, other.family) == 1


def _inside(one: PersonName, other: PersonName) -> bool:
    """`Michelle Johnston Holthaus` and `Michelle Johnston`; `Le Cun` alone and `Yann Le Cun`."""
    short, long = sorted((one, other), key=lambda n: len(n.given))
    words = [*long.given, long.family]
    return bool(short.given) and short.given[0] == words[0] and short.family in words[1:]


def _first_alone(one: PersonName, other: PersonName) -> bool:
    """`Ren` and `Ren Zhengfei`: the first word alone, a family name in Chinese, Korean or Hungarian."""
    short, long = sorted((one, other), key=lambda n: len(n.given))
    return not short.given and bool(long.given) and short.family == long.given[0]


@lru_cache(maxsize=1)
def bundled() -> Names:
    """The names that come with Vigie."""
    return Names(_data())


def with_aliases(aliases: Iterable[Alias]) -> Names:
    """The bundled names with a user's aliases over them."""
    return Names(_data(), aliases)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files("extractors") / "lexicons" / "aliases.toml").read_text(encoding="utf-8"))
