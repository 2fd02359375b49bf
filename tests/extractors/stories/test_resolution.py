"""Together or apart: the cases that resolution was made for, each with a counter-example."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from extractors.stories import Memory, decide, event_keys, rebuild, resolve_stream, with_aliases
from models.dates import PartialDate
from models.events import Event, Resolution, SourcedMention
from models.queries import Alias
from models.records import DOUBTFUL, Document, Evidence, Mention, Reading
from models.vocabulary import Kind, News, Salience

Make = Callable[..., SourcedMention]
Cases = dict[str, tuple[tuple[str, dict[str, Any]], tuple[str, dict[str, Any]]]]


def told(*articles: SourcedMention | Sequence[SourcedMention]) -> list[Resolution]:
    """The resolutions of some articles, told in this order."""
    memory = Memory()
    return [r for a in articles for r in memory.tell([a] if isinstance(a, SourcedMention) else a)]


def events_of(resolutions: Sequence[Resolution]) -> list[str]:
    return [r.event.id for r in resolutions]


LECUN = {"person": "Yann LeCun", "company": "Meta"}
SAME_DEPARTURE: Cases = {
    "rumour and confirmation": (
        ("2025-11-11", LECUN | {"status": "reported"}),
        ("2025-11-20", LECUN | {"date": "2025-11-20"}),
    ),
    "effective date moved": (
        ("2022-06-14", {"person": "Rodolphe Belmer", "company": "Atos", "date": "2022-09-30"}),
        ("2022-07-13", {"person": "Belmer", "company": "Atos SE", "date": "2022-07-13"}),
    ),
    "misspelt by a letter": (
        ("2024-12-02", {"person": "Pat Gelsinger", "company": "Intel"}),
        ("2024-12-03", {"person": "Patrick Gelsigner", "company": "Intel Corp."}),
    ),
    "a branch or its group": (
        ("2022-11-20", {"person": "Damien Viel", "company": "Twitter France", "role_codes": ["COUNTRY"]}),
        ("2022-11-21", {"person": "Damien Viel", "company": "X"}),
    ),
    "the organisation unsaid": (("2024-09-25", LECUN), ("2024-09-26", {"person": "Yann Le Cun"})),
    "the house named in two ways": (
        ("2024-09-25", {"person": "Aurélie Simonet", "company": "Kerveno", "role_codes": ["CEO"]}),
        ("2024-09-30", {"person": "Aurelie Simonet", "company": "Morgane Énergies", "role_codes": ["CEO"]}),
    ),
    "a first word alone": (
        ("2018-12-24", {"person": "Xu Ling", "company": "Huaxin"}),
        ("2019-01-08", {"person": "Xu", "company": "Huaxin"}),
    ),
    "recalled without a date": (("2024-09-25", LECUN), ("2026-01-26", LECUN | {"salience": "background"})),
    "the year alone": (
        ("2017-06-21", {"person": "Travis Kalanick", "company": "Uber", "role_codes": ["CEO"]}),
        ("2019-12-25", {"person": "Travis Kalanick", "company": "Uber", "date": "2017", "salience": "background"}),
    ),
    "announced a year ahead": (
        ("2021-03-10", {"person": "A. Martin", "company": "Doc", "date": "2022-04-30"}),
        ("2022-04-20", {"person": "Anne Martin", "company": "Doc", "date": "2022-04-30"}),
    ),
}
TWO_DEPARTURES: Cases = {
    "function, then board seat": (
        ("2022-06-02", {"person": "Sheryl Sandberg", "company": "Meta", "role_codes": ["COO"]}),
        ("2024-01-18", {"person": "Sheryl Sandberg", "company": "Facebook", "role_codes": ["BOARD"]}),
    ),
    "two organisations": (
        ("2024-09-26", {"person": "Barret Zoph", "company": "OpenAI"}),
        ("2026-01-15", {"person": "Barret Zoph", "company": "Thinking Machines"}),
    ),
    "seats given up in one month": (
        ("2024-09-25", {"person": "Aurélie Simonet", "company": "Kerveno", "role_codes": ["BOARD"]}),
        ("2024-09-30", {"person": "Aurélie Simonet", "company": "Doc", "role_codes": ["BOARD"]}),
    ),
    "joined, and left again": (
        ("2025-08-01", {"person": "Avi Perrin", "company": "OpenAI", "destination": "Meta"}),
        ("2025-08-19", {"person": "Avi Perrin", "company": "Meta", "destination": "OpenAI"}),
    ),
    "one full name, two posts": (
        ("2025-03-01", {"person": "Philippe Martin", "company": "Orange", "role_codes": ["CFO"]}),
        ("2025-03-10", {"person": "Philippe Martin", "company": "Dassault", "role_codes": ["CTO"]}),
    ),
    "the year alone, two houses": (
        ("2024-11-02", {"person": "Aurélie Simonet", "company": "Kerveno"}),
        ("2024-12-20", {"person": "Aurélie Simonet", "company": "Doc", "date": "2024", "salience": "background"}),
    ),
    "one family name, two houses": (
        ("2024-09-25", {"person": "Simonet", "company": "Kerveno"}),
        ("2024-09-30", {"person": "Aurélie Simonet", "company": "Doc"}),
    ),
    "two chief executives of one firm in a year": (
        ("2023-11-18", {"person": "Sam Altman", "company": "OpenAI", "role_codes": ["CEO"]}),
        ("2023-11-22", {"person": "Emmett Shear", "company": "OpenAI", "role_codes": ["CEO"]}),
    ),
    "back, and gone again": (
        ("2018-05-02", {"person": "Anne Martin", "company": "Doc"}),
        ("2023-05-02", {"person": "Anne Martin", "company": "Doc"}),
    ),
    "one family name, two persons": (
        ("2024-05-02", {"person": "Jean Martin", "company": "Doc"}),
        ("2024-05-02", {"person": "Lucie Martin", "company": "Doc"}),
    ),
}
AMAZON = {"company": "Amazon"}
SAME_LAYOFF: Cases = {
    "revised the next day": (
        ("2025-10-27", AMAZON | {"headcount": 30000, "status": "reported"}),
        ("2025-10-28", AMAZON | {"headcount": 14000}),
    ),
    "revised upwards within weeks": (
        ("2022-11-15", AMAZON | {"headcount": 10000}),
        ("2023-01-05", AMAZON | {"headcount": 18000}),
    ),
    "an open plan grows": (
        ("2022-04-12", {"company": "Just Eat France", "headcount": 269, "status": "speculated"}),
        ("2022-07-20", {"company": "Just Eat Takeaway", "headcount": 350, "place": "France"}),
    ),
    "an open plan shrinks": (
        ("2021-06-24", {"company": "Doc", "headcount": 18, "status": "speculated"}),
        ("2021-10-01", {"company": "Doc", "headcount": 13}),
    ),
    "a group and its subsidiary, one figure": (
        ("2020-06-22", {"company": "YouTube", "headcount": 1233, "place": "France"}),
        ("2020-06-23", {"company": "Google", "headcount": 1233, "place": "Lyon"}),
    ),
    "a share told the next day": (
        ("2020-06-22", {"company": "Nokia", "headcount": 1233}),
        ("2020-06-23", {"company": "Nokia", "headcount": 402}),
    ),
    "a country's share": (
        ("2013-10-08", {"company": "Doc", "headcount": 15000}),
        ("2013-10-15", {"company": "Doc", "headcount": 1800, "place": "France"}),
    ),
    "recalled by its figure": (
        ("2022-11-09", {"company": "Meta", "headcount": 11000}),
        ("2024-01-05", {"company": "Facebook", "headcount": 11000, "date": "2022", "salience": "background"}),
    ),
    "a later tranche": (
        ("2023-03-14", {"company": "Meta", "headcount": 10000}),
        ("2023-04-19", {"company": "Meta", "place": "Irlande"}),
    ),
    "percent, then jobs": (
        ("2022-11-04", {"company": "Twitter", "percent": 50}),
        ("2022-11-07", {"company": "X", "headcount": 3700, "percent": 50}),
    ),
}
TWO_LAYOFFS: Cases = {
    "two waves, seven months": (
        ("2022-06-15", {"company": "Coinbase", "headcount": 1100, "percent": 18}),
        ("2023-01-11", {"company": "Coinbase", "headcount": 950, "percent": 20}),
    ),
    "a smaller one ten weeks later": (
        ("2023-01-05", AMAZON | {"headcount": 18000}),
        ("2023-03-20", AMAZON | {"headcount": 9000}),
    ),
    "a rumour after a confirmation": (
        ("2025-05-14", {"company": "Microsoft", "headcount": 6000}),
        ("2025-06-19", {"company": "Microsoft", "status": "speculated"}),
    ),
    "the title says a second wave": (
        ("2025-10-28", AMAZON | {"headcount": 14000}),
        ("2025-11-10", AMAZON | {"headcount": 16000, "title": "Amazon : 16 000 suppressions de postes de plus"}),
    ),
    "a branch's own plan": (
        ("2025-07-03", {"company": "Microsoft", "headcount": 9100}),
        ("2025-07-10", {"company": "Microsoft France", "headcount": 200, "place": "France"}),
    ),
    "a subsidiary's own plan": (
        ("2023-03-20", AMAZON | {"headcount": 9000}),
        ("2023-03-23", {"company": "Twitch", "headcount": 400}),
    ),
    "a group and its subsidiary, a round figure each": (
        ("2024-01-10", {"company": "Google", "headcount": 100}),
        ("2024-01-20", {"company": "YouTube", "headcount": 100}),
    ),
    "a smaller one of another team": (
        ("2024-01-10", {"company": "Doc", "headcount": 300, "unit": "informatique en nuage"}),
        ("2024-03-15", {"company": "Doc", "headcount": 210, "unit": "ventes"}),
    ),
    "two names that look alike": (
        ("2022-11-04", {"company": "Twitter", "headcount": 400}),
        ("2022-11-05", {"company": "Twitch", "headcount": 400}),
    ),
    "contractors": (
        ("2022-11-04", {"company": "Twitter", "headcount": 3700}),
        ("2022-11-13", {"company": "Twitter", "headcount": 3000, "unit": "sous-traitants"}),
    ),
    "a part's own cut": (
        ("2022-08-31", {"company": "Snap", "headcount": 1300}),
        ("2022-09-07", {"company": "Snap", "headcount": 70, "place": "France"}),
    ),
    "a date of something else in the news": (
        ("2022-08-31", {"company": "Snap", "headcount": 1300}),
        ("2024-02-07", {"company": "Snap", "percent": 10.0, "date": "2022"}),
    ),
    "an older wave recalled by figure": (
        ("2025-07-03", {"company": "Microsoft", "headcount": 9100}),
        ("2025-07-04", {"company": "Microsoft", "headcount": 10000, "date": "2023", "salience": "background"}),
    ),
}


def test_a_cut_that_an_article_tells_by_its_share_and_by_its_jobs_is_one(layoff: Make) -> None:
    day = {"company": "Doc", "date": "2024-11-07"}
    share = layoff("2024-11-07", "a", percent=33.3, **day)
    jobs = layoff("2024-11-07", "a", percent=33.3, headcount=20, salience="background", **day)
    older = layoff("2024-11-07", "a", headcount=80, salience="background", **day | {"date": "2023"})
    assert len(set(events_of(told([share, jobs])))) == 1
    assert len(set(events_of(told([share, older])))) == 2


def test_two_places_of_an_article_are_two_cuts(layoff: Make) -> None:
    day = {"company": "Doc", "date": "2024-11-07", "headcount": 100}
    here = layoff("2024-11-07", "a", place="France", **day)
    there = replace(layoff("2024-11-07", "a", place="Allemagne", salience="background", **day), id="there")
    assert len(set(events_of(told([here, there])))) == 2


def test_a_bare_first_word_joins_no_two_persons(departure: Make) -> None:
    bare = departure("2025-03-01", "a", person="Thomas", company="Doc")
    one = departure("2025-03-02", "b", person="Pierre Thomas", company="Doc")
    other = departure("2025-03-20", "c", person="Thomas Durand", company="Doc")
    first, second, third = told(bare, one, other)
    assert first.event.id == second.event.id != third.event.id
    assert third.news is News.NEW


def test_what_an_article_recalls_takes_its_news_from_no_event_that_it_fits(departure: Make) -> None:
    known = departure("2025-11-11", "a", person="Yann LeCun", company="Meta", role_codes=["CTO"])
    again = departure("2025-12-20", "b", person="Yann LeCun", company="Meta")
    recall = departure(
        "2025-12-20", "b", person="Yann Le Cun", company="Meta", date="2025-11-11", salience="background"
    )
    first, joined, _ = told(known, [again, recall])
    assert (joined.event.id, joined.news) == (first.event.id, None)


def test_a_recalled_function_is_not_the_seat_that_the_article_is_about(departure: Make) -> None:
    who = {"person": "Jean Dorsay", "company": "Doc"}
    known = departure("2021-11-29", "a", role_codes=["CEO"], **who)
    seat = departure("2022-05-26", "b", date="2022-05-25", **who)
    recall = replace(departure("2022-05-26", "b", date="2021-11", salience="background", **who), id="recall")
    first, news, recalled = told(known, [seat, recall])
    assert recalled.event.id == first.event.id != news.event.id


def test_a_doubtful_house_joins_the_departure_that_others_tell(departure: Make) -> None:
    doubt = {"salience": Evidence("text", 0, 2, "Le", DOUBTFUL)}
    who = {"person": "Aurélie Simonet"}
    known = departure("2024-09-25", "a", company="Kerveno", **who)
    wrong = departure("2024-09-26", "b", company="Morgane", **who)
    right = departure("2024-09-26", "b", company="Kerveno", salience="background", evidence=doubt, **who)
    right = replace(right, id="alternative")
    other = departure("2024-09-26", "b", company="Doc", salience="background", evidence=doubt, **who)
    first, told_there, joined, apart = told(known, [wrong, right, replace(other, id="another")])
    assert told_there.event.id == joined.event.id == first.event.id
    assert apart.event.doubtful
    assert joined.event.outlets == ("a", "b")


def test_a_stream_tells_what_is_doubtful_where_a_later_document_is_sure() -> None:
    doubt = {"salience": Evidence("text", 0, 2, "Le", DOUBTFUL)}
    sure = Mention(Kind.DEPARTURE, Salience.MAIN, company="Doc", person="Anne Martin")
    doubtful = replace(sure, salience=Salience.BACKGROUND, evidence=doubt)
    alone = replace(doubtful, person="Lucie Petit")
    days = [PartialDate(f"2024-09-{day}") for day in (25, 26)]
    documents = [Document(f"d{i}", "Le texte.", published=day) for i, day in enumerate(days)]
    readings = [Reading("d0", mentions=(doubtful, alone)), Reading("d1", mentions=(sure,))]
    (_, first), (_, second) = resolve_stream(zip(documents, readings, strict=True))
    assert [r.mention.mention.person for r in first] == ["Anne Martin"]
    assert first[0].event.id == second[0].event.id
    assert (first[0].news, second[0].news) == (None, News.NEW)
    ((_, hidden),) = resolve_stream([(documents[0], readings[0])])
    assert hidden == ()


@pytest.mark.parametrize("case", SAME_DEPARTURE)
def test_one_departure(case: str, departure: Make) -> None:
    (first, a), (second, b) = SAME_DEPARTURE[case]
    resolutions = told(departure(first, "a", **a), departure(second, "b", **b))
    assert len(set(events_of(resolutions))) == 1, resolutions[1].reason


@pytest.mark.parametrize("case", TWO_DEPARTURES)
def test_two_departures(case: str, departure: Make) -> None:
    (first, a), (second, b) = TWO_DEPARTURES[case]
    resolutions = told(departure(first, "a", **a), departure(second, "b", **b))
    assert len(set(events_of(resolutions))) == 2, resolutions[1].reason


@pytest.mark.parametrize("case", SAME_LAYOFF)
def test_one_cut(case: str, layoff: Make) -> None:
    (first, a), (second, b) = SAME_LAYOFF[case]
    resolutions = told(layoff(first, "a", **a), layoff(second, "b", **b))
    assert len(set(events_of(resolutions))) == 1, resolutions[1].reason


@pytest.mark.parametrize("case", TWO_LAYOFFS)
def test_two_cuts(case: str, layoff: Make) -> None:
    (first, a), (second, b) = TWO_LAYOFFS[case]
    resolutions = told(layoff(first, "a", **a), layoff(second, "b", **b))
    assert len(set(events_of(resolutions))) == 2, resolutions[1].reason


def test_an_article_tells_its_news_from_what_it_recalls(layoff: Make) -> None:
    may = layoff("2025-05-14", "a", company="Microsoft", headcount=6000)
    july = layoff("2025-07-03", "b", company="Microsoft", headcount=9100)
    recall = layoff("2025-07-03", "b", company="Microsoft", headcount=6000, date="2025", salience="background")
    first, news, old = told(may, [july, recall])
    assert news.event.id != first.event.id == old.event.id


def test_a_sites_share_told_with_the_plan_is_no_event_of_its_own(layoff: Make) -> None:
    plan = layoff("2023-01-02", "a", company="Back Market", headcount=93)
    share = layoff("2023-01-02", "a", company="Back Market", headcount=63, place="France")
    resolutions = told([plan, share])
    assert len(set(events_of(resolutions))) == 1
    assert resolutions[0].event.get("headcount") == 93


def test_an_undated_share_recalled_beside_the_plan_is_no_event_of_its_own(layoff: Make) -> None:
    plan = layoff("2023-01-05", "a", company="Back Market", headcount=93)
    share = layoff("2023-01-05", "a", company="Back Market", headcount=26, place="Berlin", salience="background")
    older = layoff("2023-01-05", "a", company="Back Market", headcount=20, date="2021", salience="background")
    first, second, third = events_of(told([plan, share, older]))
    assert first == second != third


def test_an_articles_departure_and_cut_are_two_events(departure: Make, layoff: Make) -> None:
    resolutions = told(
        [
            departure("2022-08-31", "a", person="Jeremi Gorman", company="Snap"),
            layoff("2022-08-31", "a", company="Snap", headcount=1300),
        ]
    )
    assert len(set(events_of(resolutions))) == 2


def test_why_two_stories_are_apart_is_said(layoff: Make) -> None:
    _, second = told(
        layoff("2022-06-15", "a", company="Coinbase", headcount=1100),
        layoff("2023-01-11", "b", company="Coinbase", headcount=950),
    )
    assert second.reason == "nouvel événement : une autre vague, à 210 jours"
    assert any(second.reason in c.summary for c in second.changes)


def test_ids_are_readable_and_never_taken_twice(layoff: Make) -> None:
    first, second = told(
        layoff("2022-03-15", "a", company="Coinbase", headcount=1100),
        layoff("2022-11-11", "b", company="Coinbase", headcount=950),
    )
    assert first.event.id == "coupe-coinbase-2022"
    assert second.event.id.startswith("coupe-coinbase-2022-")


def test_a_mention_without_a_name_is_an_event_of_its_own(layoff: Make, departure: Make) -> None:
    resolutions = told(
        layoff("2022-03-15", "a", headcount=10),
        layoff("2022-03-15", "b", headcount=10),
        departure("2022-03-15", "c", company="Meta"),
        departure("2022-03-15", "d", company="Meta"),
    )
    assert len(set(events_of(resolutions))) == 4


def test_the_same_article_again_changes_nothing(departure: Make) -> None:
    memory = Memory()
    mention = departure("2025-11-11", "a", **LECUN)
    memory.tell([mention])
    before = dict(memory.events)
    (again,) = memory.tell([mention])
    assert memory.events == before
    assert (again.news, again.changes, again.created) == (None, (), False)


def test_a_revised_article_replaces_what_it_told(layoff: Make) -> None:
    memory = Memory()
    old = layoff("2025-11-11", "a", company="Doc", headcount=90)
    memory.tell([old])
    new = layoff("2025-11-11", "a", company="Doc", headcount=120)
    (resolution,) = memory.tell([new])
    assert [m.id for m in resolution.event.mentions] == [new.id]
    assert len(memory.events) == 1
    assert resolution.event.get("headcount") == 120
    assert resolution.event.id == "coupe-doc-2025"
    assert (resolution.created, resolution.news) == (False, None)


def test_what_a_revised_article_withdraws_goes(layoff: Make, departure: Make) -> None:
    memory = Memory()
    cut = layoff("2025-11-11", "a", company="Doc", headcount=90)
    gone = departure("2025-11-11", "a", person="Anne Martin", company="Doc")
    memory.tell([cut, gone])
    memory.tell([layoff("2025-11-12", "b", company="Doc", headcount=100)])
    memory.tell([cut])
    assert list(memory.events) == ["coupe-doc-2025"]


def test_a_withdrawn_figure_is_no_longer_told(layoff: Make) -> None:
    memory = Memory()
    memory.tell([layoff("2025-11-11", "a", company="Doc", headcount=90)])
    memory.tell([layoff("2025-11-12", "b", company="Doc", headcount=100)])
    (resolution,) = memory.tell([layoff("2025-11-12", "b", company="Doc", percent=10)])
    assert resolution.event.get("headcount") == 90
    assert resolution.event.values["headcount"].others == ()


def test_a_late_article_takes_its_place_and_is_no_news(layoff: Make) -> None:
    memory = Memory()
    memory.tell([layoff("2025-10-28", "a", company="Amazon", headcount=14000)])
    (late,) = memory.tell([layoff("2025-10-27", "b", company="Amazon", headcount=30000, status="reported")])
    assert late.news is None
    assert late.event.get("headcount") == 14000
    assert [m.provenance.outlet for m in late.event.mentions] == ["b", "a"]


def test_a_late_article_may_join_two_events(layoff: Make) -> None:
    memory = Memory()
    april = layoff("2022-04-12", "a", company="Just Eat", headcount=269, status="speculated")
    july = layoff("2022-09-20", "b", company="Just Eat", headcount=350, status="speculated")
    between = layoff("2022-07-01", "c", company="Just Eat", headcount=290, status="speculated")
    memory.tell([april])
    memory.tell([july])
    assert len(memory.events) == 2
    verdict = decide([between], memory.lookup)
    assert len(verdict.absorbed) == 1
    memory.apply(verdict)
    assert len(memory.events) == 1


def test_a_new_alias_brings_two_events_together(layoff: Make) -> None:
    memory = Memory()
    first = layoff("2025-03-01", "a", company="Comuto", headcount=90)
    second = layoff("2025-03-02", "b", company="BlaBlaCar", headcount=90)
    for mention in (first, second):
        memory.tell([mention])
    assert len(memory.events) == 2
    names = with_aliases([Alias("organisation", "BlaBlaCar", "Comuto")])
    verdict = decide([first, second], memory.lookup, names, anew=True)
    assert len({r.event.id for r in verdict.resolutions}) == 1
    ((old, kept),) = verdict.absorbed.items()
    assert [r.news for r in verdict.resolutions] == [None, None]
    lines = [(c.event, c.summary) for r in verdict.resolutions for c in r.changes]
    assert lines == [(kept, f"réunit l'événement {old}")]
    memory.apply(verdict)
    assert len(memory.events) == 1


def test_what_a_hand_put_together_stays(layoff: Make) -> None:
    memory = Memory()
    first = layoff("2022-06-15", "a", company="Coinbase", headcount=1100)
    second = layoff("2023-01-11", "b", company="Coinbase", headcount=950)
    for mention in (first, second):
        memory.tell([mention])
    merged = _by_hand(memory, "coupe-coinbase-2022", [first, second])
    memory.remove("coupe-coinbase-2023")
    (again,) = memory.tell([second])
    assert again.event.id == merged.id
    (third,) = memory.tell([layoff("2023-01-12", "c", company="Coinbase", headcount=950)])
    assert third.event.id == merged.id
    assert {m.id for m in third.event.mentions} > {first.id, second.id}


def test_what_a_hand_took_apart_stays_apart(departure: Make) -> None:
    memory = Memory()
    first = departure("2025-11-11", "a", **LECUN)
    second = departure("2025-11-12", "b", **LECUN)
    for mention in (first, second):
        memory.tell([mention])
    kept = _by_hand(memory, "depart-lecun-meta-2025", [first])
    apart = _by_hand(memory, "autre", [second])
    for mention in (first, second):
        memory.tell([mention])
    assert [m.id for m in memory.events[kept.id].mentions] == [first.id]
    assert [m.id for m in memory.events[apart.id].mentions] == [second.id]


def test_a_dismissed_event_gathers_its_mentions_and_tells_nothing(departure: Make) -> None:
    memory = Memory()
    (first,) = memory.tell([departure("2025-11-11", "a", status="reported", **LECUN)])
    dismissed = first.event
    memory.put(replace(dismissed, dismissed=True), event_keys(dismissed))
    (second,) = memory.tell([departure("2025-11-20", "b", **LECUN)])
    assert second.event.id == dismissed.id
    assert second.event.dismissed
    assert second.news is None
    assert second.changes == ()


def _by_hand(memory: Memory, event_id: str, mentions: Sequence[SourcedMention]) -> Event:
    event = replace(rebuild(event_id, mentions), pinned=frozenset(m.id for m in mentions))
    memory.put(event, event_keys(event))
    return event
