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
        "destination : Nova · succession : Karim Haddad · 20 novembre 2026 · confirmé\n"
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
        "Au moins 120 postes menacés (13 % des effectifs selon L’Écho du Net)",
        "Ce qui change – au moins 120 postes, contre 93 auparavant ; lieu : Lyon",
        "Les sources divergent sur le nombre de postes : 120 postes selon Le Fil ; 93 postes selon L’Écho du Net",
    ]
    assert "Suite de l’alerte du 22 novembre 2026 à 10 h 00 (réf. a0)" in plain(told.text)
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
        ({"company": None, "headcount_qualifier": "about"}, Life.CONFIRMED, News.NEW,
         "Suppression d’environ 500 postes"),
        ({"company": None, "headcount": None}, Life.CONFIRMED, News.NEW, "Suppression de 13 % des effectifs"),
        ({"company": None, "headcount": None, "percent": None}, Life.SPECULATED, News.NEW,
         "Rumeur : suppression de postes"),
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
        ({"successor": "Ali Benali"}, Life.SPECULATED, News.SUCCESSOR,
         "Rumeur : Ali Benali succéderait à Zoé Lefèvre chez Lumen"),
        ({"person": None}, Life.SPECULATED, News.NEW,
         "Rumeur : un départ aurait lieu chez Lumen (directrice financière)"),
        ({}, Life.CONFIRMED, News.DATE, "Date précisée : Zoé Lefèvre quitte Lumen"),
        ({}, Life.DENIED, News.DENIED, "Démenti : le départ de Zoé Lefèvre (Lumen)"),
    ],
)  # fmt: skip
def test_headlines_of_departures(make: Any, values: dict[str, Any], life: Life, news: News, headline: str) -> None:
    event = make.event(Kind.DEPARTURE, life=life, mentions=(make.mention(kind=Kind.DEPARTURE),), **values)
    assert plain(message(make.alert(event, news)).subject) == headline


@pytest.mark.parametrize(
    ("life", "told"),
    [
        (Life.CONFIRMED, "500 postes supprimés, soit 13 % des effectifs"),
        (Life.REPORTED, "500 postes menacés, soit 13 % des effectifs"),
        (Life.SPECULATED, "500 postes menacés, soit 13 % des effectifs"),
        (Life.DENIED, "500 postes évoqués, soit 13 % des effectifs"),
    ],
)
def test_jobs_are_cut_only_where_that_is_confirmed(make: Any, life: Life, told: str) -> None:
    assert plain(message(make.alert(make.event(life=life))).text).splitlines()[1] == told


def test_a_confirmation_of_what_was_taken_back_is_not_called_one(make: Any) -> None:
    told = message(make.alert(make.event(life=Life.REPORTED), News.CONFIRMED)).subject
    assert plain(told) == "Selon L’Écho du Net, Lumen supprimerait 500 postes"


def test_other_words_for_the_same_are_no_change(make: Any) -> None:
    event = make.event(Kind.DEPARTURE, mentions=(make.mention(kind=Kind.DEPARTURE),), successor="Ali Benali")
    mine = event.mentions[0].id
    change = Change("evt1", News.SUCCESSOR, "", "successor", None, "Ali Benali", mine)
    also = (
        Change("evt1", None, "", "role", "CFO", "directrice financière", mine),
        Change("evt1", None, "", "manner", ("voluntary",), ("voluntary", "unspecified"), mine),
        Change("evt1", None, "", "date", "2026-11-19", "2026-11-20", mine),
        Change("evt1", None, "", "destination", None, "Nova", mine),
    )
    text = message(make.alert(event, News.SUCCESSOR, change=change), also=also).text
    assert "Ce qui change – succession : Ali Benali ; destination : Nova\n" in plain(text)


def test_a_denial_says_who_tells_it(make: Any) -> None:
    denial = make.mention(denied=True, article="https://fil.example/non", outlet="Le Fil")
    event = make.event(life=Life.DENIED, mentions=(make.mention(), denial))
    change = Change("evt1", News.DENIED, "démenti", mention=denial.id)
    told = message(make.alert(event, News.DENIED, change=change))
    assert plain(told.subject) == "Démenti : la suppression de postes chez Lumen"
    assert "Ce qui change – démenti rapporté par Le Fil" in told.text


