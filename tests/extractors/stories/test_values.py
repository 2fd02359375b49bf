"""What an event is, from the set of its mentions."""

from collections.abc import Callable, Mapping
from typing import Any

from extractors.stories import rebuild
from models.events import Event, SourcedMention
from models.records import Evidence
from models.vocabulary import Life, Salience

Make = Callable[..., SourcedMention]


def test_the_whole_plan_stands_over_its_share(layoff: Make) -> None:
    event = rebuild(
        "e",
        [
            layoff("2023-01-02", "a", company="Back Market", headcount=93),
            layoff("2023-01-02", "a", company="Back Market", headcount=63, place="France"),
        ],
    )
    chosen = event.values["headcount"]
    assert (chosen.value, chosen.rule) == (93, "le plan entier plutôt qu'une part")
    assert [(o.value, o.outlets) for o in chosen.others] == [(63, ("a",))]


def test_a_later_figure_stands_over_an_earlier_one(layoff: Make) -> None:
    event = rebuild(
        "e",
        [
            layoff("2023-03-12", "Les Echos", company="Doc", headcount=93),
            layoff("2023-03-11", "Maddyness", company="Doc", headcount=100),
        ],
    )
    chosen = event.values["headcount"]
    assert (chosen.value, chosen.rule) == (93, "le plus récent")
    assert [(o.value, o.outlets) for o in chosen.others] == [(100, ("Maddyness",))]


def test_a_confirmed_figure_stands_over_a_later_rumour(layoff: Make) -> None:
    event = rebuild(
        "e",
        [
            layoff("2023-03-11", "a", company="Doc", headcount=93),
            layoff("2023-03-12", "b", company="Doc", headcount=200, status="reported"),
        ],
    )
    chosen = event.values["headcount"]
    assert (chosen.value, chosen.rule) == (93, "confirmé plutôt que rapporté")


def test_news_stands_over_a_recall(layoff: Make) -> None:
    event = rebuild(
        "e",
        [
            layoff("2023-03-11", "a", company="Doc", headcount=93),
            layoff("2024-03-12", "b", company="Doc", headcount=100, salience="background"),
        ],
    )
    assert event.get("headcount") == 93
    assert event.values["headcount"].rule == "l'article qui l'annonce plutôt qu'un rappel"


def test_the_more_precise_date_stands_where_two_agree(departure: Make) -> None:
    who = {"person": "Mark Hurd", "company": "HP"}
    event = rebuild(
        "e",
        [
            departure("2010-08-07", "a", date="2010-08-06", **who),
            departure("2010-08-09", "b", date="2010-08", **who),
        ],
    )
    chosen = event.values["date"]
    assert (chosen.value, chosen.rule, chosen.others) == ("2010-08-06", "la date la plus précise", ())
    assert len(chosen.mentions) == 2


def test_a_date_that_moved_is_the_last_told(departure: Make) -> None:
    who = {"person": "Rodolphe Belmer", "company": "Atos"}
    event = rebuild(
        "e",
        [
            departure("2022-06-14", "a", date="2022-09-30", **who),
            departure("2022-07-13", "b", date="2022-07-13", **who),
        ],
    )
    assert event.get("date") == "2022-07-13"
    assert [o.value for o in event.values["date"].others] == ["2022-09-30"]


NO_DAY = {"trigger": Evidence("title", 0, 6, "quitte", "quitter")}
"""The proofs of a mention whose date is the day of its article, for want of a word that tells one."""


def test_a_day_that_no_word_tells_neither_stands_over_one_that_is_told_nor_disagrees(departure: Make) -> None:
    who = {"person": "Rodolphe Belmer", "company": "Atos"}
    told = departure("2022-06-14", "a", date="2022-09-30", **who)
    assumed = departure("2022-06-15", "b", date="2022-06-15", evidence=NO_DAY, **who)
    chosen = rebuild("e", [told, assumed]).values["date"]
    assert (chosen.value, chosen.rule, chosen.others) == ("2022-09-30", "sans désaccord", ())
    assert chosen.mentions == (told.id,)


