"""Is it the same departure: one person leaving one organisation once.

A rumour, its denial, its confirmation and a date that moves are one; a function and, later, a seat on the board
are two. Windows are in days; each was set on storylines and tried on other labelled articles (docs/resolution.md).
"""

from extractors.stories.matching import Match, days, refused
from extractors.stories.names import Kinship, Names
from extractors.stories.tellings import Telling

# An announcement, its effect and the articles on both: Belmer's was told over 30 days, LeCun's over 50.
SAME_EXIT = 200
# A retirement told a year ahead; beyond, the person came back and left again.
LONG_EXIT = 400
# A function and a board seat left within this are one exit; Kalanick's were two years apart, Sandberg's 19 months.
SEATS = 45
# A telling that names no organisation stays with the person's exit of the season.
NO_COMPANY = 120
# Who leaves two houses in the same weeks left one: a group, a brand or a project stands for the house.
TWO_NAMES = 21


def same_departure(one: Telling, other: Telling, names: Names) -> Match | None:
    """Whether two tellings are of one departure; None where it is another person or an unrelated organisation."""
    if not names.same_person(one.person, other.person):
        return None
    kinship = names.kinship(one.organisation, other.organisation)
    gap = one.gap(other)
    if kinship is Kinship.NONE:
        return _by_full_name(one, other, gap, names)
    who = "même personne, " + ("même organisation" if kinship is Kinship.SAME else "même groupe")
    if one.seat and other.seat and one.seat != other.seat:
        if gap is None or gap > SEATS or one.article == other.article:
            return refused("même personne, mais siège au conseil et fonction sont deux départs")
        return Match(50, f"{who}, siège et fonction quittés {days(gap)}")
    if gap is None:
        return Match(40, f"{who}, rappel sans date")
    if gap <= SAME_EXIT:
        return Match(90 - gap / 10, f"{who}, {days(gap)}")
    exact = not one.vague and not other.vague
    if gap <= LONG_EXIT and exact and one.main and other.main:
        return Match(60 - gap / 100, f"{who}, départ annoncé de longue date ({days(gap)})")
    return refused(f"{who}, mais un autre départ : {days(gap)}")


def _by_full_name(one: Telling, other: Telling, gap: int | None, names: Names) -> Match | None:
    """Where no organisation is shared: the full name does, in the same season or weeks."""
    if gap is None or not same_full_name(one, other):
        return None
    if not one.organisation.line or not other.organisation.line:
        silent = f"même personne, {days(gap)}, organisation tue par l'un des deux"
        return Match(55, silent) if gap <= NO_COMPANY else None
    if gap > TWO_NAMES or one.vague or other.vague or one.doubtful or other.doubtful:
        return None
    if one.article == other.article or _two_exits(one, other, names):
        return None
    return Match(45 - gap / 10, f"même nom complet, {days(gap)} : organisation nommée autrement")


def _two_exits(one: Telling, other: Telling, names: Names) -> bool:
    """Whether two organisations are left: seats given up together, other posts, a house joined and left again."""
    posts = frozenset(one.mention.role_codes), frozenset(other.mention.role_codes)
    if "board" in (one.seat, other.seat) or (all(posts) and not posts[0] & posts[1]):
        return True
    return any(
        told.mention.destination
        and names.kinship(names.organisation(told.mention.destination), left.organisation) is not Kinship.NONE
        for told, left in ((one, other), (other, one))
    )


def same_full_name(one: Telling, other: Telling) -> bool:
    """Whether two tellings give one full name in the same letters."""
    return bool(one.person.given) and one.person.key == other.person.key
