"""Whether a departure is the story's news, or recalled in it."""

import re
from datetime import timedelta

from extractors.events.companies import Companies
from extractors.events.departures_fields import Departure
from extractors.events.departures_find import Telling
from extractors.events.names import NameKind
from models.dates import PartialDate
from models.vocabulary import Salience

_RECALL = re.compile(
    r"\b(?:avait|avaient|était|étaient) (?:\w+ ){0,2}?(?:é|déjà)|\b(?:l'an dernier|l'an passé|l'année dernière|l'année précédente|déjà|auparavant|pour rappel|"
    r"à l'époque|jadis|naguère|il y a (?:\w+ )?(?:ans?|mois|années?)|quelques (?:mois|semaines|années) plus tôt|ces derniers mois|précédemment|"
    r"un an (?:plus tôt|après|avant)|fait suite|dans la foulée de|depuis (?:le|son|sa|l')|après (?:le|la|l'|que)|suite (?:au|à))\b",
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
    if date is not None and published is not None and date.last() < published.first() - _OLD:
        return Salience.BACKGROUND, "background.old"
    if all(t.entry.option("succession") or t.entry.option("weak") for t in departure.tellings):
        return Salience.BACKGROUND, "background.succession"
    if all(t.entry.option("move") for t in departure.tellings) and not _in_title(companies, departure):
        return Salience.BACKGROUND, "background.move"
    in_title = [t for t in departure.tellings if t.sentence.where == "title"]
    if in_title and not all(_recalled(t) for t in in_title):
        return Salience.MAIN, "main.title"
    if all(_recalled(t) for t in departure.tellings):
        return Salience.BACKGROUND, "background.recalled"
    fresh = [t for t in departure.tellings if not _recalled(t)]
    if _appointment(companies, departure):
        return Salience.BACKGROUND, "background.appointment"
    if _in_title(companies, departure):
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
    return Salience.BACKGROUND, "background.late"


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
    if telling.qualified.past:
        return True
    text = telling.sentence.span.doc.text
    before = text[max(telling.sentence.start, telling.trigger[0] - 60) : telling.trigger[0]]
    return bool(_RECALL.search(before))


def _appointment(companies: Companies, departure: Departure) -> bool:
    """Whether the title tells of somebody else's arrival."""
    title = companies.people.parsed.document.title or ""
    others = [
        n for n in companies.people.names.of(NameKind.PERSON) if n.where == "title" and n.key != departure.person
    ]
    return bool(others and _APPOINTMENT.search(title)) or bool(
        not _in_title(companies, departure) and _APPOINTMENT.search(title)
    )
