"""Jobs cut, sentence by sentence: organisation, figures, date and how it is meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extractors.events.cuts import STRENGTHS, Figure, Told, Trigger, told
from extractors.events.dates import DateExpression, DateUse, date_expressions
from extractors.events.employers import Employers
from extractors.events.language import Parsed, Sentence, Where, text_of
from extractors.events.names import Name, Names
from extractors.events.qualifiers import Qualified, qualify
from models.dates import PartialDate
from models.vocabulary import Status

if TYPE_CHECKING:
    from spacy.tokens import Token

_SHARE_OF_PLAN = re.compile(
    r"\b(?:dont|parmi lesquels|y compris|notamment|incluant|parmi eux) (?:environ |près de |plus de |quelque )?$",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"^\W*(?:(?:à|a) (?:lire|voir|découvrir|écouter|relire)|lire (?:aussi|également|"
    r"la suite)|voir aussi|pour en savoir plus|sur le même sujet|"
    r"pour aller plus loin|en relation|articles? liés?|dans la même rubrique|"
    r"à ne pas manquer|notre dossier|retrouvez|abonnez|source ?:|tags? ?:)",
    re.IGNORECASE,
)
_RECALL = re.compile(
    r"\b(?:après|outre|s'ajout\w+ (?:à|aux)|en plus d(?:e|u|es|')|succèd\w+ "
    r"(?:à|aux)|suite (?:à|aux)|plus tôt,?)\s?"
    r"(?:(?:avoir|s'être|en|les?|une?|la|l'|des|d'|de|du|premi\w+|précédente?s?|"
    r"derni\w+|plans?|vague|salve|tranche|coupe|série|suppression|"
    r"licenciements?|départs?|déjà|remercié|licencié|supprimé|social|annonce|"
    r"rayé|congédié|renvoyé|quelque|séparée?|défait)\s?){1,9}$",
    re.IGNORECASE,
)
_THREATENED = re.compile(
    r"menac|sellette|en jeu|en péril|en danger|en sursis|balance|suspens|billot", re.IGNORECASE
)
_NEXT = re.compile(
    r"\b(?:puis|avant|après|suivi|contre|et non plus|au lieu de|s'ajout|en plus|outre)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Statement:
    """One sentence's word of one cut."""

    sentence: Sentence
    trigger: Trigger | None
    company: Name | None
    company_rule: str
    qualified: Qualified
    count: Figure | None = None
    share: Figure | None = None
    when: DateExpression | None = None
    date: PartialDate | None = None
    order: int = 0

    @property
    def where(self) -> Where:
        """The title or the text."""
        return self.sentence.where

    @property
    def start(self) -> int:
        """Where it begins: its trigger, or its first figure."""
        places = [f.start for f in (self.count, self.share) if f] + ([self.trigger.start] if self.trigger else [])
        return min(places)

    @property
    def end(self) -> int:
        """Where it ends."""
        return max([f.end for f in (self.count, self.share) if f] + ([self.trigger.end] if self.trigger else []))

    @property
    def headcount(self) -> int | None:
        """The number of jobs, if it tells one."""
        return self.count.quantity.whole if self.count else None

    @property
    def percent(self) -> float | None:
        """The share of the workforce, if it tells one."""
        return self.share.quantity.value if self.share else None


def statements(parsed: Parsed, names: Names) -> tuple[Statement, ...]:
    """What each sentence says of cuts, in reading order, with the organisation where the sentence names one."""
    employers = Employers(parsed, names)
    dates: dict[Where, tuple[DateExpression, ...]] = {}
    out: list[Statement] = []
    for sentence in parsed.sentences:
        found = told(sentence)
        if found and not _teaser(parsed, sentence):
            if sentence.where not in dates:
                dates[sentence.where] = date_expressions(text_of(sentence.span.doc), parsed.document.published)
            out += _statements(parsed, found, employers, dates[sentence.where])
    return tuple(replace(s, order=i) for i, s in enumerate(out))


def _teaser(parsed: Parsed, sentence: Sentence) -> bool:
    """Whether a line is page furniture that leads to another story."""
    text = parsed.raw(sentence.where)
    line = text[text.rfind("\n", 0, sentence.start) + 1 : sentence.start + 40]
    return bool(_FURNITURE.match(line))


_BESIDE = 30  # characters before a recalled figure in which its own date may stand


