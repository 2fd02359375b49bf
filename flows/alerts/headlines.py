"""The first line of a message: who, what, and how sure, in its first words. Pure."""

from flows.alerts.cleaning import clean, link
from flows.alerts.french import COLON, NEWS, QUALIFIER, capital, counted, of, percent
from models.events import Event, SourcedMention
from models.vocabulary import Kind, Life, Manner, News, Qualifier

SOME = "des postes"


def headline(event: Event, news: News, outlet: str) -> str:
    """One sentence without a full stop. A rumour is called so in its first words; `outlet` tells it."""
    if event.life is Life.DENIED:
        return f"Démenti{COLON}{_noun(event)}"
    unsure = event.life is not Life.CONFIRMED
    # What is unsure is not called confirmed; "succéderait (succession)" says it twice.
    untold = {News.NEW, News.DENIED, *((News.CONFIRMED, News.SUCCESSOR) if unsure else ())}
    tag = "" if news in untold else NEWS[news]
    sentence = _sentence(event, news, unsure)
    if event.life is Life.SPECULATED:
        return f"Rumeur{COLON}{sentence}{_aside(tag)}"
    if event.life is Life.REPORTED:
        return f"Selon {outlet or 'la presse'}, {sentence}{_aside(tag)}"
    return f"{capital(tag)}{COLON}{sentence}" if tag else capital(sentence)


def _aside(tag: str) -> str:
    return f" ({tag})" if tag else ""


def _sentence(event: Event, news: News, unsure: bool) -> str:
    if event.kind is Kind.LAYOFF:
        return _cut(event, unsure)
    successor = text(event, "successor")
    if news is News.SUCCESSOR and successor:
        return _succession(event, successor, unsure)
    return _departure(event, unsure)


def _succession(event: Event, successor: str, unsure: bool) -> str:
    verb = "succéderait" if unsure else "succède"
    company, person = text(event, "company"), text(event, "person")
    where = f" chez {company}" if company else ""
    return f"{successor} {verb} à {person or 'la personne en poste'}{where}"


def _departure(event: Event, unsure: bool) -> str:
    """No past participle: nothing tells whether a person is a man or a woman."""
    person, company = text(event, "person"), text(event, "company")
    if not person:
        role = text(event, "role")
        where = (f" chez {company}" if company else "") + (f" ({role})" if role else "")
        return f"un départ aurait lieu{where}" if unsure else f"départ{where}"
    manner = manner_of(event)
    if not company:
        return f"{person} {'serait sur le départ' if unsure else 's’en va'}"
    match manner:
        case Manner.FORCED:
            return f"{company} {'se séparerait' if unsure else 'se sépare'} {of(person)}"
        case Manner.RETIREMENT:
            return f"{person} {'quitterait' if unsure else 'quitte'} {company} pour la retraite"
        case Manner.MUTUAL:
            return f"{person} et {company} {'se sépareraient' if unsure else 'se séparent'} d’un commun accord"
        case Manner.TERM_END:
            return f"{person} {'quitterait' if unsure else 'quitte'} {company} en fin de mandat"
        case Manner.DEATH:
            return f"décès {of(person)} ({company})"
    return f"{person} {'quitterait' if unsure else 'quitte'} {company}"


def _cut(event: Event, unsure: bool) -> str:
    company = text(event, "company")
    what = amount(event)
    if not company and event.get("headcount_qualifier") == Qualifier.UP_TO:
        return f"suppression d’emplois{COLON}{what}"
    if not company:
        return f"suppression {'de postes' if what == SOME else of(what.replace('de ses', 'des'))}"
    return f"{company} {'supprimerait' if unsure else 'supprime'} {what}"


def _noun(event: Event) -> str:
    """What is denied, as a noun: nothing is said to have happened."""
    company, person = text(event, "company"), text(event, "person")
    if event.kind is Kind.DEPARTURE:
        return f"le départ {of(person) if person else 'annoncé'}" + (f" ({company})" if company else "")
    return f"la suppression de postes{f' chez {company}' if company else ''}"


def amount(event: Event) -> str:
    """`environ 500 postes`, `13 % de ses effectifs`, `des postes`."""
    headcount, share = event.get("headcount"), event.get("percent")
    if isinstance(headcount, int):
        return f"{qualifier(event)}{counted(headcount, 'poste')}"
    if isinstance(share, (int, float)):
        return f"{percent(share)} de ses effectifs"
    return SOME


def qualifier(event: Event) -> str:
    """The words before a headcount that say how it is meant; empty where it is exact."""
    value = event.get("headcount_qualifier")
    return QUALIFIER[Qualifier(value)] if isinstance(value, str) and value in list(Qualifier) else ""


def manner_of(event: Event) -> Manner | None:
    """The one manner to speak of: the first that says something."""
    value = event.get("manner")
    codes = value if isinstance(value, tuple) else ()
    known = [Manner(c) for c in codes if c in list(Manner)]
    return next((m for m in known if m is not Manner.UNSPECIFIED), None)


def text(event: Event, name: str) -> str:
    """A field's text, harmless; empty where there is none."""
    value = event.get(name)
    return clean(value, 120) if isinstance(value, str) else ""


def outlet_of(mention: SourcedMention | None) -> str:
    """What to call who tells: the outlet, else the site's name."""
    if mention is None:
        return ""
    where = mention.provenance
    return clean(where.outlet, 80) or clean(_host(where.url), 80)


def _host(url: str) -> str:
    shown = link(url)
    return shown.split("/")[2].removeprefix("www.") if shown else ""
