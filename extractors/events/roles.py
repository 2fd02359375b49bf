"""Functions in a text: the phrase that names one, its codes, whose it is, and in which organisation."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.events.gazetteer import gazetteer, grammar, load
from extractors.events.language import Parsed, Where, text_of
from extractors.events.names import Name, NameKind, Names
from models.vocabulary import RoleCode

# A complement: "de la sécurité", "chargé des relations avec les développeurs"; it stops at names and punctuation.
_SAID_OF = grammar("roles_said_of")
_BEFORE_NAME = grammar("roles_before_name")
_COMPLEMENT = grammar("roles_complement")
_FORMER = re.compile(
    r"(?:\bancien(?:ne)?s?|\bex|\bex-|\bautrefois|\bjadis|\bnaguère|\bpassé)[ -]?(?:co-?)?$", re.IGNORECASE
)
_COMING = grammar("roles_coming")
_ORG_AFTER = grammar("roles_org_after")


@dataclass(frozen=True, slots=True)
class Role:
    """A role phrase at its place, its holder (a person's key) and organisation where the text tells them."""

    where: Where
    start: int
    end: int
    text: str
    codes: tuple[RoleCode, ...]
    person: str | None = None
    organisation: Name | None = None
    former: bool = False
    coming: bool = False  # a post taken up, not the one left


def codes_among(roles: Sequence[Role]) -> tuple[RoleCode, ...]:
    """The codes of several functions, each once; `OTHER` only where there is nothing better."""
    found = dict.fromkeys(code for role in roles for code in role.codes)
    return tuple(c for c in found if c is not RoleCode.OTHER) or tuple(found)


@cache
def _head() -> re.Pattern[str]:
    data = load("roles")
    heads = "|".join(line.strip() for line in data["heads"].splitlines() if line.strip())
    modifiers = data["modifiers"].strip()
    one = rf"(?:{heads})(?:[- ]{modifiers}(?![\w-]))*"
    return re.compile(rf"(?<![\w-])(?:{one})(?![\w])", re.IGNORECASE)


@cache
def _codes() -> tuple[tuple[RoleCode, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (
            RoleCode(item["code"]),
            re.compile(item["pattern"], re.IGNORECASE),
            re.compile(item["not"], re.IGNORECASE) if "not" in item else None,
        )
        for item in load("roles")["code"]
    )


@cache
def codes_of(text: str) -> tuple[RoleCode, ...]:
    """The codes that fit a role phrase, in the order of the lexicon; OTHER where none does."""
    found = [
        code for code, pattern, never in _codes() if pattern.search(text) and not (never and never.search(text))
    ]
    return tuple(found) or (RoleCode.OTHER,)


def roles(parsed: Parsed, names: Names) -> tuple[Role, ...]:
    """Every role phrase of a document with its holder, in reading order."""
    return tuple(role for where, doc in parsed.parts() for role in _in_text(where, text_of(doc), names))


def _in_text(where: Where, text: str, names: Names) -> Iterator[Role]:
    here = [n for n in names.all if n.where == where]
    position = 0
    while match := _head().search(text, position):
        end, organisation = _extended(text, match.end(), here)
        position = end
        start = match.start()
        if any(
            n.start <= start < n.end and n.kind is not NameKind.OTHER and n.end - n.start > match.end() - start
            for n in here
        ):
            continue
        phrase = text[start:end]
        before = text[max(0, start - 45) : start]
        former = bool(_FORMER.search(before)) or phrase.casefold().startswith(("ex-", "ex ", "ancien"))
        holder = _holder(
            text, start, organisation.end if organisation and organisation.start >= end else end, here
        )
        yield Role(
            where, start, end, phrase, codes_of(phrase), holder, organisation, former, bool(_COMING.search(before))
        )


def _extended(text: str, end: int, here: list[Name]) -> tuple[int, Name | None]:
    """The end of the phrase with its complements, and the organisation that follows it."""
    organisation = _organisation_after(text, end, here)
    if organisation:
        return end, organisation
    second = re.match(r" et (?=[a-zA-Z])", text[end:])
    if second:
        other = _head().match(text, end + second.end())
        if other:
            return _extended(text, other.end(), here)
    cut = min((n.start for n in here if n.start >= end and n.kind is not NameKind.OTHER), default=len(text))
    match = _COMPLEMENT.match(text, end, cut)
    while match and match.end() > end:
        end = match.end()
        organisation = _organisation_after(text, end, here)
        if organisation:
            return end, organisation
        match = _COMPLEMENT.match(text, end, cut)
    return end, _organisation_after(text, end, here)


def _organisation_after(text: str, end: int, here: list[Name]) -> Name | None:
    following = next((n for n in here if n.start >= end), None)
    if following is None or following.start - end > 60:
        return None
    gap = text[end : following.start]
    if following.kind in (NameKind.ORGANISATION, NameKind.OUTLET, NameKind.OTHER) and _ORG_AFTER.match(gap):
        if gap.strip() == "" and following.kind is not NameKind.ORGANISATION:
            return None
        return following
    return None


def _holder(text: str, start: int, end: int, here: list[Name]) -> str | None:
    """The person that the phrase is said of: in apposition, before or after, or by the verb to be."""
    people = [n for n in here if n.kind is NameKind.PERSON]
    after = next((n for n in people if n.start >= end), None)
    before = next((n for n in reversed(people) if n.end <= start), None)
    if after and _BEFORE_NAME.fullmatch(text[end : after.start]):
        closed = before and re.fullmatch(
            r"(?: ?\([^)]*\))?, (?:(?:l'|le |la |son |sa |un |une |leur )?(?:ancien(?:ne)? |actuel(?:le)? |ex-)?)",
            text[before.end : start],
        )
        if not (closed and text[end : after.start].startswith(",")):
            return after.key
    if before:
        gap = text[before.end : start]
        if _SAID_OF.fullmatch(gap) and gap.strip() != "":
            return before.key
    return None


def role_words() -> frozenset[str]:
    """Acronyms that name functions."""
    return gazetteer().role_words
