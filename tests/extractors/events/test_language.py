"""The parse: texts together or alone read the same, and what the models need of memory is bounded."""

import subprocess
import sys
from pathlib import Path

import pytest

from extractors.events import language
from models.records import Document

ROOT = Path(__file__).resolve().parents[3]
STATUS = Path("/proc/self/status")
SENTENCE = "Nuvéo annonce le départ de Claire Duval, sa directrice financière, et supprime 120 postes à Lyon. "
MOST = 400
"""MB. 344 measured; 517 with the words that the model was trained on and six articles in one pass."""
PEAK = f"""
from extractors.events import understand
from models.records import Document
long = {SENTENCE!r} * 50
for _ in understand(Document(id=str(i), text=long) for i in range(6)):
    pass
lines = open("/proc/self/status").read().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


def test_long_texts_are_seen_alone_and_short_ones_together_in_their_order() -> None:
    long, short = "a" * language.AT_ONCE, "b" * 10
    assert list(language._bundles([short, short, long, long, short])) == [[short, short], [long], [long], [short]]


def test_no_text_is_lost_where_there_is_none_or_an_empty_one() -> None:
    assert list(language._bundles([])) == []
    assert list(language._bundles(["", "a", ""])) == [["", "a", ""]]


def test_a_document_reads_the_same_alone_and_beside_others() -> None:
    document = Document(id="1", title="Nuvéo : Claire Duval s’en va", text=SENTENCE * 3)
    others = [Document(id=str(i), text=SENTENCE * 200) for i in range(2, 4)]
    (alone,), (beside, *_) = language.parse([document]), language.parse([document, *others])
    assert _read(alone) == _read(beside)


def _read(parsed: language.Parsed) -> list[list[tuple[str, str, int, str, str]]]:
    return [
        [(t.text, t.dep_, t.head.i, t.ent_type_, str(t.morph)) for t in doc]
        for doc in (parsed.title, parsed.text)
        if doc is not None
    ]


@pytest.mark.skipif(not STATUS.exists(), reason="the peak of memory is read from Linux's /proc")
def test_six_long_articles_and_both_models_need_little_memory() -> None:
    done = subprocess.run([sys.executable, "-c", PEAK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) / 1024 < MOST
