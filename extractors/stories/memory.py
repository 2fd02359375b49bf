"""A store of events in memory, for `vigie resolve`, tests and experiments."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.stories.names import Names, bundled
from extractors.stories.resolution import decide
from models.events import Event, Resolution, SourcedMention
from models.queries import Verdict
from models.records import Document, Mention, Reading
from models.sourcing import source_document


@dataclass
class Memory:
    """Events by id and by key. `tell` resolves one article's mentions and keeps what comes of it."""

    names: Names = field(default_factory=bundled)
    events: dict[str, Event] = field(default_factory=dict)
    _keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _under: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _articles: dict[str, tuple[SourcedMention, ...]] = field(default_factory=dict)

    def lookup(self, keys: Sequence[str]) -> tuple[Event, ...]:
        """The events under any of some keys, sorted by id."""
        ids = {i for key in keys for i in self._keys.get(key, ())}
        return tuple(self.events[i] for i in sorted(ids))

    def tell(self, mentions: Sequence[SourcedMention]) -> tuple[Resolution, ...]:
        """Resolve the mentions of one article; told again, they take the place of what it told before."""
        articles = dict.fromkeys(m.provenance.article for m in mentions)
        withdrawn = tuple(
            m for a in articles for m in self._articles.get(a, ()) if m.id not in {n.id for n in mentions}
        )
        verdict = decide(mentions, self.lookup, self.names, withdrawn)
        gone = {m.id for m in withdrawn}
        for event in [e for e in self.events.values() if withdrawn and {m.id for m in e.mentions} <= gone]:
            self.remove(event.id)
        self.apply(verdict)
        for article in articles:
            self._articles[article] = tuple(m for m in mentions if m.provenance.article == article)
        return verdict.resolutions

    def apply(self, verdict: Verdict) -> None:
        """Write what a verdict changed."""
        for old in verdict.absorbed:
            self.remove(old)
        for event in (*(r.event for r in verdict.resolutions), *verdict.events):
            self.put(event, verdict.keys[event.id])

    def put(self, event: Event, keys: tuple[str, ...]) -> None:
        """Store an event under its keys, in the place of its earlier state."""
        self.remove(event.id)
        self.events[event.id] = event
        self._under[event.id] = keys
        for key in keys:
            self._keys[key].add(event.id)

    def remove(self, event_id: str) -> None:
        """Forget an event, if it is known."""
        self.events.pop(event_id, None)
        for key in self._under.pop(event_id, ()):
            self._keys[key].discard(event_id)


@dataclass(frozen=True, slots=True)
class Told:
    """One mention of a document, as `vigie resolve` prints it."""

    mention: Mention
    resolution: Resolution


def resolve_stream(
    documents: Iterable[tuple[Document, Reading]], names: Names | None = None
) -> Iterator[tuple[Document, tuple[Resolution, ...]]]:
    """Each document with the resolutions of its mentions, in the order given: what they added when they were told.

    All documents are read before the first is given back: each event is the one that a mention ends in. What only
    denies is left out, and what is told doubtfully where no article tells the event surely.
    """
    memory = Memory(names or bundled())
    told = [(document, memory.tell(source_document(document, reading))) for document, reading in documents]
    home = {m.id: event for event in memory.events.values() for m in event.mentions}
    for document, resolutions in told:
        last = (replace(r, event=home.get(r.mention.id, r.event)) for r in resolutions)
        yield document, tuple(r for r in last if _shown(r))


def _shown(resolution: Resolution) -> bool:
    return not resolution.event.doubtful and (not resolution.mention.mention.denied or bool(resolution.news))
