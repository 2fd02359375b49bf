"""Which resolutions become alerts, for whom, and when they leave."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from extractors.stories import with_aliases
from flows.alerts.policy import Conditions, Mode, Quiet, Rule
from flows.alerts.rules import after_quiet, alerts_for, deliveries_for, due_at
from models.dates import PartialDate
from models.events import Change, Resolution
from models.queries import Alias
from models.vocabulary import Kind, Life, Manner, News, RoleCode, Salience, Status

PARIS = ZoneInfo("Europe/Paris")
DAYS = timedelta(days=3)
ALL = Rule("tout", ("equipe",))


def told(resolution: Resolution, now: datetime, rule: Rule = ALL, **more: Any) -> int:
    return len(alerts_for([resolution], [rule], now, DAYS, **more))


def asked(**conditions: Any) -> Rule:
    return Rule("r", ("equipe",), Conditions(**conditions))


def test_new_event_is_told_once_per_rule_under_a_stable_id(make: Any, now: datetime) -> None:
    resolution = make.resolution(make.event())
    (alert,) = alerts_for([resolution], [ALL], now, DAYS)
    assert (alert.rule, alert.channels, alert.news, alert.created) == ("tout", ("equipe",), News.NEW, now)
    (again,) = alerts_for([resolution, resolution], [ALL], now + timedelta(minutes=15), DAYS)
    assert again.id == alert.id
    (other,) = alerts_for([resolution], [Rule("autre", ("equipe",))], now, DAYS)
    assert other.id != alert.id


def test_nothing_new_background_or_dismissed_is_no_alert(make: Any, now: datetime) -> None:
    assert told(make.resolution(make.event(), None), now) == 0
    recalled = make.event(mentions=(make.mention(salience=Salience.BACKGROUND),))
    assert told(make.resolution(recalled), now) == 0
    assert told(make.resolution(make.event(dismissed=True)), now) == 0


def test_old_stories_are_history(make: Any, now: datetime) -> None:
    def published(day: str) -> Resolution:
        resolution: Resolution = make.resolution(make.event(mentions=(make.mention(published=PartialDate(day)),)))
        return resolution

    assert told(published("2026-11-19"), now) == 1  # a day counts to its end
    assert told(published("2026-11-18"), now) == 0
    assert told(published("2025"), now) == 0
    resolution = make.resolution(make.event())
    assert told(resolution, now, published=now - DAYS) == 1
    assert told(resolution, now, published=now - DAYS - timedelta(seconds=1)) == 0
    undated = make.resolution(make.event(mentions=(make.mention(published=None),)))
    assert told(undated, now) == 0


def test_first_contact_with_a_feed_without_dates_never_floods(make: Any, now: datetime) -> None:
    # The store dates such an article by its fetching: it looks fresh, and is not known to be.
    resolution = make.resolution(make.event(mentions=(make.mention(published=PartialDate("2026-11-22")),)))
    assert told(resolution, now, undated=True) == 0
    assert told(resolution, now, undated=True, familiar=True) == 1


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({"kinds": frozenset({Kind.LAYOFF})}, True),
        ({"kinds": frozenset({Kind.DEPARTURE})}, False),
        ({"companies": ("LUMEN",)}, True),
        ({"companies": ("Lum",)}, False),
        ({"companies": ("Nova", "lumen")}, True),
        ({"persons": ("Zoé",)}, False),
        ({"min_headcount": 500}, True),
        ({"min_headcount": 501}, False),
        ({"min_percent": 12.5}, True),
        ({"min_percent": 14}, False),
        ({"places": ("france",)}, True),
        ({"places": ("Espagne",)}, False),
        ({"outlets": ("l'echo du net",)}, True),
        ({"outlets": ("Numérique",)}, False),
        ({"words": ("supprimer",)}, True),
        ({"words": ("supprim",)}, False),
        ({"status": Status.CONFIRMED}, True),
        ({"roles": frozenset({RoleCode.CEO})}, False),
        ({"companies": ("Lumen",), "min_headcount": 1000}, False),
    ],
)
def test_conditions_on_a_cut(make: Any, now: datetime, conditions: dict[str, Any], holds: bool) -> None:
    assert told(make.resolution(make.event()), now, asked(**conditions)) == holds


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({"persons": ("zoe lefevre",)}, True),
        ({"persons": ("Lefèvre",)}, True),
        ({"roles": frozenset({RoleCode.CFO, RoleCode.CEO})}, True),
        ({"roles": frozenset({RoleCode.CEO})}, False),
        ({"manners": frozenset({Manner.VOLUNTARY})}, True),
        ({"manners": frozenset({Manner.FORCED})}, False),
        ({"min_headcount": 1}, False),
    ],
)
def test_conditions_on_a_departure(make: Any, now: datetime, conditions: dict[str, Any], holds: bool) -> None:
    resolution = make.resolution(
        make.event(Kind.DEPARTURE, mentions=(make.mention(kind=Kind.DEPARTURE, headcount=None),))
    )
    assert told(resolution, now, asked(**conditions)) == holds


def test_aliases_lead_to_one_company(make: Any, now: datetime) -> None:
    resolution = make.resolution(make.event(company="Facebook"))
    assert told(resolution, now, asked(companies=("Meta",))) == 1
    assert told(resolution, now, asked(companies=("Lumen",))) == 0
    names = with_aliases([Alias("organisation", "Lumen", "Facebook")])
    assert told(resolution, now, asked(companies=("Lumen",)), names=names) == 1
    branch = make.resolution(make.event(company="Lumen France"))
    assert told(branch, now, asked(companies=("Lumen",))) == 1


def test_status_at_least_and_the_denial_of_what_was_told(make: Any, now: datetime) -> None:
    rumour = make.mention(status=Status.SPECULATED)
    denial = make.mention(denied=True, article="https://autre.example/")
    for least, heard in ((Status.SPECULATED, 1), (Status.REPORTED, 0), (Status.CONFIRMED, 0)):
        rule = asked(status=least)
        assert told(make.resolution(make.event(life=Life.SPECULATED, mentions=(rumour,))), now, rule) == heard
        denied = make.event(life=Life.DENIED, mentions=(rumour, denial))
        assert told(make.resolution(denied, News.DENIED), now, rule) == heard


def test_exclusion_needs_one_condition(make: Any, now: datetime) -> None:
    resolution = make.resolution(make.event())
    assert told(resolution, now, Rule("r", ("c",), exclude=Conditions(companies=("Nova",)))) == 1
    assert (
        told(resolution, now, Rule("r", ("c",), exclude=Conditions(companies=("Nova",), words=("500 postes",))))
        == 0
    )


def test_only_wanted_changes_each_under_its_own_id(make: Any, now: datetime) -> None:
    event = make.event()
    changes = tuple(Change("evt1", News.FIGURE, "", "headcount", 93, after) for after in (120, 140))
    one, two = (make.resolution(event, News.FIGURE, changes=(c,)) for c in changes)
    alerts = alerts_for([one, two], [ALL], now, DAYS)
    assert [a.change for a in alerts] == list(changes)
    assert len({a.id for a in alerts}) == 2
    assert told(one, now, Rule("r", ("c",), changes=frozenset({News.NEW}))) == 0
    assert told(make.resolution(event, News.SCOPE), now) == 0


def test_a_channel_hears_one_thing_once(make: Any, now: datetime) -> None:
    rules = [
        Rule("grands", ("equipe",), Conditions(min_headcount=100)),
        Rule("tout", ("equipe", "archives")),
        Rule("rien de plus", ("equipe",)),
        Rule("bilan", ("equipe",), mode=Mode.DAILY),
    ]
    alerts = alerts_for([make.resolution(make.event())], rules, now, DAYS)
    assert [(a.rule, a.channels) for a in alerts] == [
        ("grands", ("equipe",)),
        ("tout", ("archives",)),
        ("bilan", ("equipe",)),
    ]


def test_one_delivery_a_target(make: Any, now: datetime) -> None:
    rule = Rule("tout", ("a", "b"))
    alerts = alerts_for([make.resolution(make.event())], [rule], now, DAYS)
    deliveries = deliveries_for(alerts, [rule], {"a": 2}, now=now, zone=PARIS)
    assert [(d.channel, d.target, d.due) for d in deliveries] == [("a", 0, now), ("a", 1, now), ("b", 0, now)]


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-22 23:00", "2026-11-23 07:00"),
        ("2026-11-23 06:59", "2026-11-23 07:00"),
        ("2026-11-23 07:00", "2026-11-23 07:00"),
        ("2026-11-22 21:59", "2026-11-22 21:59"),
        ("2026-10-24 23:00", "2026-10-25 07:00"),  # the night in which clocks go back
    ],
)
def test_quiet_hours_hold_until_their_end(at: str, due: str) -> None:
    rule = Rule("nuit", ("a",), quiet=Quiet(time(22), time(7)))
    assert after_quiet(rule, paris(at), PARIS) == paris(due)


def test_quiet_hours_within_a_day() -> None:
    rule = Rule("midi", ("a",), quiet=Quiet(time(12), time(14)))
    assert after_quiet(rule, paris("2026-11-22 13:00"), PARIS) == paris("2026-11-22 14:00")
    assert after_quiet(rule, paris("2026-11-22 15:00"), PARIS) == paris("2026-11-22 15:00")


@pytest.mark.parametrize(
    ("mode", "at", "due"),
    [
        (Mode.DAILY, "2026-11-22 08:00", "2026-11-22 08:30"),
        (Mode.DAILY, "2026-11-22 08:30", "2026-11-23 08:30"),
        (Mode.WEEKLY, "2026-11-22 09:00", "2026-11-23 08:30"),
        (Mode.WEEKLY, "2026-11-23 08:30", "2026-11-30 08:30"),
        (Mode.DAILY, "2026-10-24 12:00", "2026-10-25 08:30"),  # 25 hours long: the hour of the wall counts
    ],
)
def test_digests_leave_at_their_hour(mode: Mode, at: str, due: str) -> None:
    assert due_at(Rule("bilan", ("a",), mode=mode), paris(at), PARIS) == paris(due)
