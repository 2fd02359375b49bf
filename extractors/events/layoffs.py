"""One mention a distinct cut: the statements of a document put together, with salience, date, unit and place."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from extractors.events.cuts import Figure
from extractors.events.employers import Employers, same_name
from extractors.events.language import Parsed
from extractors.events.layoff_statements import Statement, statements
from extractors.events.names import Name, Names
from extractors.events.qualifiers import conditional
from extractors.events.places import Stretch, place_of, place_of_name, struck, unit_of
from models.dates import PartialDate
from models.identity import fold
from models.records import Evidence, Mention
from models.vocabulary import Kind, Qualifier, Salience, Status

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


def layoffs(parsed: Parsed, names: Names) -> list[Mention]:
    """The cuts that a document tells of, the denied ones marked so, in the order of their telling."""
    employers = Employers(parsed, names)
    found = _settled(parsed, statements(parsed, names), employers)
    topic = [s for s in found if s.statement.qualified.denied and _opens(s.statement, parsed)]
    cuts = _cuts([s for s in found if not s.statement.qualified.denied and not _taken_back(s, found)], parsed)
    denied = _cuts(
        [
            s
            for s in found
            if s.statement.qualified.denied
            and s.statement.count
            or s.statement.qualified.denied
            and s.statement.share
        ],
        parsed,
    )
    mains = _salience(cuts, parsed, employers)
    mains |= {i for i, c in enumerate(cuts) if not c.past and any(same_name(c.company, t.company) for t in topic)}
    out = [
        _mention(parsed, names, cut, Salience.MAIN if i in mains else Salience.BACKGROUND)
        for i, cut in enumerate(cuts)
    ]
    out += [_mention(parsed, names, cut, Salience.MAIN, denied=True) for cut in denied]
    return out


def _taken_back(item: "_Settled", found: list["_Settled"]) -> bool:
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
class _Settled:
    """A statement with the organisation that it is about."""

    statement: Statement
    company: Name
    rule: str
    past: bool


def _settled(parsed: Parsed, found: tuple[Statement, ...], employers: Employers) -> list[_Settled]:
    out: list[_Settled] = []
    for statement in found:
        if statement.qualified.hypothetical:
            continue
        company, rule = statement.company, statement.company_rule
        if company is None:
            company, rule = _antecedent(statement, out, employers)
        if company is None:
            continue
        out.append(_Settled(statement, company, rule, _past(statement, parsed.document.published)))
    return out


def _antecedent(statement: Statement, before: list[_Settled], employers: Employers) -> tuple[Name | None, str]:
    """Whom a sentence without a name is about: the last cut's organisation if just told, else the story's own."""
    sentence = statement.sentence
    name, rule = employers.antecedent(sentence, statement.start)
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


def _cuts(found: list[_Settled], parsed: Parsed) -> list[Cut]:
    cuts: list[Cut] = []
    listing = len({fold(s.company.full) for s in found if s.statement.company is not None}) >= LISTING
    idioms: list[_Settled] = []
    bare: list[_Settled] = []
    for item in found:
        home = next(
            (c for c in sorted(reversed(cuts), key=lambda c: _completed(c, item)) if _joins(c, item)), None
        )
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


def _completed(cut: Cut, item: _Settled) -> bool:
    """Sorts the cuts that a bare figure may complete: the present one before a recalled one."""
    trigger = item.statement.trigger
    return cut.past and (trigger is None or trigger.strength == "support")


def _completes(bare: _Settled, item: _Settled) -> bool:
    """Whether a figure told just before a cut without one is its figure: "200 postes", "Ce sera 2 043"."""
    near = 0 <= item.statement.sentence.index - bare.statement.sentence.index <= 1
    return near and item.statement.count is None and bare.statement.count is not None and not item.past


def _creates(item: _Settled, cuts: list[Cut], parsed: Parsed, *, listing: bool) -> bool:
    """Whether a statement can stand alone: a sure trigger, or a figure with one; a bare noun where it is the news."""
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
        return (item.past and known) or (not item.past and not known and not listing and _opens(statement, parsed))
    return True


def _few(statement: Statement) -> int:
    """Up to how many people it is departures that are told: "neuf départs en cinq jours"."""
    trigger = statement.trigger
    words = statement.sentence.span.doc.text[trigger.start : trigger.end] if trigger else ""
    return 30 if re.search(r"départs$", words, re.IGNORECASE) else 3


def _opens(statement: Statement, parsed: Parsed) -> bool:
    return statement.where == "title" or statement.start < _lead_end(parsed)


_SECTOR = re.compile(
    r"\b(?:licenciements (?:en série|de la tech|massifs de la)|(?:dans|de) (?:la tech|le secteur|l'industrie|l'informatique|le numérique|la french tech|"
    r"le jeu vidéo|la cybersécurité|les start-ups?|toute l'industrie|le monde de la tech|les gafam|les géants)|layoffs\.fyi|\d+ (?:entreprises|sociétés|start-ups?)|"
    r"au total|dans le monde de la)\b",
    re.IGNORECASE,
)


def _general(statement: Statement, parsed: Parsed) -> bool:
    """Licenciements en série, dans le secteur: of nobody in particular."""
    del parsed
    return statement.company is None and bool(_SECTOR.search(statement.sentence.text))


def _joins(cut: Cut, item: _Settled) -> bool:
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


def _salience(cuts: list[Cut], parsed: Parsed, employers: Employers) -> set[int]:
    """The cuts that are the story's news: present ones told in its title or lead, and those that it lists with them."""
    lead = _lead_end(parsed)
    present = [i for i, c in enumerate(cuts) if not c.past]
    told = {
        i: [s for s in cuts[i].told if s.trigger and s.trigger.strength not in ("support", "idiom")]
        for i in present
    }
    titled = {i for i in present if any(s.where == "title" for s in told[i])}
    leading = {i for i in present if any(s.where == "title" or s.start < lead for s in told[i])}
    if len({fold(cuts[i].company.full) for i in present}) >= LISTING and not titled:
        return set(present)
    heads = [n for n in employers.candidates if n.where == "title" and not employers.barred(n)]
    if heads and not titled:
        leading = {i for i in leading if any(same_name(cuts[i].company, n) for n in heads)} or (
            leading if employers.main not in heads else set()
        )
    main = employers.main
    if main is not None and not leading:
        mine = [i for i in present if same_name(cuts[i].company, main)]
        central = employers.central(main)
        leading = {
            i for i in mine if _fresh(cuts[i], parsed.document.published) or (central and _current(cuts[i]))
        }
    if main is not None and len(leading) > 1:
        own = {i for i in leading if same_name(cuts[i].company, main)}
        leading = own | titled or leading
    return leading


