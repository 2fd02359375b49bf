"""Numbers as French text writes them: counts and shares, with how they are meant.

`quantities` finds every number of a text; whether one is a headcount or a share of the workforce is for
the caller to decide from the noun that it counts. Offsets are those of the text given.
"""

import re
from dataclasses import dataclass
from typing import Literal

from models.vocabulary import Qualifier

_TO_SIXTEEN = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_UNITS = dict(
    zip(
        _TO_SIXTEEN.split(),
        range(17),
        strict=True,
    )
) | {"une": 1, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_UNITS |= {"septante": 70, "huitante": 80, "octante": 80, "nonante": 90}
_SCALES = {"cent": 100, "cents": 100, "mille": 1000}
_MULTIPLIERS = {"k": 1_000, "mille": 1_000, "millier": 1_000, "million": 1_000_000, "milliard": 1_000_000_000}
_COLLECTIVES = {
    "demi-douzaine": 6, "huitaine": 8, "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20,
    "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
    "demi-millier": 500, "millier": 1000,
}  # fmt: skip
_FRACTIONS = {
    "moitié": 2, "demi": 2, "tiers": 3, "quart": 4, "cinquième": 5, "sixième": 6, "septième": 7,
    "huitième": 8, "neuvième": 9, "dixième": 10, "douzième": 12, "quinzième": 15, "vingtième": 20,
}  # fmt: skip

_MOST = 1e12
"""What counts anything is smaller: a longer row of digits is some identifier."""

_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?![\d])|\d+(?:[.,]\d{1,2})?"
_WORD = "|".join(sorted({*_UNITS, *_SCALES}, key=len, reverse=True))
_WORDS = rf"(?:{_WORD})(?:[ -](?:et[ -])?(?:{_WORD}))*"
_SCALE = r"(?:\s?(?:[kK](?!\w)|(?:milliers?|millions?|milliards?|mille)(?!\w)))?"
_ONE = rf"(?:(?<![\w.,])(?<!\w-)(?:(?:{_DIGITS}){_SCALE})|(?<!\w)(?:{_WORDS}){_SCALE}(?!\w))"
_GAP = r"[\s\u00a0\u202f]"
_PERCENT_SIGN = rf"{_GAP}?(?:%|p(?:our|\.){_GAP}?(?:cent|100|c\.)\b)"

_RANGE = re.compile(
    rf"(?:entre {_GAP}*(?P<a>{_ONE}) et (?P<b>{_ONE})|(?:\bde )?(?P<c>{_ONE})(?:{_PERCENT_SIGN})?(?: "
    rf"à | ou |-)(?P<d>{_ONE}))",
    re.IGNORECASE,
)
_NUMBER = re.compile(_ONE, re.IGNORECASE)
_COLLECTIVE = re.compile(
    rf"(?<!\w)(?P<n>{_WORDS}|une?|la|cette)[ ](?P<c>{'|'.join(_COLLECTIVES)})s?(?!\w)", re.IGNORECASE
)
_VAGUE = re.compile(
    rf"(?<!\w)(?P<n>des|plusieurs|quelques|de nombreuses|de nombreux)[ ](?:{'|'.join(_COLLECTIVES)}|"
    rf"million)s?(?!\w)",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"(?<!\w)(?:(?P<n>un|une|deux|trois|quatre|le|la|les deux|les trois|du|au|de)[ ]|l['’]autre )"
    rf"(?P<c>{'|'.join(_FRACTIONS)})s?(?!\w)",
    re.IGNORECASE,
)
_ONE_IN = re.compile(
    r"(?<!\w)(?P<n>une?|deux|trois|quatre|1|2|3)(?: [\w’'-]+){0,4}? sur (?P<d>deux|"
    r"trois|quatre|cinq|six|sept|huit|neuf|"
    r"dix|douze|quinze|vingt|[2-9]|1[0-9]|20)(?![\w.,]?\d|\w)",
    re.IGNORECASE,
)
_DIVIDED = re.compile(
    r"(?<!\w)divis\w+ (?:[\w’'-]+ ){0,4}?(?P<q>par (?P<d>deux|trois|quatre|cinq|dix))(?!\w)", re.IGNORECASE
)

