"""What a mention adds for a reader of the earlier ones."""

from collections.abc import Callable
from typing import Any

import pytest

from extractors.stories import Memory
from models.events import Resolution, SourcedMention
from models.records import DOUBTFUL, Evidence
from models.vocabulary import Life, News

Make = Callable[..., SourcedMention]

NO_DAY = {"trigger": Evidence("title", 0, 6, "quitte", "quitter")}
"""The proofs of a mention whose date is the day of its article, for want of a word that tells one."""
BELMER: dict[str, Any] = {"person": "Rodolphe Belmer", "company": "Atos"}
DOC: dict[str, Any] = {"company": "Doc"}

DEPARTURES: dict[str, tuple[list[dict[str, Any]], list[News | None]]] = {
    "told twice": ([{}, {}], [News.NEW, None]),
    "recalled before it was told": ([{"salience": "background"}, {}], [None, News.NEW]),
    "confirmed": ([{"status": "reported"}, {"status": "reported"}, {}], [News.NEW, None, News.CONFIRMED]),
    "confirmed by a recall": ([{"status": "speculated"}, {"salience": "background"}], [News.NEW, News.CONFIRMED]),
    "denied, once": ([{"status": "reported"}, {"denied": True}, {"denied": True}], [News.NEW, News.DENIED, None]),
    "denied, never told": ([{"denied": True}, {"status": "reported"}], [None, News.NEW]),
    "denied, then confirmed": (
        [{"status": "reported"}, {"denied": True}, {}],
        [News.NEW, News.DENIED, News.CONFIRMED],
    ),
    "successor": ([{}, {"successor": "Nourdine Bihmane"}], [News.NEW, News.SUCCESSOR]),
    "successor told": (
        [{"successor": "Nourdine Bihmane"}, {"successor": "N. Bihmane et Philippe Oliva"}],
        [News.NEW, None],
    ),
    "another successor, in a recall": (
        [{"successor": "Nourdine Bihmane"}, {"successor": "Yves Bernaert", "salience": "background"}],
        [News.NEW, News.SUCCESSOR],
    ),
    "no successor to oneself": ([{}, {"successor": "Belmer"}], [News.NEW, None]),
    "date moved": ([{"date": "2022-09-05"}, {"date": "2022-09-30"}], [News.NEW, News.DATE]),
    "date more precise": ([{"date": "2022-09"}, {"date": "2022-09-30"}], [News.NEW, None]),
    "date a day off": ([{"date": "2022-09-05"}, {"date": "2022-09-06"}], [News.NEW, None]),
    "date moved between two days gone by": (
        [{"date": "2022-06-01"}, {"date": "2022-06-08"}],
        [News.NEW, News.DATE],
    ),
    "announced, then done before": ([{"date": "2022-06-14"}, {"date": "2022-06-08"}], [News.NEW, None]),
    "done, then announced": ([{"date": "2022-06-08"}, {"date": "2022-06-15"}], [News.NEW, None]),
    "announced, then to take effect": ([{"date": "2022-06-14"}, {"date": "2022-09-30"}], [News.NEW, News.DATE]),
    "to take effect, then brought forward": (
        [{"date": "2022-09-30"}, {"date": "2022-06-15"}],
        [News.NEW, News.DATE],
    ),
    "to take effect, then no word of a day": (
        [{"date": "2022-09-30"}, {"date": "2022-06-15", "evidence": NO_DAY}],
        [News.NEW, None],
    ),
    "no word of a day, then to take effect": (
        [{"date": "2022-06-14", "evidence": NO_DAY}, {"date": "2022-09-30"}],
        [News.NEW, News.DATE],
    ),
    "date in a recall": ([{"date": "2022-09"}, {"date": "2022-07", "salience": "background"}], [News.NEW, None]),
}
LAYOFFS: dict[str, tuple[list[dict[str, Any]], list[News | None]]] = {
    "told twice": ([{"headcount": 93}, {"headcount": 93}], [News.NEW, None]),
    "another figure": ([{"headcount": 93}, {"headcount": 120}], [News.NEW, News.FIGURE]),
    "back to the first figure": (
        [{"headcount": 93}, {"headcount": 120}, {"headcount": 93}],
        [News.NEW, News.FIGURE, None],
    ),
    "about the same figure": ([{"headcount": 9000}, {"headcount": 9100}], [News.NEW, None]),
    "first figure": ([{"percent": 50.0}, {"headcount": 3700, "percent": 50.0}], [News.NEW, News.FIGURE]),
    "first figure in a recall": ([{}, {"headcount": 3700, "salience": "background"}], [News.NEW, News.FIGURE]),
    "another percent": ([{"percent": 10.0}, {"percent": 20.0}], [News.NEW, News.FIGURE]),
    "rumour and confirmed figure": (
        [{"headcount": 100, "status": "reported"}, {"headcount": 80}],
        [News.NEW, News.CONFIRMED],
    ),
}


