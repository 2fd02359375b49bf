"""Is it the same cut: one organisation, one plan.

A leak, its confirmation, a revised figure and a site's share are one; a second wave, a subsidiary's own plan and a
cut of contractors are others. Windows are in days; each was set on storylines and tried on other labelled articles
(docs/resolution.md).
"""

import re

from extractors.stories.matching import Match, Story, days, refused
from extractors.stories.names import Kinship, Names
from extractors.stories.tellings import Span, Telling
from models.identity import fold

# The same weeks' news, a rumour and its confirmation included (Amazon: 30 000, and 14 000 the next day).
SAME_NEWS = 21
# A wave is dated by its leak, its announcement or its letters (Amazon's 18 000: November or January).
SAME_FIGURE = 150
# A plan that nobody has confirmed yet (Just Eat France: 269 in April, 350 in July).
OPEN_PLAN = 120
# Tranches and revisions of a confirmed plan; Meta's two waves stand 120 days apart, Coinbase's 210.
SAME_PLAN = 75
# What an undated recall may mean.
RECALL = 400
# A rumour that much later than a confirmation is of another plan (Microsoft: May, then June 2025).
REGRESS = 14

# 9 000 and 9 100 are one figure; 7 000 and 6 000 are two.
SAME_RATIO = 1.03
# 7 000 and 6 000, 269 and 299 may be one plan's.
NEAR_RATIO = 1.35
# A plan ends with fewer jobs than it began with, once negotiated: 20, then 14.
SHRUNK_RATIO = 1.5
# 10 000, then 18 000.
REVISED_RATIO = 2.5
# A group and its subsidiary do not cut 1 233 jobs each in the same weeks; 100 each they may.
ROUND = 50
# A firm announces one plan in the same days: what is told with it is a share of it.
TOLD_TOGETHER = 2
# A place's share of a plan is seldom under a tenth of it: 1 300 in France beside 15 000 were an earlier plan's.
LEAST_SHARE = 10
# 4 and 4.4 % are one share, 18 and 20 are two; in points.
SAME_SHARE = 0.6

_ANOTHER = re.compile(
    r"\b(supplementaires?|de plus|encore|a nouveau|nouvelles? (vagues?|coupes?|charrettes?|salves?)|"
    r"nouveaux licenciements|(seconde|deuxieme|troisieme|quatrieme) (vague|coupe|fois|salve|charrette|plan))\b"
)
_CONTRACTORS = re.compile(r"\b(sous traitants?|sous traitantes?|prestataires?|interimaires?|contractuels?)\b")


def same_layoff(one: Telling, other: Telling, story: Story, names: Names) -> Match | None:
    """Whether a telling is of the cut that `other`, one of `story`, is of; None where the firms are unrelated."""
    kinship = names.kinship(one.organisation, other.organisation)
    if kinship is Kinship.NONE:
        return None
    if not _one_scope(one, other, kinship, names):
        return refused("même groupe, mais une autre entité ou un autre pays")
    if _hired_out(one) != _hired_out(other):
        return refused("même organisation, mais l'une des coupes est de prestataires")
    gap = one.gap(other)
    figures = _figures(one, other)
    if one.main and story.closed and gap is not None and gap > REGRESS and (one.certainty < 2 or _another(one)):
        return refused(f"un nouveau projet, {days(gap)} de la vague confirmée")
    if figures == "same":
        if gap is None or gap <= SAME_FIGURE:
            when = "" if gap is None else f", {days(gap)}"
            return Match(85 if gap is None else 100 - gap / 100, f"même organisation, même chiffre{when}")
        return refused(f"même organisation et même chiffre, mais {days(gap)}")
    if gap is None or one.vague or other.vague:
        return _recalled(one, other, gap, figures, story)
    if gap <= SAME_NEWS:
        return _near(one, other, gap, figures, story.closed)
    return _later(one, other, gap, figures, story.closed)


