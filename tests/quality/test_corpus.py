"""The project's own labelled corpus follows the schema (docs/schema.md), vocabulary and all."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from models.codec import DEPARTURE, LAYOFF, document_of
from models.dates import PartialDate
from models.vocabulary import Kind, Manner, Qualifier, RoleCode, Salience, Status

OWN = Path(__file__).parent / "corpus" / "own"
FILES = sorted(OWN.glob("*.json"))
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


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_document_follows_the_schema(path: Path) -> None:
    data = load(path)
    assert document_of(data).id == path.stem
    assert 40 <= len(data["text"]) <= 1900
    sure = {options(e["kind"])[0] for e in data["events"] if options(e["salience"]) == ["main"]}
    possible = {options(e["kind"])[0] for e in data["events"] if "main" in options(e["salience"])}
    assert sure <= set(data["labels"]) <= possible
    for event in events(data):
        expected = BOTH | set(DEPARTURE if event["kind"] == "departure" else LAYOFF)
        assert set(event) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_values_are_of_the_vocabulary(path: Path) -> None:
    for event in events(load(path)):
        for name, words in (SINGLE | MANY).items():
            for value in options(event.get(name)):
                if value is not None:
                    words(value)
        for value in options(event["date"]):
            if value is not None:
                PartialDate(value)
        for name in ("headcount", "percent"):
            assert all(v is None or (isinstance(v, int | float) and v > 0) for v in options(event.get(name)))
        if any(options(event.get("headcount"))):
            assert any(options(event["headcount_qualifier"]))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_what_is_quoted_is_in_the_document(path: Path) -> None:
    data = load(path)
    words = f"{data['title'] or ''} {data['text']}".casefold()
    for event in events(data):
        for name in (*NAMES, *QUOTES):
            for value in options(event.get(name)):
                assert value is None or value.casefold() in words, (name, value)
        assert event["company"]
        if event["kind"] == "departure":
            assert event["person"]
            assert event["manner"]


def test_the_corpus_is_mixed() -> None:
    """A third departures, a quarter layoffs, the rest neither: a corpus of one kind measures nothing."""
    labels = Counter(label for path in FILES for label in load(path)["labels"] or ["none"])
    share = {name: count / len(FILES) for name, count in labels.items()}
    assert share["departure"] >= 0.25
    assert share["layoff"] >= 0.2
    assert share["none"] >= 0.3
