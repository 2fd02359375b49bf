"""The quality gate: what is understood and resolved may get better on the labelled corpora, never worse."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from extractors import events
from extractors.evaluation import Scores, evaluate, read_gold
from models.codec import document_of, reading_json
from tests.quality.storylines import in_order, pairs

HERE = Path(__file__).parent
FLOORS: dict[str, dict[str, Any]] = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))


def corpus_hash(folder: Path) -> str:
    """The hash of all labelled documents of a folder, whatever the order in which the disk lists them."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.json"), key=lambda p: p.relative_to(folder).as_posix()):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


@pytest.fixture(scope="module", params=sorted(FLOORS))
def measured(request: pytest.FixtureRequest) -> tuple[str, Scores]:
    """A corpus' name, and how the understanding scores on it."""
    name = str(request.param)
    gold = read_gold(HERE / "corpus" / name)
    readings = events.understand(document_of(document) for document in gold)
    return name, evaluate(gold, [reading_json(reading) for reading in readings], intervals=False)


@pytest.mark.slow
def test_no_measure_falls_below_its_floor(measured: tuple[str, Scores]) -> None:
    name, scores = measured
    counts = scores.counts
    short = {
        f"{measure}.{figure}": round(got, 4)
        for measure, floors in FLOORS[name]["floors"].items()
        for figure, floor in floors.items()
        if (got := getattr(counts[measure], figure)) < floor
    }
    assert not short, f"{short} on {name}; `vigie evaluate tests/quality/corpus/{name}` tells more"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(name for name, pinned in FLOORS.items() if "pairs" in pinned))
@pytest.mark.parametrize("what", ["labelled", "texts"])
def test_no_storyline_falls_apart_or_together(name: str, what: str) -> None:
    count = pairs(in_order(HERE / "corpus" / name / "storylines"), labelled=what == "labelled")
    floors = FLOORS[name]["pairs"][what]
    short = {figure: got for figure, floor in floors.items() if (got := getattr(count, figure)) < floor}
    assert not short, f"{short} of the pairs of {name}, from {what}: {count}"


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_the_corpus_is_the_one_that_the_floors_were_measured_on(name: str) -> None:
    """A label that changes is seen in review: correct it for a reason, then pin the new hash and measure again."""
    folder = HERE / "corpus" / name
    assert len(read_gold(folder)) == FLOORS[name]["documents"]
    assert corpus_hash(folder) == FLOORS[name]["sha256"]
