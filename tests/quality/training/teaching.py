"""Teach the network on labelled documents, and pack it for extractors/events/judging."""

import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from onnxruntime.quantization import QuantType, quantize_dynamic

from tests.quality.training.examples import UNTOLD, Taught
from tests.quality.training.network import Encoder, Network, Said

LAYERS, FROZEN = 8, 4  # of twelve pretrained ones; the lowest keep their weights
BATCH = 8
RATE, HEADS_FASTER = 1e-4, 5
WARM_UP = 0.1  # of all steps
CLIP = 1.0
NEWS, FIELD, MANNER = 0.7, 0.3, 0.1  # weights of the losses beside that of the verdicts
JITTER = 60  # tokens: batches of like length, not always the same ones
OPSET = 17


def network_of(pretrained: dict[str, torch.Tensor], seed: int = 0) -> Network:
    """A network that was taught nothing yet."""
    torch.manual_seed(seed)
    return Network(Encoder(pretrained, LAYERS, FROZEN))


def teach(network: Network, taught: Sequence[Taught], epochs: int, rate: float = RATE, seed: int = 0) -> None:
    """Show a network every document so many times. One thread: the same seed gives the same network."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    print(f"{len(taught)} documents", flush=True)
    chance = random.Random(seed)  # noqa: S311 - the order of batches is no secret
    remember(network, taught)
    heads = [p for n, p in network.named_parameters() if not n.startswith("enc.")]
    body = [p for n, p in network.named_parameters() if n.startswith("enc.") and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": heads, "lr": rate * HEADS_FASTER}], weight_decay=0.01
    )
    steps = epochs * -(-len(taught) // BATCH) + 1
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [rate, rate * HEADS_FASTER], total_steps=steps, pct_start=WARM_UP, anneal_strategy="linear"
    )
    for epoch in range(epochs):
        network.train()
        start, whole = time.monotonic(), 0.0
        for batch in _batches(taught, chance):
            lost = torch.stack([loss(s, d) for s, d in zip(network(batch), batch, strict=True)]).mean()
            optimizer.zero_grad()
            lost.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
            optimizer.step()
            schedule.step()
            whole += float(lost.detach()) * len(batch)
        print(f"epoch {epoch}: loss {whole / len(taught):.3f}, {time.monotonic() - start:.0f} s", flush=True)
    network.eval()


def remember(network: Network, documents: Sequence[Taught]) -> None:
    """Keep with each document what the frozen layers make of it: they are run once, not every epoch."""
    with torch.no_grad():
        for document in documents:
            document.low = network.enc.low(torch.tensor([document.ids]), None)[0].half()


def _batches(taught: Sequence[Taught], chance: random.Random) -> list[list[Taught]]:
    order = sorted(taught, key=lambda d: len(d.ids) + chance.random() * JITTER)
    batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    chance.shuffle(batches)
    return batches


def loss(said: Said, document: Taught) -> torch.Tensor:
    """How wrong the network is about one document."""
    t = document.targets
    lost = NEWS * F.binary_cross_entropy_with_logits(said.news, torch.tensor(t.news), reduction="sum")
    for logits, wanted, weight in (
        (said.leaving, t.leaving, 1.0),
        (said.leaving_status, t.leaving_status, FIELD),
        (said.cutting, t.cutting, 1.0),
        (said.cutting_status, t.cutting_status, FIELD),
    ):
        if any(w != UNTOLD for w in wanted):
            target = torch.tensor(wanted)
            lost = lost + weight * F.cross_entropy(logits, target, reduction="sum", ignore_index=UNTOLD)
    for name, manners in enumerate(t.manners):
        if manners:
            wanted_manners = torch.tensor(manners)
            lost = lost + MANNER * F.binary_cross_entropy_with_logits(
                said.manners[name], wanted_manners, reduction="sum"
            )
    return lost + _of_pairs(said, document) + _of_points(said, document)


def _of_points(said: Said, document: Taught) -> torch.Tensor:
    lost = torch.zeros(())
    for odds, wanted in ((said.posts, document.targets.posts), (said.days, document.targets.days)):
        for row, leaver in enumerate(said.leavers):
            if odds is not None and leaver in wanted:
                target = torch.tensor(wanted[leaver])
                lost = lost + FIELD * F.binary_cross_entropy_with_logits(odds[row], target, reduction="sum")
    return lost


def _of_pairs(said: Said, document: Taught) -> torch.Tensor:
    t, lost = document.targets, torch.zeros(())
    if said.pairs is None or said.heirs is None:
        return lost
    for row, leaver in enumerate(said.leavers):
        if t.company[leaver]:
            odds = said.pairs[row, :, 0]
            lost = lost + torch.logsumexp(odds, 0) - torch.logsumexp(odds[t.company[leaver]], 0)
        for logits, wanted in (
            (said.pairs[row, :, 1], t.destination[leaver]),
            (said.heirs[row], t.successor[leaver]),
        ):
            if wanted is not None:
                target = torch.zeros(len(t.leaving))
                target[wanted] = 1
                lost = lost + FIELD * F.binary_cross_entropy_with_logits(logits, target, reduction="sum")
    return lost


def pack(network: Network, folder: Path) -> None:
    """Write `encoder.onnx` (weights in 8 bits) and `heads.npz` (in 16)."""
    whole = folder / "encoder.whole.onnx"
    ids = torch.randint(4, 9000, (1, 50))
    lengths = {"ids": {1: "tokens"}, "typ": {1: "tokens"}, "states": {1: "tokens"}}
    torch.onnx.export(
        network.enc,
        (ids, torch.zeros_like(ids)),
        str(whole),
        input_names=["ids", "typ"],
        output_names=["states"],
        dynamic_axes=lengths,
        opset_version=OPSET,
        dynamo=False,
    )
    quantize_dynamic(
        str(whole),
        str(folder / "encoder.onnx"),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"MatMulConstBOnly": True},
    )
    whole.unlink()
    heads = {n: p.detach().numpy().astype(np.float16) for n, p in network.named_parameters() if n[:4] != "enc."}
    np.savez_compressed(folder / "heads.npz", **heads)
