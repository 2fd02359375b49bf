"""The network that is taught: the encoder, and heads that judge a document, its names, and pairs of names.

Parameter names are those that extractors/events/judging/opinions.py reads; keep both in step.
"""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import nn

from extractors.events.judging.candidates import PAIR_SIGNS
from extractors.events.judging.encoder import WIDTH
from extractors.events.judging.points import SIGNS
from tests.quality.training.examples import Phrases, Taught
from tests.quality.training.pretrained import HIDDEN

HEADS = 12
POSITIONS = 512
PAD = 1
TYPES = 4  # of tokens: no name, a person, an organisation, another name
NAMES, PAIRS, POINTS = 192, 128, 64  # widths of the hidden layers of the heads
IMPOSSIBLE = -20.0
EPSILON = 1e-12


class Layer(nn.Module):
    """One transformer layer, normalised after each part as the pretrained one was."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.ao, self.aln = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=EPSILON)
        self.fi, self.fo = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
        self.oln = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None, dropout: float) -> torch.Tensor:
        """States of a batch, `[documents, tokens, width]`."""
        batch, tokens, _ = x.shape
        parts = self.qkv(x).reshape(batch, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        scores = parts[0] @ parts[1].transpose(-1, -2) / (WIDTH // HEADS) ** 0.5
        if mask is not None:
            scores = scores + mask
        shares = F.dropout(torch.softmax(scores, -1), dropout, self.training)
        mixed = (shares @ parts[2]).transpose(1, 2).reshape(batch, tokens, WIDTH)
        x = self.aln(x + F.dropout(self.ao(mixed), dropout, self.training))
        return self.oln(x + F.dropout(self.fo(F.gelu(self.fi(x))), dropout, self.training))


class Encoder(nn.Module):
    """Embeddings and layers; the first `frozen` layers keep their pretrained weights and know no token types."""

    def __init__(self, pretrained: dict[str, torch.Tensor], layers: int, frozen: int) -> None:
        super().__init__()
        self.frozen = frozen
        self.word = nn.Embedding.from_pretrained(pretrained["word"])
        self.pos = nn.Embedding.from_pretrained(pretrained["pos"])
        self.typ = nn.Embedding(TYPES, WIDTH)
        self.eln = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        with torch.no_grad():
            self.typ.weight.zero_()
            self.eln.weight.copy_(pretrained["ln.w"])
            self.eln.bias.copy_(pretrained["ln.b"])
            for index, layer in enumerate(self.layers):
                _fill(layer, pretrained, f"l{index}.")
        for module in (self.eln, *self.layers[:frozen]):
            module.requires_grad_(False)

    def low(self, ids: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """What the frozen layers make of the tokens: the same in every epoch."""
        x = self.eln(self.word(ids) + self.pos.weight[: ids.shape[1]])
        for layer in self.layers[: self.frozen]:
            x = layer(x, mask, 0.0)
        return x

    def high(
        self, x: torch.Tensor, types: torch.Tensor, mask: torch.Tensor | None, dropout: float
    ) -> torch.Tensor:
        """What the other layers make of that, told which tokens are names."""
        x = F.dropout(x + self.typ(types), dropout, self.training)
        for layer in self.layers[self.frozen :]:
            x = layer(x, mask, dropout)
        return x

    def forward(self, ids: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """The states of one document alone, as `encoder.onnx` computes them."""
        return self.high(self.low(ids, None), types, None, 0.0)


def _fill(layer: Any, pretrained: dict[str, torch.Tensor], prefix: str) -> None:
    layer.qkv.weight.copy_(torch.cat([pretrained[f"{prefix}{n}.w"] for n in "qkv"]))
    layer.qkv.bias.copy_(torch.cat([pretrained[f"{prefix}{n}.b"] for n in "qkv"]))
    for name in ("ao", "aln", "fi", "fo", "oln"):
        part = getattr(layer, name)
        part.weight.copy_(pretrained[f"{prefix}{name}.w"])
        part.bias.copy_(pretrained[f"{prefix}{name}.b"])


@dataclass(frozen=True)
class Said:
    """What the network says of one document; rows of `pairs` and what follows are the names in `leavers`."""

    news: torch.Tensor
    leaving: torch.Tensor
    leaving_status: torch.Tensor
    manners: torch.Tensor
    cutting: torch.Tensor
    cutting_status: torch.Tensor
    leavers: list[int]
    pairs: torch.Tensor | None
    heirs: torch.Tensor | None
    posts: torch.Tensor | None
    days: torch.Tensor | None


class Network(nn.Module):
    """The encoder with its heads."""

    def __init__(self, encoder: Encoder, dropout: float = 0.2) -> None:
        super().__init__()

        def hidden(inputs: int, outputs: int) -> nn.Sequential:
            return nn.Sequential(nn.Dropout(dropout), nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(dropout))

        self.enc = encoder
        self.att, self.lab = nn.Linear(WIDTH, 1), nn.Linear(2 * WIDTH, 2)
        self.per, self.org = hidden(4 * WIDTH, NAMES), hidden(4 * WIDTH, NAMES)
        self.p_out, self.p_st, self.p_man = nn.Linear(NAMES, 3), nn.Linear(NAMES, 3), nn.Linear(NAMES, 7)
        self.o_out, self.o_st = nn.Linear(NAMES, 3), nn.Linear(NAMES, 3)
        self.pair, self.pp = hidden(9 * WIDTH, PAIRS), hidden(9 * WIDTH, PAIRS)
        self.pr, self.prf, self.ppo = nn.Linear(PAIRS, 2), nn.Linear(PAIR_SIGNS, 2), nn.Linear(PAIRS, 1)
        self.post, self.day = hidden(4 * WIDTH, POINTS), hidden(4 * WIDTH, POINTS)
        self.post_o, self.post_s = nn.Linear(POINTS, 1), nn.Linear(SIGNS, 1)
        self.day_o, self.day_s = nn.Linear(POINTS, 1), nn.Linear(SIGNS, 1)

    def forward(self, documents: list[Taught], dropout: float = 0.1) -> list[Said]:
        """What is said of each document of a batch."""
        longest = max(len(d.ids) for d in documents)
        low = torch.zeros(len(documents), longest, WIDTH)
        types = torch.zeros(len(documents), longest, dtype=torch.long)
        mask = torch.full((len(documents), 1, 1, longest), IMPOSSIBLE * 1e3)
        for i, document in enumerate(documents):
            length = len(document.ids)
            low[i, :length] = document.low.float()
            types[i, :length] = torch.tensor(document.types)
            mask[i, :, :, :length] = 0
        states = self.enc.high(low, types, mask, dropout)
        return [self._say(states[i, : len(d.ids)], d) for i, d in enumerate(documents)]

    def _say(self, states: torch.Tensor, document: Taught) -> Said:
        shares = torch.softmax(self.att(states).squeeze(-1), 0)
        pooled = (shares[:, None] * states).sum(0)
        names = _names(states, document, pooled)
        leaver, cutter = self.per(names), self.org(names)
        asked = document.leavers if self.training else list(range(len(names)))
        pairs = heirs = None
        if asked and len(names) > 1:
            both = _both(names[:, : 3 * WIDTH], asked)
            signs = torch.tensor(document.signs).reshape(len(names), len(names), PAIR_SIGNS)
            pairs = self.pr(self.pair(both)) + self.prf(signs[asked])
            heirs = self.ppo(self.pp(both)).squeeze(-1)
            for row, name in enumerate(asked):  # nobody leaves himself
                pairs[row, name] = heirs[row, name] = IMPOSSIBLE
        return Said(
            news=self.lab(torch.cat([pooled, states.mean(0)])),
            leaving=self.p_out(leaver),
            leaving_status=self.p_st(leaver),
            manners=self.p_man(leaver),
            cutting=self.o_out(cutter),
            cutting_status=self.o_st(cutter),
            leavers=asked,
            pairs=pairs,
            heirs=heirs,
            posts=self._point(self.post, self.post_o, self.post_s, states, names, asked, document.posts),
            days=self._point(self.day, self.day_o, self.day_s, states, names, asked, document.days),
        )

    def _point(
        self,
        layer: nn.Module,
        out: nn.Module,
        signed: nn.Module,
        states: torch.Tensor,
        names: torch.Tensor,
        asked: list[int],
        phrases: Phrases,
    ) -> torch.Tensor | None:
        """Log odds `[leaver, phrase]` that a phrase tells a leaver's post or day."""
        if not asked or not phrases.spans:
            return None
        told = torch.stack([states[a:b].mean(0) for a, b in phrases.spans])
        shape = (len(asked), len(told), WIDTH)
        mean, first = names[asked, :WIDTH], names[asked, 2 * WIDTH : 3 * WIDTH]
        one, other = mean[:, None].expand(shape), told[None].expand(shape)
        both = torch.cat([one, first[:, None].expand(shape), other, one * other], -1)
        signs = torch.tensor([phrases.signs[i] for i in asked])
        odds: torch.Tensor = (out(layer(both)) + signed(signs)).squeeze(-1)
        return odds


def _names(states: torch.Tensor, document: Taught, pooled: torch.Tensor) -> torch.Tensor:
    rows = []
    for spans in document.spans:
        mentions = torch.stack([states[a:b].mean(0) for a, b in spans])
        rows.append(torch.cat([mentions.mean(0), mentions.max(0)[0], mentions[0], pooled]))
    return torch.stack(rows) if rows else states.new_zeros(0, 4 * WIDTH)


def _both(names: torch.Tensor, asked: list[int]) -> torch.Tensor:
    shape = (len(asked), len(names), names.shape[1])
    one, other = names[asked][:, None].expand(shape), names[None].expand(shape)
    return torch.cat([one, other, one * other], -1)
