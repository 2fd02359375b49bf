"""Commands on alerts: `vigie alerts …`."""

from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.context import clean, now, options_of, say_json, table
from models.errors import ConfigurationError, DeliveryError, UnknownChannelError
from models.vocabulary import DeliveryState

if TYPE_CHECKING:
    from flows.alerts.policy import Rule
    from flows.pipeline_summary import Delivered
    from flows.settings import Settings
    from models.events import Alert, Delivery, Message
    from models.store import Store

app = typer.Typer(help="Alerts and their deliveries.", no_args_is_help=True)

ALL = 100_000
"""Deliveries looked at at most where all are meant."""
_STATES = {
    DeliveryState.WAITING: "en attente",
    DeliveryState.LEASED: "en cours",
    DeliveryState.SENT: "envoyé",
    DeliveryState.GIVEN_UP: "abandonné",
}


@app.command("list")
def list_alerts(
    context: typer.Context, limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = 50
) -> None:
    """The alerts of the outbox, each with its deliveries: sent, waiting until when, given up, and why."""
    options = options_of(context)
    with options.store() as store:
        found = [(alert, store.deliveries(alert=alert.id, limit=ALL)[::-1]) for alert in store.alerts(limit=limit)]
    if options.as_json:
        say_json([{"alert": alert, "deliveries": deliveries} for alert, deliveries in found])
        return
    from flows.artifacts_text import headline

    rows = [
        (
            a.created and f"{a.created:%Y-%m-%d %H:%M}",
            a.rule,
            a.news.value,
            headline(a.event),
            "\n".join(_told(d) for d in deliveries),
        )
        for a, deliveries in found
    ]
    table(("quand", "règle", "nouvelle", "événement", "envois"), list(rows))


def _told(delivery: "Delivery") -> str:
    """One delivery in words: its target, its state, when, and why it failed."""
    words = f"{delivery.channel}/{delivery.target + 1} {_STATES[delivery.state]}"
    at = delivery.sent or (delivery.due if delivery.state is DeliveryState.WAITING else None)
    words += f" {at:%Y-%m-%d %H:%M}" if at else ""
    return f"{words} (essai {delivery.attempts} : {delivery.error})" if delivery.error else words


@app.command()
def preview(
    context: typer.Context,
    event: Annotated[str | None, typer.Argument(help="An event's id.")] = None,
    rule: Annotated[str | None, typer.Option(help="What this rule would have sent of the stored events.")] = None,
    since: Annotated[str, typer.Option(metavar="AGE", help="With --rule: how far back, as 30d, 12h, 2w.")] = "30d",
) -> None:
    """What an alert about a stored event would say, or what a rule would have sent; sends nothing."""
    if (event is None) == (rule is None):
        raise typer.BadParameter("donner l’id d’un événement, ou --rule NOM", param_hint="preview")
    options = options_of(context)
    asked = None if rule is None else _rule(options.settings(), rule)
    start = now() - _age(since)
    with options.store() as store:
        found = _of_event(store, event) if asked is None else _of_rule(store, asked, start)
    if options.as_json:
        say_json([{"alert": alert, "message": shown} for alert, shown in found])
    elif asked is None:
        for _, shown in found:
            typer.echo(clean(shown.subject) + "\n\n" + "\n".join(clean(line) for line in shown.text.splitlines()))
    else:
        _tell_rule(asked, start, found)


def _of_event(store: "Store", event: str | None) -> "list[tuple[Alert, Message]]":
    from flows.alerts.compose import quote_of
    from flows.alerts.render import Look, message
    from models.events import Alert
    from models.vocabulary import News

    alert = Alert("apercu", "aperçu", (), News.NEW, store.event(event or ""), created=now())
    return [(alert, message(alert, Look.TEXT, quote=quote_of(store, alert)))]


def _of_rule(store: "Store", rule: "Rule", start: datetime) -> "list[tuple[Alert, Message]]":
    from extractors.stories import with_aliases
    from flows.alerts.compose import changed_too, quote_of
    from flows.alerts.preview import previews
    from flows.alerts.render import Look, message

    return [
        (a, message(a, Look.TEXT, quote=quote_of(store, a), also=changed_too(store, a)))
        for a in previews(store, rule, start, with_aliases(store.aliases()))
    ]


