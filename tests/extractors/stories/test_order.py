"""Order of arrival does not matter: any permutation of a story gives one and the same event."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.stories import Memory, rebuild
from models.dates import PartialDate
from models.events import Event, Provenance, SourcedMention
from models.records import DOUBTFUL, Evidence, Mention
from models.vocabulary import Kind, Salience, Status

Make = Callable[..., SourcedMention]
DOUBT = {"salience": Evidence("text", 0, 2, "Le", DOUBTFUL)}


def _story(departure: Make) -> list[SourcedMention]:
    who = {"company": "Meta", "role_codes": ["CSO"]}
    return [
        departure("2025-11-11", "a", person="Yann LeCun", status="reported", **who),
        departure("2025-11-12", "b", person="Yann Le Cun", denied=True, status="speculated", **who),
        departure("2025-11-20", "c", person="Y. LeCun", date="2025-11-20", **who),
        departure("2025-11-21", "d", person="LeCun", date="2025-12-31", destination="AMI Labs", **who),
        departure("2025-12-18", "e", person="Yann LeCun", salience="background", **who | {"company": "Facebook"}),
    ]


def _told(mentions: Sequence[SourcedMention]) -> list[Event]:
    memory = Memory()
    for mention in mentions:
        memory.tell([mention])
    return list(memory.events.values())


def test_all_permutations_of_a_departure_give_one_event(departure: Make) -> None:
    story = _story(departure)
    (expected,) = _told(story)
    assert expected == rebuild("depart-lecun-meta-2025", story)
    for order in permutations(story):
        assert _told(order) == [expected]


def test_all_permutations_of_a_cut_give_one_event(layoff: Make) -> None:
    story = [
        layoff("2025-10-27", "a", company="Amazon", headcount=30000, percent=10, status="reported"),
        layoff("2025-10-28", "b", company="Amazon", headcount=14000),
        layoff("2025-10-28", "c", company="Amazon.com", unit="bureaux"),
        layoff("2025-10-30", "d", company="Amazon", headcount=14000, salience="background", date="2025-10"),
        layoff("2025-12-18", "e", company="Amazon", headcount=14000, salience="background", date="2025"),
    ]
    (expected,) = _told(story)
    for order in permutations(story):
        assert _told(order) == [expected]


_COMPANIES = st.sampled_from(["Amazon", "Twitch", "AWS", "Microsoft", "Microsoft France", "X", None])
_PERSONS = st.sampled_from(["Anne Martin", "A. Martin", "Martin", "Anne Marten", "Lucie Martin", None])
_DATES = st.sampled_from([None, "2024", "2025", "2025-03", "2025-03-12", "2025-05-01", "2026-01-20"])
_PUBLISHED = st.sampled_from(
    ["2025-03-10", "2025-03-12", "2025-04-01", "2025-05", "2025-06-20", "2026-01-20", None]
)


@st.composite
def _mentions(draw: st.DrawFn) -> list[SourcedMention]:
    """Up to five articles of one or two mentions each, on few names, so that they meet."""
    out = []
    for article in range(draw(st.integers(1, 5))):
        published = draw(_PUBLISHED)
        for rank in range(draw(st.integers(1, 2))):
            date = draw(_DATES)
            common = {
                "salience": draw(st.sampled_from(Salience)),
                "status": draw(st.sampled_from(Status)),
                "company": draw(_COMPANIES),
                "date": PartialDate(date) if date else None,
                "denied": draw(st.booleans()) and draw(st.booleans()),
            }
            if draw(st.booleans()):
                mention = Mention(Kind.DEPARTURE, person=draw(_PERSONS), **common)
            else:
                jobs = draw(st.sampled_from([None, 100, 102, 130, 200, 900]))
                mention = Mention(
                    Kind.LAYOFF, headcount=jobs, percent=draw(st.sampled_from([None, 5.0, 10.0])), **common
                )
            where = Provenance(
                article=f"article-{article}",
                outlet=f"outlet-{article}",
                published=PartialDate(published) if published else None,
                text_hash=str(article),
            )
            if mention.salience is Salience.BACKGROUND and draw(st.booleans()):
                mention = replace(mention, evidence=DOUBT)
            out.append(SourcedMention(f"{article}-{rank}", mention, where))
    return out


def _articles(mentions: Sequence[SourcedMention]) -> list[list[SourcedMention]]:
    names = dict.fromkeys(m.provenance.article for m in mentions)
    return [[m for m in mentions if m.provenance.article == name] for name in names]


def _events(articles: Sequence[Sequence[SourcedMention]]) -> dict[frozenset[str], tuple[object, ...]]:
    """What was made of some articles, ids aside: an id is kept from what arrived first."""
    memory = Memory()
    for article in articles:
        memory.tell(article)
    return {
        frozenset(m.id for m in e.mentions): (e.kind, e.life, dict(e.values), e.mentions, e.salience)
        for e in memory.events.values()
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_mentions(), st.randoms(use_true_random=False))
def test_any_articles_in_any_order_give_the_same_events(mentions: list[SourcedMention], random: object) -> None:
    articles = _articles(mentions)
    expected = _events(articles)
    random.shuffle(articles)  # type: ignore[attr-defined]
    assert _events(articles) == expected
    assert {i for ids in expected for i in ids} == {m.id for m in mentions}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_mentions())
def test_the_same_articles_twice_change_nothing(mentions: list[SourcedMention]) -> None:
    memory = Memory()
    articles = _articles(mentions)
    for article in articles:
        memory.tell(article)
    before = dict(memory.events)
    for article in articles:
        for resolution in memory.tell(article):
            assert resolution.news is None
            assert resolution.changes == ()
    assert memory.events == before


def test_what_is_told_doubtfully_joins_no_two_events(departure: Make) -> None:
    doubtful = departure("2025-03-10", "a", person="Martin", company="Amazon", salience="background")
    doubtful = replace(doubtful, mention=replace(doubtful.mention, evidence=DOUBT))
    anne = departure("2025-03-11", "b", person="Anne Martin", company="Amazon")
    lucie = departure("2025-03-12", "c", person="Lucie Martin", company="Amazon")
    for order in permutations([doubtful, anne, lucie]):
        surely = [[m for m in e.mentions if not m.mention.doubtful] for e in _told(order)]
        assert sorted(surely, key=str) == sorted([[anne], [lucie]], key=str)


def test_a_wave_told_doubtfully_waits_for_the_article_that_tells_it(layoff: Make) -> None:
    first = layoff("2025-03-10", "a", company="Amazon", headcount=100, date="2025-03-10")
    doubtful = layoff("2025-08-10", "b", company="Amazon", headcount=900, date="2025-08-01", salience="background")
    doubtful = replace(doubtful, mention=replace(doubtful.mention, evidence=DOUBT))
    other = layoff("2025-08-20", "c", company="Amazon", headcount=900, date="2025-08-01")
    memory = Memory()
    (known,), (alone,), (joined,) = (memory.tell([m]) for m in (first, doubtful, other))
    assert alone.event.id != known.event.id
    assert alone.event.doubtful
    assert {m.id for m in joined.event.mentions} == {doubtful.id, other.id}
    assert alone.event.id not in memory.events
    assert all("réunit" not in change.summary for change in joined.changes)
    assert [m.id for m in memory.events[known.event.id].mentions] == [first.id]
    assert len(memory.events) == 2


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_mentions())
def test_what_is_told_doubtfully_moves_nothing_that_is_told_surely(mentions: list[SourcedMention]) -> None:
    """Nor their ids, however the doubtful ones arrive among them."""
    memory, surely = Memory(), Memory()
    for article in _articles(mentions):
        memory.tell(article)
        surely.tell([m for m in article if not m.mention.doubtful])
    told = {e.id: (e, [m for m in e.mentions if not m.mention.doubtful]) for e in memory.events.values()}
    assert {i: (e.kind, e.life, e.values, e.salience, m) for i, (e, m) in told.items() if m} == {
        e.id: (e.kind, e.life, e.values, e.salience, list(e.mentions)) for e in surely.events.values()
    }
