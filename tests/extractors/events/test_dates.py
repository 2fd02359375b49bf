"""French date expressions against the day of publication."""

import pytest

from extractors.events.dates import DateUse, date_expressions
from models.dates import PartialDate

WEDNESDAY = PartialDate("2024-01-17")


@pytest.mark.parametrize(
    ("text", "past", "ahead"),
    [
        ("a annoncé mercredi", "2024-01-17", "2024-01-17"),
        ("mardi soir", "2024-01-16", "2024-01-23"),
        ("lundi dernier", "2024-01-15", "2024-01-15"),
        ("mercredi prochain", "2024-01-24", "2024-01-24"),
        ("ce mercredi 17 janvier", "2024-01-17", "2024-01-17"),
        ("le vendredi 12 janvier", "2024-01-12", "2024-01-12"),
        ("hier", "2024-01-16", "2024-01-16"),
        ("ce matin", "2024-01-17", "2024-01-17"),
        ("le 1er juillet prochain", "2024-07-01", "2024-07-01"),
        ("le 3 mars 2021", "2021-03-03", "2021-03-03"),
        ("le 14 novembre", "2023-11-14", "2023-11-14"),
        ("le 28 décembre 2023", "2023-12-28", "2023-12-28"),
        ("Publié le 03-02-2021", "2021-02-03", "2021-02-03"),
        ("en mars 2024", "2024-03", "2024-03"),
        ("en juillet", "2023-07", "2024-07"),
        ("fin juillet", "2023-07", "2024-07"),
        ("en janvier", "2024-01", "2024-01"),
        ("juin dernier", "2023-06", "2023-06"),
        ("à la mi-décembre", "2023-12", "2024-12"),
        ("le mois dernier", "2023-12", "2023-12"),
        ("le mois prochain", "2024-02", "2024-02"),
        ("à la fin du mois", "2024-01", "2024-01"),
        ("la semaine dernière", "2024-01", "2024-01"),
        ("il y a sept mois", "2023-06", "2023-06"),
        ("il y a deux ans", "2022", "2022"),
        ("il y a trois jours", "2024-01-14", "2024-01-14"),
        ("l'an dernier", "2023", "2023"),
        ("l'été dernier", "2023", "2023"),
        ("au printemps", "2023", "2024"),
        ("au premier trimestre 2023", "2023", "2023"),
        ("en 2022", "2022", "2022"),
        ("cette année", "2024", "2024"),
    ],
)
def test_readings(text: str, past: str, ahead: str) -> None:
    (found,) = date_expressions(text, WEDNESDAY)
    assert (str(found.value), str(found.ahead)) == (past, ahead)


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("depuis avril", DateUse.START),
        ("à compter du 1er février", DateUse.EFFECT),
        ("dès lundi", DateUse.EFFECT),
        ("d'ici à la fin de l'année", DateUse.DEADLINE),
        ("d'ici à juillet 2025", DateUse.DEADLINE),
        ("jusqu'en avril 2025", DateUse.DEADLINE),
        ("en avril 2023", DateUse.POINT),
    ],
)
def test_uses(text: str, use: DateUse) -> None:
    assert [e.use for e in date_expressions(text, WEDNESDAY)] == [use]


@pytest.mark.parametrize(
    "text",
    [
        "la planète Mars",
        "Mai Nguyen",
        "un effectif de 2023 salariés",
        "l'Airbus A2023",
        "un quart des 2000 postes",
    ],
)
def test_no_date(text: str) -> None:
    assert date_expressions(text, WEDNESDAY) == ()


def test_a_coarse_publication_date_invents_no_day() -> None:
    month = PartialDate("2024-03")
    text = "vendredi, en novembre, le mois dernier, il y a un an, le 12 mars"
    values = [str(e.value) for e in date_expressions(text, month)]
    assert values == ["2024-03", "2023-11", "2024-02", "2023", "2024-03-12"]


def test_without_a_publication_date_only_whole_dates_are_read() -> None:
    text = "mercredi, en juillet, l'an dernier, le 4 mai 2022, en 2019"
    values = [e.value and str(e.value) for e in date_expressions(text, None)]
    assert values == [None, None, None, "2022-05-04", "2019"]
