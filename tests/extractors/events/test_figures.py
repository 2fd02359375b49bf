"""Figures that tell cuts: all are asked about, each cut is told once, with its number, its share and its day."""

from dataclasses import replace

import numpy as np
import pytest

from extractors.events.assembly import Draft, drafts, judged
from extractors.events.judging import Judge, Opinion
from extractors.events.judging.amounts import AMOUNT_SIGNS, MAKER_SIGNS, amount_signs, amounts, maker_signs
from extractors.events.judging.candidates import candidates
from extractors.events.judging.figures import NOTHING, Figures
from extractors.events.judging.judge import BACKGROUND, MAIN, WRONG, Linear
from extractors.events.judging.points import Points
from extractors.events.judging.proposals import proposals
from extractors.events.judging.signs import signs
from models.dates import PartialDate
from models.records import Document, Mention
from models.vocabulary import Kind, Qualifier, Salience

TEXT = (
    "Orbio supprime 120 postes à Lyon, soit 8 % de ses effectifs. En mai 2023, le groupe s'était déjà allégé "
    "d'environ 300 personnes. Kalmia, fondée à 14h30 en 2011, compte 45 boutiques."
)
DOCUMENT = Document("d", TEXT, title="Orbio taille 120 postes", published=PartialDate("2025-03-04"))
SURE = Linear(-9.0, {})


@pytest.fixture(scope="module")
def draft() -> Draft:
    (only,) = drafts([DOCUMENT])
    return only


def opinion(draft: Draft, told: dict[str, tuple[str, bool]]) -> Opinion:
    """An opinion in which these figures (their digits) tell cuts of these names, as news or not; no other does."""
    assert draft.people is not None
    found, seen = candidates(draft.people), amounts(draft.people.parsed)
    keys = [c.key for c in found]
    odds = np.tile(np.array([0.98, 0.01, 0.01], dtype=np.float32), (len(seen), 1))
    makers = np.full((len(seen), len(found)), 0.01, dtype=np.float32)
    for k, amount in enumerate(seen):
        for digits, (maker, main) in told.items():
            if f"{amount.quantity.value:g}" == digits:
                odds[k] = [0.02, 0.02, 0.96] if main else [0.02, 0.96, 0.02]
                makers[k, keys.index(maker)] = 0.95
    nothing = np.tile(np.array([0.98, 0.01, 0.01], dtype=np.float32), (len(found), 1))
    return Opinion(
        candidates=found,
        news={Kind.DEPARTURE: -5.0, Kind.LAYOFF: 5.0},
        leaving=nothing,
        leaving_status=nothing,
        manners=np.zeros((len(found), 7), dtype=np.float32),
        cutting=nothing,
        cutting_status=nothing,
        points=Points((), ()),
        figures=Figures(seen, odds, makers),
    )


def read(draft: Draft, seen: Opinion, *, wrong: Linear = SURE, main: Linear | None = None) -> list[Mention]:
    """What a judge tells that looks at the given signs only: the rules' cuts stand, all are news unless told."""
    models = {WRONG: wrong, BACKGROUND: Linear(0.0, {}), MAIN: main or Linear(0.0, {"told main if any": 9.0})}
    judge = Judge(dict.fromkeys(Kind, models), dict.fromkeys(Kind, 0.5), dict.fromkeys(Kind, 0.5))
    return list(judged(draft, judge, seen).mentions)


NEWS = {"120": ("orbio", True), "8": ("orbio", True)}


def test_every_number_of_people_or_share_is_asked_about(draft: Draft) -> None:
    assert draft.people is not None
    seen = amounts(draft.people.parsed)
    assert [a.quantity.value for a in seen] == [120, 120, 8, 300, 45]  # no hour, no year
    assert [a.where for a in seen][:2] == ["title", "text"]
    signs = amount_signs(seen)
    assert {len(row) for row in signs} == {AMOUNT_SIGNS}
    names = candidates(draft.people)
    rows = maker_signs(draft.people, names, seen)
    assert {len(row) for figure in rows for row in figure} == {MAKER_SIGNS}


def test_a_recall_that_no_rule_tells_is_told_with_its_number_and_day(draft: Draft) -> None:
    without = replace(draft, mentions=tuple(m for m in draft.mentions if m.headcount != 300))
    told = read(without, opinion(draft, {**NEWS, "300": ("orbio", False)}))
    (recall,) = [m for m in told if m.salience is Salience.BACKGROUND]
    assert (recall.company, recall.headcount, recall.headcount_qualifier) == ("Orbio", 300, Qualifier.ABOUT)
    assert recall.date == PartialDate("2023-05")
    for name, proof in recall.evidence.items():
        whole = TEXT if proof.where == "text" else DOCUMENT.title
        assert whole is not None
        assert whole[proof.start : proof.end] == proof.quote, name
    assert "allégé" in recall.evidence["trigger"].quote


def test_a_number_of_the_rules_is_no_second_cut(draft: Draft) -> None:
    told = [m for m in read(draft, opinion(draft, NEWS)) if m.headcount == 120]
    assert [(m.company, m.percent) for m in told] == [("Orbio", 8)]


def test_the_same_number_in_title_and_text_is_one_cut(draft: Draft) -> None:
    alone = replace(draft, mentions=())
    (cut,) = read(alone, opinion(draft, NEWS))
    assert (cut.headcount, cut.percent, cut.salience) == (120, 8, Salience.MAIN)
    assert cut.date == DOCUMENT.published


def test_a_share_completes_the_cut_that_rules_told_without(draft: Draft) -> None:
    bare = tuple(replace(m, percent=None) for m in draft.mentions if m.headcount == 120)
    evidence = {name: proof for name, proof in bare[0].evidence.items() if name != "percent"}
    (cut,) = read(replace(draft, mentions=(replace(bare[0], evidence=evidence),)), opinion(draft, NEWS))
    assert (cut.headcount, cut.percent) == (120, 8)
    assert cut.evidence["percent"].quote.startswith("8")


def test_what_the_encoder_takes_for_no_cut_is_none(draft: Draft) -> None:
    alone = replace(draft, mentions=())
    assert read(alone, opinion(draft, {})) == []
    wary = Linear(0.0, {"told": -9.0})
    assert read(draft, opinion(draft, {}), wrong=wary) == []


def test_without_figures_the_signs_say_so(draft: Draft) -> None:
    seen = replace(opinion(draft, {}), figures=NOTHING)
    proposed = proposals(draft.mentions, seen)
    assert proposed
    assert all(signs(DOCUMENT, p, proposed, seen)["no figure"] == 1 for p in proposed)
    told = opinion(draft, NEWS)
    with_figures = proposals(draft.mentions, told)
    assert "no figure" not in signs(DOCUMENT, with_figures[0], with_figures, told)
