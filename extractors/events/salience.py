"""Whether a departure is the story's news, or recalled in it."""

import re
from datetime import timedelta

from extractors.events.companies import Companies
from extractors.events.departures_fields import Departure
from extractors.events.departures_find import Telling
from extractors.events.lexicon import entries, find
from extractors.events.names import NameKind
from models.dates import PartialDate
from models.vocabulary import Salience

_RECALL = re.compile(
    r"\b(?:l'an dernier|l'an passé|l'année dernière|l'année précédente|auparavant|pour rappel|avaient déjà|avait déjà|a déjà été|ont déjà été|déjà parti|"
    r"à l'époque|jadis|naguère|il y a (?:\w+ )?(?:ans|années)|quelques (?:mois|années|semaines) plus (?:tôt|tard)|précédemment|un an plus (?:tôt|tard)|fait suite (?:à|au))\b",
    re.IGNORECASE,
)
_APPOINTMENT = re.compile(
    r"\b(?:nomm\w+|nomination|promu\w*|désign\w+|embauch\w+|recrut\w+|arriv\w+|débarqu\w+|élue?|prend (?:la (?:tête|direction|présidence|barre)|les (?:rênes|commandes))|"
    r"nouveau (?:PDG|patron|directeur|président|DG|CEO|DSI)|nouvelle (?:PDG|patronne|directrice|présidente|DG)|s'offre|se dote|accueille|choisit|remplace|succède|qui est|intronis\w+|aux commandes|à la tête)\b",
    re.IGNORECASE,
)
_OLD = timedelta(days=75)


def salience_of(companies: Companies, departure: Departure, date: PartialDate | None) -> tuple[Salience, str]:
    """Main or background, and the rule that says so."""
    people = companies.people
    published = people.parsed.document.published
    in_title = [t for t in departure.tellings if t.sentence.where == "title"]
    said = [t for t in in_title if t.entry.who != "de" and not _recalled(t) and not t.entry.option("succession")]
    old = date is not None and published is not None and date.last() < published.first() - _OLD
    if old and not said and not any(t.qualified.future for t in departure.tellings):
        return Salience.BACKGROUND, "background.old"
    if all(t.entry.option("succession") or t.entry.option("weak") for t in departure.tellings):
        return Salience.BACKGROUND, "background.succession"
    if all(t.entry.id == "rejoindre" for t in departure.tellings) and not _in_title(companies, departure):
        return Salience.BACKGROUND, "background.move"
    if (
        in_title
        and not _BACK.search(people.parsed.document.title or "")
        and not all(_recalled(t) for t in in_title)
    ):
        return Salience.MAIN, "main.title"
    if all(_recalled(t) for t in departure.tellings):
        return Salience.BACKGROUND, "background.recalled"
    fresh = [t for t in departure.tellings if not _recalled(t)]
    if _appointment(companies, departure) and not any(_told_plainly(companies, t) for t in fresh):
        return Salience.BACKGROUND, "background.appointment"
    if _in_title(companies, departure):
        if _BACK.search(people.parsed.document.title or ""):
            return Salience.BACKGROUND, "background.returns"
        return Salience.MAIN, "main.named-in-title"
    first = min(t.sentence.index for t in fresh)
    offset = first - sum(1 for s in people.parsed.sentences if s.where == "title")
    if offset <= 2:
        return Salience.MAIN, "main.lead"
    if (
        people.parsed.document.title
        and _TOLD_IN_TITLE.search(people.parsed.document.title)
        and not _others_in_title(companies, departure)
    ):
        return Salience.MAIN, "main.title-word"
    focus = companies.focus
    earlier = date is not None and published is not None and date.last() < published.first()
    if date is not None and date.precision == "day" and published is not None:
        earlier = date.last() < published.first() - timedelta(days=8)
    own = focus is not None and departure.company is not None and focus.key == departure.company.key
    if not earlier and (own or people.focus == departure.person):
        if any(_plain(t) for t in fresh):
            return Salience.MAIN, "main.late"
    return Salience.BACKGROUND, "background.late"


_BACK = re.compile(
    r"\b(?:retour|revien\w+|revenu\w*|reprend|reprendre|rebondi\w*|réembauch\w+|réintègr\w+|rappel(?:le|é)\w*|rejoint|de retour)\b",
    re.IGNORECASE,
)
_TOLD_IN_TITLE = re.compile(
    r"\b(?:départs?|démissi\w+|quitt\w+|licenci\w+|limog\w+|évinc\w+|éviction|s'en va|tête|patron|PDG|dirigeants?|cadres?|remerci\w+|vir[ée]\w*|partent|part|"
    r"parti|claque\w*|porte|sortie|retraite|mort|décès|hémorragie|valse|exode)\b",
    re.IGNORECASE,
)