def test_scope_says_what_it_is(make: Any) -> None:
    event = make.event(unit="le support", place="Lyon")
    change = Change("evt1", News.SCOPE, "périmètre précisé (L’Écho)", mention=event.mentions[0].id)
    text = message(make.alert(event, News.SCOPE, change=change)).text
    assert "Ce qui change – périmètre : le support et Lyon" in plain(text)


@pytest.mark.parametrize(
    ("name", "value", "other", "shown"),
    [
        ("date", "2026-11-20", "2026-11-18", False),  # "mardi", and the article's day
        ("date", "2026-11-20", "2026", False),  # one may be the other
        ("date", "2026-11-20", "2026-12-31", True),
        ("percent", 13, 10, True),
        ("destination", "Nova", "une start-up", False),  # often the same in other words
    ],
)
def test_what_outlets_disagree_on(make: Any, name: str, value: Any, other: Any, shown: bool) -> None:
    second = make.mention(article="https://fil.example/deux", outlet="Le Fil")
    first = make.mention()
    chosen = Chosen(value, "r", (first.id,), (Alternative(other, (second.id,), ("Le Fil",)),))
    event = make.event(**{name: chosen}, mentions=(first, second))
    assert ("divergent" in message(make.alert(event)).text) == shown


def test_an_outlet_that_corrects_itself_does_not_contradict_itself(make: Any) -> None:
    first, second = make.mention(), make.mention(article="https://echo.example/deux")
    figure = Chosen(500, "r", (second.id,), (Alternative(400, (first.id,), ("L’Écho du Net",)),))
    text = message(make.alert(make.event(headcount=figure, mentions=(first, second)))).text
    assert "divergent" not in text


def test_a_digest_counts_what_is_not_sure(make: Any, now: datetime) -> None:
    def title(*lives: Life) -> str:
        alerts = [make.alert(make.event(id=f"e{n}", life=life), id=f"a{n}") for n, life in enumerate(lives)]
        return plain(digest_message(alerts, Look.TEXT, "bilan", now=now).subject)

    assert title(Life.CONFIRMED) == "Vigie, le 22 novembre 2026 : 1 suppression de postes"
    assert title(Life.SPECULATED) == "Vigie, le 22 novembre 2026 : 1 suppression de postes (rumeur)"
    assert title(Life.CONFIRMED, Life.REPORTED, Life.DENIED, Life.SPECULATED, Life.SPECULATED).endswith(
        ": 5 suppressions de postes (1 à confirmer, 2 rumeurs, 1 démenti)"
    )


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
    assert [french.of(n) for n in ("OpenAI", "Google", "Yves", "Yann", "Élodie", "")] == [
        "d’OpenAI", "de Google", "d’Yves", "de Yann", "d’Élodie", "de ",
    ]  # fmt: skip
    assert french.quoted("« Oui »\u00a0: c’est « fini\u00a0»") == "«\u00a0“Oui”\u00a0: c’est “fini”\u00a0»"


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
        make.event(date="2026-11-09", id="g", life=Life.SPECULATED),
        make.event(date="2026-11-09", id="h", life=Life.REPORTED),
        make.event(date="2020-01-01", id="e"),
        make.event(date="2026-11-15", id="f", headcount=93),
    ]
    weeks = weeks_of(events, date(2026, 11, 22), 3)
    assert weeks == (Week(date(2026, 11, 2)), Week(date(2026, 11, 9), 0, 93), Week(date(2026, 11, 16), 1, 500))
    assert plain(in_words(weeks)) == "3 dernières semaines, faits confirmés : 1 départ, 593 postes supprimés"
    assert png(weeks) == png(weeks)
    assert 1000 < len(png(weeks)) < 30_000


def test_a_long_digest_says_what_it_leaves_out(make: Any) -> None:
    alerts = [make.alert(make.event(id=f"e{n}", company=f"Firme {n}"), id=f"a{n}") for n in range(SHOWN + 5)]
    told = digest_message(alerts, Look.MAIL, "bilan", now=datetime(2026, 11, 22, tzinfo=UTC))
    assert "Et 5\u00a0autres événements" in told.text
    assert "Et 5\u00a0autres événements" in (told.html or "")
    assert told.text.count("[e") == SHOWN