def _statements(
    parsed: Parsed, found: Told, employers: Employers, dates: tuple[DateExpression, ...]
) -> Iterator[Statement]:
    del parsed
    sentence = found.sentence
    here = [d for d in dates if sentence.start <= d.start < sentence.end]
    groups = _groups(found, employers, here)
    for company, rule, figures, trigger in groups:
        count = next((f for f in figures if f.quantity.kind == "count"), None)
        share = next((f for f in figures if f.quantity.kind == "percent"), None)
        anchor = trigger or found.figures[0]
        qualified = _qualified(sentence, trigger, figures, company)
        start = min([f.start for f in figures] + ([anchor.start] if trigger else []))
        end = max([f.end for f in figures] + ([trigger.end] if trigger else []))
        dated = here
        if figures and recalled(sentence.whole[sentence.start : figures[0].start]):
            # "de nouvelles coupes viendraient lundi, après une première vague de 14 000 postes, en octobre"
            qualified = replace(qualified, past=True, status=Status.CONFIRMED)
            start, end = figures[0].start, figures[-1].end
            dated = [d for d in here if d.start >= start - _BESIDE]
        when = _when(dated, start, end, figures, sentence, [g for g in groups if g[2] is not figures])
        date = when.read(future=not qualified.past and _ahead(when, qualified)) if when else None
        yield Statement(sentence, trigger, company, rule, qualified, count, share, when, date)


def _ahead(when: DateExpression, qualified: Qualified) -> bool:
    """Whether a date is to come: "va biffer 200 postes, a-t-on appris vendredi" is of last Friday."""
    return when.use is DateUse.EFFECT or (qualified.future and when.rule != "weekday")


Group = tuple[Name | None, str, list[Figure], Trigger | None]


def _groups(found: Told, employers: Employers, here: list[DateExpression]) -> list[Group]:
    """The sentence's figures, a group for each cut, with its organisation and nearest trigger."""
    sentence, doc = found.sentence, text_of(found.sentence.span.doc)
    figures = list(found.figures)
    if not figures:
        if not found.triggers:
            return []
        trigger = min(found.triggers, key=lambda t: (STRENGTHS.index(t.strength), t.start))
        company, rule = employers.of(sentence, trigger.start, trigger.end, sentence.end)
        beside = employers.coordinated(sentence, company) if company else []
        return [(name, rule, [], trigger) for name in [company, *beside]]
    groups: list[Group] = []
    figures = [f for f in figures if not _replaced(doc[sentence.start : f.start])]
    for i, figure in enumerate(figures):
        limit = figures[i + 1].start if i + 1 < len(figures) else sentence.end
        company, rule = employers.of(sentence, figure.start, figure.end, limit, _head_of(found, figure))
        if groups and _same_cut(groups[-1], figure, company, doc, here):
            kept = groups[-1][2]
            rival = next((f for f in kept if f.quantity.kind == figure.quantity.kind), None)
            if rival is None:
                kept.append(figure)
            elif _head_of(found, rival) is None and _head_of(found, figure) is not None:
                kept[kept.index(rival)] = (
                    figure  # Amazon (25 000 salariés en France), qui annonce 16 000 suppressions
                )
            continue
        groups.append((company, rule, [figure], None))
    out = [(c, r, fs, _trigger_of(found, fs)) for c, r, fs, _ in groups]
    taken = [t for _, _, _, t in out]
    for trigger in found.triggers:
        if trigger.vague and all(t is None or t.end <= trigger.start or t.start >= trigger.end for t in taken):
            company, rule = employers.of(sentence, trigger.start, trigger.end, sentence.end)
            beside = employers.coordinated(sentence, company) if company else []
            out += [(name, rule, [], trigger) for name in [company, *beside]]
            break
    return out


def recalled(before: str) -> bool:
    """Whether a figure is that of an earlier cut: après un premier plan de 80 départs, s'ajoutent aux 18 000."""
    return bool(_RECALL.search(before))


def _replaced(before: str) -> bool:
    """Whether a figure is the one that no longer holds: au lieu de 5 000, et non plus 269."""
    return bool(
        re.search(
            r"\b(?:au lieu d[e']|et non(?: plus| pas)?|contre|plutôt que|initialement|"
            r"au départ)\s?(?:les |des )?$",
            before,
        )
    )


def _head_of(found: Told, figure: Figure) -> int | None:
    """Where the trigger of a figure begins; none where the figure stands apart."""
    near = [t for t in found.triggers if t.start <= figure.end and figure.start <= t.end]
    return near[0].start if near else None


def _same_cut(group: Group, figure: Figure, company: Name | None, doc: str, here: list[DateExpression]) -> bool:
    """Whether a figure tells the same cut as those before it in the sentence."""
    name, _, figures, _ = group
    last = figures[-1]
    between = doc[last.end : figure.start]
    if company and name and company.key != name.key:
        return False
    start = doc.rfind("\n", 0, last.start) + 1
    if recalled(doc[start : last.start]) and not recalled(doc[last.end : figure.start]):
        return "," not in between or figure.quantity.kind == "percent"
    if recalled(between):
        return False
    if all(f.quantity.kind != figure.quantity.kind for f in figures):
        return not re.search(r"[;]", between)
    if figure.quantity.kind == "percent" or _SHARE_OF_PLAN.search(between):
        return True
    dated = [d for d in here if last.end <= d.start]
    first = any(d.start < figure.start for d in dated)
    second = any(d.start >= figure.end for d in dated) or bool(_NEXT.search(between))
    return not ((first and second) or _NEXT.search(between))


