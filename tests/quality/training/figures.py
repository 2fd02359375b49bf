"""Teach the two layers that read figures: which tell jobs cut, as news or as a recall, and who cuts them.

They are taught on the states of the packed encoder, which stays as it is: minutes of one core. A figure is right
where its value is the label's; of labels that tell one number twice, as news and as a recall, it is some cut.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from extractors.agreement import empty, options, same_value
from extractors.events.assembly import drafts
from extractors.events.judging.amounts import AMOUNT_SIGNS, MAKER_SIGNS, Amount
from extractors.events.judging.encoder import WIDTH
from extractors.events.judging.figures import Features, features
from extractors.events.judging.heads import BACKGROUND, HEADS, MAIN, NONE, layer
from extractors.events.judging.opinions import UNLIKELY, cutting_of, seen_of
from models.codec import document_of
from tests.quality.training.examples import UNTOLD, files, organisations

HIDDEN, DROPOUT = 64, 0.3
EPOCHS, BATCH, RATE = 8, 8, 1e-3
SOME = MAIN + 1  # a cut, as news or as a recall


@dataclass(frozen=True)
class Figured:
    """A document's figures: what is known of them, and what is true of each."""

    known: Features
    cut: list[int]
    makers: list[list[int]]


class Layers(nn.Module):
    """Parameter names are those that extractors/events/judging/figures.py reads."""

    def __init__(self) -> None:
        super().__init__()
        self.amount, self.maker = _hidden(4 * WIDTH), _hidden(5 * WIDTH)
        self.amount_o, self.amount_s = nn.Linear(HIDDEN, 3), nn.Linear(AMOUNT_SIGNS, 3)
        self.maker_o, self.maker_s = nn.Linear(HIDDEN, 1), nn.Linear(MAKER_SIGNS + 2, 1)

    def forward(self, known: Features) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores `[figure][none, background, main]` and `[figure][candidate]`."""
        rows = [torch.from_numpy(x) for x in (known.amounts, known.amount_signs, known.makers, known.maker_signs)]
        cuts = self.amount_o(self.amount(rows[0])) + self.amount_s(rows[1])
        makers = self.maker_o(self.maker(rows[2])) + self.maker_s(rows[3])
        return cuts, makers[:, :, 0]


def _hidden(inputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Dropout(DROPOUT))


def load(corpus: Path, parts: Sequence[str]) -> list[Figured]:
    """The documents of some parts of the corpus in which the encoder is asked about figures."""
    golds = [gold for folder, _, gold in files(corpus) if folder in parts]
    read = drafts(document_of(gold) for gold in golds)
    found = (_figured(gold, draft.people) for gold, draft in zip(golds, read, strict=True) if draft.people)
    return [figured for figured in found if figured]


def _figured(gold: dict[str, Any], people: Any) -> Figured | None:
    seen, encoded, names = seen_of(people)
    cutting = cutting_of(layer("org.1", names))
    if not (cutting[:, NONE] < 1 - UNLIKELY).any():
        return None
    known = features(people, seen, encoded, names, cutting)
    if known is None:
        return None
    cut, makers = [], []
    for amount in known.told:
        met = _met(amount, gold["events"])
        sure = {MAIN if "main" in options(e["salience"]) else BACKGROUND for e in met}
        open_ = _met(amount, gold.get("optional_events") or [])
        cut.append(sure.pop() if len(sure) == 1 else SOME if sure else UNTOLD if open_ else NONE)
        makers.append(sorted({i for e in met for i in organisations(seen, e.get("company"))[0]}))
    return Figured(known, cut, makers)


def _met(amount: Amount, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cuts that have this figure."""
    field = "percent" if amount.is_share else "headcount"
    value = amount.quantity.value if amount.is_share else amount.quantity.whole
    cuts = [e for e in events if e["kind"] == "layoff" and not empty(e.get(field))]
    return [e for e in cuts if same_value(field, value, e[field])]


def teach(documents: list[Figured], seed: int = 0) -> Layers:
    """The layers after some rounds. One thread: the same seed gives the same ones."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    chance = random.Random(seed)  # noqa: S311 - the order of batches is no secret
    layers, order = Layers(), list(documents)
    optimizer = torch.optim.AdamW(layers.parameters(), lr=RATE, weight_decay=0.01)
    steps = EPOCHS * -(-len(order) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, steps)
    for epoch in range(EPOCHS):
        layers.train()
        chance.shuffle(order)
        whole = 0.0
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            lost = torch.stack([_loss(d, *layers(d.known)) for d in batch]).sum() / BATCH
            optimizer.zero_grad()
            lost.backward()
            optimizer.step()
            schedule.step()
            whole += float(lost.detach()) * BATCH
        print(f"round {epoch}: loss {whole / len(order):.3f}", flush=True)
    layers.eval()
    return layers


def _loss(document: Figured, cuts: torch.Tensor, makers: torch.Tensor) -> torch.Tensor:
    lost = torch.zeros(())
    shares = torch.log_softmax(cuts, 1)
    for row, (cut, right) in enumerate(zip(document.cut, document.makers, strict=True)):
        if cut == SOME:
            lost = lost - torch.logsumexp(shares[row, BACKGROUND:], 0)
        elif cut != UNTOLD:
            lost = lost - shares[row, cut]
        if cut not in (NONE, UNTOLD) and right:
            lost = lost + torch.logsumexp(makers[row], 0) - torch.logsumexp(makers[row, right], 0)
    return lost


def pack(layers: Layers, folder: Path) -> None:
    """Write the layers beside the other heads, in 16 bits."""
    with np.load(BytesIO((folder / HEADS).read_bytes())) as packed:
        heads = {name: packed[name] for name in packed.files}
    heads |= {n: p.detach().numpy().astype(np.float16) for n, p in layers.named_parameters()}
    np.savez_compressed(folder / HEADS, **heads)


def told(documents: Sequence[Figured], layers: Layers) -> str:
    """How often unseen figures are taken for what they are, in one line."""
    right, seen, of = 0, 0, {BACKGROUND: [0, 0, 0], MAIN: [0, 0, 0]}
    for document in documents:
        with torch.no_grad():
            cuts, makers = layers(document.known)
        for row, cut in enumerate(document.cut):
            guess = int(cuts[row].argmax())
            for kind, counts in of.items():
                if cut in (NONE, BACKGROUND, MAIN):
                    counts[0] += guess == cut == kind
                    counts[1] += guess == kind
                    counts[2] += cut == kind
            if document.makers[row]:
                seen += 1
                right += int(makers[row].argmax()) in document.makers[row]
    rows = [f"{n} P {c[0] / max(1, c[1]):.3f} R {c[0] / max(1, c[2]):.3f}" for n, c in
            (("recalls", of[BACKGROUND]), ("news", of[MAIN]))]  # fmt: skip
    return f"{', '.join(rows)}, organisation {right / max(1, seen):.3f}"
