"""Numbers in French text."""

import pytest

from extractors.events.numbers import number_of, quantities
from models.vocabulary import Qualifier

EXACT, ABOUT, AT_LEAST, UP_TO = Qualifier.EXACT, Qualifier.ABOUT, Qualifier.AT_LEAST, Qualifier.UP_TO


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("700", 700),
        ("10 000", 10_000),
        ("8.500", 8_500),
        ("14'000", 14_000),
        ("12\u202f400", 12_400),
        ("2,5 millions", 2_500_000),
        ("2,4K", 2_400),
        ("trois cents", 300),
        ("deux mille cinq cents", 2_500),
        ("quatre-vingt-dix-sept", 97),
        ("vingt et un", 21),
        ("soixante-quinze", 75),
        ("mille deux cents", 1_200),
        ("beaucoup", None),
        ("9" * 400, None),
        ("9" * 400 + " millions", None),
    ],
)
def test_number_of(words: str, value: float | None) -> None:
    assert number_of(words) == value


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("supprime 320 postes", 320, EXACT),
        ("près de 320 postes", 320, ABOUT),
        ("quelque 1 200 personnes", 1_200, ABOUT),
        ("environ un millier d'emplois", 1_000, ABOUT),
        ("une soixantaine de salariés", 60, ABOUT),
        ("plus d'une centaine de salariés", 100, AT_LEAST),
        ("au moins trois cents personnes", 300, AT_LEAST),
        ("pas moins de 4.000 postes", 4_000, AT_LEAST),
        ("jusqu'à 150 départs", 150, UP_TO),
        ("150 départs au maximum", 150, UP_TO),
        ("80 postes environ", 80, ABOUT),
        ("un peu plus de 80 postes", 80, ABOUT),
        ("entre 200 et 300 postes", 300, ABOUT),
        ("de 25 à 40 emplois", 40, ABOUT),
        ("140 à 170 postes", 170, ABOUT),
        ("des centaines de postes", None, EXACT),
        ("plusieurs milliers de postes", None, EXACT),
    ],
)
def test_counts(text: str, value: float | None, qualifier: Qualifier) -> None:
    first, *rest = quantities(text)
    assert (first.kind, first.value, first.qualifier, rest) == ("count", value, qualifier, [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("13 % des effectifs", 13),
        ("2,5% du personnel", 2.5),
        ("9 pour cent des salariés", 9),
        ("un salarié sur dix", 10),
        ("deux emplois sur cinq", 40),
        ("la moitié des effectifs", 50),
        ("un tiers de l'équipe", 33.3),
        ("les trois quarts du personnel", 75),
        ("entre 10 et 15 % des postes", 15),
        ("10 à 15 % des postes", 15),
        ("ses équipes, divisées par deux", 50),
    ],
)
def test_shares(text: str, value: float) -> None:
    first, *rest = quantities(text)
    assert (first.kind, first.value, rest) == ("percent", value, [])


def test_a_count_and_its_base_are_two_counts() -> None:
    assert [q.value for q in quantities("93 des 715 salariés partent, 63 sur 200 en France")] == [93, 715, 63, 200]


def test_the_next_figure_keeps_its_own_qualifier() -> None:
    first, second = quantities("300 personnes, environ 10 % des effectifs")
    assert (first.qualifier, second.qualifier) == (EXACT, ABOUT)


def test_offsets_bound_the_number_and_its_cue() -> None:
    text = "Le groupe supprime plus de 1 200 postes"
    (found,) = quantities(text)
    assert text[found.start : found.end] == "1 200"
    assert text[found.cue_start : found.cue_end] == "plus de 1 200"
