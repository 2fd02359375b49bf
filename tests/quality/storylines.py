"""How right resolution is on labelled storylines: which mentions of different documents are one event.

The figures equal those of the sets' own scorer: a pair is right where both mentions are found and resolved as one
event, missed where one is not found or they stand apart, wrong where two labelled events were made one. A plan and
its named part count neither way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from extractors.agreement import Json, pair
from extractors.evaluation import Count, read_gold
from extractors.events import understand
from extractors.stories import resolve_stream
from models.codec import document_of, mention_json, mention_of
from models.records import Reading

Gold = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """A labelled mention: its document, its event, and the resolved event if it was found."""

    document: str
    event: str | None
    resolved: str | None


def in_order(folder: Path) -> list[Gold]:
    """The documents of a folder of storylines, in order of publication."""
    return sorted(read_gold(folder), key=lambda gold: (gold["published"], gold["id"]))


def pairs(golds: Sequence[Gold], *, labelled: bool) -> Count:
    """Pairs of mentions, resolved from the labelled mentions (the resolver alone) or from the texts."""
    documents = [document_of(gold) for gold in golds]
    readings = [_labelled(gold) for gold in golds] if labelled else understand(documents)
    resolved = resolve_stream(zip(documents, readings, strict=True))
    found: list[Found] = []
    for gold, (_, resolutions) in zip(golds, resolved, strict=True):
        told = [(mention_json(r.mention.mention), r.event.id) for r in resolutions]
        found += _matched(gold, told)
    return _counted(found, _parts(golds))


def _labelled(gold: Gold) -> Reading:
    """The labelled events as what was understood, one value a field."""
    events = [{**event, "manner": (event.get("manner") or [])[:1]} for event in gold["events"]]
    return Reading(gold["id"], mentions=tuple(mention_of(event) for event in events))


def _matched(gold: Gold, told: Sequence[tuple[Json, str]]) -> Iterator[Found]:
    """Each labelled mention, those of optional events where they were found."""
    sure, optional = gold["events"], gold.get("optional_events") or []
    hits = {j: told[i][1] for i, j in pair([mention for mention, _ in told], [*sure, *optional])}
    for j, event in enumerate([*sure, *optional]):
        if j < len(sure) or j in hits:
            yield Found(gold["id"], event.get("event_id"), hits.get(j))


def _parts(golds: Iterable[Gold]) -> set[frozenset[str | None]]:
    told = [event for gold in golds for event in [*gold["events"], *(gold.get("optional_events") or [])]]
    return {frozenset((e.get("event_id"), e["part_of"])) for e in told if e.get("part_of")}


def _counted(found: Sequence[Found], parts: set[frozenset[str | None]]) -> Count:
    count = Count()
    for one, other in combinations(found, 2):
        if one.document == other.document or frozenset((one.event, other.event)) in parts:
            continue
        same = one.resolved is not None and one.resolved == other.resolved
        if one.event is not None and one.event == other.event:
            count.right += same
            count.missed += not same
        elif one.event is not None and other.event is not None:
            count.wrong += same
    return count