def _current(cut: Cut) -> bool:
    """Whether a cut with a figure is told in the present, the future or the conditional: no recall."""
    if not (cut.figure("count") or cut.figure("percent")):
        return False
    for statement in cut.told:
        if statement.trigger is None or statement.trigger.strength not in ("sure", "figure"):
            continue
        doc = statement.sentence.span.doc
        span = doc.char_span(statement.trigger.start, statement.trigger.end, alignment_mode="expand")
        finite = [t for t in span or () if t.pos_ == "VERB" and "Fin" in t.morph.get("VerbForm", [])]
        if any("Pres" in t.morph.get("Tense", []) or conditional(t) for t in finite):
            return True
    return False


def _fresh(cut: Cut, published: PartialDate | None) -> bool:
    """Whether a cut with a figure was announced within the week, wherever the story tells it."""
    if published is None or published.precision != "day" or not (cut.figure("count") or cut.figure("percent")):
        return False
    days = [s.date for s in cut.told if s.date and s.date.precision == "day"]
    return any(0 <= (published.first() - d.first()).days <= 7 for d in days)


def _lead_end(parsed: Parsed) -> int:
    """Where the opening ends: the third sentence of the text."""
    body = [s for s in parsed.sentences if s.where == "text"]
    return body[min(3, len(body)) - 1].end if body else 0


