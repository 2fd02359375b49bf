"""Tellings gathered into events: the same for a set of tellings, whatever their order of arrival.

Tellings that may have to do with one another are read in the order of publication, article by article; what a
person decided by hand stands before anything else. What was told before the first change stands as it is, so
that an article that comes in its time costs no more than its own comparisons.

What is told doubtfully is placed last, and compared again with what changed alone: it joins an event that others
tell, and has no say in what they make.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from extractors.stories.departures import same_departure
from extractors.stories.layoffs import LEAST_SHARE, same_figures, same_layoff, same_part
from extractors.stories.matching import Match, Story, refused
from extractors.stories.names import Kinship, Names
from extractors.stories.tellings import Order, Telling
from models.events import Event, SourcedMention
from models.vocabulary import Kind

Wanted = Callable[[Telling, Match], bool]

# A figure that says the same is claimed before anything else of its article is placed.
SURE = 84
# A site's share is told with its plan; a cut dated further off in the same article is another one.
PART_DAYS = 31
# One cut that an article tells by its share and by its jobs is dated alike.
TWICE_DAYS = 3

BY_HAND = "décidé à la main"
FIRST = "aucun événement connu ne correspond"
PART = "la même nouvelle, dans le même article"
DOUBTFUL = "douteux : aucun article ne le dit sûrement"


@dataclass
class Cluster:
    """An event in the making. `owner`: the stored event whose mentions were put here by hand."""

    owner: str | None = None
    tellings: list[Telling] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    faces: dict[object, Telling] = field(default_factory=dict)  # one telling of each kind: the rest compare alike

    def add(self, told: Telling, reason: str = "") -> None:
        """Take a telling in, with why. Nothing is compared with a doubtful one beside surer ones."""
        self.tellings.append(told)
        if not (told.doubtful and self.faces):
            self.faces.setdefault(told.face, told)
        if reason:
            self.reasons[told.sourced.id] = reason

    @property
    def doubtful(self) -> bool:
        """Whether nothing in it is told surely."""
        return all(t.doubtful for t in self.tellings)

    @property
    def latest(self) -> int:
        """The last day that any of its tellings may mean."""
        return max(t.latest.toordinal() for t in self.faces.values())

    @property
    def story(self) -> Story:
        """What its tellings together say."""
        return Story(
            closed=any(t.certainty == 2 for t in self.faces.values()),
            headcounts=tuple(t.mention.headcount for t in self.faces.values() if t.mention.headcount),
        )


def gather(
    tellings: Iterable[Telling], stored: Sequence[Event], names: Names, since: Order | None = None
) -> list[Cluster]:
    """The events that a set of tellings makes, in the order of their first publication.

    `since`: the first telling in order that changed; what stands before it is taken as stored. None: all is read.
    """
    ordered = sorted(tellings, key=lambda t: (t.doubtful, t.order))
    clusters, free = _standing(ordered, stored, since)
    for _, together in groupby((t for t in free if not t.doubtful), key=lambda t: t.order[:2]):
        _place(list(together), clusters, names)
    doubtful = [t for t in free if t.doubtful]
    alone = _join(doubtful, clusters, stored if since is not None else (), names)
    return sorted([*clusters, *alone], key=lambda c: min(t.order for t in c.tellings))


def _standing(
    ordered: Sequence[Telling], stored: Sequence[Event], since: Order | None
) -> tuple[list[Cluster], list[Telling]]:
    """The clusters that stand: what a hand put together, and what was surely told before `since`; and the rest."""
    fixed = _fixed(stored)
    home = {m.id: e.id for e in stored for m in e.mentions}
    clusters: dict[str, Cluster] = {}
    free = []
    for told in ordered:
        mention = told.sourced.id
        owner = fixed.get(mention)
        settled = since is not None and not told.doubtful and told.order[:2] < since[:2]
        where = owner or (home.get(mention) if settled else None)
        if where is None:
            free.append(told)
            continue
        cluster = clusters.setdefault(where, Cluster())
        cluster.owner = owner or cluster.owner
        cluster.add(told, BY_HAND if owner else "")
    return list(clusters.values()), free


def _fixed(stored: Sequence[Event]) -> Mapping[str, str]:
    """Mention to event, for those that a person put there, dismissed or told apart."""
    fixed = {}
    for event in stored:
        by_hand = event.dismissed or event.apart
        fixed.update({m.id: event.id for m in event.mentions if by_hand or m.id in event.pinned})
    return fixed


def _join(
    doubtful: Sequence[Telling], clusters: list[Cluster], stored: Sequence[Event], names: Names
) -> list[Cluster]:
    """Put what is told doubtfully into the event that it fits best; what fits none is given back, each alone.

    What stood in one of `stored` stays there, unless it fits an event that changed.
    """
    standing, changed = _changed(clusters, stored)
    home = {m.id: (e, m) for e in stored for m in e.mentions}
    alone: list[Cluster] = []
    for _, together in groupby(doubtful, key=lambda t: t.order[:2]):
        article = list(together)
        if all(_stays(t, home, standing) for t in article) and not any(
            match.score for _, match in fits(article, changed, names)
        ):
            for told in article:
                where = standing.get(home[told.sourced.id][0].id) or _alone(alone)
                where.add(told)
            continue
        for told in article:
            best = _best([told], clusters, names, _any)
            where, reason = (best[1], best[2].reason) if best else (_alone(alone), DOUBTFUL)
            where.add(told, reason)
    return alone


def _changed(clusters: Sequence[Cluster], stored: Sequence[Event]) -> tuple[dict[str, Cluster], list[Cluster]]:
    """The clusters whose sure mentions are those of a stored event, by its id; and the others."""
    sure = {e.id: {m.id: m for m in e.mentions if not m.mention.doubtful} for e in stored}
    home = {i: event for event, mentions in sure.items() for i in mentions}
    standing, changed = {}, []
    for cluster in clusters:
        own = {t.sourced.id: t.sourced for t in cluster.tellings if not t.doubtful}
        event = home.get(next(iter(own), ""), "")
        if own and sure.get(event) == own:
            standing[event] = cluster
        else:
            changed.append(cluster)
    return standing, changed


def _stays(
    told: Telling, home: Mapping[str, tuple[Event, SourcedMention]], standing: Mapping[str, Cluster]
) -> bool:
    """Whether a doubtful telling is as it was stored, alone or in an event that stands."""
    event, mention = home.get(told.sourced.id, (None, None))
    if event is None or mention != told.sourced:
        return False
    return event.id in standing or len(event.mentions) == 1


def _alone(clusters: list[Cluster]) -> Cluster:
    clusters.append(Cluster())
    return clusters[-1]


def _place(article: list[Telling], clusters: list[Cluster], names: Names) -> None:
    """Put one article's tellings where each fits best; two of them in one event only as parts of one cut."""
    waiting = list(article)
    for wanted in (_sure_cut, _sure_news, _sure, _main, _any):
        while best := _best(waiting, clusters, names, wanted):
            told, cluster, match = best
            cluster.add(told, match.reason)
            waiting.remove(told)
        if wanted is _main:  # the article's news is a new event before what it recalls is placed
            for told in [t for t in waiting if t.main]:
                _found(told, clusters, names)
                waiting.remove(told)
    for told in waiting:
        _found(told, clusters, names)