def _trigger_of(found: Told, figures: list[Figure]) -> Trigger | None:
    def distance(trigger: Trigger) -> tuple[tuple[bool, int], int]:
        gaps = [max(0, trigger.start - f.end, f.start - trigger.end) for f in figures]
        return (trigger.strength == "support", min(gaps)), {
            "sure": 0,
            "figure": 1,
            "weak": 2,
            "idiom": 3,
            "support": 4,
        }[trigger.strength]

    return min(found.triggers, key=distance, default=None)


def _qualified(
    sentence: Sentence, trigger: Trigger | None, figures: list[Figure], company: Name | None
) -> Qualified:
    place = (trigger.start, trigger.end) if trigger else (figures[0].start, figures[0].end)
    doc = sentence.span.doc
    span = doc.char_span(*place, alignment_mode="expand")
    if span is None:
        return Qualified()
    head = next((t for t in span if t.pos_ == "VERB"), None) or span[0]
    own = [company.text, company.full] if company else []
    found = qualify(sentence, head if head.pos_ == "VERB" else span, own)
    if _principle(head, sentence):
        return replace(found, hypothetical=True)
    if _THREATENED.search(text_of(doc)[place[0] : place[1]]) and found.status is Status.CONFIRMED:
        return replace(found, status=Status.SPECULATED)
    return found


def _principle(head: "Token", sentence: Sentence) -> bool:
    """Supprimer des emplois, c'est non: an infinitive that nothing governs tells of nobody."""
    lead = text_of(sentence.span.doc)[sentence.start : head.idx]
    return "Inf" in head.morph.get("VerbForm", []) and not re.search(r"\w", lead)


def _when(
    here: list[DateExpression],
    start: int,
    end: int,
    figures: list[Figure],
    sentence: Sentence,
    others: list[Group],
) -> DateExpression | None:
    """The date that goes with a cut: not a start, not a deadline; nearest, after it rather than before."""
    text = text_of(sentence.span.doc)
    points = [
        d
        for d in here
        if d.use in (DateUse.POINT, DateUse.EFFECT) and d.value and not _aside(d, start, end, sentence)
    ]
    rivals = [f for g in others for f in g[2]]
    if rivals and figures:
        nxt = min((f.start for f in rivals if f.start >= end), default=sentence.end)
        opening = min(f.start for f in [*rivals, *figures])
        shared = [d for d in points if d.end <= min(opening, start)]
        points = [d for d in points if end <= d.start < nxt] + shared
    best = min(points, key=lambda d: _coarse(d) + max(0, d.start - end, (start - d.end) * 1.2), default=None)
    if best is not None and best.rule == "month" and not re.search(r"\d{4}", text[best.start : best.end]):
        year = next(
            (d for d in here if d.rule == "year" and d.end <= best.start and d.start - sentence.start < 8), None
        )
        if year is not None and year.value and best.value:  # En 2024, ... 1 900 postes en janvier
            value = PartialDate(f"{year.value}-{best.value.iso[5:7]}")
            return replace(best, value=value, ahead=value)
    return best


def _coarse(date: DateExpression) -> int:
    """How many characters farther a year is reckoned: en 2024, ... en janvier, the finer one dates it."""
    return 60 if date.value is not None and date.value.precision == "year" else 0


def _when_clause(text: str, date: DateExpression) -> bool:
    """Depuis 2023, quand le groupe avait supprimé: a start, and the date of what follows."""
    return bool(re.match(r"^,? (?:quand|lorsque|où|date à laquelle)", text[date.end : date.end + 20]))


def _aside(date: DateExpression, start: int, end: int, sentence: Sentence) -> bool:
    """Whether a date dates something else: in a clause set off before, after "après", in a dateline."""
    text = text_of(sentence.span.doc)
    if date.end > start:
        if date.rule == "after":
            return True
        return bool(_ELSEWHEN.search(text[end : date.start]))
    lead = text[sentence.start : date.start]
    if date.rule in ("iso", "numeric") and len(lead) < 20:
        return True
    if date.rule == "after":  # two weeks after having cut: the date of that cut, not of what follows the comma
        return "," in text[date.end : start]
    clause = re.split(r"[,:;(]", lead)[-1]
    between = text[date.end : start]
    if re.match(r"^,? (?:quand|lorsque|où|date à laquelle)", between):
        return False
    set_off = (
        "," in between and len(clause) > 25 and not re.search(r"plan|vague|coupe|projet|annonc|réduction", clause)
    )
    return set_off or bool(re.search(r"\b(?:depuis|après) (?:qu|son|sa|le|la|l')", clause))


_ELSEWHEN = re.compile(
    r"\b(?:après|depuis|avant|suite|contre|par rapport|lors|quand|lorsque|rachet|"
    r"où|embauch|comptait|fondée?|créée?|qui avai)",
    re.IGNORECASE,
)
