"""The second reading: rules and encoder propose, the judge keeps, moves or drops, and proves what it says."""

import dataclasses
from collections.abc import Iterable

import numpy as np
import pytest

from extractors.events.assembly import Draft, drafts
from extractors.events.judging import Judge, Opinion, opinion_of
from extractors.events.judging.candidates import PAIR_SIGNS, candidates, pair_signs
from extractors.events.judging.encoder import LONGEST, OVERLAP, WINDOWS, encode, windows
from extractors.events.judging.judge import BACKGROUND, MAIN, WRONG, Linear
from extractors.events.judging.opinions import Chair
from extractors.events.judging.points import SIGNS, day_signs, points, post_signs
from extractors.events.judging.proposals import proposals
from extractors.events.people import People
from models.codec import reading_json
from models.dates import PartialDate
from models.records import Document, Mention, Reading
from models.vocabulary import Kind, RoleCode, Salience, Status

TEXT = (
    "Claire Duval quitte Nuvéo, où elle dirigeait les ventes. Selon Orbio, son ancien employeur, elle s'en va "
    "sans bruit. En 2015, Marc Petit avait quitté Orbio pour fonder Kalmia."
)
DOCUMENT = Document("d", TEXT, title="Claire Duval s'en va", published=PartialDate("2025-03-04"))
FLAT = Linear(0.0, {})


@pytest.fixture(scope="module")
def draft() -> Draft:
    (only,) = drafts([DOCUMENT])
    return only


@pytest.fixture(scope="module")
def people(draft: Draft) -> People:
    assert draft.people is not None
    return draft.people


def judge(right_at: float = 0.5, **verdicts: Linear) -> Judge:
    """A judge that looks at the given signs only."""
    models = {name: verdicts.get(name, FLAT) for name in (WRONG, BACKGROUND, MAIN)}
    return Judge(dict.fromkeys(Kind, models), dict.fromkeys(Kind, right_at), dict.fromkeys(Kind, 0.5))


def opinion(people: People, leaving: dict[str, tuple[str, float]], posts: str = "") -> Opinion:
    """An opinion in which these people leave these houses, so surely as news; nobody else does.

    `posts` is a word of the phrases that it points at as the leavers' posts.
    """
    found, told = candidates(people), points(people)
    keys = [c.key for c in found]
    held = np.array([9.0 if posts and posts in p.text else -9.0 for p in told.posts], dtype=np.float32)
    days = np.full(len(told.days), -9, dtype=np.float32)
    verdicts = np.tile(np.array([0.98, 0.01, 0.01], dtype=np.float32), (len(found), 1))
    chairs = {}
    for who, (house, sure) in leaving.items():
        verdicts[keys.index(who)] = [1 - sure, sure / 10, sure * 9 / 10]
        odds = np.full(len(found), -9, dtype=np.float32)
        houses = odds.copy()
        houses[keys.index(house)] = 9
        chairs[keys.index(who)] = Chair(houses, odds, odds, held, days)
    nothing = np.tile(np.array([1, 0, 0], dtype=np.float32), (len(found), 1))
    return Opinion(
        candidates=found,
        news={Kind.DEPARTURE: 2.0, Kind.LAYOFF: -5.0},
        leaving=verdicts,
        leaving_status=np.tile(np.array([0, 1, 0], dtype=np.float32), (len(found), 1)),
        manners=np.tile(np.array([1, -1, -1, -1, -1, -1, -1], dtype=np.float32), (len(found), 1)),
        cutting=nothing,
        cutting_status=nothing,
        told=(0,) * len(found),
        chairs=chairs,
        points=told,
    )


def of(mentions: Iterable[Mention], person: str) -> Mention:
    return next(m for m in mentions if m.person == person)


def test_every_name_is_a_candidate_once(people: People) -> None:
    found = candidates(people)
    assert [c.name.full for c in found] == ["Claire Duval", "Nuvéo", "Orbio", "Marc Petit", "Kalmia"]
    assert [len(c.places) for c in found] == [2, 1, 2, 1, 1]


def test_pairs_tell_how_near_two_names_stand(people: People) -> None:
    signs = pair_signs(people, candidates(people))
    assert len(signs) == len(signs[0]) == 5
    assert {len(row) for rows in signs for row in rows} == {PAIR_SIGNS}
    same_sentence, far = signs[0][1][0], signs[0][4][0]
    assert (same_sentence, far) == (1.0, 0.0)


def test_an_old_date_makes_background(draft: Draft, people: People) -> None:
    strict = judge(background=Linear(-3, {"age old": 9.0}), wrong=Linear(-9, {}))
    nobody = opinion(people, {})
    mentions, _ = strict.judge(people, draft.mentions, nobody)
    assert of(mentions, "Marc Petit").salience is Salience.BACKGROUND
    assert of(mentions, "Claire Duval").salience is Salience.MAIN
    assert all(m.evidence["person"].quote for m in mentions)


