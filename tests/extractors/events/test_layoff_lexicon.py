"""Every trigger of lexicons/layoffs.toml matches its examples and none of its counter-examples."""

import pytest

from extractors.events.cuts import Entry, lexicon, masked
from extractors.events.numbers import quantities

TRIGGERS = lexicon().triggers


def matches(entry: Entry, sentence: str) -> bool:
    return bool(entry.regex.search(masked(sentence, quantities(sentence))))


@pytest.mark.parametrize("entry", TRIGGERS, ids=lambda e: e.id)
def test_examples(entry: Entry) -> None:
    assert entry.examples
    assert [s for s in entry.examples if not matches(entry, s)] == []


@pytest.mark.parametrize("entry", TRIGGERS, ids=lambda e: e.id)
def test_counter_examples(entry: Entry) -> None:
    assert entry.counters
    assert [s for s in entry.counters if matches(entry, s)] == []


def test_ids_are_unique() -> None:
    assert len({t.id for t in TRIGGERS}) == len(TRIGGERS)
