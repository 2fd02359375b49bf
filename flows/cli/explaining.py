"""Every stage's verdict on one article, for `vigie explain`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import NotStoredError
from models.events import Alert, Delivery, Event
from models.identity import canonical_url
from models.queries import EventQuery
from models.records import Article, Reading

if TYPE_CHECKING:
    from flows.settings import Settings
    from models.store import Store


@dataclass(frozen=True, slots=True)
class Explanation:
    """What each stage made of one article."""

    article: Article
    reading: Reading
    events: tuple[Event, ...]
    alerts: tuple[Alert, ...]
    deliveries: tuple[Delivery, ...]
    rules: int
    max_age_days: float

    def lines(self) -> Iterator[str]:
        """The explanation in French, a line a verdict."""
        article = self.article
        yield f"Article : {article.title} ({article.publisher or '?'}, {article.published or 'sans date'})"
        yield f"  {article.url} ; {len(article.text)} caractères ; {_flags(article)}"
        yield from self._reading()
        for event in self.events:
            from flows.artifacts_text import headline

            yield f"Événement {event.id} : {headline(event)} [{event.life.value}]"
        if not self.events:
            yield "Événement : aucun."
        yield from self._alerts()

    def _reading(self) -> Iterator[str]:
        from flows.alerts.french import counted

        for step in self.reading.steps:
            quote = f" « {step.quote} »" if step.quote else ""
            yield f"  {step.stage} · {step.rule} · {step.verdict}{quote}"
        labels = ", ".join(sorted(label.value for label in self.reading.labels)) or "rien"
        yield f"Lecture : nouvelle de {labels} ; {counted(len(self.reading.mentions), 'mention')}."
        for mention in self.reading.mentions:
            who = mention.person or mention.company or "?"
            yield f"  {mention.kind.value} · {mention.salience.value} · {who} · {mention.status.value}"
            for name, proof in mention.evidence.items():
                yield f"    {name} : « {proof.quote} » ({proof.rule})"

    def _alerts(self) -> Iterator[str]:
        states = {d.alert: f"{d.channel} : {d.state.value}" for d in self.deliveries}
        for alert in self.alerts:
            yield f"Alerte {alert.news.value} (règle « {alert.rule} ») · {states.get(alert.id, 'aucun envoi')}"
        if self.alerts or not self.events:
            return
        if not self.rules:
            yield "Alerte : aucune règle n’est configurée."
        else:
            yield (
                f"Alerte : aucune ; l’histoire a plus de {self.max_age_days:g} jours (alert_max_age), "
                "n’est qu’un rappel, ou aucune règle ne la demande."
            )


def _flags(article: Article) -> str:
    flags = ", ".join(sorted(flag.value for flag in article.flags)) or "entier"
    return f"{flags}{f' ({article.error})' if article.error else ''}"


def explained(store: "Store", settings: "Settings", what: str) -> Explanation:
    """The explanation of a stored article, or of the first article of an event. Raises NotStoredError."""
    from extractors import events as understanding
    from flows.pipeline_tell import document_of

    article = _article(store, what)
    reading = next(iter(understanding.understand([document_of(article)])))
    told = tuple(e for e in store.events(EventQuery(limit=None, doubtful=True)) if _tells(e, article.url))
    alerts = tuple(alert for event in told for alert in store.alerts(event=event.id))
    deliveries = tuple(d for alert in alerts for d in store.deliveries(alert=alert.id))
    age = settings.alert_max_age.total_seconds() / 86400
    return Explanation(article, reading, told, alerts, deliveries, len(settings.rules), age)


def _tells(event: Event, url: str) -> bool:
    return any(mention.provenance.article == url for mention in event.mentions)


def _article(store: "Store", what: str) -> Article:
    if "://" in what:
        found = store.article(canonical_url(what) or what)
        if found is None:
            raise NotStoredError(
                f"article inconnu : {what[:200]} ; il n’est dans aucun flux suivi, ou pas encore lu"
            )
        return found
    event = store.event(what)
    found = store.article(event.mentions[0].provenance.article)
    if found is None:
        raise NotStoredError(f"l’article de l’événement {what[:40]} n’est plus là")
    return found