def test_what_is_ten_years_old_is_no_news_whatever_the_encoder_says(draft: Draft, people: People) -> None:
    eager = judge(main=Linear(9, {}))
    mentions, _ = eager.judge(people, draft.mentions, opinion(people, {"marc petit": ("orbio", 0.99)}))
    assert of(mentions, "Marc Petit").salience is Salience.BACKGROUND
    assert of(mentions, "Claire Duval").salience is Salience.MAIN


def test_what_is_doubtful_is_kept_and_is_no_news(draft: Draft, people: People) -> None:
    doubting = judge(right_at=0.6, wrong=Linear(1.0, {}), main=Linear(1.0, {}))  # right: 0.58
    mentions, _ = doubting.judge(people, draft.mentions, opinion(people, {}))
    assert {m.person for m in mentions} == {"Claire Duval", "Marc Petit"}
    assert {m.salience for m in mentions} == {Salience.BACKGROUND}
    assert all(m.doubtful for m in mentions)


def test_another_house_that_may_be_the_one_left_is_kept_doubtfully(draft: Draft, people: People) -> None:
    seen = opinion(people, {"claire duval": ("nuveo", 0.99)})
    chair = seen.chairs[0]
    houses = chair.company.copy()
    houses[2] = 7.0  # Orbio: one in eight
    houses[3] = 8.0  # Marc Petit, who is no organisation
    seen = dataclasses.replace(seen, chairs={0: dataclasses.replace(chair, company=houses)})
    mentions, _ = judge(wrong=Linear(-1, {})).judge(people, draft.mentions, seen)
    told = [m for m in mentions if m.person == "Claire Duval"]
    assert [(m.company, m.doubtful) for m in told] == [("Nuvéo", False), ("Orbio", True)]
    assert told[1] is mentions[-1], "the ids of what is sure do not change with it"
    assert (told[1].salience, told[1].date) == (Salience.BACKGROUND, None)
    assert told[1].evidence["company"].quote == "Orbio"
    assert "date" not in told[1].evidence
    reading = Reading("d", frozenset(), mentions)
    assert [e["company"] for e in reading_json(reading)["events"] if e["person"] == "Claire Duval"] == ["Nuvéo"]


def test_what_is_doubtful_is_not_told_beside_a_surer_reading(draft: Draft, people: People) -> None:
    split = judge(right_at=0.6, wrong=Linear(0.0, {"ruled": 1.0, "ruled otherwise": -2.0}), main=Linear(1.0, {}))
    seen = opinion(people, {"claire duval": ("orbio", 0.99)})
    mentions, _ = split.judge(people, draft.mentions, seen)
    assert [m.company for m in mentions if m.person == "Claire Duval"] == ["Orbio"]


def test_what_the_encoder_doubts_is_dropped_and_told(draft: Draft, people: People) -> None:
    wary = judge(wrong=Linear(0, {"is": -3.0}), main=Linear(1, {"is": 3.0}))
    seen = opinion(people, {"claire duval": ("nuveo", 0.99)})
    mentions, steps = wary.judge(people, draft.mentions, seen)
    assert [m.person for m in mentions] == ["Claire Duval"]
    assert any("Marc Petit" in s.verdict and "écarté" in s.verdict for s in steps)


def test_the_encoder_moves_a_leaver_to_another_house(draft: Draft, people: People) -> None:
    trusting = judge(wrong=Linear(0, {"best house": -5.0}))
    seen = opinion(people, {"claire duval": ("orbio", 0.99)})
    mentions, _ = trusting.judge(people, draft.mentions, seen)
    moved = of(mentions, "Claire Duval")
    ruled = of(draft.mentions, "Claire Duval")
    assert (ruled.company, moved.company) == ("Nuvéo", "Orbio")
    assert moved.evidence["company"].quote == "Orbio"
    assert moved.evidence["trigger"] == ruled.evidence["trigger"]


def test_what_no_rule_told_comes_with_its_proof(people: People) -> None:
    seen = opinion(people, {"marc petit": ("orbio", 0.99)})
    (only,), steps = judge(wrong=Linear(-1, {})).judge(people, [], seen)
    assert (only.person, only.company, only.status) == ("Marc Petit", "Orbio", Status.REPORTED)
    for name in ("person", "company", "trigger"):
        proof = only.evidence[name]
        assert TEXT[proof.start : proof.end] == proof.quote or proof.where == "title"
    assert "Marc Petit avait quitté Orbio" in only.evidence["trigger"].quote
    assert ["vu sans règle" in s.verdict for s in steps] == [True]