def _mention(parsed: Parsed, names: Names, cut: Cut, salience: Salience, *, denied: bool = False) -> Mention:
    evidence: dict[str, Evidence] = {}
    lead = cut.first

    def keep(name: str, statement: Statement, start: int, end: int, rule: str) -> None:
        evidence[name] = parsed.evidence(statement.where, start, end, rule)

    anchor = next((s for s in cut.told if s.trigger), lead)
    trigger = anchor.trigger
    keep(
        "trigger",
        anchor,
        *((trigger.start, trigger.end, trigger.entry) if trigger else (lead.start, lead.end, "figure")),
    )
    evidence["company"] = parsed.evidence(cut.company.where, cut.company.start, cut.company.end, cut.company_rule)
    count = cut.figure("count") if not denied else lead.count
    share = cut.figure("percent") if not denied else lead.share
    for name, figure in (("headcount", count), ("percent", share)):
        if figure:
            keep(name, cut.where_of(figure), figure.start, figure.end, f"number.{figure.quantity.rule}")
    meant = _meant(cut, count) if count else None
    if count:
        evidence["headcount_qualifier"] = evidence["headcount"]
    date = _date(parsed, cut, salience, keep)
    place, unit = _place(parsed, names, cut, keep), _unit(cut, keep)
    return Mention(
        kind=Kind.LAYOFF,
        salience=salience,
        company=cut.company.full,
        date=date,
        status=_status(cut),
        headcount=count.quantity.whole if count else None,
        headcount_qualifier=meant,
        percent=share.quantity.value if share else None,
        unit=unit,
        place=place,
        denied=denied,
        evidence=evidence,
    )


def _meant(cut: Cut, count: Figure) -> Qualifier:
    """The qualifier of a headcount: a headline drops the "environ" that the text has."""
    same = [
        s.count.quantity.qualifier for s in cut.told if s.count and s.count.quantity.whole == count.quantity.whole
    ]
    return next((q for q in same if q is not Qualifier.EXACT), Qualifier.EXACT)


def _status(cut: Cut) -> Status:
    """The surest word of the statements that have a trigger of their own."""
    told = [s for s in cut.told if s.trigger and s.trigger.strength in ("sure", "figure", "weak")] or cut.told
    surest = max((s.qualified.status for s in told), key=lambda s: s.certainty)
    return Status.CONFIRMED if cut.past and surest is Status.REPORTED else surest


Keep = Callable[[str, Statement, int, int, str], None]


def _date(parsed: Parsed, cut: Cut, salience: Salience, keep: Keep) -> PartialDate | None:
    published = parsed.document.published
    for statement in cut.told:
        when, date = statement.when, statement.date
        if when is None or date is None or statement.trigger is None:
            continue
        if published and date.first() > published.last() + timedelta(days=1):
            continue  # when it will take effect; the cut is dated by its announcement
        if salience is Salience.MAIN and published and not _credible(date, published):
            continue
        keep("date", statement, when.start, when.end, f"date.{when.rule}")
        return date
    return published if not cut.past else None


def _credible(date: PartialDate, published: PartialDate) -> bool:
    """Whether news of that day may be in a story of this one; a coarser date than the story's own tells nothing."""
    if date.covers(published) and date != published:
        return False
    return published.first() - timedelta(
        days=RECENT_DAYS
    ) <= date.last() and date.first() <= published.last() + timedelta(days=31)


def _place(parsed: Parsed, names: Names, cut: Cut, keep: Keep) -> str | None:
    for statement in _telling(cut):
        limit = _limit(statement, cut)
        found = place_of(statement.sentence, names, statement.start, statement.end, limit)
        if found:
            keep("place", statement, found.start, found.end, "place.after")
            return parsed.raw(statement.where)[found.start : found.end]
    named = place_of_name(cut.company.full)
    if named and cut.company.text.endswith(named):
        start = cut.company.end - len(named)
        evidence = (cut.company.start + len(cut.company.text) - len(named), cut.company.end)
        keep("place", cut.first, *evidence, "place.name") if cut.company.where == cut.first.where else None
    return named


def _unit(cut: Cut, keep: Keep) -> str | None:
    for statement in cut.told:
        found: Stretch | None = unit_of(statement.sentence, statement.start, statement.end, _limit(statement, cut))
        found = found or struck(statement.sentence)
        if found:
            keep("unit", statement, found.start, found.end, "unit")
            return found.text
    return None


def _telling(cut: Cut) -> list[Statement]:
    """The statements that tell the cut itself, not a share of it: with its own headcount, or the first."""
    count = cut.figure("count")
    whole = count.quantity.whole if count else None
    return [s for s in cut.told if s.headcount == whole and s.trigger] or cut.told[:1]


def _limit(statement: Statement, cut: Cut) -> int:
    del cut
    return statement.sentence.end