def _recalled(one: Telling, other: Telling, gap: int | None, figures: str, story: Story) -> Match:
    """A telling without a day: it may only add to a story whose figures do not speak against it."""
    jobs = one.mention.headcount
    if figures or (jobs and story.headcounts and all(_ratio(jobs, k) > NEAR_RATIO for k in story.headcounts)):
        return refused("même organisation, mais un autre chiffre, sans date qui les rapproche")
    if gap is not None:
        return Match(35, "même organisation, même année") if gap == 0 else refused(f"une autre vague, {days(gap)}")
    since = min((a.gap(b) for a in _told_on(one) for b in _told_on(other)), default=None)
    if since is None or since > RECALL or (one.main and other.main):
        return refused("même organisation, mais rien ne dit que ce soit cette vague")
    return Match(30, "même organisation, rappel sans date ni chiffre contraire")


def _near(one: Telling, other: Telling, gap: int, figures: str, closed: bool) -> Match:
    """Two tellings within the same weeks."""
    if figures == "":
        return Match(80 - gap / 10, f"même organisation, {days(gap)}")
    if one.main and other.main:
        if closed and _another(one):
            return refused("l'article dit que c'est une autre vague")
        if closed and _dwarfed(one, other):
            return refused(f"une autre coupe, sans commune mesure ({_told(one)} contre {_told(other)})")
        return Match(70 - gap / 10, f"même organisation, {days(gap)} : chiffre corrigé ou partiel")
    if figures == "near" or one.certainty < 2 or other.certainty < 2:
        return Match(60 - gap / 10, f"même organisation, {days(gap)}, chiffre voisin ou non confirmé")
    return refused(f"une autre vague : autre chiffre ({_told(one)} contre {_told(other)}), {days(gap)}")


def _later(one: Telling, other: Telling, gap: int, figures: str, closed: bool) -> Match:
    """Two tellings weeks or months apart: one plan that goes on, or another."""
    if not closed and gap <= OPEN_PLAN and (figures == "" or (one.main and figures != "other")):
        return Match(55 - gap / 10, f"projet encore ouvert, {days(gap)}")
    if gap <= OPEN_PLAN and one.main and figures in ("near", "more") and _same_activity(one, other):
        return Match(42 - gap / 10, f"même activité, chiffre voisin : même plan revu, {days(gap)}")
    if gap > SAME_PLAN or not closed:
        return refused(f"une autre vague, {days(gap)}")
    if one.certainty < 2:
        return refused(f"un nouveau projet, {days(gap)} de la vague confirmée")
    if _another(one):
        return refused("l'article dit que c'est une autre vague")
    if figures == "":
        return Match(40 - gap / 10, f"suite du même plan, {days(gap)}, sans chiffre contraire")
    if figures == "more" and one.main:
        return Match(45 - gap / 10, f"chiffre du même plan revu à la hausse, {days(gap)}")
    if one.main and _shrunk(one, other):
        return Match(44 - gap / 10, f"chiffre du même plan revu à la baisse, {days(gap)}")
    return refused(f"une autre vague : autre chiffre ({_told(one)} contre {_told(other)}), {days(gap)}")


def _one_scope(one: Telling, other: Telling, kinship: Kinship, names: Names) -> bool:
    """Whether both tell of the same entity: a branch and its group agree where the place or the figure says so."""
    here, there = _branch(one, names), _branch(other, names)
    figures = _figures(one, other)
    same_jobs = figures == "same" and one.mention.headcount is not None
    if kinship is Kinship.GROUP:
        gap, exact = one.gap(other), bool((one.mention.headcount or 0) % ROUND)
        return same_jobs and (_same_unit(one, other) or (exact and gap is not None and gap <= SAME_NEWS))
    if kinship is Kinship.BRANCH:
        return same_jobs or (here is not None and here == there)
    return here is None or there is None or here == there or figures in ("same", "")


