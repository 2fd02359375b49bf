"""What messages say: snapshots in French, and the small print of its typography."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from flows.alerts import french
from flows.alerts.chart import Week, in_words, png, weeks_of
from flows.alerts.quotes import sentence, telling_sentence
from flows.alerts.render import Look, message
from flows.alerts.render_digest import SHOWN, digest_message
from flows.alerts.story import Reference
from models.dates import PartialDate
from models.events import Alternative, Change, Chosen
from models.records import Evidence
from models.vocabulary import Kind, Life, Manner, News


def plain(text: str) -> str:
    """A text with its special spaces made plain, for the eye; `test_typography` looks at the spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_departure(make: Any) -> None:
    mentions = (make.mention(kind=Kind.DEPARTURE),)
    more = {"destination": "Nova", "successor": "Karim Haddad", "reason": "des raisons personnelles"}
    event = make.event(Kind.DEPARTURE, mentions=mentions, **more)
    told = message(make.alert(event), quote="Zoé Lefèvre quitte Lumen.")
    assert told.subject == "Zoé Lefèvre quitte Lumen"
    assert plain(told.text) == (
        "Zoé Lefèvre · directrice financière · Lumen · départ volontaire · "
        "Nova · Karim Haddad · 20 novembre 2026 · confirmé\n"
        "Motif : « des raisons personnelles »\n"
        "\n"
        "« Zoé Lefèvre quitte Lumen. » – L’Écho du Net\n"
        "\n"
        "– L’Écho du Net : https://echo.example/un\n"
        "Événement evt1"
    )


def test_a_rumoured_cut_that_changed(make: Any, now: datetime) -> None:
    second = make.mention(article="https://fil.example/deux", outlet="Le Fil")
    figure = Chosen(120, "r", (second.id,), (Alternative(93, ("m:https://echo.example/un",), ("L’Écho du Net",)),))
    event = make.event(
        life=Life.SPECULATED, headcount=figure, headcount_qualifier="at_least", mentions=(make.mention(), second)
    )
    change = Change("evt1", News.FIGURE, "", "headcount", 93, 120, second.id)
    also = (
        Change("evt1", None, "", "place", None, "Lyon", second.id),
        Change("evt1", None, "rattaché", mention=second.id),
    )
    told = message(make.alert(event, News.FIGURE, change=change), reference=Reference("a0", now), also=also)
    assert plain(told.subject) == "Rumeur : Lumen supprimerait au moins 120 postes (chiffre revu)"
    assert plain(told.text).splitlines()[1:4] == [
        "Au moins 120 postes supprimés, soit 13 % des effectifs",
        "Ce qui change : Postes : 120 postes, contre 93 postes auparavant ; Lieu : Lyon",
        "Postes, les sources divergent : 120 postes selon Le Fil ; 93 postes selon L’Écho du Net",
    ]
    assert "Suite de l’alerte du 22 novembre 2026 à 10:00 (réf. a0)" in told.text
    assert told.in_reply_to == "a0"


@pytest.mark.parametrize(
    ("values", "life", "news", "headline"),
    [
        ({}, Life.CONFIRMED, News.NEW, "Lumen supprime 500 postes"),
        ({"headcount": 1}, Life.CONFIRMED, News.NEW, "Lumen supprime 1 poste"),
        ({"headcount": 12500, "headcount_qualifier": "about"}, Life.CONFIRMED, News.NEW,
         "Lumen supprime environ 12 500 postes"),
        ({"headcount": None}, Life.CONFIRMED, News.NEW, "Lumen supprime 13 % de ses effectifs"),
        ({"headcount": None, "percent": 6.5}, Life.REPORTED, News.NEW,
         "Selon L’Écho du Net, Lumen supprimerait 6,5 % de ses effectifs"),
        ({"headcount": None, "percent": None}, Life.SPECULATED, News.NEW,
         "Rumeur : Lumen supprimerait des postes"),
        ({"company": None}, Life.CONFIRMED, News.NEW, "Suppression de 500 postes"),
        ({"company": None, "headcount_qualifier": "up_to"}, Life.CONFIRMED, News.NEW,
         "Suppression d’emplois : jusqu’à 500 postes"),
        ({}, Life.CONFIRMED, News.CONFIRMED, "Confirmé : Lumen supprime 500 postes"),
        ({}, Life.CONFIRMED, News.FIGURE, "Chiffre revu : Lumen supprime 500 postes"),
        ({}, Life.DENIED, News.DENIED, "Démenti : la suppression de postes chez Lumen"),
    ],
)  # fmt: skip
def test_headlines_of_cuts(make: Any, values: dict[str, Any], life: Life, news: News, headline: str) -> None:
    assert plain(message(make.alert(make.event(life=life, **values), news)).subject) == headline


