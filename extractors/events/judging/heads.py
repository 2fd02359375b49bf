"""The small layers that read the encoder's states: weights of `heads.npz`, by the names that training gave."""

from functools import cache
from io import BytesIO

import numpy as np
from threadpoolctl import threadpool_limits

from extractors.events.judging.encoder import FOLDER, Array

NONE, BACKGROUND, MAIN = range(3)
HEADS = "heads.npz"


def layer(name: str, rows: Array) -> Array:
    """A hidden layer: what is below zero is nothing."""
    return np.maximum(linear(name, rows), 0)


def linear(name: str, rows: Array) -> Array:
    """A linear layer of `heads.npz`, on rows."""
    own = weights()
    out: Array = rows @ own[f"{name}.weight"].T + own[f"{name}.bias"]
    return out


def softmax(scores: Array) -> Array:
    """Shares that sum to one over the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    shares: Array = powers / powers.sum(-1, keepdims=True)
    return shares


@cache
def weights() -> dict[str, Array]:
    """All weights, by name; read once."""
    # One thread: the matrices are small, and sums in one order are the same on every machine.
    threadpool_limits(limits=1, user_api="blas")
    with np.load(BytesIO(FOLDER.joinpath(HEADS).read_bytes())) as packed:
        return {name: packed[name].astype(np.float32) for name in packed.files}
