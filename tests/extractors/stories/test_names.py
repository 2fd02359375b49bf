"""Who is who, under all the names that the press gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.stories.keys import keys_of, stored_keys
from extractors.stories.names import Kinship, Names, bundled, with_aliases
from models.queries import Alias
from models.records import Mention
from models.vocabulary import Kind, Salience


def _meet(one: Mention, other: Mention) -> bool:
    """Whether each finds what the other is stored under."""
    there = set(keys_of(one)) & set(stored_keys(other))
    back = set(keys_of(other)) & set(stored_keys(one))
    return bool(there) and bool(back)


SAME_PERSON = [
    ("Yann LeCun", "Yann Le Cun"),
    ("Yann LeCun", "LeCun"),
    ("Éric Léandri", "Eric Leandri"),
    ("ERIC LEANDRI", "Eric Leandri"),
    ("Jean-Marie Hullot", "Jean Marie Hullot"),
    ("Pat Gelsinger", "Patrick Gelsinger"),
    ("P. Gelsinger", "Patrick Gelsinger"),
    ("Pat Gelsinger", "Pat Gelsigner"),
    ("Rodolphe Belmer", "Rodolphe Bellmer"),
    ("M. Belmer", "Rodolphe Belmer"),
    ("Tony Wu", "Yuhuai (Tony) Wu"),
    ("Michelle (MJ) Johnston Holthaus", "Michelle Johnston Holthaus"),
    ("Michelle Johnston Holthaus", "Michelle Holthaus"),
    ("Michelle Johnston Holthaus", "Michelle Johnston"),
    ("Ursula von der Leyen", "von der Leyen"),
    ("Søren Skou", "Soren Skou"),
    ("Ren Zhengfei", "Ren"),
    ("Fatoumata N'Diaye", "Fatoumata Ndiaye"),
    ("Fatoumata N’Diaye", "N'Diaye"),
    ("Olivier d'Ornano", "D’Ornano"),
    ("Xi", "Xi Jinping"),
]
TWO_PERSONS = [
    ("Larry Page", "Sergey Page"),
    ("Sam Altman", "Jack Altman"),
    ("Jimmy Ba", "Jimmy Wu"),
    ("Greg Yang", "Greg Wang"),
    ("Thierry Breton", "Thierry Bolloré"),
    ("Sophie Martin", "Stéphane Martin"),
    ("Martin", "Sophie Bouygues"),
    ("Ren Zhengfei", "Ren Jianxin"),
    ("Li Jun", "L."),
    ("", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME_PERSON)
def test_one_person_is_known_under_both_names(one: str, other: str) -> None:
    names = bundled()
    assert names.same_person(names.person(one), names.person(other))
    assert names.same_person(names.person(other), names.person(one))


@pytest.mark.parametrize(("one", "other"), TWO_PERSONS)
def test_two_persons_stay_two(one: str, other: str) -> None:
    names = bundled()
    assert not names.same_person(names.person(one), names.person(other))


@pytest.mark.parametrize(("one", "other"), SAME_PERSON)
def test_both_names_are_found_under_a_common_key(one: str, other: str) -> None:
    mentions = [Mention(Kind.DEPARTURE, Salience.MAIN, company="Meta", person=n) for n in (one, other)]
    assert _meet(*mentions)


KIN = [
    ("Meta", "Facebook", Kinship.SAME),
    ("Meta Platforms, Inc.", "Facebook", Kinship.SAME),
    ("Twitter", "X", Kinship.SAME),
    ("Alphabet", "Google", Kinship.SAME),
    ("OVH", "OVHcloud", Kinship.SAME),
    ("Atos SE", "groupe Atos", Kinship.SAME),
    ("BackMarket", "Back Market", Kinship.SAME),
    ("Just Eat", "Just Eat Takeaway", Kinship.SAME),
    ("Dell", "Dell Technologies", Kinship.SAME),
    ("Société Générale", "SOCIETE GENERALE", Kinship.SAME),
    ("Microsoft France", "Microsoft", Kinship.BRANCH),
    ("Ubisoft Paris", "Ubisoft", Kinship.BRANCH),
    ("Twitch", "Amazon", Kinship.GROUP),
    ("King", "Microsoft", Kinship.GROUP),
    ("Twitch", "AWS", Kinship.GROUP),
    ("Orange Bank", "Orange", Kinship.GROUP),
    ("Eviden", "Atos", Kinship.GROUP),
    ("Twitch", "Twitter", Kinship.NONE),
    ("xAI", "X", Kinship.NONE),
    ("HP", "HPE", Kinship.NONE),
    ("HP", "Hewlett Packard Enterprise", Kinship.NONE),
    ("General Motors", "General Electric", Kinship.NONE),
    ("Bouygues Telecom", "Orange", Kinship.NONE),
    ("", "Meta", Kinship.NONE),
]


@pytest.mark.parametrize(("one", "other", "kinship"), KIN)
def test_organisations_are_as_near_as_the_data_says(one: str, other: str, kinship: Kinship) -> None:
    names = bundled()
    assert names.kinship(names.organisation(one), names.organisation(other)) is kinship
    assert names.kinship(names.organisation(other), names.organisation(one)) is kinship


@pytest.mark.parametrize(("one", "other"), [(a, b) for a, b, k in KIN if k is not Kinship.NONE])
def test_related_organisations_are_found_under_a_common_key(one: str, other: str) -> None:
    mentions = [Mention(Kind.LAYOFF, Salience.MAIN, company=n) for n in (one, other)]
    assert _meet(*mentions)


def _same(names: Names, one: str, other: str) -> bool:
    return names.kinship(names.organisation(one), names.organisation(other)) is Kinship.SAME


def test_a_users_alias_makes_two_organisations_one() -> None:
    assert not _same(bundled(), "Blablacar", "Comuto")
    names = with_aliases([Alias("organisation", "BlaBlaCar", "Comuto")])
    assert _same(names, "Blablacar", "Comuto")
    assert not _same(bundled(), "Blablacar", "Comuto")


def test_what_led_to_an_alias_follows_it() -> None:
    names = with_aliases([Alias("organisation", "Nouvelle Meta", "Meta")])
    assert _same(names, "Nouvelle Meta", "Facebook")
    assert names.kinship(names.organisation("Instagram"), names.organisation("Nouvelle Meta")) is Kinship.GROUP


def test_a_users_alias_makes_two_persons_one() -> None:
    names = with_aliases([Alias("person", "Changpeng Zhao", "CZ")])
    assert names.same_person(names.person("CZ"), names.person("Changpeng Zhao"))


def test_an_alias_of_itself_or_of_nothing_changes_nothing() -> None:
    names = with_aliases([Alias("organisation", "Meta", "Facebook"), Alias("organisation", "!", "Meta")])
    assert _same(names, "Meta", "Facebook")
    assert not _same(names, "Google", "Meta")


def test_firms_that_share_a_word_do_not_meet() -> None:
    one, other = (Mention(Kind.LAYOFF, Salience.MAIN, company=n) for n in ("General Motors", "General Electric"))
    assert not set(keys_of(one)) & set(stored_keys(other))


@pytest.mark.parametrize("name", ["", "!!!", "SA", "Inc.", "Groupe", "x" * 10_000, "株式会社", "‮evil", "France"])
def test_no_name_breaks_the_reading(name: str) -> None:
    bundled().organisation(name)
    keys = keys_of(Mention(Kind.DEPARTURE, Salience.MAIN, company=name, person=name))
    assert all(len(k) < 150 for k in keys)


_WORDS = st.sampled_from(
    ["anne", "a", "jean", "le", "de", "cun", "martin", "marten", "amrtin", "gelsinger", "li", "wu"]
)
_FIRMS = st.sampled_from(
    ["ab", "tasty", "ubisoft", "paris", "france", "meta", "twitch", "aws", "sa", "group", "labs"]
)


@given(st.lists(_WORDS, min_size=1, max_size=4), st.lists(_WORDS, min_size=1, max_size=4))
def test_whoever_may_be_one_person_shares_a_key(one: list[str], other: list[str]) -> None:
    names = bundled()
    both = [" ".join(one), " ".join(other)]
    if names.same_person(*(names.person(n) for n in both)):
        mentions = [Mention(Kind.DEPARTURE, Salience.MAIN, company="Meta", person=n) for n in both]
        assert _meet(*mentions)


@given(st.lists(_FIRMS, min_size=1, max_size=3), st.lists(_FIRMS, min_size=1, max_size=3))
def test_whatever_may_be_one_organisation_shares_a_key(one: list[str], other: list[str]) -> None:
    names = bundled()
    both = [" ".join(one), " ".join(other)]
    if names.kinship(*(names.organisation(n) for n in both)) is not Kinship.NONE:
        mentions = [Mention(Kind.LAYOFF, Salience.MAIN, company=n) for n in both]
        assert _meet(*mentions)