def _found(told: Telling, clusters: list[Cluster], names: Names) -> None:
    """A new event, with why it is none of those known; or a part of what the article's other news founded."""
    home = next((c for c in clusters if _part_of(told, c, names)), None)
    if home:
        home.add(told, PART)
        return
    refusals = [(abs(c.latest - told.latest.toordinal()), m.reason) for c, m in fits([told], clusters, names)]
    why = f"nouvel événement : {min(refusals)[1]}" if refusals else FIRST
    clusters.append(Cluster())
    clusters[-1].add(told, why)


def _sure_cut(told: Telling, match: Match) -> bool:
    return told.mention.kind is Kind.LAYOFF and match.score >= SURE


def _sure_news(told: Telling, match: Match) -> bool:
    return told.main and match.score >= SURE


def _sure(told: Telling, match: Match) -> bool:
    return match.score >= SURE


def _main(told: Telling, match: Match) -> bool:
    return told.main


def _any(told: Telling, match: Match) -> bool:
    return True


def _best(
    waiting: list[Telling], clusters: list[Cluster], names: Names, wanted: Wanted
) -> tuple[Telling, Cluster, Match] | None:
    """The telling, the event and the reason that fit best; of events that fit as well, the last in time."""
    best: tuple[Telling, Cluster, Match] | None = None
    rank = (0.0, 0)
    for told in waiting:
        for cluster, match in fits([told], clusters, names):
            if match.score and wanted(told, match) and (match.score, cluster.latest) > rank:
                rank = (match.score, cluster.latest)
                best = (told, cluster, match)
    return best


