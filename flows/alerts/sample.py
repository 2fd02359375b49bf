"""The alert that tries out a channel: of an organisation that does not exist, and marked as a trial. Pure."""

from datetime import datetime

from flows.alerts.render import Look, message
from models.dates import PartialDate
from models.events import Alert, Chosen, Event, Message, Provenance, SourcedMention
from models.identity import digest
from models.records import Mention
from models.vocabulary import Kind, Life, News, Salience, Status

MARK = "ESSAI DE VIGIE"
QUOTE = "Ceci est un essai : rien de cela n’a eu lieu, et le canal marche, accents compris (é, à, ç, œ)."


def sample_message(look: Look, now: datetime) -> Message:
    """A marked sample as a real alert would look. Its id is new each time: no receiver may drop it as known."""
    return message(sample_alert(now), look, quote=QUOTE)


def sample_alert(now: datetime) -> Alert:
    """A cut of jobs that nobody announced."""
    day = PartialDate.of(now)
    company = f"{MARK} – Société Fictive"
    mention = Mention(Kind.LAYOFF, Salience.MAIN, status=Status.CONFIRMED, company=company, headcount=42)
    where = Provenance("essai", outlet="Vigie", title=MARK, published=day)
    told = SourcedMention("essai", mention, where)
    chosen = {
        "company": Chosen(company, "essai", (told.id,)),
        "headcount": Chosen(42, "essai", (told.id,)),
        "date": Chosen(day.iso, "essai", (told.id,)),
    }
    event = Event("essai", Kind.LAYOFF, Life.CONFIRMED, chosen, (told,))
    return Alert(f"essai-{digest(now.isoformat())}", "essai", (), News.NEW, event, created=now)