@pytest.mark.parametrize(
    ("values", "life", "news", "headline"),
    [
        ({}, Life.CONFIRMED, News.NEW, "Zoé Lefèvre quitte Lumen"),
        ({}, Life.REPORTED, News.NEW, "Selon L’Écho du Net, Zoé Lefèvre quitterait Lumen"),
        ({"manner": ("forced",)}, Life.CONFIRMED, News.NEW, "Lumen se sépare de Zoé Lefèvre"),
        ({"manner": ("forced",), "person": "Élise Moreau"}, Life.SPECULATED, News.NEW,
         "Rumeur : Lumen se séparerait d’Élise Moreau"),
        ({"manner": ("mutual",)}, Life.CONFIRMED, News.NEW, "Zoé Lefèvre et Lumen se séparent d’un commun accord"),
        ({"manner": ("retirement",)}, Life.CONFIRMED, News.NEW, "Zoé Lefèvre quitte Lumen pour la retraite"),
        ({"manner": ("term_end",)}, Life.REPORTED, News.NEW,
         "Selon L’Écho du Net, Zoé Lefèvre quitterait Lumen en fin de mandat"),
        ({"manner": ("death",)}, Life.CONFIRMED, News.NEW, "Décès de Zoé Lefèvre (Lumen)"),
        ({"manner": ("unspecified", "voluntary")}, Life.CONFIRMED, News.NEW, "Zoé Lefèvre quitte Lumen"),
        ({"company": None}, Life.CONFIRMED, News.NEW, "Zoé Lefèvre s’en va"),
        ({"person": None}, Life.CONFIRMED, News.NEW, "Départ chez Lumen (directrice financière)"),
        ({"successor": "Ali Benali"}, Life.CONFIRMED, News.SUCCESSOR,
         "Succession : Ali Benali succède à Zoé Lefèvre chez Lumen"),
        ({}, Life.CONFIRMED, News.DATE, "Date précisée : Zoé Lefèvre quitte Lumen"),
        ({}, Life.DENIED, News.DENIED, "Démenti : le départ de Zoé Lefèvre (Lumen)"),
    ],
)  # fmt: skip
def test_headlines_of_departures(make: Any, values: dict[str, Any], life: Life, news: News, headline: str) -> None:
    event = make.event(Kind.DEPARTURE, life=life, mentions=(make.mention(kind=Kind.DEPARTURE),), **values)
    assert plain(message(make.alert(event, news)).subject) == headline


def test_every_code_has_its_words() -> None:
    assert set(french.STATUS) == set(Life)
    assert set(french.MANNER) == set(Manner)
    assert set(french.NEWS) == set(News)
    assert set(french.KIND) == set(Kind)


def test_typography() -> None:
    assert french.percent(13) == "13\u202f%"
    assert french.number(12500) == "12\u202f500"
    assert french.counted(0, "poste") == "0\u00a0poste"
    assert french.counted(2, "poste") == "2\u00a0postes"
    assert french.quoted("oui") == "«\u00a0oui\u00a0»"
    assert [french.partial(PartialDate(d)) for d in ("2025", "2025-07", "2025-07-01", "2025-07-21")] == [
        "2025", "juillet 2025", "1er juillet 2025", "21 juillet 2025",
    ]  # fmt: skip
    assert french.listed(["a", "b", "c"]) == "a, b et c"
    assert (french.of("OpenAI"), french.of("Google"), french.of("")) == ("d’OpenAI", "de Google", "de ")


