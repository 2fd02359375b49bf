"""The project's own labelled corpus follows the schema (docs/schema.md), vocabulary and all."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from models.codec import DEPARTURE, LAYOFF, document_of
from models.dates import PartialDate
from models.vocabulary import Kind, Manner, Qualifier, RoleCode, Salience, Status

CORPUS = Path(__file__).parent / "corpus"
WRITTEN = ("own", "taught", "judged", "later", "weighed", "fresh", "exam", "sealed")
"""The folders that were written for this project in its own format."""
BOTH = {"kind", "salience", "company", "date", "status"}
SINGLE = {"status": Status, "headcount_qualifier": Qualifier, "salience": Salience, "kind": Kind}
MANY = {"role_codes": RoleCode, "manner": Manner}
NAMES = ("company", "person", "destination", "successor")
QUOTES = ("reason", "unit", "place")


def options(value: Any) -> list[Any]:
    """A labelled field as the list of its acceptable values."""
    return value if isinstance(value, list) else [value]


def load(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def events(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [*data["events"], *data["optional_events"]]


def wrong(data: dict[str, Any]) -> list[str]:
    """What is against the schema in one labelled document."""
    found = []
    sure = {options(e["kind"])[0] for e in data["events"] if options(e["salience"]) == ["main"]}
    if not sure <= set(data["labels"]):
        found.append(f"labels {data['labels']}")
    if not 40 <= len(data["text"]) <= 2400:
        found.append(f"{len(data['text'])} characters")
    words = f"{data['title'] or ''} {data['text']}"
    for event in data["events"]:
        expected = BOTH | set(DEPARTURE if event["kind"] == "departure" else LAYOFF)
        found += [f"fields {fields ^ expected}"] if (fields := set(event) - {"event_id"}) != expected else []
        found += [f"no {name}" for name in ("company", "manner") if name in event and not event[name]]
    for event in events(data):
        found += [*unknown(event), *unquoted(event, folded(words))]
    return found


def unknown(event: dict[str, Any]) -> list[str]:
    """Values outside the vocabulary."""
    found = []
    for name, words in (SINGLE | MANY).items():
        allowed = {word.value for word in words} | {None}
        found += [f"{name}: {v}" for value in options(event.get(name)) for v in options(value) if v not in allowed]
    for value in options(event.get("date")):
        try:
            PartialDate(value or "2000")
        except ValueError:
            found.append(f"date: {value}")
    for name in ("headcount", "percent"):
        found += [f"{name}: {v}" for v in options(event.get(name)) if v is not None and not v > 0]
    return found


def unquoted(event: dict[str, Any], words: str) -> list[str]:
    """Names and phrases none of whose forms stands in the document."""
    found = []
    for name in (*NAMES, *QUOTES):
        told = [value for value in options(event.get(name)) if value]
        if told and not any(folded(value) in words for value in told):
            found.append(f"{name}: {told}")
    return found


def folded(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


@pytest.mark.parametrize("folder", WRITTEN)
def test_documents_follow_the_schema(folder: str) -> None:
    paths = sorted(p for p in (CORPUS / folder).rglob("*.json") if p.name != "storyline.json")
    assert paths
    bad = {path.stem: faults for path in paths if (faults := wrong(load(path)))}
    assert not bad
    assert all(document_of(load(path)).id == path.stem for path in paths)


@pytest.mark.parametrize("folder", ["own", "judged", "fresh"])
def test_a_corpus_is_mixed(folder: str) -> None:
    """A quarter departures, a fifth layoffs, some of neither: a corpus of one kind measures nothing."""
    paths = sorted((CORPUS / folder).glob("*.json"))
    labels = Counter(label for path in paths for label in load(path)["labels"] or ["none"])
    share = {name: count / len(paths) for name, count in labels.items()}
    assert share["departure"] >= 0.25
    assert share["layoff"] >= 0.2
    assert share["none"] >= 0.15