def test_where_no_word_tells_a_day_it_is_that_of_the_first_telling(departure: Make) -> None:
    who = {"person": "Rodolphe Belmer", "company": "Atos", "evidence": NO_DAY}
    days = ["2022-06-15", "2022-06-14", "2022-06-20"]
    chosen = rebuild("e", [departure(day, f"o{day}", date=day, **who) for day in days]).values["date"]
    assert (chosen.value, chosen.rule, chosen.others) == ("2022-06-14", "sans désaccord", ())


def test_a_day_that_no_word_tells_stands_over_that_of_a_rumour(departure: Make) -> None:
    who = {"person": "Rodolphe Belmer", "company": "Atos"}
    rumour = departure("2022-06-10", "a", date="2022-06-08", status="reported", **who)
    told = departure("2022-06-14", "b", date="2022-06-14", evidence=NO_DAY, **who)
    chosen = rebuild("e", [rumour, told]).values["date"]
    assert (chosen.value, chosen.rule) == ("2022-06-14", "confirmé plutôt que rapporté")
    assert [o.value for o in chosen.others] == ["2022-06-08"]


def test_the_full_name_stands_over_the_family_name(departure: Make) -> None:
    event = rebuild(
        "e",
        [
            departure("2022-06-14", "a", person="Belmer", company="Atos"),
            departure("2022-06-15", "b", person="Belmer", company="Atos"),
            departure("2022-06-13", "c", person="Rodolphe Belmer", company="Atos"),
        ],
    )
    assert event.get("person") == "Rodolphe Belmer"
    assert event.values["person"].others == ()


def test_a_named_destination_stands_over_a_described_one(departure: Make) -> None:
    who = {"person": "Yann LeCun", "company": "Meta"}
    event = rebuild(
        "e",
        [
            departure("2025-11-11", "a", destination="AMI Labs", **who),
            departure("2025-11-20", "b", destination="une start-up", **who),
        ],
    )
    assert event.get("destination") == "AMI Labs"


def test_a_stated_manner_stands_over_none(departure: Make) -> None:
    who = {"person": "Yann LeCun", "company": "Meta"}
    event = rebuild(
        "e",
        [
            departure("2025-11-11", "a", manner=["voluntary"], **who),
            departure("2025-11-20", "b", manner=["unspecified"], **who),
        ],
    )
    assert event.get("manner") == ("voluntary",)


def test_a_syndicated_copy_is_one_more_outlet_not_one_more_source(layoff: Make) -> None:
    copies = [layoff("2023-03-11", o, company="Doc", unit="support", text="AFP") for o in ("a", "b", "c")]
    own = [
        layoff("2023-03-11", "d", company="Doc", unit="ventes"),
        layoff("2023-03-10", "e", company="Doc", unit="ventes"),
    ]
    event = rebuild("e", [*copies, *own])
    assert event.get("unit") == "ventes"
    assert event.outlets == ("e", "a", "b", "c", "d")


def test_a_denial_fills_no_value(departure: Make) -> None:
    who = {"person": "Yann LeCun", "company": "Meta"}
    event = rebuild(
        "e",
        [
            departure("2025-11-11", "a", status="reported", **who),
            departure("2025-11-12", "b", denied=True, role="patron", **who),
        ],
    )
    assert event.get("role") is None
    assert event.life is Life.DENIED


def _life(departure: Make, *told: Mapping[str, Any]) -> Event:
    who = {"person": "Yann LeCun", "company": "Meta"}
    return rebuild("e", [departure(f"2025-11-{i + 1:02}", f"o{i}", **who, **t) for i, t in enumerate(told)])


def test_the_life_of_an_event(departure: Make) -> None:
    rumour, report, sure = {"status": "speculated"}, {"status": "reported"}, {"status": "confirmed"}
    denial, recall = {"denied": True}, {"status": "reported", "salience": "background"}
    assert _life(departure, rumour).life is Life.SPECULATED
    assert _life(departure, rumour, report).life is Life.REPORTED
    assert _life(departure, sure, rumour).life is Life.CONFIRMED
    assert _life(departure, report, denial).life is Life.DENIED
    assert _life(departure, report, denial, recall).life is Life.DENIED
    assert _life(departure, report, denial, report).life is Life.REPORTED
    assert _life(departure, report, denial, sure).life is Life.CONFIRMED
    only = _life(departure, denial)
    assert only.life is Life.DENIED
    assert only.salience is Salience.BACKGROUND
