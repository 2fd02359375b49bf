"""What is worth an alert, to whom, and when it leaves. Pure: time, aliases and targets are passed in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from extractors.stories import Names, bundled
from flows.alerts.matching import matches, refused
from flows.alerts.policy import Mode, Rule
from models.events import Alert, Change, Delivery, Resolution
from models.identity import digest
from models.vocabulary import News, Salience


def alerts_for(
    resolutions: Sequence[Resolution],
    rules: Sequence[Rule],
    now: datetime,
    max_age: timedelta,
    *,
    published: datetime | None = None,
    undated: bool = False,
    familiar: bool = False,
    names: Names | None = None,
) -> tuple[Alert, ...]:
    """The alerts that one article's resolutions are worth.

    `published`: the article's time; without it, the day of its mention counts to its end. A story older than
    `max_age` is history. `undated`: the article has no date of its own, so it may be years old: it alerts only
    where it is `familiar`, that is its feed listed it after it was first read. `names`: who is who, with the
    user's aliases; else the bundled names. A channel is told once, by the first rule of a mode.
    """
    out: dict[str, Alert] = {}
    known = names or bundled()
    for resolution in resolutions:
        if not _worth(resolution) or not _fresh(resolution, published, undated and not familiar, now, max_age):
            continue
        taken: set[tuple[Mode, str]] = set()
        for rule in rules:
            alert = _asked(resolution, rule, taken, now, known)
            if alert:
                out.setdefault(alert.id, alert)
    return tuple(out.values())


def _worth(resolution: Resolution) -> bool:
    """Whether it tells something new of an event, as news and not as a recall, that nobody dismissed."""
    main = resolution.mention.mention.salience is Salience.MAIN
    return bool(resolution.news) and main and not resolution.event.dismissed


def _fresh(
    resolution: Resolution, published: datetime | None, unknown: bool, now: datetime, max_age: timedelta
) -> bool:
    if unknown:
        return False
    if published is not None:
        return published >= now - max_age
    day = resolution.mention.provenance.published
    if day is None:
        return False
    return datetime.combine(day.last() + timedelta(days=1), time(), UTC) >= now - max_age


def _asked(
    resolution: Resolution,
    rule: Rule,
    taken: set[tuple[Mode, str]],
    now: datetime,
    names: Names,
) -> Alert | None:
    """The alert of one rule, None where it does not ask for it or its channels were told by an earlier rule."""
    event, news = resolution.event, resolution.news
    if news not in rule.changes or not matches(event, rule.include, names) or refused(event, rule.exclude, names):
        return None
    channels = tuple(c for c in rule.channels if (rule.mode, c) not in taken)
    if not channels:
        return None
    taken.update((rule.mode, c) for c in channels)
    change = _change(resolution)
    return Alert(
        id=alert_id(event.id, news, change, rule.name),
        rule=rule.name,
        channels=channels,
        news=news,
        event=event,
        change=change,
        created=now,
    )


def _change(resolution: Resolution) -> Change | None:
    """The change that makes the news; a new event has none, whatever it came with."""
    if resolution.news is News.NEW:
        return None
    return next((c for c in resolution.changes if c.news is resolution.news), None)


def alert_id(event: str, news: News, change: Change | None, rule: str) -> str:
    """The same for the same news of the same event under the same rule, so that a second run writes nothing."""
    return digest(event, news.value, change.field if change else "", repr(change.after if change else None), rule)


def deliveries_for(
    alerts: Sequence[Alert], rules: Sequence[Rule], targets: Mapping[str, int], *, now: datetime, zone: ZoneInfo
) -> tuple[Delivery, ...]:
    """One delivery for each alert, channel and target, due when its rule wants. `targets`: how many each has."""
    by_name = {rule.name: rule for rule in rules}
    return tuple(
        Delivery(alert=alert.id, channel=channel, target=target, due=due_at(by_name[alert.rule], now, zone))
        for alert in alerts
        for channel in alert.channels
        for target in range(max(1, targets.get(channel, 1)))
    )


def due_at(rule: Rule, now: datetime, zone: ZoneInfo) -> datetime:
    """When an alert of now leaves: at once, after the quiet hours, or with the next digest; in UTC."""
    if rule.mode is Mode.NOW:
        return after_quiet(rule, now, zone)
    local = now.astimezone(zone)
    for ahead in range(9):
        day = local.date() + timedelta(days=ahead)
        at = datetime.combine(day, rule.at, zone).astimezone(UTC)
        if at > now and (rule.mode is Mode.DAILY or day.weekday() == rule.weekday):
            return at
    raise AssertionError("every weekday comes within nine days")


def after_quiet(rule: Rule, now: datetime, zone: ZoneInfo) -> datetime:
    """Now, or the end of the quiet hours that now is in; in UTC."""
    local = now.astimezone(zone)
    if rule.quiet is None or not rule.quiet.holds(local.time()):
        return now
    day = local.date() + timedelta(days=1 if rule.quiet.end <= local.time() else 0)
    return datetime.combine(day, rule.quiet.end, zone).astimezone(UTC)
