"""The second reading weighs what the rules found; it changes saliences, drops mistakes, and proves what it did."""

import dataclasses

import pytest

from extractors.events.judging import bundled
from extractors.events.judging.judge import BACKGROUND, MAIN, WRONG, Judge, Linear
from extractors.events.judging.ngrams import ngrams, weighted
from extractors.events.judging.signs import signs
from models.dates import PartialDate
from models.records import Document, Evidence, Mention
from models.vocabulary import Kind, Salience

TEXT = "Claire Duval quitte Nuvéo. En 2015, Marc Petit avait quitté Orbio."
DOCUMENT = Document("d", TEXT, title="Claire Duval s'en va", published=PartialDate("2025-03-04"))


def mention(person: str, company: str, trigger: str, salience: Salience = Salience.MAIN) -> Mention:
    start = TEXT.index(trigger)
    proof = Evidence("text", start, start + len(trigger), trigger, "quitter")
    return Mention(Kind.DEPARTURE, salience, company=company, person=person, evidence={"trigger": proof})


NEW = mention("Claire Duval", "Nuvéo", "quitte")
OLD = dataclasses.replace(mention("Marc Petit", "Orbio", "avait quitté"), date=PartialDate("2015"))


def judge(**verdicts: Linear) -> Judge:
    """A judge that looks at the given signs only."""
    flat = Linear(0.0, {})
    prior = dict.fromkeys(Kind, flat)
    return Judge({}, prior, {name: verdicts.get(name, flat) for name in (WRONG, BACKGROUND, MAIN)})


def test_an_old_date_makes_background() -> None:
    strict = judge(background=Linear(-3, {"age:old": 9.0}), wrong=Linear(-9, {}))
    mentions, steps = strict.judge(DOCUMENT, [NEW, OLD])
    assert [m.salience for m in mentions] == [Salience.MAIN, Salience.BACKGROUND]
    assert [s.quote for s in steps] == ["avait quitté"]
    assert "Marc Petit" in steps[0].verdict


def test_a_likely_mistake_is_dropped_and_told() -> None:
    wary = judge(wrong=Linear(0, {"L:quitte": 9.0}), main=Linear(1, {}))
    stray = mention("Marc Petit", "Orbio", "avait quitté")
    mentions, steps = wary.judge(DOCUMENT, [NEW, dataclasses.replace(stray, person="Duval")])
    assert len(mentions) + sum("écarté" in s.verdict for s in steps) == 2


def test_what_is_denied_is_left_alone() -> None:
    denied = dataclasses.replace(NEW, denied=True)
    assert judge(wrong=Linear(99, {})).judge(DOCUMENT, [denied]) == ((denied,), ())


def test_signs_say_where_and_when() -> None:
    first, second = signs(DOCUMENT, [NEW, OLD], dict.fromkeys(Kind, 0.0))
    assert first["named in title:departure"] == 1.0
    assert second["named in title:departure"] == 0.0
    assert second["age:old"] == 1.0
    assert second["position"] > first["position"]


@pytest.mark.parametrize(("one", "other"), [("Démission", "demission"), ("PDG ", "pdg")])
def test_words_are_read_without_accents_or_capitals(one: str, other: str) -> None:
    assert ngrams(Document("a", one)) == ngrams(Document("b", other))


def test_a_document_without_known_words_has_no_features() -> None:
    assert weighted(DOCUMENT, {}) == {}


def test_the_bundled_judge_tells_news_from_a_product() -> None:
    news = bundled().news(Document("n", "Le PDG de Nuvéo démissionne et quitte l'entreprise.", title="Démission"))
    other = bundled().news(Document("o", "Ce casque sans fil est en promotion cette semaine.", title="Bon plan"))
    assert news[Kind.DEPARTURE] > 0 > other[Kind.DEPARTURE]


def test_judging_twice_says_the_same() -> None:
    assert bundled().judge(DOCUMENT, [NEW, OLD]) == bundled().judge(DOCUMENT, [NEW, OLD])
