"""Make the encoder and the judge again: `make train`.

    python -m tests.quality.training [encoder|judge|ship]...

`encoder` teaches the network on `TAUGHT`; `judge` teaches the judge on `JUDGED`, which is new to that encoder and
to the rules, and prints what `EXAM` makes of both; `ship` goes on teaching the encoder on `JUDGED` too, and packs
it: the judge's weights stay. Nothing is ever trained on `EXAM`.
"""

import argparse
import json
from pathlib import Path

import torch

from extractors.events.judging import judge_of
from extractors.events.judging.encoder import FOLDER
from tests.quality.training import verdicts
from tests.quality.training.examples import files, load
from tests.quality.training.pretrained import kept, packed, tokenizer_of, weights
from tests.quality.training.teaching import RATE, network_of, pack, teach

CORPUS = Path("tests/quality/corpus")
TAUGHT, JUDGED, EXAM = ("open", "own", "taught", "held_out"), ("judged",), ("fresh",)
PIECES = 16_000
EPOCHS, MORE = 6, 2
GENTLY = 0.3  # of the rate, where a taught network is shown more
STATE = Path(".training/encoder.pt")


def main() -> None:
    """Run the steps asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", nargs="+", choices=["encoder", "judge", "ship"])
    parser.add_argument("--out", type=Path, default=Path(str(FOLDER)), help="folder of what is packed")
    given = parser.parse_args()
    for step in given.steps:
        {"encoder": encoder, "judge": judge, "ship": ship}[step](given.out)


def encoder(out: Path) -> None:
    """Teach and pack an encoder, and keep its state for `ship`."""
    model = packed()
    texts = [f"{gold['title'] or ''}\n{gold['text']}" for folder, _, gold in files(CORPUS) if folder in TAUGHT]
    pieces = kept(model, texts, PIECES)
    tokenizer = tokenizer_of([model.pieces[i] for i in pieces])
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    taught = load(CORPUS, tokenizer, TAUGHT)
    print(f"{len(taught)} documents of {', '.join(TAUGHT)}; {len(pieces)} word pieces", flush=True)
    network = network_of(weights(model, pieces))
    teach(network, taught, EPOCHS)
    STATE.parent.mkdir(exist_ok=True)
    torch.save({"network": network.state_dict(), "pieces": pieces}, STATE)
    pack(network, out)


def judge(out: Path) -> None:
    """Teach the judge on documents that are new to the encoder, and print what unseen ones make of both."""
    learned = verdicts.teach(verdicts.load(CORPUS, JUDGED))
    (out / "verdicts.json").write_text(
        json.dumps(learned, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    unseen = verdicts.load(CORPUS, EXAM)
    print("rules alone  ", verdicts.figures(unseen, None))
    print("with encoder ", verdicts.figures(unseen, judge_of(learned)))


def ship(out: Path) -> None:
    """Go on teaching with the judge's documents, and pack."""
    model, state = packed(), torch.load(STATE)
    tokenizer = tokenizer_of([model.pieces[i] for i in state["pieces"]])
    network = network_of(weights(model, state["pieces"]))
    network.load_state_dict(state["network"])
    teach(network, load(CORPUS, tokenizer, (*TAUGHT, *JUDGED)), MORE, RATE * GENTLY)
    pack(network, out)


if __name__ == "__main__":
    main()
