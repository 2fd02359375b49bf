"""Every entry of the lexicons is proved by its own sentences, against the engine that runs it."""

import re

import pytest

from extractors.events.departures import departures
from extractors.events.departures_find import Telling, tellings
from extractors.events.gazetteer import load
from extractors.events.language import Parsed, parse
from extractors.events.lexicon import Entry, entries, entries_of, find
from extractors.events.names import names
from extractors.events.people import People
from extractors.events.roles import roles
from models.records import Document

LEXICON = entries("departures", "departure")
EXAMPLES = [pytest.param(e, s, id=f"{e.id}-{i}") for e in LEXICON for i, s in enumerate(e.examples)]
COUNTERS = [pytest.param(e, s, id=f"{e.id}-{i}") for e in LEXICON for i, s in enumerate(e.counters)]
SUCCESSORS = load("succession")["successor"]


def people_of(sentence: str) -> People:
    parsed = next(iter(parse([Document("d", sentence)])))
    return people_in(parsed)


def people_in(parsed: Parsed) -> People:
    found = names(parsed)
    return People(parsed, found, roles(parsed, found))


def bracketed(sentence: str) -> tuple[str, set[str]]:
    return re.sub(r"[\[\]]", "", sentence), set(re.findall(r"\[([^\]]+)\]", sentence))


def told(people: People) -> list[Telling]:
    return [t for t in tellings(people) if t.qualified.asserted]


def test_ids_are_unique_and_every_entry_says_why_and_proves_itself() -> None:
    assert len({e.id for e in LEXICON}) == len(LEXICON)
    for entry in LEXICON:
        assert entry.why
        assert entry.examples
        assert entry.counters


@pytest.mark.parametrize(("entry", "sentence"), EXAMPLES)
def test_example_is_caught(entry: Entry, sentence: str) -> None:
    text, expected = bracketed(sentence)
    people = people_of(text)
    assert {people.by_key[t.person].full for t in told(people)} == expected
    assert list(find(text.replace("’", "'"), 0, len(text), (entry,))), "the entry itself matches"


@pytest.mark.parametrize(("entry", "sentence"), COUNTERS)
def test_counter_example_is_not(entry: Entry, sentence: str) -> None:
    mentions = departures(people_of(sentence)).mentions
    assert [m.person for m in mentions if not m.denied and m.evidence["trigger"].rule == entry.id] == []


@pytest.mark.parametrize("item", SUCCESSORS, ids=[s["id"] for s in SUCCESSORS])
def test_successor_idiom(item: dict[str, str]) -> None:
    text, expected = bracketed(item["example"])
    found = departures(people_of(text)).mentions
    assert {m.successor for m in found if m.person == "Claire Duval"} == expected
    counter = departures(people_of(item["counter"])).mentions
    assert {m.successor for m in counter if m.person == "Claire Duval"} == {None}


def test_an_idiom_is_one_entry_of_toml() -> None:
    new = {
        "departure": [
            {
                "id": "larguer-les-amarres",
                "why": "idiom",
                "pattern": "{larguer} les amarres",
                "manner": "voluntary",
                "examples": ["[Claire Duval] largue les amarres."],
                "counters": ["Nuvéo largue les amarres."],
            }
        ]
    }
    (entry,) = entries_of(new, "departure")
    text = "Claire Duval a finalement largué les amarres."
    (match,) = find(text, 0, len(text), (entry,))
    assert text[match.head[0] : match.head[1]] == "largué"


def test_a_malformed_entry_names_itself() -> None:
    with pytest.raises(ValueError, match="cassé"):
        entries_of({"departure": [{"id": "cassé", "pattern": "{quitter} ("}]}, "departure")