_BEFORE: tuple[tuple[Qualifier, str], ...] = (
    (Qualifier.ABOUT, r"un peu (?:plus|moins) (?:de |d['’])|légèrement (?:plus|moins) (?:de |d['’])"),
    (Qualifier.AT_LEAST, r"pas moins (?:de |d['’])"),
    (Qualifier.UP_TO, r"pas plus (?:de |d['’])|(?:tout )?au plus |au maximum |maximum |un maximum de "),
    (Qualifier.UP_TO, r"jusqu['’](?:à |au )|moins (?:de |d['’])|plafonnée? à "),
    (Qualifier.AT_LEAST, r"plus (?:de |d['’])|au moins |au minimum |minimum |a minima |au bas mot "
        r"|supérieure? à "),
    (Qualifier.ABOUT, r"(?:environ|en chiffres ronds,?|quelques?|presque|une petite|à la louche,?|"
        r"plus ou moins|aux environs (?:de|d['’])|avoisine les|approximativement|"
        r"autour (?:de|d['’])|près (?:de|d['’])|"
     r"proche (?:de|d['’])|à peu près|peu ou prou|grosso modo|aux alentours (?:de|"
     r"d['’])|de l['’]ordre (?:de|d['’])|"
     r"dans les|pas loin (?:de|d['’])|avoisin\w+(?: les)?|approch\w+(?: les| "
     r"des?)?|estimée?s? à|~|≈|une bonne|un bon|"
     r"(?:à )?hauteur d['’]environ|à hauteur de près (?:de|d['’]))\s?"),
)  # fmt: skip
_BEFORE_RE = tuple(
    (q, re.compile(rf"(?:^|(?<=\W))(?:{p})(?:les |ses |ces |leurs )?$", re.IGNORECASE)) for q, p in _BEFORE
)
_AFTER = (
    (Qualifier.UP_TO, r"^(?: [\w’'-]+){0,4}?,? (?:au maximum|maximum|au plus|tout au plus)(?!\w)"),
    (Qualifier.AT_LEAST, r"^(?: [\w’'-]+){0,2}?,? (?:au moins|au minimum|minimum|au bas mot)(?! \d)(?!\w)"),
    (Qualifier.ABOUT, r"^(?: [\w’'-]+){0,2}?,? (?:environ|à peu près)(?!\w)(?! (?:\d|un|deux|le |la ))"),
)
_AFTER_RE = tuple((q, re.compile(p, re.IGNORECASE)) for q, p in _AFTER)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text. `value` is None where it is vague ("des centaines"); a range has its upper bound there.

    `start` and `end` bound the number without its qualifier, `cue_start` and `cue_end` with it.
    """

    kind: Literal["count", "percent"]
    value: float | None
    start: int
    end: int
    qualifier: Qualifier
    cue_start: int
    cue_end: int
    low: float | None = None
    rule: str = "number"

    @property
    def whole(self) -> int | None:
        """The value as an integer, None where it is vague or broken."""
        return None if self.value is None or self.value != int(self.value) else int(self.value)


def number_of(words: str) -> float | None:
    """The value of one number in digits or words, with its multiplier; None where it is none that counts."""
    value = _value(words.strip().casefold())
    return value if value is None or value <= _MOST else None


def _value(text: str) -> float | None:
    digits = re.match(rf"(?:{_DIGITS})", text)
    if digits:
        value = _digits(digits.group())
        rest = text[digits.end() :].strip()
        return value * _MULTIPLIERS[rest.rstrip("s")] if rest else value
    return _words(text)


def _digits(text: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+", text)
    return float(re.sub(r"\D", "", text)) if grouped else float(text.replace(",", "."))


def _words(text: str) -> float | None:
    total = current = 0.0
    known = False
    for word in re.split(r"[ -]", text):
        if word == "et":
            continue
        known = True
        if word in _UNITS:
            # quatre-vingt-dix: four times twenty, then ten
            current = current * 20 if word.startswith("vingt") and current % 100 == 4 else current + _UNITS[word]
        elif word in ("cent", "cents"):
            current = (current or 1) * 100
        elif word.rstrip("s") in _MULTIPLIERS:
            total, current = total + (current or 1) * _MULTIPLIERS[word.rstrip("s")], 0.0
        else:
            return None
    return total + current if known else None


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of a text, in its order, none overlapping another."""
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []
    for read in (_ranges, _ones_in, _fractions, _collectives, _plain):
        for quantity in read(text):
            if all(quantity.end <= a or quantity.start >= b for a, b in taken):
                found.append(quantity)
                taken.append((quantity.start, quantity.end))
    return tuple(sorted(found, key=lambda q: q.start))