def fits(waiting: Sequence[Telling], clusters: Iterable[Cluster], names: Names) -> Iterator[tuple[Cluster, Match]]:
    """Each cluster that a telling has to do with, and how it fits, refusals included."""
    for cluster in clusters:
        for told in waiting:
            if match := fit(told, cluster, names):
                yield cluster, match


def fit(told: Telling, cluster: Cluster, names: Names) -> Match | None:
    """The best reason to put a telling into an event, or the refusal; None where no name is shared."""
    story = cluster.story
    matches = [m for t in cluster.faces.values() if (m := _compare(told, t, story, names))]
    best = max(matches, key=lambda m: m.score, default=None)
    if best and any(_another_given(told, t, names) for t in cluster.faces.values()):
        return refused("même nom de famille, mais un autre prénom")
    own = [t for t in cluster.tellings if t.article == told.article]
    if best and own:
        if _part_of(told, cluster, names):
            return Match(90, PART)
        if not (told.doubtful and _of_other_houses(told, own, names)):
            return refused("l'article distingue les deux") if best.score else best
    return best


def _another_given(told: Telling, other: Telling, names: Names) -> bool:
    """Whether two full names are of two persons, whom a bare surname between them made look like one."""
    both = bool(told.person.given and other.person.given)
    return both and not names.same_person(told.person, other.person)


def _of_other_houses(told: Telling, own: Sequence[Telling], names: Names) -> bool:
    """Whether an article's tellings are there under other organisations: this one has the event's own."""
    return all(names.kinship(told.organisation, t.organisation) is Kinship.NONE for t in own)


def _compare(one: Telling, other: Telling, story: Story, names: Names) -> Match | None:
    if one.mention.kind is not other.mention.kind:
        return None
    if one.mention.kind is Kind.DEPARTURE:
        return same_departure(one, other, names)
    return same_layoff(one, other, story, names)


def _part_of(told: Telling, cluster: Cluster, names: Names) -> bool:
    """Whether an article reports both as its news, and they are one: a share of its cut, an exit told twice."""
    here = [t for t in cluster.tellings if t.article == told.article and t.main]
    if told.main:
        return any(_one_news(told, t, names) for t in here)
    return any(_share(told, t, names) or _told_twice(told, t, names) for t in here)


def _share(one: Telling, plan: Telling, names: Names) -> bool:
    """Whether an undated count of a place or a team, recalled beside a plan, is its share (26 of 93)."""
    part, whole = one.mention.headcount or 0, plan.mention.headcount or 0
    somewhere = one.mention.place or one.mention.unit
    small = whole <= part * LEAST_SHARE and part * 2 <= whole and bool(somewhere) and not one.spans
    return small and names.kinship(one.organisation, plan.organisation) is Kinship.SAME


def _told_twice(one: Telling, other: Telling, names: Names) -> bool:
    """Whether an article tells its cut twice: the same figure of the same days ("20 postes, un tiers")."""
    gap = one.gap(other)
    if one.mention.kind is not Kind.LAYOFF or gap is None or gap > TWICE_DAYS or not same_figures(one, other):
        return False
    if not same_part(one, other):
        return False
    return names.kinship(one.organisation, other.organisation) is Kinship.SAME


def _one_news(one: Telling, other: Telling, names: Names) -> bool:
    if one.mention.kind is not other.mention.kind or (one.gap(other) or 0) > PART_DAYS:
        return False
    kinship = names.kinship(one.organisation, other.organisation)
    if one.mention.kind is Kind.LAYOFF:
        return kinship is Kinship.SAME
    seats = {one.seat, other.seat} - {""}
    return kinship is not Kinship.NONE and len(seats) < 2 and names.same_person(one.person, other.person)
