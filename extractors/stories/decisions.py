"""Is it the same event? One answer for departures, one for cuts, each with its reason in French.

The higher score wins where several events are possible; the numbers order the rules, they measure nothing else.
Every window was set on the 14 open storylines and checked against merging on 265 documents of other stories; the
table of experiments is in docs/resolution.md.
"""

import re
from dataclasses import dataclass

from extractors.stories.names import Kinship, Names
from extractors.stories.tellings import Span, Telling
from models.identity import fold
from models.vocabulary import Kind

# Departures, in days.
SAME_EXIT = (
    200  # an announcement, its effect and the articles on both: Belmer's exit was told over 30 days, LeCun's 50
)
LONG_EXIT = 400  # a retirement announced a year ahead; beyond, the person left twice
SEATS = 45  # a function and a board seat left within this are one exit told twice (Sandberg: 2022 and 2024)
NO_COMPANY = 120  # a telling that names no organisation

# Cuts, in days.
SAME_NEWS = (
    21  # the same week's news, a rumour and its confirmation included (Amazon: 30 000, then 14 000 the next day)
)
SAME_FIGURE = (
    150  # a wave is dated by its leak, its announcement or its letters (Amazon's 18 000: November or January)
)
OPEN_PLAN = 120  # a plan that nobody has confirmed yet (Just Eat France: 269 in April, 350 in July)
SAME_PLAN = 75  # tranches and revisions of a confirmed plan; Meta's two waves stand 120 days apart, Coinbase's 210
RECALL = 400  # what an undated recall may mean
REGRESS = 14  # a rumour that much later than a confirmation is of another plan (Microsoft: May, then June 2025)

SAME_RATIO = 1.03  # 9 000 and 9 100 are one figure; 7 000 and 6 000 are two
NEAR_RATIO = 1.35  # 7 000 and 6 000, 269 and 299 may be one plan's
REVISED_RATIO = 2.5  # 10 000 → 18 000

_ANOTHER = re.compile(
    r"\b(supplementaires?|de plus|encore|a nouveau|nouvelles? (vagues?|coupes?|charrettes?|salves?)|"
    r"nouveaux licenciements|(seconde|deuxieme|troisieme|quatrieme) (vague|coupe|fois|salve|charrette|plan))\b"
)
_CONTRACTORS = re.compile(r"\b(sous traitants?|sous traitantes?|prestataires?|interimaires?|contractuels?)\b")


