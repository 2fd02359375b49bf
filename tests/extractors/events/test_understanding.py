"""The door of the understanding: the gate, the order, the offsets, the steps."""

import subprocess
import sys

import pytest

from extractors.events import VERSION, understand
from extractors.events.gate import cue
from extractors.events.language import parse
from extractors.events.names import NameKind, names
from extractors.events.roles import codes_of, roles
from extractors.events.verbs import forms
from models.records import Document
from models.vocabulary import Kind, RoleCode

STORY = Document("a", "Anne Roy, PDG de Nordalia, démissionne.", "Nordalia perd sa PDG")
OTHER = Document("b", "Le bracelet de Velkor est bleu. Elle coûte cent euros.", "Un bracelet bleu")


def test_labels_and_order() -> None:
    first, second, third = understand([STORY, OTHER, STORY])
    assert (first.document, first.labels) == ("a", frozenset({Kind.DEPARTURE}))
    assert (second.document, second.labels, second.mentions) == ("b", frozenset(), ())
    assert third.mentions == first.mentions
    assert VERSION


def test_same_reading_in_any_company() -> None:
    (alone,) = understand([STORY])
    together = [r for r in understand([OTHER, STORY] * 20) if r.document == "a"]
    assert all(r == alone for r in together)


def test_the_gate_keeps_the_model_asleep() -> None:
    assert cue(OTHER) is None
    code = (
        "import sys; from extractors.events import understand; from models.records import Document;"
        "list(understand([Document('b', 'Le bracelet est bleu.')])); sys.exit('spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("word", ["démissionne", "limogé", "départ", "licencie", "succède à Anne", "la mort"])
def test_the_gate_opens(word: str) -> None:
    assert cue(Document("c", f"Hier, chez Claire Duval, {word}, dit-on.")) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Le siège est vacant depuis que Claire Duval l'a laissé.",
        "Claire Duval n'en a plus les clés : depuis lundi, la directrice n'a plus de badge.",
        "Marc Petit prend les commandes. Son prédécesseur reste muet.",
        "L'opérateur veut se passer de 1.900 emplois.",
    ],
)
def test_a_change_of_hands_opens_where_somebody_is_told(text: str) -> None:
    assert cue(Document("c", text)) is not None


@pytest.mark.parametrize("text", ["Le siège est vacant.", "Ce modèle n'a plus de badge sur la calandre."])
def test_a_change_of_hands_alone_opens_nothing(text: str) -> None:
    assert cue(Document("c", text)) is None


@pytest.mark.parametrize(
    "text", ["Vous pouvez tirer parti de ce mode.", "La mort du pilote 3D.", "Le cache remplace le disque."]
)
def test_a_wide_word_alone_opens_nothing(text: str) -> None:
    assert cue(Document("c", text)) is None


def test_steps_tell_what_was_decided() -> None:
    (reading,) = understand([STORY])
    assert reading.steps[0].stage == "gate"
    assert any(s.stage == "departures" and s.quote for s in reading.steps)


def test_sentences_keep_their_places() -> None:
    text = "M. Roy part. « Tout va bien ! », dit-il.\n\nUn titre sans point\nLa suite\u00a0: voilà."
    parsed = next(iter(parse([Document("d", text, "Le titre. Sa suite")])))
    told = [parsed.raw(s.where)[s.start : s.end] for s in parsed.sentences]
    assert told == [
        "Le titre.",
        "Sa suite",
        "M. Roy part.",
        "« Tout va bien ! », dit-il.",
        "Un titre sans point",
        "La suite\u00a0: voilà.",
    ]
    assert parsed.quoted("text", text.index("va bien"))


@pytest.mark.parametrize(
    ("verb", "form", "tense"),
    [
        ("quitter", "quittera", "fut"),
        ("jeter", "jette", "pres"),
        ("céder", "cède", "pres"),
        ("limoger", "limogeait", "impf"),
        ("partir", "partie", "part"),
        ("démettre", "démise", "part"),
        ("prendre", "prirent", "past"),
        ("s'éteindre".removeprefix("s'"), "éteinte", "part"),
        ("devoir", "devrait", "cond"),
        ("reconduire", "reconduit", "part"),
    ],
)
def test_conjugation(verb: str, form: str, tense: str) -> None:
    assert tense in forms(verb)[form]


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("directrice générale", RoleCode.CEO),
        ("P-DG", RoleCode.CEO),
        ("directeur général adjoint", RoleCode.COO),
        ("numéro deux", RoleCode.COO),
        ("directrice financière", RoleCode.CFO),
        ("chief technology officer", RoleCode.CTO),
        ("DRH", RoleCode.CHRO),
        ("RSSI", RoleCode.CISO),
        ("directeur juridique", RoleCode.CLO),
        ("directrice de la communication", RoleCode.CCO),
        ("scientifique en chef", RoleCode.CSO),
        ("cofondatrice", RoleCode.FOUNDER),
        ("président du conseil", RoleCode.CHAIR),
        ("administratrice", RoleCode.BOARD),
        ("directeur général France", RoleCode.COUNTRY),
        ("vice-présidente", RoleCode.VP),
        ("chercheuse", RoleCode.RESEARCH),
        ("rédactrice en chef", RoleCode.EDITOR),
        ("secrétaire d'État", RoleCode.PUBLIC),
        ("responsable de la cybersécurité", RoleCode.HEAD),
    ],
)
def test_role_codes(role: str, code: RoleCode) -> None:
    assert code in codes_of(role)


def test_deputy_is_no_chief() -> None:
    assert RoleCode.CEO not in codes_of("directeur général adjoint")
    assert RoleCode.CHAIR not in codes_of("vice-président")


def test_names_and_roles() -> None:
    text = (
        "Le PDG d'Atos, Elie Girard, et Anne Roy (directrice technique) ont parlé au Monde. "
        "Girard a cité xAI, selon Le Figaro. Mme Roy est à Paris."
    )
    parsed = next(iter(parse([Document("d", text)])))
    found = names(parsed)
    kinds = {n.text: n.kind for n in found.all}
    assert kinds["Atos"] is NameKind.ORGANISATION
    assert kinds["xAI"] is NameKind.ORGANISATION
    assert kinds["Le Figaro"] is NameKind.OUTLET
    assert kinds["Paris"] is NameKind.PLACE
    assert {n.full for n in found.persons} == {"Elie Girard", "Anne Roy"}
    held = {(r.text, r.person) for r in roles(parsed, found)}
    assert {("PDG", "elie girard"), ("directrice technique", "anne roy")} <= held


@pytest.mark.parametrize("brand", ["23andMe", "3Suisses", "xAI", "eBay"])
def test_a_brand_is_a_name_whatever_it_begins_with(brand: str) -> None:
    parsed = next(iter(parse([Document("n", f"{brand} perd sa patronne. La chute de {brand}.")])))
    assert [n.text for n in names(parsed).all] == [brand, brand]
