"""What an event is, from the set of its mentions: each field's value, the rule that chose it, and who disagrees.

A pure function of the set: order of arrival, repetition and syndicated copies change nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from extractors.stories.tellings import order_of
from models.codec import fields_of
from models.dates import PartialDate
from models.events import Alternative, Chosen, FieldValue, SourcedMention, sure_among
from models.identity import fold, person_name
from models.vocabulary import Kind, Life, Manner, Salience

Criterion = tuple[str, Callable[["Candidate"], object]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value that a mention gives a field.

    `sense`: what it says, spelling aside; `sources`: the distinct texts that say the same.
    """

    value: FieldValue
    sense: FieldValue
    told: SourcedMention
    sources: int
    whole: bool

    @property
    def main(self) -> bool:
        """Whether it comes from an article's news."""
        return self.told.mention.salience is Salience.MAIN

    @property
    def assumed(self) -> bool:
        """Whether it is a day that the article does not give: that of its publication."""
        return self.told.mention.date_assumed


_MAIN: Criterion = ("l'article qui l'annonce plutôt qu'un rappel", lambda c: c.main)
_CONFIRMED: Criterion = ("confirmé plutôt que rapporté", lambda c: c.told.mention.status.certainty)
_WHOLE: Criterion = ("le plan entier plutôt qu'une part", lambda c: c.whole)
_OFTEN: Criterion = ("le plus de sources", lambda c: c.sources)
_FULL: Criterion = ("le nom le plus complet", lambda c: len(person_name(str(c.value)).given) > 0)
_NAMED: Criterion = ("un nom plutôt qu'une description", lambda c: str(c.value)[:1].isupper())
_PRECISE: Criterion = ("la manière la plus précise", lambda c: c.value != (Manner.UNSPECIFIED.value,))
_CERTAIN: Criterion = ("la plus grande certitude", lambda c: c.told.mention.status.certainty)
_LATER: Criterion = ("le plus récent", lambda c: order_of(c.told))
_SAID: Criterion = ("le jour que dit l'article plutôt que celui où il paraît", lambda c: not c.assumed)
_FIRST: Criterion = (
    "le jour du premier récit",
    lambda c: c.assumed and -PartialDate(str(c.value)).first().toordinal(),
)

_FIGURE = (_WHOLE, _MAIN, _CONFIRMED, _LATER)
_WORDS = (_MAIN, _CONFIRMED, _OFTEN, _LATER)
_CRITERIA: dict[str, tuple[Criterion, ...]] = {
    "company": (_MAIN, _OFTEN, _LATER),
    "person": (_FULL, _OFTEN, _MAIN, _LATER),
    "date": (_MAIN, _CONFIRMED, _SAID, _FIRST, _LATER),
    "status": (_CERTAIN, _LATER),
    "headcount": _FIGURE,
    "headcount_qualifier": _FIGURE,
    "percent": _FIGURE,
    "successor": (_LATER,),
    "destination": (_NAMED, _LATER),
    "manner": (_PRECISE, *_WORDS),
}
UNANIMOUS = "sans désaccord"
PRECISE = "la date la plus précise"


def values_of(kind: Kind, mentions: Iterable[SourcedMention]) -> dict[str, Chosen]:
    """The chosen value of each field that a mention fills; denials and doubtful ones fill none beside others."""
    ordered = sure_among(tuple(sorted(mentions, key=order_of)))
    affirmed = [m for m in ordered if not m.mention.denied] or ordered
    wholes = _wholes(affirmed)
    chosen = ((name, _choose(name, _candidates(name, affirmed, wholes))) for name in fields_of(kind))
    return {name: value for name, value in chosen if value}


def _wholes(mentions: Sequence[SourcedMention]) -> frozenset[str]:
    """The mentions that count the whole plan: the others are a site's or a team's share.

    Such is what an article counts beside more, or what counts a place or a team at less than half of all.
    """
    most: dict[str, int] = defaultdict(int)
    for m in mentions:
        most[m.provenance.article] = max(most[m.provenance.article], m.mention.headcount or 0)
    total = max((m.mention.headcount or 0 for m in mentions if not (m.mention.place or m.mention.unit)), default=0)
    return frozenset(
        m.id
        for m in mentions
        if (jobs := m.mention.headcount or 0) >= most[m.provenance.article]
        and not ((m.mention.place or m.mention.unit) and jobs * 2 < total)
    )


