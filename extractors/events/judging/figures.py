"""What the encoder thinks of each figure: whether it tells jobs cut, as news or as a recall, and who cuts them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from extractors.events.judging.amounts import Amount, amount_signs, amounts, maker_signs
from extractors.events.judging.candidates import Candidate
from extractors.events.judging.encoder import WIDTH, Array, Encoded
from extractors.events.judging.heads import MAIN, NONE, layer, linear, softmax
from extractors.events.people import People

_AROUND = 40  # characters on either side that tell what a figure counts
_LEAST = 1e-4  # probability below which the log of it tells nothing more


@dataclass(frozen=True)
class Figures:
    """Of each figure, in reading order: probabilities of (none, background, main), and of each name as maker."""

    amounts: tuple[Amount, ...]
    odds: Array = field(repr=False)
    makers: Array = field(repr=False)

    def maker(self, index: int) -> int:
        """The likeliest organisation of a figure."""
        return int(self.makers[index].argmax())

    def likely(self, index: int) -> float:
        """How likely it is that a figure tells a cut."""
        return 1 - float(self.odds[index, NONE])

    def is_main(self, index: int) -> bool:
        """Whether a figure is rather of the news than of a recall."""
        return int(self.odds[index, NONE + 1 :].argmax()) + NONE + 1 == MAIN


NOTHING = Figures((), np.zeros((0, 3), dtype=np.float32), np.zeros((0, 0), dtype=np.float32))


@dataclass(frozen=True)
class Features:
    """What the two layers read, of the figures that a window holds; training reads the same.

    `amounts` and `makers` are the inputs of their layers beside the signs: rows of states, `[figure]` and
    `[figure][candidate]`.
    """

    told: tuple[Amount, ...]
    amounts: Array
    amount_signs: Array
    makers: Array
    maker_signs: Array


def figures_of(
    people: People, found: Sequence[Candidate], encoded: Encoded, names: Array, cutting: Array
) -> Figures:
    """The opinion on every figure of a document; rows of `names` and `cutting` are its candidates."""
    seen = features(people, found, encoded, names, cutting)
    if seen is None:
        return NOTHING
    odds = linear("amount_o", layer("amount.1", seen.amounts)) + linear("amount_s", seen.amount_signs)
    makers = linear("maker_o", layer("maker.1", seen.makers)) + linear("maker_s", seen.maker_signs)
    return Figures(seen.told, softmax(odds), softmax(makers[:, :, 0]))


def features(
    people: People, found: Sequence[Candidate], encoded: Encoded, names: Array, cutting: Array
) -> Features | None:
    """What is known of each figure; None where a document has none."""
    states = ((amount, encoded.state(amount.where, amount.start, amount.end)) for amount in amounts(people.parsed))
    seen = [(amount, state) for amount, state in states if state is not None]
    if not seen or not found:
        return None
    told, own = [amount for amount, _ in seen], np.stack([state for _, state in seen])
    mean, first, whole = (names[:, part * WIDTH : (part + 1) * WIDTH] for part in (0, 2, 3))
    around, sentence = (np.stack([_state(encoded, a, reach) for a in told]) for reach in (_AROUND, None))
    count, makers = len(told), len(found)
    by_name = np.broadcast_to(np.concatenate([mean, first], axis=1), (count, makers, 2 * WIDTH))
    by_figure = np.broadcast_to(np.concatenate([own, around], axis=1)[:, None], (count, makers, 2 * WIDTH))
    cuts = np.broadcast_to(np.log(cutting[:, NONE + 1 :] + _LEAST), (count, makers, 2))
    return Features(
        tuple(told),
        np.concatenate([own, around, sentence, np.broadcast_to(whole[:1], (count, WIDTH))], axis=1),
        np.array(amount_signs(told), dtype=np.float32),
        np.concatenate([by_name, by_figure, mean[None] * around[:, None]], axis=2),
        np.concatenate([np.array(maker_signs(people, found, told), dtype=np.float32), cuts], axis=2),
    )


def _state(encoded: Encoded, amount: Amount, reach: int | None) -> Array:
    """The mean state of a figure with so many characters of its sentence on either side; None takes all of it."""
    sentence = amount.sentence
    start = sentence.start if reach is None else max(sentence.start, amount.start - reach)
    end = sentence.end if reach is None else min(sentence.end, amount.end + reach)
    state = encoded.state(amount.where, start, end)
    if state is None:
        raise LookupError(f"no window holds {amount.where} {start}-{end}, where a figure stands")
    return state
