"""French date expressions, read against the day of publication, with the precision that they support.

An expression may be read as past or as to come ("en juillet", "mercredi"): both readings are kept, and the
tense of the clause chooses. Where the publication date is coarse, so is what is counted from it: no day is
made up.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from extractors.events.numbers import number_of
from extractors.events.words import MONTHS, SEASONS, WEEKDAYS
from models.dates import PartialDate

_M = "|".join(re.escape(m) for m in sorted(MONTHS, key=len, reverse=True))
_W = "|".join(WEEKDAYS)
_YEAR = r"(?:19[5-9]\d|20[0-9]\d)(?!\d| ?(?:%|€|\$|postes|emplois|salariés|employés|personnes))"
_END = r"(?![\w-])"
_N = (
    r"\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix-huit|dix|onze|douze|quinze|"
    r"vingt|quelques|plusieurs"
)


class DateUse(StrEnum):
    """What an expression says of its date: that something happens then, starts then, or is done by then."""

    POINT = "point"
    START = "start"  # depuis avril
    EFFECT = "effect"  # à compter du 1er juillet
    DEADLINE = "deadline"  # d'ici à la fin de l'année


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date in a text: offsets, its reading as past (`value`) and as to come (`ahead`), and its use."""

    start: int
    end: int
    value: PartialDate | None
    ahead: PartialDate | None
    use: DateUse = DateUse.POINT
    rule: str = ""

    def read(self, *, future: bool) -> PartialDate | None:
        """The date in a clause about the past or the future."""
        return self.ahead if future else self.value


Reading = tuple[PartialDate | None, PartialDate | None]
Resolver = Callable[[re.Match[str], PartialDate | None], Reading]


def _same(value: PartialDate | None) -> Reading:
    return value, value


def _month(year: int, month: int) -> PartialDate:
    """A month of the calendar; the month may run over either end of the year."""
    return PartialDate(f"{year + (month - 1) // 12:04}-{(month - 1) % 12 + 1:02}")


def _full(year: int, month: int, day: int) -> PartialDate | None:
    try:
        return PartialDate.of(date(year, month, day))
    except ValueError:
        return None


def _turn(match: re.Match[str]) -> str:
    """Whether a word after the expression settles its side: dernier, prochain, or neither."""
    word = (match.groupdict().get("turn") or "").casefold()
    if word.startswith(("dernier", "dernière", "passé", "écoulé")):
        return "past"
    return "ahead" if word.startswith(("prochain", "à venir", "suivant")) else ""


def _sided(match: re.Match[str], past: PartialDate | None, ahead: PartialDate | None) -> Reading:
    side = _turn(match)
    return _same(past) if side == "past" else _same(ahead) if side == "ahead" else (past, ahead)


def _day_month(match: re.Match[str], published: PartialDate | None) -> Reading:
    day, month = int(match["day"]), MONTHS[match["month"].casefold()]
    if match["year"]:
        return _same(_full(int(match["year"]), month, day))
    if published is None:
        return None, None
    if published.precision == "year":
        return _same(_full(published.first().year, month, day))
    last, first = published.last() + timedelta(days=1), published.first()
    days = [d for y in (-1, 0, 1) if (d := _full(first.year + y, month, day))]
    weekday = WEEKDAYS.get((match["weekday"] or "").casefold())
    if weekday is not None and any(d.first().weekday() == weekday for d in days):
        days = [d for d in days if d.first().weekday() == weekday]
    past = max((d for d in days if d.first() <= last), default=None)
    ahead = min((d for d in days if d.first() >= first), default=None)
    side = _turn(match)
    if not side and past and ahead:
        # Without a word that settles it, the nearer one; the tense decides only among dates within half a year.
        past = past if (first - past.first()).days <= 200 else ahead
        ahead = ahead if (ahead.first() - last).days <= 270 else past
    return _sided(match, past or ahead, ahead or past)


def _numeric(match: re.Match[str], published: PartialDate | None) -> Reading:
    del published
    return _same(_full(int(match["year"]), int(match["month"]), int(match["day"])))


