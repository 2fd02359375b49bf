"""The lines of an event's history: what a mention changed in it, in words."""

from collections.abc import Sequence

from extractors.stories.values import outlet, values_of
from models.codec import fields_of
from models.events import Change, Chosen, Event, FieldValue, SourcedMention
from models.vocabulary import News

_LABELS = {
    "company": "organisation",
    "date": "date",
    "status": "certitude",
    "person": "personne",
    "role": "fonction",
    "manner": "manière",
    "destination": "destination",
    "successor": "successeur",
    "headcount": "emplois supprimés",
    "percent": "part de l'effectif",
    "unit": "activité",
    "place": "lieu",
    "reason": "motif",
}
_WORDS: dict[str, str] = {
    "speculated": "envisagé",
    "reported": "rapporté",
    "confirmed": "confirmé",
    "voluntary": "départ volontaire",
    "forced": "départ forcé",
    "retirement": "retraite",
    "mutual": "d'un commun accord",
    "term_end": "fin de mandat",
    "death": "décès",
    "unspecified": "non précisée",
}
_NEWS_FIELD = {
    News.CONFIRMED: "status",
    News.FIGURE: "headcount",
    News.SUCCESSOR: "successor",
    News.DATE: "date",
}
_NEWS = {
    News.NEW: "premier récit",
    News.CONFIRMED: "confirmé",
    News.FIGURE: "nouveau chiffre",
    News.SUCCESSOR: "successeur nommé",
    News.DENIED: "démenti",
    News.DATE: "nouvelle date",
    News.SCOPE: "périmètre précisé",
}


def changes_of(
    event: Event, told: SourcedMention, before: Sequence[SourcedMention], news: News | None, reason: str
) -> tuple[Change, ...]:
    """The history lines that a mention writes: its news, each other value that it changes, why it stands here."""
    old = values_of(event.kind, before) if before else {}
    lines = [_news_line(event, told, old, news)] if news else []
    why = Change(event.id, None, f"rattaché ({outlet(told)}) : {reason}", mention=told.id)
    if not before:
        return (*lines, why)
    stated = {line.field for line in lines}
    for name in fields_of(event.kind):
        if name in stated or name not in _LABELS:
            continue
        was, now = old.get(name), event.values.get(name)
        if now and told.id in now.mentions and (was is None or was.value != now.value):
            summary = f"{_LABELS[name]} : {_change(was, now)} ({outlet(told)})"
            lines.append(Change(event.id, None, summary, name, was.value if was else None, now.value, told.id))
    return (*lines, why)


def _news_line(event: Event, told: SourcedMention, old: dict[str, Chosen], news: News) -> Change:
    name = _NEWS_FIELD.get(news, "")
    if name == "headcount" and told.mention.headcount is None:
        name = "percent"
    said = getattr(told.mention, name) if name else None
    was = old[name].value if name in old else None
    now: FieldValue = str(said) if said is not None and not isinstance(said, int | float) else said
    detail = (
        f" : {words(was)} → {words(now)}" if was is not None else f" : {words(now)}" if now is not None else ""
    )
    return Change(event.id, news, f"{_NEWS[news]}{detail} ({outlet(told)})", name, was, now, told.id)


def _change(was: Chosen | None, now: Chosen) -> str:
    return f"{words(was.value)} → {words(now.value)}" if was else words(now.value)


def words(value: FieldValue) -> str:
    """A value as a French reader sees it."""
    if isinstance(value, tuple):
        return ", ".join(words(v) for v in value)
    if isinstance(value, bool) or value is None:
        return "non précisé" if value is None else str(value)
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u202f")
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",") + "\u202f%"
    return _WORDS.get(value, value)
