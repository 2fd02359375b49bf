"""What the encoder thinks of a document: what it is news of, who leaves, from where, who cuts jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO

import numpy as np
from threadpoolctl import threadpool_limits

from extractors.events.judging.candidates import Candidate, candidates, pair_signs
from extractors.events.judging.encoder import FOLDER, Array, Encoded, encode
from extractors.events.judging.points import Day, Points, day_signs, points, post_signs
from extractors.events.people import People
from extractors.events.roles import Role
from models.vocabulary import Kind, Manner, Status

NONE, BACKGROUND, MAIN = range(3)
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
HEADS = "heads.npz"
_NEVER = -20.0  # log odds of what cannot be
_UNLIKELY = 0.02  # probability of leaving below which nobody asks from where


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

    def index(self, key: str) -> int | None:
        """The candidate of a key."""
        return next((i for i, c in enumerate(self.candidates) if c.key == key), None)


def opinion_of(people: People, wanted: Sequence[str] = ()) -> Opinion:
    """The encoder's opinion on a document; of `wanted` leavers (keys) the chairs are told however unlikely."""
    found = candidates(people)
    encoded = encode(people.parsed.document, found)
    kept = [i for i, spans in enumerate(encoded.spans) if spans]
    found, encoded = (
        tuple(found[i] for i in kept),
        replace(encoded, spans=tuple(encoded.spans[i] for i in kept)),
    )
    first = encoded.states[0]
    whole = np.concatenate([_attended(first), first.mean(0)])
    news = _linear("lab", whole)
    names = _names(encoded, whole)
    leaver, cutter = _layer("per.1", names), _layer("org.1", names)
    leaving = _softmax(_linear("p_out", leaver))
    asked = [i for i, c in enumerate(found) if leaving[i, NONE] < 1 - _UNLIKELY or c.key in wanted]
    told = points(people)
    return Opinion(
        candidates=found,
        news={Kind.DEPARTURE: float(news[0]), Kind.LAYOFF: float(news[1])},
        leaving=leaving,
        leaving_status=_softmax(_linear("p_st", leaver)),
        manners=_linear("p_man", leaver),
        cutting=_softmax(_linear("o_out", cutter)),
        cutting_status=_softmax(_linear("o_st", cutter)),
        told=tuple(_telling(encoded, i, whole) for i in range(len(found))),
        chairs=_chairs(people, found, encoded, names, asked, told),
        points=told,
    )


def _attended(states: Array) -> Array:
    weights = _softmax(_linear("att", states)[:, 0])
    pooled: Array = weights @ states
    return pooled


def _names(encoded: Encoded, whole: Array) -> Array:
    """One row a candidate: the mean of its mentions, the greatest, the first, and the document."""
    width = encoded.states[0].shape[1]
    rows = [_name(encoded, spans, whole[:width]) for spans in encoded.spans]
    return np.stack(rows) if rows else np.zeros((0, 4 * width), dtype=np.float32)


def _name(encoded: Encoded, spans: Sequence[tuple[int, tuple[int, int]]], whole: Array) -> Array:
    mentions = np.stack([encoded.states[w][a:b].mean(0) for w, (a, b) in spans])
    return np.concatenate([mentions.mean(0), mentions.max(0), mentions[0], whole])


def _telling(encoded: Encoded, index: int, whole: Array) -> int:
    """Which mention of a candidate, taken alone, looks most like somebody who leaves."""
    spans = encoded.spans[index]
    if len(spans) == 1:
        return 0
    width = encoded.states[0].shape[1]
    alone = np.stack([_name(encoded, (span,), whole[:width]) for span in spans])
    return int(_softmax(_linear("p_out", _layer("per.1", alone)))[:, NONE].argmin())


def _chairs(
    people: People, found: Sequence[Candidate], encoded: Encoded, names: Array, asked: Sequence[int], told: Points
) -> dict[int, Chair]:
    if len(found) < 2 or not asked:
        return {}
    width = names.shape[1] // 4 * 3
    own = names[:, :width]
    signs = np.array(pair_signs(people, found), dtype=np.float32)
    posts = _pointed("post", encoded, told.posts, names, post_signs(people, found, told.posts))
    days = _pointed("day", encoded, told.days, names, day_signs(people, found, told.days))
    chairs = {}
    for i in asked:
        both = np.concatenate([np.broadcast_to(own[i], own.shape), own, own[i] * own], axis=1)
        house = _linear("pr", _layer("pair.1", both)) + _linear("prf", signs[i])
        heir = _linear("ppo", _layer("pp.1", both))[:, 0]
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
            width = others.shape[1]
            mean, first = names[leaver, :width], names[leaver, 2 * width : 3 * width]
            both = np.concatenate(
                [np.broadcast_to(mean, others.shape), np.broadcast_to(first, others.shape), others, mean * others],
                axis=1,
            )
            marks = np.array([signs[leaver][k] for k in seen], dtype=np.float32)
            scores = _linear(f"{head}_o", _layer(f"{head}.1", both)) + _linear(f"{head}_s", marks)
            out[seen] = scores[:, 0]
        return out

    return odds


def _layer(name: str, rows: Array) -> Array:
    return np.maximum(_linear(name, rows), 0)


def _linear(name: str, rows: Array) -> Array:
    weights = _heads()
    out: Array = rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return out


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    shares: Array = powers / powers.sum(-1, keepdims=True)
    return shares


@cache
def _heads() -> dict[str, Array]:
    # One thread: the matrices are small, and sums in one order are the same on every machine.
    threadpool_limits(limits=1, user_api="blas")
    with np.load(BytesIO(FOLDER.joinpath(HEADS).read_bytes())) as packed:
        return {name: packed[name].astype(np.float32) for name in packed.files}
