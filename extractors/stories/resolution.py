"""What an article's mentions make of the events that are known: the doors of this package."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from extractors.stories.clusters import Cluster, gather
from extractors.stories.departures import same_full_name
from extractors.stories.history import changes_of
from extractors.stories.keys import LONGEST, event_keys, id_key, keys_of
from extractors.stories.names import Kinship, Names, bundled
from extractors.stories.news import news_of
from extractors.stories.tellings import Order, Telling, order_of, telling
from extractors.stories.values import life_of, values_of
from models.events import Change, Event, Resolution, SourcedMention
from models.identity import digest
from models.queries import Verdict
from models.vocabulary import Kind, Salience

Lookup = Callable[[Sequence[str]], tuple[Event, ...]]
"""The events stored under any of some keys, whole."""


def resolve(
    mentions: Sequence[SourcedMention], lookup: Lookup, names: Names | None = None
) -> tuple[Resolution, ...]:
    """What became of each of an article's mentions, in their order; `decide` tells all that changed with them."""
    return decide(mentions, lookup, names).resolutions


def decide(
    mentions: Sequence[SourcedMention],
    lookup: Lookup,
    names: Names | None = None,
    withdrawn: Sequence[SourcedMention] = (),
    *,
    anew: bool = False,
) -> Verdict:
    """What to write of one article, alerts left out: its resolutions, the other events that changed, their keys.

    `withdrawn`: what an earlier reading of the article told and this one does not. `anew`: names or rules have
    changed, all that has to do with the mentions is resolved again, but for what a person decided; it brings no
    news. Pure: the same mentions and the same stored events give the same verdict.
    """
    names = names or bundled()
    desk = _Desk(names, lookup, tuple(mentions), tuple(withdrawn), anew)
    return desk.verdict()


def rebuild(event_id: str, mentions: Iterable[SourcedMention]) -> Event:
    """An event from the set of its mentions. Raises ValueError where there is none."""
    ordered = tuple(sorted({m.id: m for m in mentions}.values(), key=order_of))
    if not ordered:
        raise ValueError("an event has at least one mention")
    kind = ordered[0].mention.kind
    main = any(m.mention.salience is Salience.MAIN and not m.mention.denied for m in ordered)
    salience = Salience.MAIN if main else Salience.BACKGROUND
    return Event(event_id, kind, life_of(ordered), values_of(kind, ordered), ordered, salience)


def _stale(event: Event) -> bool:
    """Whether its values rest on a mention that it no longer has: that one was withdrawn."""
    held = {m.id for m in event.mentions}
    rests = {i for c in event.values.values() for i in (*c.mentions, *(n for o in c.others for n in o.mentions))}
    return bool(held) and not rests <= held


def _with_unions(resolutions: tuple[Resolution, ...], absorbed: Mapping[str, str]) -> tuple[Resolution, ...]:
    """The resolutions, the first of which writes into the history which events turned out to be one."""
    lines = tuple(Change(kept, None, f"réunit l'événement {old}") for old, kept in sorted(absorbed.items()))
    if not resolutions or not lines:
        return resolutions
    return (replace(resolutions[0], changes=(*resolutions[0].changes, *lines)), *resolutions[1:])


