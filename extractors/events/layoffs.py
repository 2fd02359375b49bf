"""One mention a distinct cut: the cuts of a document with their salience, date, unit and place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from extractors.events.cuts import Figure
from extractors.events.dates import date_expressions
from extractors.events.employers import Employers, same_name
from extractors.events.gazetteer import grammar
from extractors.events.language import Parsed
from extractors.events.layoff_cuts import LISTING, RECENT_DAYS, Cut, cuts_of, lead_end, opens, settled, taken_back
from extractors.events.layoff_statements import Statement, statements
from extractors.events.names import Names
from extractors.events.places import Stretch, place_of, place_of_name, struck, unit_of
from extractors.events.qualifiers import conditional
from models.dates import PartialDate
from models.identity import fold
from models.records import Evidence, Mention
from models.vocabulary import Kind, Qualifier, Salience, Status


def layoffs(parsed: Parsed, names: Names) -> list[Mention]:
    """The cuts that a document tells of, the denied ones marked so, in the order of their telling."""
    employers = Employers(parsed, names)
    found = settled(parsed, statements(parsed, names), employers)
    topic = [s for s in found if s.statement.qualified.denied and opens(s.statement, parsed)]
    cuts = cuts_of([s for s in found if not s.statement.qualified.denied and not taken_back(s, found)], parsed)
    denied = cuts_of(
        [
            s
            for s in found
            if (s.statement.qualified.denied and s.statement.count)
            or (s.statement.qualified.denied and s.statement.share)
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


def _salience(cuts: list[Cut], parsed: Parsed, employers: Employers) -> set[int]:
    """The cuts that are the story's news: present ones told in its title or lead, or listed with them."""
    lead = lead_end(parsed)
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


_SOON = 3  # sentences
_LEARNED = grammar("layoffs_learned")


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
    if cut.past or salience is Salience.BACKGROUND:
        return None
    return _announced(parsed, cut, keep) or published


def _announced(parsed: Parsed, cut: Cut, keep: Keep) -> PartialDate | None:
    """The day that soon after a cut is said to be that of its announcement: "l'ont appris le 12 septembre"."""
    published = parsed.document.published
    first = cut.first.sentence.index + 1
    for sentence in parsed.sentences[first : first + _SOON]:
        told = _LEARNED.search(sentence.whole, sentence.start, sentence.end)
        if told is None or published is None:
            continue
        for when in date_expressions(sentence.text, published):
            start, end = sentence.start + when.start, sentence.start + when.end
            date = when.read(future=False)
            if date and start >= told.start() and _credible(date, published):
                keep("date", replace(cut.first, sentence=sentence), start, end, "date.announced")
                return date
    return None


def _credible(date: PartialDate, published: PartialDate) -> bool:
    """Whether news of that day may be in a story of this one; a coarser date than the story's tells nothing."""
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