def _others_in_title(companies: Companies, departure: Departure) -> bool:
    return any(n.where == "title" and n.key != departure.person for n in companies.people.names.persons)


def _in_title(companies: Companies, departure: Departure) -> bool:
    return any(n.key == departure.person and n.where == "title" for n in companies.people.names.persons)


def _recalled(telling: Telling) -> bool:
    """Whether the telling itself looks back: pluperfect, narrative imperfect, a participle beside the point."""
    if telling.qualified.past and _past_here(telling):
        return True
    doc = telling.sentence.span.doc
    text = doc.text
    around = _clause(telling)
    if _RECALL.search(around) or re.search(
        r"\b(?:a|ont|avait) déjà été (?:annonc|act|confirm|révél)", text[telling.trigger[1] : telling.sentence.end]
    ):
        return True
    span = doc.char_span(*telling.match.head, alignment_mode="expand")
    if span is None:
        return False
    token = span[-1]
    if token.lower_ in telling.entry.imperfects and token.dep_ != "ccomp":
        before = text[max(telling.sentence.start, telling.trigger[0] - 45) : telling.trigger[0]]
        return not re.search(r"\b(?:qu'|que )", before)
    if re.search(r"\b(?:récemment|avant lui|avant elle|avant eux|dernièrement) ", around):
        return True
    opens = telling.trigger[0] - telling.sentence.start < 3
    return (
        telling.passive and telling.sentence.where == "title" and (opens or token.dep_ in ("acl", "advcl", "amod"))
    )


def _plain(telling: Telling) -> bool:
    """Told by a finite verb of its own, in the present, the future or the perfect."""
    span = telling.sentence.span.doc.char_span(*telling.match.head, alignment_mode="expand")
    if span is None or telling.entry.who == "de" or telling.entry.option("succession"):
        return False
    token = span[-1]
    return token.dep_ in ("ROOT", "ccomp", "xcomp", "conj", "parataxis") and not token.morph.get(
        "VerbForm", []
    ) == ["Inf"]


def _clause(telling: Telling) -> str:
    """The words around a trigger up to the next comma on each side."""
    text = telling.sentence.span.doc.text
    before = text[max(telling.sentence.start, telling.trigger[0] - 60) : telling.trigger[0]]
    after = text[telling.trigger[1] : min(telling.sentence.end, telling.trigger[1] + 60)]
    return before.rsplit(",", 1)[-1] + text[telling.trigger[0] : telling.trigger[1]] + after.split(",", 1)[0]


def _past_here(telling: Telling) -> bool:
    """Whether what makes it past is in its own clause; a date in an apposition is somebody else's."""
    cues = [c for c in telling.qualified.cues if c.family == "past"]
    if not cues:
        return True
    text = telling.sentence.span.doc.text
    start, end = telling.trigger
    gaps = [text[end : c.start] if c.start >= end else text[c.end : start] for c in cues]
    return any("," not in g for g in gaps)


def _told_plainly(companies: Companies, telling: Telling) -> bool:
    """Whether it is told by the main verb of one of the first sentences."""
    titles = sum(1 for s in companies.people.parsed.sentences if s.where == "title")
    if telling.entry.option("succession") or telling.sentence.index - titles > 2:
        return False
    span = telling.sentence.span.doc.char_span(*telling.match.head, alignment_mode="expand")
    return span is not None and span[-1].dep_ in ("ROOT", "ccomp", "xcomp", "conj") and telling.entry.who != "de"


def _appointment(companies: Companies, departure: Departure) -> bool:
    """Whether the title tells of somebody else's arrival."""
    title = companies.people.parsed.document.title or ""
    if _TOLD_IN_TITLE.search(title) or any(
        not m.entry.option("succession") and not m.entry.option("move") and not m.entry.option("weak")
        for m in find(title, 0, len(title), entries("departures", "departure"))
    ):
        return False
    others = [
        n for n in companies.people.names.of(NameKind.PERSON) if n.where == "title" and n.key != departure.person
    ]
    return bool(others and _APPOINTMENT.search(title)) or bool(
        not _in_title(companies, departure) and _APPOINTMENT.search(title)
    )