def _month_year(match: re.Match[str], published: PartialDate | None) -> Reading:
    month = MONTHS[match["month"].casefold()]
    if match["year"]:
        return _same(_month(int(match["year"]), month))
    if published is None:
        return None, None
    first = published.first()
    if published.precision == "year":
        return _same(_month(first.year, month))
    past = _month(first.year - (month > first.month), month)
    if _turn(match) == "past" and month == first.month:
        past = _month(first.year - 1, month)
    return _sided(match, past, _month(first.year + (month < first.month), month))


def _year(match: re.Match[str], published: PartialDate | None) -> Reading:
    del published
    return _same(PartialDate(match["year"]))


def _season(match: re.Match[str], published: PartialDate | None) -> Reading:
    if match["year"]:
        return _same(PartialDate(match["year"]))
    if published is None:
        return None, None
    first, month = published.first(), SEASONS[match["season"].casefold()]
    if match["season"].casefold() == "hiver":
        return None, None  # it runs over the turn of the year
    past = PartialDate(f"{first.year - (month > first.month):04}")
    ahead = PartialDate(f"{first.year + (month + 3 <= first.month):04}")
    return _sided(match, past, ahead)


def _quarter(match: re.Match[str], published: PartialDate | None) -> Reading:
    if match["year"]:
        return _same(PartialDate(match["year"]))
    return _same(PartialDate(f"{published.first().year:04}") if published else None)


def _weekday(match: re.Match[str], published: PartialDate | None) -> Reading:
    if published is None:
        return None, None
    if published.precision != "day":
        return _same(published)
    today, weekday = published.first(), WEEKDAYS[match["weekday"].casefold()]
    back = (today.weekday() - weekday) % 7
    side = _turn(match)
    if side == "past" and back == 0:
        back = 7
    past, ahead = today - timedelta(days=back), today + timedelta(days=(weekday - today.weekday()) % 7)
    if side == "ahead" and ahead == today:
        ahead += timedelta(days=7)
    return _sided(match, PartialDate.of(past), PartialDate.of(ahead))


def _days_off(days: int) -> Resolver:
    def resolve(match: re.Match[str], published: PartialDate | None) -> Reading:
        del match
        if published is None or published.precision != "day":
            return _same(published)
        return _same(PartialDate.of(published.first() + timedelta(days=days)))

    return resolve


def _weeks_off(weeks: int) -> Resolver:
    def resolve(match: re.Match[str], published: PartialDate | None) -> Reading:
        del match
        if published is None or published.precision != "day":
            return _same(published)
        middle = published.first() + timedelta(days=7 * weeks + 2 - published.first().weekday())
        return _same(_month(middle.year, middle.month))

    return resolve


def _months_off(months: int) -> Resolver:
    def resolve(match: re.Match[str], published: PartialDate | None) -> Reading:
        del match
        if published is None or published.precision == "year":
            return _same(published)
        return _same(_month(published.first().year, published.first().month + months))

    return resolve


def _years_off(years: int) -> Resolver:
    def resolve(match: re.Match[str], published: PartialDate | None) -> Reading:
        del match
        return _same(PartialDate(f"{published.first().year + years:04}") if published else None)

    return resolve


def _ago(match: re.Match[str], published: PartialDate | None) -> Reading:
    count = 3 if match["n"].casefold() in ("quelques", "plusieurs") else int(number_of(match["n"]) or 1)
    sign = 1 if match["lead"].casefold().startswith("dans") else -1
    unit = match["unit"].casefold()
    if published is None:
        return None, None
    if unit.startswith("jour"):
        vague = match["n"].casefold() in ("quelques", "plusieurs")
        return _same(_coarse(published)) if vague else _days_off(sign * count)(match, published)
    if unit.startswith("semaine"):
        return _weeks_off(sign * count)(match, published)
    if unit.startswith("mois"):
        return _months_off(sign * count)(match, published)
    return _years_off(sign * count)(match, published)


def _coarse(published: PartialDate) -> PartialDate:
    return published if published.precision != "day" else _month(published.first().year, published.first().month)


