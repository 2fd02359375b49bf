"""What the encoder thinks of a document: what it is news of, who leaves, from where, who cuts how many jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from extractors.events.judging.candidates import Candidate, candidates, pair_signs
from extractors.events.judging.encoder import WIDTH, Array, Encoded, encode
from extractors.events.judging.figures import NOTHING, Figures, figures_of
from extractors.events.judging.heads import NONE, layer, linear, softmax
from extractors.events.judging.points import Day, Points, day_signs, points, post_signs
from extractors.events.people import People
from extractors.events.roles import Role
from models.vocabulary import Kind, Manner, Status

STATUSES = (Status.CONFIRMED, Status.REPORTED, Status.SPECULATED)
MANNERS = (
    Manner.VOLUNTARY,
    Manner.FORCED,
    Manner.RETIREMENT,
    Manner.MUTUAL,
    Manner.TERM_END,
    Manner.DEATH,
    Manner.UNSPECIFIED,
)
_NEVER = -20.0  # log odds of what cannot be
UNLIKELY = 0.02  # probability of leaving below which nobody asks from where


@dataclass(frozen=True)
class Chair:
    """Of one leaver: log odds that each other candidate is the house left, the next house, the successor.

    And that each post of the document is the one held there, each day the one of leaving.
    """

    company: Array
    destination: Array
    successor: Array
    posts: Array
    days: Array


@dataclass(frozen=True)
class Opinion:
    """Of each candidate, probabilities of (none, background, main) and of statuses; `chairs` of likely leavers."""

    candidates: tuple[Candidate, ...]
    news: dict[Kind, float]  # log odds
    leaving: Array = field(repr=False)
    leaving_status: Array = field(repr=False)
    manners: Array = field(repr=False)  # log odds
    cutting: Array = field(repr=False)
    cutting_status: Array = field(repr=False)
    told: tuple[int, ...] = ()  # the place of each candidate that tells most of a leaving
    chairs: dict[int, Chair] = field(default_factory=dict, repr=False)
    points: Points = field(default=Points((), ()), repr=False)
    figures: Figures = field(default=NOTHING, repr=False)

    def index(self, key: str) -> int | None:
        """The candidate of a key."""
        return next((i for i, c in enumerate(self.candidates) if c.key == key), None)


def opinion_of(people: People, wanted: Sequence[str] = ()) -> Opinion:
    """The encoder's opinion on a document; of `wanted` leavers (keys) the chairs are told however unlikely."""
    found, encoded, names = seen_of(people)
    first = encoded.states[0]
    whole = np.concatenate([_attended(first), first.mean(0)])
    news = linear("lab", whole)
    leaver, cutter = layer("per.1", names), layer("org.1", names)
    leaving = softmax(linear("p_out", leaver))
    asked = [i for i, c in enumerate(found) if leaving[i, NONE] < 1 - UNLIKELY or c.key in wanted]
    told = points(people)
    cutting = cutting_of(cutter)
    cut = bool((cutting[:, NONE] < 1 - UNLIKELY).any())
    return Opinion(
        candidates=found,
        news={Kind.DEPARTURE: float(news[0]), Kind.LAYOFF: float(news[1])},
        leaving=leaving,
        leaving_status=softmax(linear("p_st", leaver)),
        manners=linear("p_man", leaver),
        cutting=cutting,
        cutting_status=softmax(linear("o_st", cutter)),
        told=tuple(_telling(encoded, i, whole[:WIDTH]) for i in range(len(found))),
        chairs=_chairs(people, found, encoded, names, asked, told),
        points=told,
        figures=figures_of(people, found, encoded, names, cutting) if cut else NOTHING,
    )


def seen_of(people: People) -> tuple[tuple[Candidate, ...], Encoded, Array]:
    """The candidates that a window holds, the document's states, and a row a candidate."""
    found = candidates(people)
    encoded = encode(people.parsed.document, found)
    kept = [i for i, spans in enumerate(encoded.spans) if spans]
    encoded = replace(encoded, spans=tuple(encoded.spans[i] for i in kept))
    return tuple(found[i] for i in kept), encoded, _names(encoded)


def cutting_of(cutter: Array) -> Array:
    """Of each candidate (a row of the layer `org.1`), probabilities of cutting jobs: (none, background, main)."""
    return softmax(linear("o_out", cutter))


def _attended(states: Array) -> Array:
    weights = softmax(linear("att", states)[:, 0])
    pooled: Array = weights @ states
    return pooled


def _names(encoded: Encoded) -> Array:
    """One row a candidate: the mean of its mentions, the greatest, the first, and the document."""
    whole = _attended(encoded.states[0])
    rows = [_name(encoded, spans, whole) for spans in encoded.spans]
    return np.stack(rows) if rows else np.zeros((0, 4 * WIDTH), dtype=np.float32)


def _name(encoded: Encoded, spans: Sequence[tuple[int, tuple[int, int]]], whole: Array) -> Array:
    mentions = np.stack([encoded.states[w][a:b].mean(0) for w, (a, b) in spans])
    return np.concatenate([mentions.mean(0), mentions.max(0), mentions[0], whole])


def _telling(encoded: Encoded, index: int, whole: Array) -> int:
    """Which mention of a candidate, taken alone, looks most like somebody who leaves."""
    spans = encoded.spans[index]
    if len(spans) == 1:
        return 0
    alone = np.stack([_name(encoded, (span,), whole) for span in spans])
    return int(softmax(linear("p_out", layer("per.1", alone)))[:, NONE].argmin())


def _chairs(
    people: People, found: Sequence[Candidate], encoded: Encoded, names: Array, asked: Sequence[int], told: Points
) -> dict[int, Chair]:
    if len(found) < 2 or not asked:
        return {}
    own = names[:, : 3 * WIDTH]
    signs = np.array(pair_signs(people, found), dtype=np.float32)
    posts = _pointed("post", encoded, told.posts, names, post_signs(people, found, told.posts))
    days = _pointed("day", encoded, told.days, names, day_signs(people, found, told.days))
    chairs = {}
    for i in asked:
        both = np.concatenate([np.broadcast_to(own[i], own.shape), own, own[i] * own], axis=1)
        house = linear("pr", layer("pair.1", both)) + linear("prf", signs[i])
        heir = linear("ppo", layer("pp.1", both))[:, 0]
        house[i], heir[i] = _NEVER, _NEVER  # nobody leaves himself
        chairs[i] = Chair(house[:, 0], house[:, 1], heir, posts(i), days(i))
    return chairs


def _pointed(
    head: str, encoded: Encoded, told: Sequence[Role | Day], names: Array, signs: list[list[list[float]]]
) -> Callable[[int], Array]:
    """Log odds, of a leaver, that each phrase is the one that tells of him; a phrase in no window never is."""
    states = [encoded.state(t.where, t.start, t.end) for t in told]
    seen = [k for k, state in enumerate(states) if state is not None]

    def odds(leaver: int) -> Array:
        out = np.full(len(told), _NEVER, dtype=np.float32)
        if seen:
            others = np.stack([state for state in states if state is not None])
            mean, first = names[leaver, :WIDTH], names[leaver, 2 * WIDTH : 3 * WIDTH]
            both = np.concatenate(
                [np.broadcast_to(mean, others.shape), np.broadcast_to(first, others.shape), others, mean * others],
                axis=1,
            )
            marks = np.array([signs[leaver][k] for k in seen], dtype=np.float32)
            scores = linear(f"{head}_o", layer(f"{head}.1", both)) + linear(f"{head}_s", marks)
            out[seen] = scores[:, 0]
        return out

    return odds
