"""Tellings gathered into events: the same for a set of tellings, whatever their order of arrival.

All tellings that may have to do with one another are read again in the order of publication, article by article;
what a person decided by hand stands before anything else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from extractors.stories.decisions import Match, Story, compare
from extractors.stories.names import Kinship, Names
from extractors.stories.tellings import Telling
from models.events import Event
from models.vocabulary import Kind

Wanted = Callable[[Telling, Match], bool]

# A figure that says the same is claimed before anything else of its article is placed.
SURE = 84
PART_DAYS = 31


@dataclass
class Cluster:
    """An event in the making. `owner`: the stored event whose mentions were put here by hand."""

    tellings: list[Telling] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    owner: str | None = None

    def add(self, told: Telling, reason: str) -> None:
        """Take a telling in, with why."""
        self.tellings.append(told)
        self.reasons[told.sourced.id] = reason


def gather(tellings: Iterable[Telling], stored: Sequence[Event], names: Names) -> list[Cluster]:
    """The events that a set of tellings makes, in the order of their first publication."""
    tellings = sorted(tellings, key=lambda t: t.order)
    fixed = _fixed(stored)
    clusters = _seeds(tellings, fixed)
    free = [t for t in tellings if t.sourced.id not in fixed]
    for _, together in groupby(free, key=lambda t: t.order[:2]):
        _place(list(together), clusters, names)
    return sorted(clusters, key=lambda c: min(t.order for t in c.tellings))


def _fixed(stored: Sequence[Event]) -> Mapping[str, str]:
    """Mention to event, for those that a person put there, dismissed or told apart."""
    fixed = {}
    for event in stored:
        by_hand = event.dismissed or event.apart
        fixed.update({m.id: event.id for m in event.mentions if by_hand or m.id in event.pinned})
    return fixed


def _seeds(tellings: list[Telling], fixed: Mapping[str, str]) -> list[Cluster]:
    seeds: dict[str, Cluster] = {}
    for told in tellings:
        if owner := fixed.get(told.sourced.id):
            seeds.setdefault(owner, Cluster(owner=owner)).add(told, "décidé à la main")
    return list(seeds.values())


def _place(article: list[Telling], clusters: list[Cluster], names: Names) -> None:
    """Put one article's tellings where each fits best; two of them in one event only as parts of one cut."""
    waiting = list(article)
    for wanted in (_sure, _main, _any):
        while best := _best(waiting, clusters, names, wanted):
            told, cluster, match = best
            cluster.add(told, match.reason)
            waiting.remove(told)
        if wanted is _main:
            _found(waiting, clusters, names)
    for told in waiting:
        clusters.append(Cluster())
        clusters[-1].add(told, "aucun événement connu ne correspond")


def _found(waiting: list[Telling], clusters: list[Cluster], names: Names) -> None:
    """New events for the article's news that fits none, before what it recalls is placed."""
    for told in [t for t in waiting if t.main]:
        home = next((c for c in clusters if _part_of(told, c, names)), None)
        waiting.remove(told)
        if home:
            home.add(told, "part du même plan, dans le même article")
        else:
            clusters.append(Cluster())
            clusters[-1].add(told, "aucun événement connu ne correspond")


def _sure(told: Telling, match: Match) -> bool:
    return told.mention.kind is Kind.LAYOFF and match.score >= SURE


def _main(told: Telling, match: Match) -> bool:
    return told.main


def _any(told: Telling, match: Match) -> bool:
    return True


def _best(
    waiting: list[Telling], clusters: list[Cluster], names: Names, wanted: Wanted
) -> tuple[Telling, Cluster, Match] | None:
    best: tuple[tuple[float, int], Telling, Cluster, Match] | None = None
    for told in waiting:
        for cluster in clusters:
            match = fit(told, cluster, names)
            if match is None or not wanted(told, match):
                continue
            rank = (match.score, _recency(cluster))
            if best is None or rank > best[0]:
                best = (rank, told, cluster, match)
    return best[1:] if best else None


def _recency(cluster: Cluster) -> int:
    """Of several events that fit as well, the last before the article."""
    return max(t.latest.toordinal() for t in cluster.tellings)


def fit(told: Telling, cluster: Cluster, names: Names) -> Match | None:
    """The best reason to put a telling into an event; None without one, or where the article tells them apart."""
    if any(t.article == told.article for t in cluster.tellings):
        return Match(90, "part du même plan, dans le même article") if _part_of(told, cluster, names) else None
    story = Story(
        closed=any(t.certainty == 2 for t in cluster.tellings),
        headcounts=tuple(t.mention.headcount for t in cluster.tellings if t.mention.headcount),
    )
    matches = (compare(told, t, story, names) for t in cluster.tellings)
    return max((m for m in matches if m), key=lambda m: m.score, default=None)


def _part_of(told: Telling, cluster: Cluster, names: Names) -> bool:
    """Whether it is a site's or a team's share of the cut that the same article reports."""
    here = [t for t in cluster.tellings if t.article == told.article and t.main and t.mention.kind is Kind.LAYOFF]
    if not told.main or told.mention.kind is not Kind.LAYOFF:
        return False
    return any(
        names.kinship(told.organisation, t.organisation) is Kinship.SAME and (told.gap(t) or 0) <= PART_DAYS
        for t in here
    )