def _candidates(name: str, mentions: Sequence[SourcedMention], wholes: frozenset[str]) -> list[Candidate]:
    filled = [(value, m) for m in mentions if (value := plain(getattr(m.mention, name))) not in (None, "", ())]
    texts: dict[FieldValue, set[str]] = defaultdict(set)
    for value, m in filled:
        texts[_sense(name, value)].add(m.provenance.text_hash or m.provenance.article)
    senses = ((value, m, _sense(name, value)) for value, m in filled)
    return [Candidate(value, sense, m, len(texts[sense]), m.id in wholes) for value, m, sense in senses]


def _choose(name: str, candidates: Sequence[Candidate]) -> Chosen | None:
    if not candidates:
        return None
    criteria = _CRITERIA.get(name, _WORDS)
    best = max(candidates, key=lambda c: tuple(key(c) for _, key in criteria))
    rule = ""
    if name == "date" and (finer := _finest(best, candidates)):
        best, rule = finer, PRECISE
    rivals = [
        c for c in candidates if not _agree(name, c.sense, best.sense) and not (name == "date" and c.assumed)
    ]
    support = [c.told.id for c in candidates if _agree(name, c.sense, best.sense)]
    return Chosen(
        value=best.value,
        rule=rule or (_rule(best, rivals, criteria) if rivals else UNANIMOUS),
        mentions=tuple(support),
        others=_alternatives(name, rivals),
    )


def _rule(best: Candidate, rivals: Sequence[Candidate], criteria: Sequence[Criterion]) -> str:
    """The first criterion by which the chosen value stands above every other."""
    for label, key in criteria:
        if all(key(best) > key(rival) for rival in rivals):  # type: ignore[operator]
            return label
    return criteria[-1][0]


def _finest(best: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
    """The most precise date that says the same as the best one, where there is a finer one."""
    same = [c for c in candidates if str(c.value).startswith(str(best.value)) and c.value != best.value]
    return max(same, key=lambda c: (len(str(c.value)), c.main, order_of(c.told)), default=None)


def _sense(name: str, value: FieldValue) -> FieldValue:
    """What a value says, its spelling aside: two values of one sense agree."""
    if name in ("person", "successor"):
        return person_name(str(value)).family
    if isinstance(value, tuple):
        return tuple(sorted(value))
    return fold(value) if isinstance(value, str) and name != "date" else value


def _agree(name: str, one: FieldValue, other: FieldValue) -> bool:
    """Whether two senses are one; a date agrees with a more precise one."""
    if name == "date":
        return str(one).startswith(str(other)) or str(other).startswith(str(one))
    return one == other


def _alternatives(name: str, rivals: Sequence[Candidate]) -> tuple[Alternative, ...]:
    """The values that disagree, each once, in the order of their telling."""
    groups: dict[FieldValue, list[Candidate]] = defaultdict(list)
    for rival in rivals:
        groups[rival.sense].append(rival)
    return tuple(
        Alternative(
            value=group[0].value,
            mentions=tuple(c.told.id for c in group),
            outlets=tuple(dict.fromkeys(outlet(c.told) for c in group)),
        )
        for group in groups.values()
    )


def outlet(told: SourcedMention) -> str:
    """Who tells it, as readers know it."""
    return told.provenance.outlet or told.provenance.url or told.provenance.article


def plain(value: object) -> FieldValue:
    """A mention's value as an event holds it: dates as ISO text, words of a vocabulary as text."""
    if isinstance(value, PartialDate):
        return value.iso
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return tuple(str(v.value) if isinstance(v, StrEnum) else str(v) for v in value)
    return value if isinstance(value, str | int | float) else None


def life_of(mentions: Iterable[SourcedMention]) -> Life:
    """The state of an event: the greatest certainty told since the last denial; denied where nothing was since."""
    ordered = sure_among(tuple(sorted(mentions, key=order_of)))
    last = max((i for i, m in enumerate(ordered) if m.mention.denied), default=-1)
    since = [m for m in ordered[last + 1 :] if last < 0 or _reopens(m)]
    if not since:
        return Life.DENIED
    return Life(max((m.mention.status for m in since), key=lambda s: s.certainty).value)


def _reopens(told: SourcedMention) -> bool:
    """Whether a telling after a denial stands against it: a recall of the rumour does not."""
    return told.mention.salience is Salience.MAIN or told.mention.status.certainty == 2