def test_the_posts_and_days_of_a_text_stand_with_their_signs(people: People) -> None:
    found, told = candidates(people), points(people)
    assert [p.text.strip() for p in told.posts] == ["dirigeait les ventes"]
    assert [d.value.iso for d in told.days] == ["2015"]
    posts, days = post_signs(people, found, told.posts), day_signs(people, found, told.days)
    assert {len(row) for rows in (*posts, *days) for row in rows} == {SIGNS}
    near_duval, near_petit = posts[0][0][:3], posts[3][0][:3]
    assert near_duval[0] == 1.0 > near_petit[0]
    assert days[3][0][0] == 1.0 > days[0][0][0]


def test_the_post_that_the_encoder_points_at_is_told_with_its_quote(draft: Draft, people: People) -> None:
    bare = [dataclasses.replace(of(draft.mentions, "Claire Duval"), role=None, role_codes=())]
    seen = opinion(people, {"claire duval": ("nuveo", 0.99)}, posts="ventes")
    (told,), _ = judge(wrong=Linear(-1, {})).judge(people, bare, seen)
    assert set(told.role_codes) == {RoleCode.HEAD, RoleCode.CRO}
    proof = told.evidence["role"]
    assert TEXT[proof.start : proof.end] == proof.quote == told.role
    (untold,), _ = judge(wrong=Linear(-1, {})).judge(
        people, bare, opinion(people, {"claire duval": ("nuveo", 0.99)})
    )
    assert untold.role_codes == ()


def test_a_cut_of_a_longer_name_is_the_cut_that_a_rule_tells() -> None:
    text = "TIER supprime 180 postes. La société TIER Mobility, à Berlin, l'a annoncé, comme Orbio avant elle."
    (cut,) = drafts([Document("t", text, title="TIER licencie", published=PartialDate("2025-03-04"))])
    assert cut.people is not None
    found = candidates(cut.people)
    sure = np.tile(np.array([0.02, 0.02, 0.96], dtype=np.float32), (len(found), 1))
    seen = dataclasses.replace(opinion(cut.people, {}), cutting=sure, cutting_status=sure)
    mentions, _ = judge(wrong=Linear(-9, {})).judge(cut.people, cut.mentions, seen)
    assert sorted(m.company or "" for m in mentions) == ["Orbio", "TIER"]


def test_where_the_text_gives_no_day_news_is_of_today_and_a_recall_of_none(draft: Draft, people: People) -> None:
    seen = opinion(people, {"claire duval": ("nuveo", 0.99)})
    news, _ = judge(main=Linear(9, {})).judge(people, draft.mentions, seen)
    recall, _ = judge(background=Linear(9, {})).judge(people, draft.mentions, seen)
    assert of(news, "Claire Duval").date == DOCUMENT.published
    assert of(recall, "Claire Duval").date is None
    assert of(recall, "Marc Petit").date == PartialDate("2015")


def test_what_is_denied_is_left_alone(draft: Draft, people: People) -> None:
    denied = dataclasses.replace(of(draft.mentions, "Claire Duval"), denied=True)
    mentions, steps = judge(wrong=Linear(99, {})).judge(people, [denied], opinion(people, {}))
    assert (mentions, steps) == ((denied,), ())


def test_rules_and_encoder_of_one_mind_propose_once(draft: Draft, people: People) -> None:
    seen = opinion(people, {"claire duval": ("nuveo", 0.99)})
    proposed = proposals(draft.mentions, seen)
    assert sum(p.who == seen.index("claire duval") for p in proposed) == 1


def test_a_long_article_is_read_in_windows_that_overlap() -> None:
    long = Document("l", "Le directeur parle longuement. " * 400 + "Claire Duval quitte Nuvéo.", title="Un titre")
    cut = windows(long)
    assert 1 < len(cut) <= WINDOWS
    assert all(len(w.ids) <= LONGEST for w in cut)
    first, second = ([p for p in w.places if p and p[0] == "text"] for w in cut[:2])
    assert first[-OVERLAP] == second[0]


def test_the_bundled_encoder_tells_news_from_a_product() -> None:
    news, other = drafts(
        [
            Document("n", "Le PDG de Nuvéo, Paul Arnal, démissionne et quitte l'entreprise.", title="Démission"),
            Document(
                "o", "Claire Duval, PDG de Nuvéo, présente un casque : le prix quitte les sommets.", title="Casque"
            ),
        ]
    )
    assert news.people
    assert other.people
    assert opinion_of(news.people).news[Kind.DEPARTURE] > 0 > opinion_of(other.people).news[Kind.DEPARTURE]


def test_encoding_twice_says_the_same(people: People) -> None:
    found = candidates(people)
    once, again = encode(DOCUMENT, found), encode(DOCUMENT, found)
    assert once.spans == again.spans
    assert all((a == b).all() for a, b in zip(once.states, again.states, strict=True))
