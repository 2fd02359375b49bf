"""Statements of one document put together: which organisation each is about, which of them tell one cut."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from extractors.events.cuts import Figure
from extractors.events.employers import Employers, same_name
from extractors.events.language import Parsed, text_of
from extractors.events.layoff_statements import Statement
from extractors.events.names import Name
from models.dates import PartialDate
from models.identity import fold
from models.vocabulary import Status

RECENT_DAYS = (
    45  # a cut dated longer before the story is recalled: no newer one in 90 gold stories was older than 31
)
LISTING = 4  # organisations that cut, from which on a story is a round-up
_ADDED = re.compile(
    r"\b(?:additionn\w+|cumul\w*|porte\w* (?:le|à) (?:total|nombre)|port\w+ l'addition)\b", re.IGNORECASE
)


@dataclass
class Cut:
    """The statements that tell one cut."""

    company: Name
    company_rule: str
    told: list[Statement] = field(default_factory=list)
    past: bool = False

    @property
    def first(self) -> Statement:
        """The statement that opened it."""
        return self.told[0]

    def figure(self, kind: str) -> Figure | None:
        """The figure to believe: of a statement with a trigger of its own, in digits rather than as a fraction."""
        found = [
            (s, f)
            for s in self.told
            for f in (s.count if kind == "count" else s.share,)
            if f is not None and not s.qualified.denied and not _ADDED.search(s.sentence.text)
        ]
        sure = [(s, f) for s, f in found if s.trigger and s.trigger.strength not in ("support", "idiom")] or found
        if kind == "percent":
            sure = [(s, f) for s, f in sure if f.quantity.rule in ("number", "range")] or sure
        return sure[0][1] if sure else None

    def where_of(self, figure: Figure) -> Statement:
        """The statement that a figure comes from."""
        return next(s for s in self.told if figure in (s.count, s.share))


def taken_back(item: "Settled", found: list["Settled"]) -> bool:
    """Whether the document denies the very figure that a rumour in it told."""
    statement = item.statement
    return any(
        other.statement.qualified.denied
        and same_name(other.company, item.company)
        and (other.statement.headcount, other.statement.percent) == (statement.headcount, statement.percent)
        and (statement.count or statement.share)
        for other in found
    )


@dataclass(frozen=True)
class Settled:
    """A statement with the organisation that it is about."""

    statement: Statement
    company: Name
    rule: str
    past: bool


def settled(parsed: Parsed, found: tuple[Statement, ...], employers: Employers) -> list[Settled]:
    """Each statement with the organisation that it is about; those about nobody are dropped."""
    out: list[Settled] = []
    for statement in found:
        if statement.qualified.hypothetical:
            continue
        company, rule = statement.company, statement.company_rule
        past = _past(statement, parsed.document.published)
        if company is None:
            company, rule = _antecedent(statement, out, employers, past)
        if company is None:
            continue
        out.append(Settled(statement, company, rule, past))
    return out


def _antecedent(
    statement: Statement, before: list[Settled], employers: Employers, past: bool
) -> tuple[Name | None, str]:
    """Whom a sentence without a name is about: the last cut's organisation if just told, else the story's own."""
    sentence = statement.sentence
    name, rule = employers.antecedent(sentence, statement.start)
    firms = {fold(s.company.full): s.company for s in before if s.statement.trigger and not s.past}
    if past and len(firms) == 1:  # "Le syndicat NUJ s'indigne. En janvier, 200 suppressions avaient été décidées."
        return next(iter(firms.values())), "employer.recalled"
    if rule == "employer.last_named":
        return name, rule
    for earlier in reversed(before):
        if earlier.statement.trigger is None or earlier.statement.trigger.strength == "support":
            continue
        if (
            earlier.statement.sentence.where == sentence.where
            and sentence.index - earlier.statement.sentence.index
            <= (2 if earlier.statement.sentence.paragraph == sentence.paragraph else 1)
        ):
            return earlier.company, "employer.last"
    return name, rule


def _past(statement: Statement, published: PartialDate | None) -> bool:
    if statement.qualified.past:
        return True
    if statement.date and published:
        return statement.date.last() < published.first() - timedelta(days=RECENT_DAYS)
    return False


def cuts_of(found: list[Settled], parsed: Parsed) -> list[Cut]:
    """The cuts that statements tell, each with all that tells it, in the order of their telling."""
    cuts: list[Cut] = []
    listing = len({fold(s.company.full) for s in found if s.statement.company is not None}) >= LISTING
    idioms: list[Settled] = []
    bare: list[Settled] = []
    for item in found:
        latest = sorted(range(len(cuts)), key=lambda i: (_completed(cuts[i], item), -i))
        home = next((cuts[i] for i in latest if _joins(cuts[i], item)), None)
        if home is not None:
            home.told.append(item.statement)
        elif _creates(item, cuts, parsed, listing=listing):
            waiting = [b.statement for b in bare if _completes(b, item)]
            cuts.append(Cut(item.company, item.rule, [item.statement, *waiting], item.past))
        elif item.statement.trigger is None:
            bare.append(item)
        elif item.statement.trigger and item.statement.trigger.strength == "idiom":
            idioms.append(item)
    for item in reversed(idioms):
        home = next((c for c in cuts if not c.past and same_name(c.company, item.company)), None)
        if home is not None:
            home.told.insert(0, item.statement)
    return cuts


def _completed(cut: Cut, item: Settled) -> bool:
    """Sorts the cuts that a bare figure may complete: the present one before a recalled one."""
    trigger = item.statement.trigger
    return cut.past and (trigger is None or trigger.strength == "support")


def _completes(bare: Settled, item: Settled) -> bool:
    """Whether a figure told just before a cut without one is its figure: "200 postes", "Ce sera 2 043"."""
    near = 0 <= item.statement.sentence.index - bare.statement.sentence.index <= 1
    return near and item.statement.count is None and bare.statement.count is not None and not item.past


def _creates(item: Settled, cuts: list[Cut], parsed: Parsed, *, listing: bool) -> bool:
    """Whether a statement can stand alone: a sure trigger, a figure with one, a bare noun where it is the news."""
    statement = item.statement
    trigger = statement.trigger
    if trigger is None:
        return bool(listing and statement.count and statement.share and statement.company)
    if trigger.strength == "support" or (trigger.strength == "idiom" and not (statement.count or statement.share)):
        return False
    if statement.headcount is not None and statement.headcount <= _few(statement) and not statement.share:
        return False  # "se passer de deux chercheurs": people who leave, no cut
    if statement.count or statement.share:
        return not (item.rule == "employer.main" and _general(statement, parsed))
    if trigger.strength == "figure" and not trigger.vague:
        recalled = item.past and statement.date is not None
        return recalled and any(same_name(c.company, item.company) for c in cuts)
    if _general(statement, parsed):
        return False
    if item.rule == "employer.main":
        known = any(same_name(c.company, item.company) for c in cuts)
        return (item.past and known) or (not item.past and not known and not listing and opens(statement, parsed))
    return True


def _few(statement: Statement) -> int:
    """Up to how many people it is departures that are told: "neuf départs en cinq jours"."""
    trigger = statement.trigger
    words = text_of(statement.sentence.span.doc)[trigger.start : trigger.end] if trigger else ""
    return 30 if re.search(r"départs$", words, re.IGNORECASE) else 3


def opens(statement: Statement, parsed: Parsed) -> bool:
    """Whether a statement stands in the title or the opening."""
    return statement.where == "title" or statement.start < lead_end(parsed)


_SECTOR = re.compile(
    r"\b(?:licenciements (?:en série|de la tech|massifs de la)|(?:dans|de) (?:la "
    r"tech|le secteur|l'industrie|l'informatique|le numérique|la french tech|"
    r"le jeu vidéo|la cybersécurité|les start-ups?|toute l'industrie|le monde "
    r"de la tech|les gafam|les géants)|layoffs\.fyi|\d+ (?:entreprises|sociétés|"
    r"start-ups?)|"
    r"au total|dans le monde de la)\b",
    re.IGNORECASE,
)


def _general(statement: Statement, parsed: Parsed) -> bool:
    """Licenciements en série, dans le secteur: of nobody in particular."""
    del parsed
    return statement.company is None and bool(_SECTOR.search(statement.sentence.text))


def _joins(cut: Cut, item: Settled) -> bool:
    statement = item.statement
    if not same_name(cut.company, item.company):
        # "L'unité de General Motors va supprimer 24 %" under "Cruise réduit sa main-d'œuvre de 24 %"
        return not cut.past and not item.past and _same_figure(cut, statement)
    if statement.trigger is None or statement.trigger.strength == "support":
        # A bare figure or "serait touché" completes what was just told, and starts nothing.
        return statement.sentence.index - cut.told[-1].sentence.index <= 2 and not _general_only(statement)
    count, share = cut.figure("count"), cut.figure("percent")
    mine, part = statement.headcount, statement.percent
    same_count = count is not None and mine is not None and count.quantity.whole == mine
    if cut.past != item.past:
        if not cut.past and count is None and share is None and statement.date and _recent(cut, statement):
            return True  # "BT et Vodafone ont annoncé … Mardi, Vodafone avait ouvert le bal, avec 11.000 départs"
        return same_count and not (item.past and statement.date)
    if not cut.past:
        return same_count or not _apart(cut, statement)
    if count is not None and mine is not None:
        return same_count
    dated = [s.date for s in cut.told if s.date]
    if dated and statement.date:
        return dated[0].covers(statement.date) or statement.date.covers(dated[0])
    return not (share is not None and part is not None and share.quantity.value != part)


def _recent(cut: Cut, statement: Statement) -> bool:
    """Whether a recall is only days old, told for a cut that was announced without its figure."""
    vague = all(s.trigger is not None and s.trigger.vague for s in cut.told)
    return (
        vague and statement.count is not None and statement.date is not None and statement.date.precision == "day"
    )


def _same_figure(cut: Cut, statement: Statement) -> bool:
    """Whether a statement tells a cut's own figures, whatever name it gives the organisation."""
    counts = {s.headcount for s in cut.told if s.headcount}
    shares = {s.percent for s in cut.told if s.percent}
    if statement.headcount and counts:
        return statement.headcount in counts and statement.headcount >= 20
    return bool(statement.percent and statement.percent in shares and not (statement.headcount or counts))


def _general_only(statement: Statement) -> bool:
    return bool(_SECTOR.search(statement.sentence.text)) and statement.company is None


def _apart(cut: Cut, statement: Statement) -> bool:
    """Whether an earlier dated cut with its own figure stands beside one that is only to come."""
    mine = statement.headcount or statement.percent
    known = cut.figure("count") or cut.figure("percent")
    to_come = all(s.qualified.status is Status.SPECULATED for s in cut.told)
    return bool(
        mine and not known and to_come and statement.date and statement.qualified.status is Status.CONFIRMED
    )


def lead_end(parsed: Parsed) -> int:
    """Where the opening ends: the third sentence of the text."""
    body = [s for s in parsed.sentences if s.where == "text"]
    return body[min(3, len(body)) - 1].end if body else 0
