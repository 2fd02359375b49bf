"""Make the encoder and the judge again: `make train`.

    python -m tests.quality.training [first|second|third|figures|judge]...

The network is taught in lessons, each on more documents than the one before (`LESSONS`); `figures` adds what
figures tell to the packed heads, on the states that the packed encoder gives; `judge` teaches the
judge on `JUDGED`, which is new to the encoder and to the rules, and prints what `EXAM` makes of both. Nothing is
ever trained on `EXAM`.
"""

import argparse
import json
from pathlib import Path

import torch

from extractors.events.judging import judge_of
from extractors.events.judging.encoder import FOLDER
from tests.quality.training import figures, verdicts
from tests.quality.training.examples import files, load
from tests.quality.training.network import Network
from tests.quality.training.pretrained import kept, packed, tokenizer_of, weights
from tests.quality.training.teaching import RATE, network_of, pack, teach

CORPUS = Path("tests/quality/corpus")
FIRST = ("open", "own", "taught", "held_out")
TAUGHT, JUDGED, EXAM = (*FIRST, "judged", "later"), ("weighed",), ("fresh", "exam")
PIECES = 16_000
LESSONS = {  # parts of the corpus, how often they are shown, at which rate
    "first": (FIRST, 6, RATE),
    "second": ((*FIRST, "judged"), 2, RATE),
    "third": (TAUGHT, 3, RATE),
}
STATES = Path(".training")


def main() -> None:
    """Run the steps asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", nargs="+", choices=list(STEPS))
    parser.add_argument("--out", type=Path, default=Path(str(FOLDER)), help="folder of what is packed")
    given = parser.parse_args()
    for step in given.steps:
        STEPS[step](given.out)


def first(out: Path) -> None:
    """Choose the word pieces, and teach the first lesson."""
    model = packed()
    texts = [f"{gold['title'] or ''}\n{gold['text']}" for folder, _, gold in files(CORPUS) if folder in FIRST]
    pieces = kept(model, texts, PIECES)
    tokenizer_of([model.pieces[i] for i in pieces]).save(str(out / "tokenizer.json"), pretty=False)
    _teach("first", network_of(weights(model, pieces)), pieces)


def second(out: Path) -> None:
    """Go on with more documents."""
    del out
    _teach("second", *_kept("first"))


def third(out: Path) -> None:
    """Go on with all but the judge's, and pack: the judge is taught beside this encoder."""
    pack(_teach("third", *_kept("second")), out)


def figure(out: Path) -> None:
    """Teach what figures tell, on the states of the packed encoder, and print what unseen ones make of it."""
    layers = figures.teach(figures.load(CORPUS, TAUGHT))
    for part in (JUDGED, EXAM):
        print(*part, figures.told(figures.load(CORPUS, part), layers))
    figures.pack(layers, out)


def judge(out: Path) -> None:
    """Teach the judge on documents that are new to the encoder, and print what unseen ones make of both."""
    learned = verdicts.teach(verdicts.load(CORPUS, JUDGED))
    (out / "verdicts.json").write_text(
        json.dumps(learned, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    unseen = verdicts.load(CORPUS, EXAM)
    print("rules alone  ", verdicts.figures(unseen, None))
    print("with encoder ", verdicts.figures(unseen, judge_of(learned)))


def _teach(lesson: str, network: Network, pieces: list[int]) -> Network:
    """The network after a lesson; its state is kept for the next one."""
    parts, epochs, rate = LESSONS[lesson]
    vocabulary = packed().pieces
    tokenizer = tokenizer_of([vocabulary[i] for i in pieces])
    teach(network, load(CORPUS, tokenizer, parts), epochs, rate)
    STATES.mkdir(exist_ok=True)
    torch.save({"network": network.state_dict(), "pieces": pieces}, STATES / f"{lesson}.pt")
    return network


def _kept(lesson: str) -> tuple[Network, list[int]]:
    state = torch.load(STATES / f"{lesson}.pt")
    network = network_of(weights(packed(), state["pieces"]))
    network.load_state_dict(state["network"])
    return network, state["pieces"]


STEPS = {"first": first, "second": second, "third": third, "figures": figure, "judge": judge}


if __name__ == "__main__":
    main()
