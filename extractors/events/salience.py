"""Whether a departure is the story's news, or recalled in it."""

import re
from datetime import timedelta

from extractors.events.companies import Companies
from extractors.events.departures_fields import Departure
from extractors.events.departures_find import Telling
from extractors.events.gazetteer import grammar
from extractors.events.lexicon import entries, find
from extractors.events.names import NameKind
from models.dates import PartialDate
from models.vocabulary import Salience

_RECALL = grammar("salience_recall")
_APPOINTMENT = grammar("salience_appointment")
_OLD = timedelta(days=75)  # before publication: recalled
_LEAD = 2  # sentences after the first that still report the news


def salience_of(companies: Companies, departure: Departure, date: PartialDate | None) -> tuple[Salience, str]:
    """Main or background, and the rule that says so."""
    rule = _looking_back(companies, departure, date) or _in_the_news(companies, departure, date)
    return (Salience.MAIN if rule.startswith("main") else Salience.BACKGROUND), rule


def _looking_back(companies: Companies, departure: Departure, date: PartialDate | None) -> str | None:
    """What makes it background wherever it stands."""
    published = companies.people.parsed.document.published
    told = departure.tellings
    said = [
        t
        for t in told
        if t.sentence.where == "title"
        and t.entry.who != "de"
        and not _recalled(t)
        and not t.entry.option("succession")
    ]
    said += [t for t in told if _now(companies, t)]
    old = date is not None and published is not None and date.last() < published.first() - _OLD
    if old and not said and not any(t.qualified.future for t in told):
        return "background.old"
    if all(t.entry.option("succession") or t.entry.option("weak") for t in told):
        return "background.succession"
    if all(t.entry.id == "rejoindre" for t in told) and not _in_title(companies, departure):
        return "background.move"
    return None


def _now(companies: Companies, telling: Telling) -> bool:
    """Whether one of the first two sentences tells it in the present: whatever else is dated there, it is news."""
    titles = sum(1 for s in companies.people.parsed.sentences if s.where == "title")
    if telling.sentence.index - titles > 1 or telling.entry.option("succession") or not _plain(telling):
        return False
    span = telling.sentence.span.doc.char_span(*telling.match.head, alignment_mode="expand")
    return span is not None and "Pres" in span[-1].morph.get("Tense", []) and not _recalled(telling)


def _in_the_news(companies: Companies, departure: Departure, date: PartialDate | None) -> str:
    """Where and how it is told: title, lead, or later."""
    people = companies.people
    title = people.parsed.document.title or ""
    in_title = [t for t in departure.tellings if t.sentence.where == "title"]
    fresh = [t for t in departure.tellings if not _recalled(t)]
    if any(t in fresh and (_tells_title(t) or not _BACK.search(title)) for t in in_title):
        return "main.title"
    if not fresh:
        return "background.recalled"
    if _appointment(companies, departure) and not any(_told_plainly(companies, t) for t in fresh):
        return "background.appointment"
    if _in_title(companies, departure):
        return "background.returns" if _BACK.search(title) else "main.named-in-title"
    titles = sum(1 for s in people.parsed.sentences if s.where == "title")
    if min(t.sentence.index for t in fresh) - titles <= _LEAD:
        return "main.lead"
    if (
        _TOLD_IN_TITLE.search(title)
        and not _others_in_title(companies, departure)
        and not _earlier(companies, date)
    ):
        return "main.title-word"
    return (
        "main.late" if _still_news(companies, departure, date) and any(map(_plain, fresh)) else "background.late"
    )


def _earlier(companies: Companies, date: PartialDate | None) -> bool:
    """Whether it is dated before the week, or the month, of the story."""
    published = companies.people.parsed.document.published
    if date is None or published is None:
        return False
    grace = timedelta(days=8) if date.precision == "day" else timedelta()
    return date.last() < published.first() - grace


def _still_news(companies: Companies, departure: Departure, date: PartialDate | None) -> bool:
    """Late in the text, but of the story's organisation or person, and not dated before it."""
    if _earlier(companies, date):
        return False
    focus, company = companies.focus, departure.company
    own = focus is not None and company is not None and focus.key == company.key
    return own or companies.people.focus == departure.person


def _tells_title(telling: Telling) -> bool:
    """Whether a title's own verb tells the exit; somebody else may then come back in it."""
    return (
        telling.entry.who in ("object", "who") and not telling.passive and not telling.entry.option("succession")
    )


_BACK = grammar("salience_back")
_TOLD_IN_TITLE = grammar("salience_told_in_title")


def _others_in_title(companies: Companies, departure: Departure) -> bool:
    return any(n.where == "title" and n.key != departure.person for n in companies.people.names.persons)


def _in_title(companies: Companies, departure: Departure) -> bool:
    return any(n.key == departure.person and n.where == "title" for n in companies.people.names.persons)


def _recalled(telling: Telling) -> bool:
    """Whether the telling itself looks back: pluperfect, narrative imperfect, a participle beside the point."""
    if telling.qualified.past and _past_here(telling):
        return True
    doc = telling.sentence.span.doc
    text = telling.sentence.whole
    around = _clause(telling)
    lead = text[max(telling.sentence.start, telling.trigger[0] - 110) : telling.trigger[0]]
    if re.search(r"\b(?:après avoir|après qu|contribué à|participé\b|aidé à)[^.;,]*$", lead):
        return True
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
    if not any("Fin" in t.morph.get("VerbForm", []) for t in telling.sentence.span if t.i != token.i):
        return False  # a title without a verb of its own: "Une telle, débarquée de X" is the news
    return (
        telling.passive and telling.sentence.where == "title" and (opens or token.dep_ in ("acl", "advcl", "amod"))
    )


def _plain(telling: Telling) -> bool:
    """Told by a finite verb of its own, in the present, the future or the perfect."""
    span = telling.sentence.span.doc.char_span(*telling.match.head, alignment_mode="expand")
    if span is None or telling.entry.who == "de" or telling.entry.option("succession"):
        return False
    token = span[-1]
    finite = token.morph.get("VerbForm", []) != ["Inf"]
    return finite and token.dep_ in ("ROOT", "ccomp", "xcomp", "conj", "parataxis")


def _clause(telling: Telling) -> str:
    """The words around a trigger up to the next comma on each side."""
    text = telling.sentence.whole
    before = text[max(telling.sentence.start, telling.trigger[0] - 60) : telling.trigger[0]]
    after = text[telling.trigger[1] : min(telling.sentence.end, telling.trigger[1] + 60)]
    return before.rsplit(",", 1)[-1] + text[telling.trigger[0] : telling.trigger[1]] + after.split(",", 1)[0]


def _past_here(telling: Telling) -> bool:
    """Whether what makes it past is in its own clause; a date in an apposition is somebody else's."""
    cues = [c for c in telling.qualified.cues if c.family == "past"]
    if not cues:
        return True
    text = telling.sentence.whole
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