def _tell_rule(rule: "Rule", start: datetime, found: "list[tuple[Alert, Message]]") -> None:
    rows = [(a.created and f"{a.created:%Y-%m-%d %H:%M}", a.news.value, m.subject, a.event.id) for a, m in found]
    table(("quand", "nouvelle", "message", "événement"), list(rows))
    many = "alertes" if len(found) > 1 else "alerte"
    channels = ", ".join(rule.channels) or "aucun canal"
    typer.echo(
        f"{len(found)} {many} de la règle « {clean(rule.name)} » depuis le {start:%Y-%m-%d}, "
        f"vers : {channels} (mode {rule.mode.value}) ; rien n’est envoyé."
    )


def _rule(settings: "Settings", name: str) -> "Rule":
    rules = {rule.name: rule for rule in settings.alert_rules()}
    if name not in rules:
        raise ConfigurationError(f"règle inconnue « {name} » ; règles : {', '.join(rules) or 'aucune'}")
    return rules[name]


def _age(text: str) -> timedelta:
    from flows.settings_values import duration

    try:
        return duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from error


@app.command()
def test(context: typer.Context, channel: Annotated[str, typer.Argument(help="A configured channel.")]) -> None:
    """Send a sample, marked as one, to a channel, and tell what came back; exit 1 where a target refuses it."""
    from flows.alerts.sample import sample_message
    from flows.pipeline_desk import sender_of

    options = options_of(context)
    options.hand_on()  # secrets in files are meant from the configuration's folder
    settings = options.settings()
    if channel not in settings.channels:
        known = ", ".join(settings.channels) or "aucun"
        raise UnknownChannelError(f"canal inconnu « {channel} » ; canaux configurés : {known}")
    sender = sender_of(settings)
    failed = False
    for target in range(sender.targets[channel]):
        look, started = sender.look(channel, target), monotonic()
        try:
            sender.send(sample_message(look, now()), channel, target)
            took = f"{monotonic() - started:.1f} s".replace(".", ",")
            typer.echo(f"{channel}, adresse {target + 1} : essai accepté en {took} (forme : {look.value}).")
        except DeliveryError as error:
            failed = True
            typer.echo(f"vigie : {channel}, adresse {target + 1} : {error}", err=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def retry(
    context: typer.Context,
    channel: Annotated[str | None, typer.Option(help="Only what failed on this channel.")] = None,
) -> None:
    """Try again now what was given up or waits after a failure, and send all that is due."""
    import asyncio

    from flows.alerts.french import counted
    from flows.pipeline_deliver import deliver
    from flows.pipeline_desk import open_desk

    options = options_of(context)
    options.hand_on()
    settings = options.settings()

    async def again() -> "tuple[int, Delivered]":
        async with open_desk(settings) as desk:
            return _due_again(desk.store, channel), await deliver(desk)

    with options.answering():
        count, done = asyncio.run(again())
    if options.as_json:
        say_json({"again": count, "delivered": done})
    else:
        taken = counted(count, "envoi repris", "envois repris")
        sent = counted(done.sent, "envoi fait", "envois faits")
        typer.echo(f"{taken} ; {sent}, {len(done.failures)} en échec.")
        for failure in done.failures:
            typer.echo(f"vigie : {failure.what} : {failure.words}", err=True)
    if done.failures:
        raise typer.Exit(1)


def _due_again(store: "Store", channel: str | None) -> int:
    """Make due now what was given up, and what waits because it failed: a digest waits for its hour."""
    given_up = store.deliveries(state=DeliveryState.GIVEN_UP, channel=channel, limit=ALL)
    waiting = store.deliveries(state=DeliveryState.WAITING, channel=channel, limit=ALL)
    failed = (*given_up, *(d for d in waiting if d.error))
    return store.retry([d.id for d in failed if d.id is not None], now())