def _this_month(match: re.Match[str], published: PartialDate | None) -> Reading:
    del match
    return _same(_coarse(published) if published else None)


_TURN = r"(?:\s(?P<turn>derni\w+|pass\w+|écoulée?|prochaine?s?|à venir))?"
# Without its article, "été" is a participle: "ont été licenciés".
_ARTICLE = r"(?:(?<=l['’])|(?<=d['’])|(?<=\bcet )|(?<=\b[ad]u )|(?<=\b[lc]e )|(?<=\ben )|(?<=\bla )|(?<=\bcette ))"
_PART = r"(?:fin|début|courant|mi|milieu|la fin(?: du mois)? de|la mi|début du mois de|vers la fin du mois de)"
_RULES: tuple[tuple[str, str, Resolver], ...] = (
    ("iso", r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)", _numeric),
    ("numeric", r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>(?:19|20)\d\d)(?!\d)", _numeric),
    ("day_month", rf"(?:(?P<weekday>{_W})(?: soir| matin)?,? (?:le )?)?(?P<day>\d{{1,2}})(?:er)? "
        rf"(?P<month>{_M})(?:\s(?P<year>{_YEAR}))?{_TURN}{_END}", _day_month),
    ("month", rf"(?:{_PART}[ -])?(?P<month>{_M})(?:\s(?:de )?(?P<year>{_YEAR}))?{_TURN}{_END}", _month_year),
    ("season", rf"{_ARTICLE}(?P<season>{'|'.join(SEASONS)})"
     rf"(?:\s(?:de )?(?P<year>{_YEAR})(?:[-/](?:20)?\d\d)?)?{_TURN}{_END}", _season),
    ("quarter", rf"(?:premier|deuxième|second|troisième|quatrième|dernier|[1-4](?:er|e|ème)) "
        rf"(?:trimestre|semestre)(?:\s(?:de )?(?P<year>{_YEAR}))?{_END}", _quarter),
    ("weekday", rf"(?:ce |le )?(?P<weekday>{_W})(?: (?:soir|matin|midi|après-midi))?{_TURN}{_END}", _weekday),
    ("yesterday", r"(?:hier|la nuit dernière)(?: soir| matin| après-midi)?", _days_off(-1)),
    ("eve_before", r"avant-hier", _days_off(-2)),
    ("today", r"(?:aujourd['’]hui|ce matin|ce midi|ce soir|cet après-midi|cette nuit)", _days_off(0)),
    ("tomorrow", r"(?:après-)?demain", _days_off(1)),
    ("last_week", r"la semaine (?:dernière|passée|précédente|écoulée)", _weeks_off(-1)),
    ("next_week", r"la semaine (?:prochaine|suivante|à venir)", _weeks_off(1)),
    ("this_week", r"(?:cette semaine|(?:en )?(?:début|milieu|fin) de (?:la )?semaine|ces derniers "
        r"jours|ces jours-ci|il y a peu|récemment|dans les prochains jours|dans "
        r"les jours à venir)", _weeks_off(0)),
    ("last_month", r"le mois (?:dernier|passé|écoulé)", _months_off(-1)),
    ("next_month", r"le mois prochain", _months_off(1)),
    ("this_month", r"(?:ce mois-ci|ce mois|(?:au |en )?(?:début|milieu|fin) (?:de |du )mois|"
        r"à la fin du mois|à la mi-mois)", _this_month),
    ("last_year", r"(?:l['’]an|l['’]année) (?:dernier|dernière|passée?|précédente?)", _years_off(-1)),
    ("next_year", r"l['’](?:an|année) (?:prochaine?|à venir)", _years_off(1)),
    ("this_year", r"(?:cette année|(?:d['’]ici )?(?:à )?la fin de l['’]année|(?:le|du|au) "
        r"début de l['’]année|en fin d['’]année|en début d['’]année|avant la fin "
        r"de l['’]année|fin de l['’]année)", _years_off(0)),
    ("ago", rf"(?P<lead>il y a|voici|voilà|dans)(?: (?:environ|près de|plus de|à peine|"
        rf"moins de|tout juste|déjà))? (?P<n>{_N}) (?P<unit>jours?|semaines?|mois|"
        rf"ans?|années?){_END}", _ago),
    ("earlier", rf"(?P<n>{_N}) (?P<unit>ans?|années?|mois|semaines?) (?P<lead>plus tôt|auparavant){_END}", _ago),
    ("after", rf"(?P<n>{_N}) (?P<unit>ans?|années?|mois|semaines?|jours?)(?: à peine)? "
        rf"(?P<lead>après)(?= (?:en |l'|les )?(?:avoir|s'être|s'en être))", _ago),
    ("year", rf"(?<![\d.,])(?P<year>{_YEAR})", _year),
)  # fmt: skip
_COMPILED = tuple(
    (rule, re.compile(rf"(?<![\w-])(?:{pattern})", re.IGNORECASE), to) for rule, pattern, to in _RULES
)