def _quantity(
    text: str, kind: Literal["count", "percent"], value: float | None, start: int, end: int, rule: str,
    meant: Qualifier = Qualifier.EXACT, low: float | None = None,
) -> Quantity:  # fmt: skip
    before, after = text[max(0, start - 40) : start], text[end : end + 60]
    for qualifier, pattern in _BEFORE_RE:
        cue = pattern.search(before)
        if cue:
            return Quantity(
                kind, value, start, end, qualifier, start - (len(before) - cue.start()), end, low, rule
            )
    for qualifier, pattern in _AFTER_RE:
        cue = pattern.search(after)
        if cue:
            return Quantity(kind, value, start, end, qualifier, start, end + cue.end(), low, rule)
    return Quantity(kind, value, start, end, meant, start, end, low, rule)


def _with_percent(text: str, end: int) -> tuple[Literal["count", "percent"], int]:
    sign = re.compile(_PERCENT_SIGN).match(text, end)
    return ("percent", sign.end()) if sign else ("count", end)


def _ranges(text: str) -> list[Quantity]:
    found = []
    for match in _RANGE.finditer(text):
        first, second = match.group("a") or match.group("c"), match.group("b") or match.group("d")
        low, high = number_of(first), number_of(second)
        if low is None or high is None or not low < high or first.casefold() in ("un", "une"):
            continue
        if high / max(low, 1) > 20:  # "de 2 à 300": two statements, no range
            continue
        kind, end = _with_percent(text, match.end())
        found.append(_quantity(text, kind, high, match.start(), end, "range", Qualifier.ABOUT, low))
    return found


def _ones_in(text: str) -> list[Quantity]:
    found = []
    for match in _ONE_IN.finditer(text):
        part, base = number_of(match.group("n")), number_of(match.group("d"))
        if part is not None and base and part < base:
            value = round(100 * part / base, 1)
            found.append(_quantity(text, "percent", value, match.start(), match.end(), "one_in"))
    for match in _DIVIDED.finditer(text):
        base = number_of(match.group("d")) or 1
        found.append(
            _quantity(text, "percent", round(100 - 100 / base, 1), match.start("q"), match.end(), "divided")
        )
    return found


def _fractions(text: str) -> list[Quantity]:
    found = []
    for match in _FRACTION.finditer(text):
        many = {"deux": 2, "trois": 3, "quatre": 4}.get(
            (match.group("n") or "").casefold().removeprefix("les "), 1
        )
        value = round(100 * many / _FRACTIONS[match.group("c").casefold()], 1)
        if value <= 100:
            found.append(_quantity(text, "percent", value, match.start(), match.end(), "fraction"))
    return found


def _collectives(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    found += [_quantity(text, "count", None, m.start(), m.end(), "vague") for m in _VAGUE.finditer(text)]
    for match in _COLLECTIVE.finditer(text):
        many = number_of(match.group("n")) or 1
        value = many * _COLLECTIVES[match.group("c").casefold()]
        found.append(_quantity(text, "count", value, match.start(), match.end(), "collective", Qualifier.ABOUT))
    return found


def _plain(text: str) -> list[Quantity]:
    found = []
    for match in _NUMBER.finditer(text):
        value = number_of(match.group())
        if value is None or match.group().casefold() in ("un", "une"):
            continue
        kind, end = _with_percent(text, match.end())
        found.append(_quantity(text, kind, value, match.start(), end, "number"))
    return found