def test_slack_blocks(make: Any) -> None:
    told = message(make.alert(), Look.SLACK)
    body = json.loads(told.data or "")
    head, rich = body["blocks"]
    assert plain(head["text"]["text"]) == "Lumen supprime 500 postes"
    assert [e["type"] for e in rich["elements"]] == ["rich_text_section", "rich_text_quote", "rich_text_section"]
    assert {"type": "link", "url": "https://echo.example/un", "text": "L’Écho du Net"} in rich["elements"][2][
        "elements"
    ]
    assert rich["elements"][2]["elements"][-1]["text"] == "\nÉvénement evt1"


def test_the_same_alert_is_the_same_message(make: Any) -> None:
    for look in Look:
        assert message(make.alert(), look) == message(make.alert(), look)


def test_many_outlets_are_counted_not_listed(make: Any) -> None:
    mentions = tuple(make.mention(article=f"https://j{n}.example/", outlet=f"Journal {n}") for n in range(30))
    text = message(make.alert(make.event(mentions=mentions))).text
    assert text.count("https://") == 8
    assert "– et 22\u00a0autres sources" in text


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("quitte", "Zoé Lefèvre quitte Lumen."),
        ("Nul", "« Nul ne l’attendait », dit M. Haddad."),
        ("Suite", "Suite demain"),
    ],
)
def test_the_sentence_around_a_quote(quote: str, found: str) -> None:
    text = "Zoé Lefèvre quitte Lumen. « Nul ne l’attendait », dit M. Haddad.\n\nSuite demain"
    start = text.index(quote)
    assert sentence("", text, Evidence("text", start, start + len(quote), quote, "r")) == found


def test_a_sentence_that_is_too_long_or_gone(make: Any) -> None:
    text = "mot " * 500
    assert len(sentence("", text, Evidence("text", 1000, 1003, "mot", "r"))) < 420
    assert sentence("", "autre texte", Evidence("text", 3, 9, "quitte", "r")) == "quitte"
    bare = make.mention()
    assert telling_sentence(replace(bare, mention=replace(bare.mention, evidence={})), "", "") is None


def test_weeks_of_a_chart(make: Any) -> None:
    events = [
        make.event(date="2026-11-16", id="a"),
        make.event(date="2026-11-22", id="b", headcount=None),
        make.event(Kind.DEPARTURE, date="2026-11", id="c"),  # its story's day counts
        make.event(date="2026-11-09", id="d", life=Life.DENIED),
        make.event(date="2020-01-01", id="e"),
        make.event(date="2026-11-15", id="f", headcount=93),
    ]
    weeks = weeks_of(events, date(2026, 11, 22), 3)
    assert weeks == (Week(date(2026, 11, 2)), Week(date(2026, 11, 9), 0, 93), Week(date(2026, 11, 16), 1, 500))
    assert plain(in_words(weeks)) == "3 dernières semaines : 1 départ, 593 postes supprimés"
    assert png(weeks) == png(weeks)
    assert 1000 < len(png(weeks)) < 30_000


def test_a_long_digest_says_what_it_leaves_out(make: Any) -> None:
    alerts = [make.alert(make.event(id=f"e{n}", company=f"Firme {n}"), id=f"a{n}") for n in range(SHOWN + 5)]
    told = digest_message(alerts, Look.MAIL, "bilan", now=datetime(2026, 11, 22, tzinfo=UTC))
    assert "Et 5\u00a0autres événements" in told.text
    assert "Et 5\u00a0autres événements" in (told.html or "")
    assert told.text.count("[e") == SHOWN