_USE_BEFORE = (
    (DateUse.START, re.compile(r"\bdepuis(?: le| l['’]| la)?(?: \w+)? ?$", re.IGNORECASE)),
    (
        DateUse.DEADLINE,
        re.compile(
            r"(?:d['’]ici|jusqu['’]|\bavant|au plus tard|\bhorizon|à échéance|en vue)"
            r"(?:\s?(?:à|au|en|le|la|fin|l['’]|de|d['’]))*\s?$",
            re.IGNORECASE,
        ),
    ),
    (
        DateUse.EFFECT,
        re.compile(
            r"(?:à (?:compter|partir|dater) (?:du|de|d['’]|de la|de ce)|avec effet (?:au|"
            r"à partir du|le|à compter du)|"
            r"effectifs?(?:ve)?s?(?: à compter)?(?: le| au| du| à partir du)?|effet "
            r"(?:le|au)|\bdès(?: le| la)?|\bau)\s?$",
            re.IGNORECASE,
        ),
    ),
)
_DEADLINE_INSIDE = re.compile(r"^(?:d['’]ici|avant)", re.IGNORECASE)
_YEAR_LEAD = re.compile(
    r"(?:\ben|\bde|\bpour|\bfin|\bdébut|\bcourant|\ban|\bà|\bl['’]année|\bdepuis|"
    r"\bd['’]ici(?: à)?|\(|\bet|\bpuis|\bavant|\bjusqu['’]en|\bdès|\bhorizon|"
    r"\bfin de|\bplan|^|\n)\s?$",
    re.IGNORECASE,
)


def date_expressions(text: str, published: PartialDate | None) -> tuple[DateExpression, ...]:
    """Every date of a title or text, in its order, none overlapping another; offsets are those of the text."""
    found: list[DateExpression] = []
    for rule, pattern, resolve in _COMPILED:
        for match in pattern.finditer(text):
            if any(match.start() < e.end and match.end() > e.start for e in found):
                continue
            before = text[max(0, match.start() - 30) : match.start()]
            if rule == "year" and not _YEAR_LEAD.search(before):
                continue
            if rule == "month" and not _is_month(match, before):
                continue
            value, ahead = resolve(match, published)
            found.append(
                DateExpression(match.start(), match.end(), value, ahead, _use(match.group(), before), rule)
            )
    return tuple(sorted(found, key=lambda e: e.start))


def _use(expression: str, before: str) -> DateUse:
    if _DEADLINE_INSIDE.match(expression):
        return DateUse.DEADLINE
    return next((use for use, pattern in _USE_BEFORE if pattern.search(before)), DateUse.POINT)


def _is_month(match: re.Match[str], before: str) -> bool:
    """Mars and Mai are names too (the planet, a woman): a month stands after a preposition or has a year."""
    if match["month"].casefold() not in ("mars", "mai", "avril") or match["year"] or match["turn"]:
        return True
    return match["month"][0].islower() and (
        bool(
            re.search(
                r"(?:\b(?:en|de|depuis|dès|fin|début|mi|courant|d['’]ici|jusqu['’]en|à|et|puis)[ -]?|[ -]à )$",
                before,
            )
        )
        or match.group().casefold() != match["month"].casefold()
    )
