"""Order of arrival does not matter: any permutation of a story gives one and the same event."""

from collections.abc import Callable, Sequence
from itertools import permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.stories import Memory, rebuild
from models.dates import PartialDate
from models.events import Event, Provenance, SourcedMention
from models.records import Mention
from models.vocabulary import Kind, Salience, Status

Make = Callable[..., SourcedMention]


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
