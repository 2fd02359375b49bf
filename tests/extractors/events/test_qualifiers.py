"""Sentences with the trigger in brackets: how it is meant."""

import re
import tomllib
from importlib import resources
from typing import Any

import pytest

from extractors.events.language import parse
from extractors.events.qualifiers import Qualified, qualify
from models.records import Document

CUES: list[dict[str, Any]] = tomllib.loads(
    (resources.files("extractors") / "lexicons" / "qualifiers.toml").read_text("utf-8")
)["cue"]


def qualified(marked: str) -> Qualified:
    match = re.search(r"\[(.+?)\]", marked)
    assert match
    (parsed,) = parse([Document("d", marked.replace("[", "").replace("]", ""))])
    trigger = parsed.text.char_span(match.start(), match.end() - 2, alignment_mode="expand")
    assert trigger is not None
    return qualify(parsed.sentence_of(trigger), trigger)


@pytest.mark.parametrize("cue", [c for c in CUES if c["family"] != "intention"], ids=lambda c: c["id"])
def test_examples_and_counter_examples_of_the_lexicon(cue: dict[str, Any]) -> None:
    assert cue["family"] in {c.family for c in qualified(cue["example"]).cues}
    assert cue["family"] not in {c.family for c in qualified(cue["counter"]).cues}


@pytest.mark.parametrize(
    ("marked", "status"),
    [
        ("L'éditeur [licencie] 40 personnes.", "confirmed"),
        ("Le PDG va [quitter] ses fonctions.", "confirmed"),
        ("Le groupe compte [supprimer] 300 postes.", "confirmed"),
        ("Selon la direction, 300 postes sont [supprimés].", "confirmed"),
        ("L'éditeur [licencierait] 40 personnes.", "reported"),
        ("Une centaine de personnes auraient été [licenciées].", "reported"),
        ("Il aurait [quitté] l'entreprise.", "reported"),
        ("D'après Bloomberg, l'éditeur [licencie] 40 personnes.", "reported"),
        ("Selon nos informations, elle a [démissionné] lundi.", "reported"),
        ("L'éditeur s'apprêterait à [licencier].", "speculated"),
        ("Le groupe envisage de [supprimer] 300 postes.", "speculated"),
        ("Il pourrait [quitter] ses fonctions.", "speculated"),
        ("Le groupe préparerait le [départ] de 300 personnes.", "speculated"),
    ],
)
def test_status(marked: str, status: str) -> None:
    found = qualified(marked)
    assert (found.status, found.asserted) == (status, True)


@pytest.mark.parametrize(
    "marked",
    [
        "Le groupe ne compte pas [licencier].",
        "Non, le groupe ne s'apprête pas à [licencier] 3 000 salariés.",
        "Le patron n'a pas l'intention de [démissionner].",
        "Il dément avoir [démissionné].",
        "Il n'y aura aucun [licenciement].",
        "Le groupe assure qu'il ne [supprimera] jamais d'emplois.",
        "Elle a refusé de [démissionner].",
    ],
)
def test_denied(marked: str) -> None:
    assert qualified(marked).denied


@pytest.mark.parametrize(
    "marked",
    [
        "L'éditeur ne [licencie] que 20 personnes.",
        "Le PDG, qui n'a pas répondu à nos questions, [quitte] le groupe.",
        "Sans surprise, le groupe [supprime] 300 postes.",
        "Il n'a pas dit pourquoi il [quittait] le groupe.",
    ],
)
def test_not_denied(marked: str) -> None:
    assert not qualified(marked).denied


@pytest.mark.parametrize(
    "marked",
    [
        "Si elle [démissionnait], ce serait une surprise.",
        "Les salariés réclament la [démission] du PDG.",
        "Les syndicats craignent des [licenciements].",
        "En cas de [licenciement], le salarié touche une indemnité.",
    ],
)
def test_hypothetical(marked: str) -> None:
    assert qualified(marked).hypothetical


@pytest.mark.parametrize(
    ("marked", "past"),
    [
        ("Le groupe avait [supprimé] 500 postes en 2019.", True),
        ("Le groupe avait déjà fait part de la [suppression] de 500 postes.", True),
        ("Un an plus tôt, une vague de [licenciements] avait touché le groupe.", True),
        ("Le groupe [supprime] 500 postes.", False),
        ("Le groupe a [supprimé] 500 postes.", False),
    ],
)
def test_past(marked: str, past: bool) -> None:
    assert qualified(marked).past is past


def test_the_organisations_own_word_is_no_report() -> None:
    (parsed,) = parse([Document("d", "Selon Bloomberg, 100 journalistes de Bloomberg sont licenciés.")])
    sentence = parsed.sentences[0]
    trigger = parsed.text[len(parsed.text) - 2]
    assert qualify(sentence, trigger).status == "reported"
    assert qualify(sentence, trigger, own=["Bloomberg"]).status == "confirmed"