def _news(make: Make, common: dict[str, Any], told: list[dict[str, Any]]) -> list[Resolution]:
    memory = Memory()
    mentions = [make(f"2022-06-{14 + i:02}", f"o{i}", **common | t) for i, t in enumerate(told)]
    return [r for m in mentions for r in memory.tell([m])]


@pytest.mark.parametrize("case", DEPARTURES)
def test_news_of_a_departure(case: str, departure: Make) -> None:
    told, expected = DEPARTURES[case]
    resolutions = _news(departure, BELMER, told)
    assert [r.news for r in resolutions] == expected
    assert len({r.event.id for r in resolutions}) == 1


@pytest.mark.parametrize("case", LAYOFFS)
def test_news_of_a_cut(case: str, layoff: Make) -> None:
    told, expected = LAYOFFS[case]
    resolutions = _news(layoff, DOC, told)
    assert [r.news for r in resolutions] == expected
    assert len({r.event.id for r in resolutions}) == 1


def test_a_plan_that_reaches_a_subsidiary_has_a_new_scope(layoff: Make) -> None:
    memory = Memory()
    memory.tell([layoff("2023-03-20", "a", company="Amazon", headcount=9000)])
    part = layoff("2023-03-23", "b", company="Twitch", headcount=400)
    recall = layoff("2023-03-23", "b", company="Amazon", headcount=9000, date="2023-03", salience="background")
    assert [r.news for r in memory.tell([part, recall])] == [News.NEW, News.SCOPE]


def test_the_history_says_what_changed_and_who_told_it(layoff: Make) -> None:
    first, second = _news(
        layoff, DOC, [{"headcount": 930}, {"headcount": 1200, "place": "France", "percent": 10.0}]
    )
    assert first.changes[0].summary == "premier récit (o0)"
    assert [c.summary for c in second.changes] == [
        "nouveau chiffre : 930 → 1\u202f200 (o1)",
        "part de l'effectif : 10\u202f% (o1)",
        "lieu : France (o1)",
        f"rattaché (o1) : {second.reason}",
    ]
    change = second.changes[0]
    assert (change.news, change.field, change.before, change.after) == (News.FIGURE, "headcount", 930, 1200)
    assert all(c.mention == second.mention.id and c.event == second.event.id for c in second.changes)


def test_a_denial_is_told_in_the_history(departure: Make) -> None:
    _, denial = _news(departure, BELMER, [{"status": "reported"}, {"denied": True}])
    assert denial.changes[0].summary == "démenti (o1)"


def test_what_is_told_doubtfully_is_no_news_and_takes_none_from_a_surer_article(layoff: Make) -> None:
    doubt = {"salience": Evidence("text", 0, 2, "Le", DOUBTFUL)}
    memory = Memory()
    (rumour,) = memory.tell([layoff("2022-06-10", "a", company="Doc", status="reported")])
    recall = layoff(
        "2022-06-11", "b", company="Doc", headcount=300, salience="background", evidence=doubt
    )  # confirmed, and counted
    (doubtful,) = memory.tell([recall])
    assert doubtful.event.id == rumour.event.id
    assert (doubtful.news, doubtful.event.life, doubtful.event.get("headcount")) == (None, Life.REPORTED, None)
    (sure,) = memory.tell([layoff("2022-06-12", "c", company="Doc", headcount=300)])
    assert (sure.event.id, sure.news, sure.event.life) == (rumour.event.id, News.CONFIRMED, Life.CONFIRMED)
