"""The furniture's rules, and what they leave standing."""

import pytest

from extractors import furniture

RULE = '[[line]]\nid = "a"\npattern = "x+"\nreason = "r"\nexample = "xx"\ncounter_example = "y"\n'


def test_every_rule_of_the_lexicon_holds_its_example() -> None:
    kinds = {rule.kind for rule in furniture.rules()}
    assert kinds == set(furniture.KINDS)
    assert all(len(rule.reason) > 10 for rule in furniture.rules())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"xx"', '"z"'), "example"),
        (('"y"', '"x"'), "counter-example"),
        (("[[line]]", "[[wall]]"), "unknown kinds"),
        (("reason", "raison"), "wrong keys"),
    ],
)
def test_a_wrong_rule_is_refused_on_loading(change: tuple[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        furniture.parse_rules(RULE.replace(*change))


def test_an_id_stands_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        furniture.parse_rules(RULE + RULE)


@pytest.mark.parametrize(
    "line",
    [
        "Par ailleurs, le directeur financier quitte le groupe.",
        "Publié mardi, le rapport a coûté sa place au directeur de la recherche.",
        "Lire aussi le rapport, c'est comprendre pourquoi elle est partie.",
        "« Partager le pouvoir, je ne sais pas faire », a-t-il dit.",
        "Les commentaires du PDG ont fait bondir les salariés.",
        "Source : le groupe a confirmé la suppression de 120 postes à Lille, effective au printemps prochain.",
        "En bref, le groupe supprime 200 postes.",
        "La newsletter de l'entreprise annonce le départ de son fondateur.",
    ],
)
def test_sentences_of_the_story_stay(line: str) -> None:
    text = "\n".join(["Une phrase qui ouvre l'article.", line, "Une autre, puis une dernière."])
    assert furniture.cut(text) == text


def test_headlines_under_a_heading_go_and_the_story_goes_on() -> None:
    others = "Sur le même sujet\nLe patron de Nimbus s'en va\nVega licencie"
    text = f"Début.\n{others}\nLa suite de l'article, avec un point.\nFin."
    assert furniture.cut(text) == "Début.\nLa suite de l'article, avec un point.\nFin."


def test_comments_end_the_text_only_in_its_second_half() -> None:
    assert furniture.cut("Un.\nDeux.\nTrois.\n12 commentaires\ntoto : il va partir.") == "Un.\nDeux.\nTrois."
    assert furniture.cut("12 commentaires\nUn.\nDeux.\nTrois.").endswith("Un.\nDeux.\nTrois.")


def test_the_repeated_title_goes() -> None:
    assert furniture.cut("Un titre\nLe texte.", "Un titre") == "Le texte."