@dataclass
class _Desk:
    """The work on one article; made for one call."""

    names: Names
    lookup: Lookup
    mentions: tuple[SourcedMention, ...]
    withdrawn: tuple[SourcedMention, ...]
    anew: bool = False
    stored: dict[str, Event] = field(default_factory=dict)  # related to the article's mentions
    others: set[str] = field(default_factory=set)  # ids that are taken
    tellings: dict[str, Telling] = field(default_factory=dict)
    withdrew: set[str] = field(default_factory=set)  # stored events that lost a mention since they were written
    emptied: dict[str, Event] = field(default_factory=dict)  # those that lost all of them

    def verdict(self) -> Verdict:
        self._collect()
        pool = {m.id: m for e in self.stored.values() for m in e.mentions}
        before = dict(pool)
        pool.update((m.id, m) for m in self.mentions)
        clusters = gather(
            (self._telling(m) for m in pool.values()),
            tuple(self.stored.values()),
            self.names,
            self._first_change(before, pool),
        )
        events = self._named(clusters)
        return self._written(clusters, events, before)

    def _first_change(self, before: dict[str, SourcedMention], pool: dict[str, SourcedMention]) -> Order | None:
        """The first in order of what is new or revised; None where it cannot be known, beyond all if nothing."""
        if self.anew or self.withdrew or self.withdrawn:
            return None
        fresh = [m for i, m in pool.items() if m != before.get(i)]
        stale = [m for i, m in before.items() if m != pool.get(i)]
        told = (order_of(m) for m in (*fresh, *stale) if not m.mention.doubtful)
        return min(told, default=("~", "", False, ""))

    def _telling(self, mention: SourcedMention) -> Telling:
        known = self.tellings.get(mention.id)
        if known is None or known.sourced is not mention:
            known = self.tellings[mention.id] = telling(mention, self.names)
        return known

    def _collect(self) -> None:
        """Every stored event that has to do with the mentions, or with such an event, and so on."""
        asked: set[str] = set()
        frontier = [self._telling(m) for m in (*self.mentions, *self.withdrawn)]
        own = {t.article for t in frontier}
        first = True  # asked even without a key: a store gives the events that an article withdraws from
        while frontier or first:
            keys = {k for t in frontier for k in keys_of(t.sourced, self.names)} - asked
            asked |= keys
            found = self._found(tuple(sorted(keys))) if keys or first else []
            self.withdrew.update(e.id for e in found if first and _stale(e))
            self.emptied.update((e.id, e) for e in found if not e.mentions)
            kept = [e for e in found if e.id in self.withdrew or self._related(e, frontier, own)]
            self.others.update(e.id for e in found)
            self.stored.update((e.id, e) for e in kept)
            frontier = [self._telling(m) for e in kept for m in e.mentions]
            first = False

    def _found(self, keys: Sequence[str]) -> list[Event]:
        """The stored events under some keys that are not known yet, without what the article withdraws."""
        gone = {m.id for m in self.withdrawn} - {m.id for m in self.mentions}
        found = (e for e in self.lookup(keys) if e.id not in self.stored)
        return [
            replace(e, mentions=tuple(m for m in e.mentions if m.id not in gone)) if gone else e for e in found
        ]

    def _related(self, event: Event, frontier: Sequence[Telling], own: set[str]) -> bool:
        told = [self._telling(m) for m in event.mentions]
        return any(t.article in own for t in told) or any(self._may_be(t, f) for t in told for f in frontier)

    def _may_be(self, one: Telling, other: Telling) -> bool:
        """Whether two tellings could ever belong together, dates and figures apart."""
        if one.mention.kind is not other.mention.kind:
            return False
        if one.mention.kind is Kind.DEPARTURE and not self.names.same_person(one.person, other.person):
            return False
        kin = self.names.kinship(one.organisation, other.organisation) is not Kinship.NONE
        return kin or (one.mention.kind is Kind.DEPARTURE and same_full_name(one, other))

    def _named(self, clusters: Sequence[Cluster]) -> list[Event]:
        """The events with their ids: a stored id stays with the cluster that holds its first mention."""
        taken = {c.owner for c in clusters if c.owner}
        home = {m.id: e.id for e in self.stored.values() for m in e.mentions}
        surely = {t.sourced.id for c in clusters for t in c.tellings if not t.doubtful}
        told = {e.id for e in self.stored.values() if any(m.id in surely for m in e.mentions)}
        events: dict[int, Event] = {}
        for cluster in sorted(clusters, key=lambda c: c.doubtful):  # what is doubtful takes no surer event's id
            others = taken | told if cluster.doubtful else taken
            kept = cluster.owner or self._inherited(cluster, home, others) or self._reborn(cluster, others)
            event_id = kept or self._fresh(cluster, taken)
            taken.add(event_id)
            events[id(cluster)] = self._built(event_id, cluster)
        return [events[id(cluster)] for cluster in clusters]

    def _built(self, event_id: str, cluster: Cluster) -> Event:
        """The event of a cluster, with what was decided by hand; the stored one itself where nothing changed."""
        old = self.stored.get(event_id) or self.emptied.get(event_id)
        mentions = {t.sourced.id: t.sourced for t in cluster.tellings}
        if old and event_id not in self.withdrew and mentions == {m.id: m for m in old.mentions}:
            return old
        built = rebuild(event_id, mentions.values())
        if old:
            pinned = old.pinned & mentions.keys()
            built = replace(built, dismissed=old.dismissed, pinned=pinned, apart=old.apart)
        return built

    def _inherited(self, cluster: Cluster, home: dict[str, str], taken: set[str]) -> str | None:
        """The free stored id that its mentions have; of several the plainest, with no hash: the first founded.

        An event keeps its id with what is told surely of it: what is doubtful has no say.
        """
        own = [t.sourced.id for t in cluster.tellings if cluster.doubtful or not t.doubtful]
        return min({home[i] for i in own if i in home} - taken, key=lambda i: (len(i), i), default=None)

    def _reborn(self, cluster: Cluster, taken: set[str]) -> str | None:
        """The event that an article told in other words before it was revised (a name put right), if any."""
        first = cluster.tellings[0]
        for event in self.emptied.values():
            company, person = (str(event.get(name) or "") for name in ("company", "person"))
            kin = self.names.kinship(first.organisation, self.names.organisation(company))
            before = self.names.person(person)
            named = first.person.family == before.family or self.names.same_person(first.person, before)
            who = first.mention.kind is Kind.LAYOFF or named
            if event.kind is first.mention.kind and event.id not in taken and kin is not Kinship.NONE and who:
                return event.id
        return None

    def _fresh(self, cluster: Cluster, taken: set[str]) -> str:
        """A new id that people can read; where it is taken, or doubtful, with a hash of its first mention."""
        surely = [t for t in cluster.tellings if not t.doubtful]
        first = min(surely or cluster.tellings, key=lambda t: t.order)
        published = first.sourced.provenance.published
        year = str(first.latest.year) if first.spans else published.iso[:4] if published else "sd"
        who = [first.person.family] if first.mention.kind is Kind.DEPARTURE else []
        parts = [*who, first.organisation.key or "inconnu"]
        prefix = "depart" if who or first.mention.kind is Kind.DEPARTURE else "coupe"
        stem = "-".join([prefix, *(p[: LONGEST // 2] for p in parts if p), year])
        own = {e.id for e in self.lookup(())}
        used = stem in taken | self.others | own or any(e.id not in own for e in self.lookup((id_key(stem),)))
        return f"{stem}-{digest(first.sourced.id)[:6]}" if used or cluster.doubtful else stem

    def _written(
        self, clusters: Sequence[Cluster], events: Sequence[Event], before: dict[str, SourcedMention]
    ) -> Verdict:
        place = {m.id: i for i, e in enumerate(events) for m in e.mentions}
        resolutions = tuple(
            self._resolution(m, clusters[place[m.id]], events[place[m.id]], before) for m in self.mentions
        )
        told = {r.event.id for r in resolutions}
        changed = tuple(e for e in events if e.id not in told and e != self.stored.get(e.id))
        ids = {e.id for e in events}
        absorbed = {
            old.id: events[place[old.sure_mentions[0].id]].id
            for old in self.stored.values()
            if old.id not in ids and old.mentions and old.sure_mentions[0].id in place
        }
        keys = {e.id: event_keys(e, self.names) for e in (*(r.event for r in resolutions), *changed)}
        told_of = _with_unions(resolutions, {o: n for o, n in absorbed.items() if not self.stored[o].doubtful})
        return Verdict(resolutions=told_of, keys=keys, events=changed, absorbed=absorbed)

    def _resolution(
        self, mention: SourcedMention, cluster: Cluster, event: Event, before: dict[str, SourcedMention]
    ) -> Resolution:
        told = self._telling(mention)
        # Its own earlier reading counts as told: reading an article again is no news.
        known = [before[m.id] for m in event.mentions if m.id in before]
        article = [self._telling(m) for m in self.mentions if m.id not in {n.id for n in event.mentions}]
        same = mention.id in before and before[mention.id].mention == mention.mention
        silent = event.dismissed or same or self.anew or event.id in self.emptied
        news = None if silent else news_of(told, [self._telling_of(m) for m in known], article, self.names)
        reason = cluster.reasons.get(mention.id, "déjà raconté par cet article")
        return Resolution(
            mention=mention,
            event=event,
            created=event.id not in self.stored and event.id not in self.emptied,
            reason=reason,
            news=news,
            changes=() if silent else changes_of(event, mention, known, news, reason),
        )

    def _telling_of(self, mention: SourcedMention) -> Telling:
        return telling(mention, self.names)