def _branch(told: Telling, names: Names) -> str | None:
    return told.organisation.branch or names.branch_of(told.mention.place)


def _same_unit(one: Telling, other: Telling) -> bool:
    """Whether the group's telling names the subsidiary as what is cut."""
    for group, part in ((one, other), (other, one)):
        name, unit = fold(part.mention.company or ""), fold(group.mention.unit or "")
        if name and name in unit:
            return True
    return False


def same_part(one: Telling, other: Telling) -> bool:
    """Whether neither tells another place or another team than the other."""
    pairs = ((one.mention.place, other.mention.place), (one.mention.unit, other.mention.unit))
    return all(_alike(a, b) for a, b in pairs if a and b)


def _same_activity(one: Telling, other: Telling) -> bool:
    """Whether both name the same trade or team as what is cut."""
    a, b = one.mention.unit, other.mention.unit
    return bool(a and b) and _alike(a or "", b or "")


def _alike(one: str, other: str) -> bool:
    """Whether the words of one phrase are among those of the other."""
    a, b = set(fold(one).split()), set(fold(other).split())
    return a <= b or b <= a


def same_figures(one: Telling, other: Telling) -> bool:
    """Whether two tellings count the same jobs, or the same share where one counts no jobs."""
    return _figures(one, other) == "same"


def _figures(one: Telling, other: Telling) -> str:
    """`same`, `near`, `more` or `less` (the first revises the other), `other`; empty where not comparable."""
    a, b = one.mention.headcount, other.mention.headcount
    if a and b:
        ratio = _ratio(a, b)
        if ratio <= NEAR_RATIO:
            return "same" if ratio <= SAME_RATIO else "near"
        return "other" if ratio > REVISED_RATIO else "more" if a > b else "less"
    p, q = one.mention.percent, other.mention.percent
    if not p or not q:
        return ""
    if abs(p - q) < SAME_SHARE:
        return "same"
    return "near" if not (a or b) and _ratio(p, q) <= NEAR_RATIO else "other"


def _dwarfed(one: Telling, other: Telling) -> bool:
    """Whether one cut is so much smaller that it is a part's own, or another, and no share of the plan.

    Zenly's 70 in France beside Snap's 1 300 are another; 1 800 in one country of 15 000 are a share, and so are
    402 of 1 233 that were told the day before.
    """
    a, b = one.mention.headcount, other.mention.headcount
    if not (a and b) or _ratio(a, b) <= REVISED_RATIO:
        return False
    told_with_it = (one.gap(other) or 0) <= TOLD_TOGETHER
    share = ((one if a < b else other).mention.place or told_with_it) and _ratio(a, b) <= LEAST_SHARE
    return not share


def _shrunk(one: Telling, other: Telling) -> bool:
    """Whether it counts fewer jobs, not many fewer: what was negotiated of a plan."""
    a, b = one.mention.headcount, other.mention.headcount
    return bool(a and b) and (a or 1) < (b or 1) <= (a or 1) * SHRUNK_RATIO and same_part(one, other)


def _ratio(one: float, other: float) -> float:
    return max(one, other) / min(one, other)


def _told(told: Telling) -> str:
    """Its figure, in words."""
    jobs, share = told.mention.headcount, told.mention.percent
    return f"{jobs:,}".replace(",", "\u202f") if jobs else f"{share:g}\u202f%" if share else "sans chiffre"


def _told_on(told: Telling) -> tuple[Span, ...]:
    """When it says that it happened, else the day on which it was said."""
    published = told.sourced.provenance.published
    return told.spans or ((Span.of(published),) if published else ())


def _hired_out(told: Telling) -> bool:
    """Whether the cut is of people whom the organisation does not employ: a cut of its own."""
    return bool(_CONTRACTORS.search(fold(told.mention.unit or "")))


def _another(told: Telling) -> bool:
    """Whether the article says by its title that this is another wave."""
    return bool(_ANOTHER.search(fold(told.sourced.provenance.title)))