@dataclass(frozen=True, slots=True)
class Match:
    """How well a telling fits an event, and why."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """What all the tellings of the other event together say: whether it is confirmed, and its figures."""

    closed: bool = False
    headcounts: tuple[int, ...] = ()


def compare(one: Telling, other: Telling, story: Story, names: Names) -> Match | None:
    """Whether a telling tells of the same event as another, one of the tellings of `story`."""
    if one.mention.kind is not other.mention.kind:
        return None
    if one.mention.kind is Kind.DEPARTURE:
        return _departure(one, other, names)
    return _layoff(one, other, story, names)


def _departure(one: Telling, other: Telling, names: Names) -> Match | None:
    if not names.same_person(one.person, other.person):
        return None
    kinship = names.kinship(one.organisation, other.organisation)
    gap = one.gap(other)
    if kinship is Kinship.NONE:
        unsaid = not one.organisation.line or not other.organisation.line
        full = bool(one.person.given and other.person.given)
        if unsaid and full and gap is not None and gap <= NO_COMPANY:
            return Match(55, f"même personne, à {gap} jours, l'organisation n'étant pas dite")
        return None
    who = "même personne, " + ("même organisation" if kinship is Kinship.SAME else "même groupe")
    if one.seat and other.seat and one.seat != other.seat:
        if gap is None or gap > SEATS or one.article == other.article:
            return None
        return Match(50, f"{who}, siège et fonction quittés à {gap} jours")
    if gap is None:
        return Match(40, f"{who}, rappel sans date")
    if gap <= SAME_EXIT:
        return Match(90 - gap / 10, f"{who}, {_days(gap)}")
    if gap <= LONG_EXIT and not one.vague and not other.vague and one.main and other.main:
        return Match(60 - gap / 100, f"{who}, départ annoncé de longue date ({gap} jours)")
    return None


def _days(gap: int) -> str:
    return "dates concordantes" if gap == 0 else f"à {gap} jours"


def _layoff(one: Telling, other: Telling, story: Story, names: Names) -> Match | None:
    if not _one_scope(one, other, names) or _hired_out(one) != _hired_out(other):
        return None
    gap = one.gap(other)
    figures = _figures(one, other)
    if figures == "same":
        if gap is None:
            return Match(85, "même organisation, même chiffre")
        if gap <= SAME_FIGURE:
            return Match(100 - gap / 100, f"même organisation, même chiffre, {_days(gap)}")
        return None
    if gap is None or one.vague or other.vague:
        return _recalled(one, other, gap, story) if figures == "" else None
    if gap <= SAME_NEWS:
        return _near(one, other, gap, figures, story.closed)
    return _later(one, other, gap, figures, story.closed)


def _recalled(one: Telling, other: Telling, gap: int | None, story: Story) -> Match | None:
    """A telling without a day: it may only add to a story whose figures do not speak against it."""
    jobs = one.mention.headcount
    if jobs and story.headcounts and all(max(jobs, k) / min(jobs, k) > NEAR_RATIO for k in story.headcounts):
        return None
    if gap is not None:
        return Match(35, "même organisation, même année") if gap == 0 else None
    since = min((a.gap(b) for a in _days_of(one) for b in _days_of(other)), default=None)
    if since is None or since > RECALL or (one.main and other.main):
        return None
    return Match(30, f"même organisation, rappel sans date ni chiffre contraire, {since} jours après")


def _near(one: Telling, other: Telling, gap: int, figures: str, closed: bool) -> Match | None:
    """Two tellings within the same weeks."""
    if closed and one.certainty < 2 and gap > REGRESS:
        return None
    if figures == "":
        return Match(80 - gap / 10, f"même organisation, {_days(gap)}")
    if one.main and other.main:
        if closed and _another(one):
            return None
        return Match(70 - gap / 10, f"même organisation, {_days(gap)} : chiffre corrigé ou partiel")
    if figures == "near" or one.certainty < 2 or other.certainty < 2:
        return Match(60 - gap / 10, f"même organisation, {_days(gap)}, chiffre voisin ou non confirmé")
    return None


def _later(one: Telling, other: Telling, gap: int, figures: str, closed: bool) -> Match | None:
    """Two tellings weeks or months apart: one plan that goes on, or another."""
    if not closed:
        if gap <= OPEN_PLAN and (one.main or figures == ""):
            return Match(55 - gap / 10, f"projet encore ouvert, {gap} jours plus tôt")
        return None
    if gap > SAME_PLAN or one.certainty < 2 or _another(one):
        return None
    if figures == "":
        return Match(40 - gap / 10, f"suite du même plan, à {gap} jours, sans chiffre contraire")
    if figures == "more" and one.main:
        return Match(45 - gap / 10, f"chiffre du même plan revu à la hausse, à {gap} jours")
    return None


def _one_scope(one: Telling, other: Telling, names: Names) -> bool:
    """Whether both tell of the same entity: a branch and its group agree where the place or the figure says so."""
    kinship = names.kinship(one.organisation, other.organisation)
    if kinship is Kinship.NONE:
        return False
    here, there = _branch(one, names), _branch(other, names)
    same_figure = _figures(one, other) == "same" and one.mention.headcount is not None
    if kinship is Kinship.GROUP:
        return same_figure and _same_unit(one, other)
    if kinship is Kinship.BRANCH:
        return same_figure or (here is not None and here == there)
    return here is None or there is None or here == there or _figures(one, other) in ("same", "")


def _branch(told: Telling, names: Names) -> str | None:
    return told.organisation.branch or names.branch_of(told.mention.place)


def _same_unit(one: Telling, other: Telling) -> bool:
    """Whether the group's telling names the subsidiary as what is cut."""
    units = [fold(t.mention.unit or "") for t in (one, other)]
    owns = [fold(t.mention.company or "") for t in (one, other)]
    return any(o and o in u for o, u in zip(owns, reversed(units), strict=True))


def _figures(one: Telling, other: Telling) -> str:
    """`same`, `near`, `more` (the first revises the other upwards), `other`; empty where not comparable."""
    a, b = one.mention.headcount, other.mention.headcount
    if a and b:
        ratio = max(a, b) / min(a, b)
        if ratio <= SAME_RATIO:
            return "same"
        if ratio <= NEAR_RATIO:
            return "near"
        return "more" if a > b and ratio <= REVISED_RATIO else "other"
    p, q = one.mention.percent, other.mention.percent
    if p and q and not (a or b):
        return "same" if abs(p - q) < 0.6 else "near" if max(p, q) / min(p, q) <= NEAR_RATIO else "other"
    if p and q:
        return "same" if abs(p - q) < 0.6 else "other"
    return ""


def _days_of(told: Telling) -> tuple[Span, ...]:
    """When it says that it happened, else the day on which it was said."""
    published = told.sourced.provenance.published
    return told.spans or ((Span.of(published),) if published else ())


def _hired_out(told: Telling) -> bool:
    """Whether the cut is of people whom the organisation does not employ: a cut of its own."""
    return bool(_CONTRACTORS.search(fold(told.mention.unit or "")))


def _another(told: Telling) -> bool:
    """Whether the article says by its title that this is another wave."""
    return bool(_ANOTHER.search(fold(told.sourced.provenance.title)))
