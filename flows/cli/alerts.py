"""Commands on alerts: `vigie alerts …`."""

from typing import Annotated

import typer

from flows.cli.context import clean, now, options_of, say_json, table

app = typer.Typer(help="Alerts and their deliveries.", no_args_is_help=True)


@app.command("list")
def list_alerts(
    context: typer.Context, limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = 50
) -> None:
    """The alerts of the outbox with the state of their deliveries."""
    options = options_of(context)
    with options.store() as store:
        alerts = store.alerts(limit=limit)
        deliveries = store.deliveries()
    states: dict[str, list[str]] = {}
    for delivery in deliveries:
        states.setdefault(delivery.alert, []).append(f"{delivery.channel}: {delivery.state.value}")
    if options.as_json:
        say_json([{"alert": alert, "deliveries": states.get(alert.id, [])} for alert in alerts])
        return
    from flows.artifacts_text import headline

    rows = [
        (
            a.created and f"{a.created:%Y-%m-%d %H:%M}",
            a.news.value,
            headline(a.event),
            ", ".join(states.get(a.id, [])),
        )
        for a in alerts
    ]
    table(("quand", "nouvelle", "événement", "envois"), list(rows))


@app.command()
def preview(context: typer.Context, event: Annotated[str, typer.Argument(help="An event's id.")]) -> None:
    """What an alert about a stored event would say; sends nothing."""
    from flows.alerts.render import Look, message
    from models.events import Alert
    from models.vocabulary import News

    options = options_of(context)
    with options.store() as store:
        found = store.event(event)
    shown = message(Alert("apercu", "aperçu", (), News.NEW, found, created=now()), Look.TEXT)
    if options.as_json:
        say_json(shown)
    else:
        typer.echo(clean(shown.subject) + "\n\n" + "\n".join(clean(line) for line in shown.text.splitlines()))


@app.command()
def test(context: typer.Context, channel: Annotated[str, typer.Argument(help="A configured channel.")]) -> None:
    """Send a test message to a channel."""
    from flows.pipeline_desk import sender_of
    from models.errors import DeliveryError, UnknownChannelError
    from models.events import Message

    settings = options_of(context).settings()
    if channel not in settings.channels:
        known = ", ".join(settings.channels) or "aucun"
        raise UnknownChannelError(f"canal inconnu « {channel} » ; canaux configurés : {known}")
    sender = sender_of(settings)
    text = "Ceci est un essai : le canal marche, accents compris (é, à, ç, œ)."
    failed = False
    for target in range(sender.targets[channel]):
        try:
            sender.send(Message(f"test-{now():%Y%m%d%H%M%S}", "Essai de Vigie", text), channel, target)
            typer.echo(f"{channel}, adresse {target + 1} : message accepté.")
        except DeliveryError as error:
            failed = True
            typer.echo(f"vigie : {channel}, adresse {target + 1} : {error}", err=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def retry(context: typer.Context) -> None:
    """Send now what is due in the outbox."""
    import asyncio

    from flows.pipeline_deliver import deliver
    from flows.pipeline_desk import open_desk
    from flows.pipeline_summary import Delivered

    options = options_of(context)

    async def again() -> Delivered:
        async with open_desk(options.settings()) as desk:
            return await deliver(desk)

    done = asyncio.run(again())
    if options.as_json:
        say_json(done)
    else:
        typer.echo(f"{done.sent} envois faits, {len(done.failures)} en échec.")
        for failure in done.failures:
            typer.echo(f"vigie : {failure.words}", err=True)
    if done.failures:
        raise typer.Exit(1)
