"""Names are cut out whole, whatever they are made of."""

import pytest

from extractors.events.language import parse
from extractors.events.names import names
from models.records import Document


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("La présidente, Fatoumata N’Diaye, a annoncé son départ.", "Fatoumata N'Diaye"),
        ("Depuis le retrait de Youssef M'Barek, l'opérateur cherche un patron.", "Youssef M'Barek"),
        ("Hier, Marco D'Amico a quitté Criteo.", "Marco D'Amico"),
        ("Chris O'Neill quitte Evernote.", "Chris O'Neill"),
        ("M. N'Diaye a démissionné.", "N'Diaye"),
        ("D'Apple à Google, les patrons valsent.", "Apple"),
        ("Chez L'Usine Digitale, on s'inquiète.", "Usine Digitale"),
        ("Selon L'Obs, J'Accuse ferme.", "J'Accuse"),
    ],
)
def test_a_capital_before_an_apostrophe_is_of_the_name_or_an_elision(sentence: str, name: str) -> None:
    (parsed,) = parse([Document("d", sentence)])
    found = names(parsed)
    assert name in [n.text for n in (*found.all, *found.doubtful)]
