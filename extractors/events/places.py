"""Where a cut strikes: the country, region or site, and the team or activity, as the sentence says them."""

import re
from dataclasses import dataclass

from extractors.events.language import Sentence, text_of
from extractors.events.names import NameKind, Names

_PLACE_LEAD = re.compile(
    r"(?:^|[\s(])(?:en|au|aux|à|dans (?:l'|le |la |les )|du site (?:\w+ )?(?:de "
    r"|d')|de l'usine (?:de |d')|de |sur le site (?:de |d'))\s?(?:l'|la |le "
    r"|les )?$",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:dont|où|parmi|y compris|notamment|aussi bien|basée?|installée?|siège|contre)\b", re.IGNORECASE
)
_UNIT_HEAD = (
    r"équipes?|divisions?|branches?|départements?|services?|unités?|pôles?|filiales?|"
    r"studios?|activités?|entités?|fonctions? (?:de )?support|"
    r"rédactions?|direction|bureau|sièges?|usines?|laboratoires?|labs?|recherche|"
    r"secteurs?|métiers?|segment|business unit|centre"
)
_UNIT = (
    re.compile(rf"\b(?:au sein|dans|de|d'|du|des|chez|à|au) ?(?:de |d')?(?P<unit>(?:son "
        rf"|sa |ses |leurs? |la |le |l'|les |cette |une )?(?:{_UNIT_HEAD})(?: (?:de "
        rf"|d'|du |des |en |chargée?s? (?:de |d'|du |des ))?(?:la |l'|les )?[\w'&-]+){{0,4}})", re.IGNORECASE),
    re.compile(r"\bau (?P<unit>[A-Z][\w]+(?: [A-Z]\w+)*)"),
    re.compile(r"\bpostes? (?:de |d')(?P<unit>(?:R&D|recherche et développement|livreurs?|"
        r"recherche|ingénieurs?|journalistes?|cadres?|commerciaux|managers?|coursiers?)(?: "
        r"\w+)?)", re.IGNORECASE),
    re.compile(r"\b(?P<unit>emplois de bureau|cols blancs|livreurs(?: (?:salariés|en CDI))?|"
        r"fonctions support)\b", re.IGNORECASE),
)  # fmt: skip
_BARE_HEAD = re.compile(
    r"(?:équipes?|divisions?|branches?|départements?|services?|unités?|pôles?|"
    r"filiales?|studios?|activités?|entités?|direction|bureaux?|usines?|laboratoires?|"
    r"labs?|secteurs?|métiers?|segment|centre|effectifs?|recherche)(?: (?:mondial\w*|"
    r"concern\w+|touch\w+|entière?s?|américaine?s?|française?s?))?",
    re.IGNORECASE,
)
_STRUCK = (
    re.compile(r"(?:^|[.;:,] )(?P<unit>(?:le|la|les|l')[^.;:,]{3,60}?) (?:serai(?:en)?t|"
        r"sont|est|sera|seront) (?:les? |la )?(?:plus |principalement |particulièrement "
        r"|surtout )?(?:touchée?s?|exposée?s?|concernée?s?|visée?s?|affectée?s?|"
        r"frappée?s?)", re.IGNORECASE),
    re.compile(r"\b(?:principalement|surtout|essentiellement|en particulier|particulièrement|"
        r"majoritairement|en premier lieu|notamment) (?:dans |au sein d\w+ |chez "
        r"|à |les )(?P<unit>(?:les |la |le |l'|des |ses |sa |son )?[^.;:()]{3,60}?)(?=[.;:()]|"
        r", (?:selon|a|qui|où)|$)", re.IGNORECASE),
)  # fmt: skip
_COUNTRY = re.compile(
    r" (?P<place>France|Belgique|Suisse|Allemagne|Espagne|Italie|UK|Royaume-Uni|Maroc|Canada|Japon|Inde)$"
)
_EVERYWHERE = frozenset({"monde", "europe"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words at their place in the title or text."""

    start: int
    end: int
    text: str


def place_of(sentence: Sentence, names: Names, start: int, end: int, limit: int) -> Stretch | None:
    """The place that a cut's words name right after them: "310 emplois à San Jose"."""
    text = text_of(sentence.span.doc)
    for name in names.between(sentence.where, start, min(limit, sentence.end), NameKind.PLACE):
        if name.start < end and name.start > start:
            continue
        between = text[end : name.start]
        if len(between) > 45 or _PART.search(between) or re.search(r"[.;:]|,.*,", between):
            return None
        if _PLACE_LEAD.search(text[max(0, name.start - 30) : name.start]):
            return Stretch(name.start, name.end, text[name.start : name.end])
    before = names.between(sentence.where, sentence.start, start, NameKind.PLACE)
    if before:
        lead = text[sentence.start : before[0].start]
        if re.fullmatch(r"(?:En|À|A|Au|Aux|Dans l'|Sur le site de|Dans la)\s?", lead) and len(before) == 1:
            return Stretch(before[0].start, before[0].end, before[0].text)
    return None


def place_of_name(company: str) -> str | None:
    """The country in a branch's name: Microsoft France."""
    match = _COUNTRY.search(company)
    return match["place"] if match else None


def unit_of(sentence: Sentence, start: int, end: int, limit: int) -> Stretch | None:
    """The team or activity in the words of the cut."""
    text = text_of(sentence.span.doc)
    stop = min(limit, sentence.end, end + 90)
    clause = re.split(r"[;:.!?]| (?:dont|où|qui|après|selon|d'ici|pour|afin|en|contre|et)\b", text[end:stop])[0]
    for pattern in _UNIT:
        for base, part in ((end, clause), (start, text[start:end])):
            match = pattern.search(part)
            if match is None:
                continue
            found = _trimmed(base, match)
            if not _BARE_HEAD.fullmatch(found.text):
                return found
    return None


def struck(sentence: Sentence) -> Stretch | None:
    """The team that a sentence says is hit most."""
    text = text_of(sentence.span.doc)[sentence.start : sentence.end]
    for pattern in _STRUCK:
        match = pattern.search(text)
        if match:
            return _trimmed(sentence.start, match)
    return None


def _trimmed(base: int, match: re.Match[str]) -> Stretch:
    words = match["unit"]
    lead = re.match(r"(?:son |sa |ses |leurs? |la |le |l'|les |des |cette |une )", words, re.IGNORECASE)
    cut = lead.end() if lead else 0
    tail = re.sub(
        r"(?: (?:de|d'|du|des|en|à|au|et|la|le|les|l'|chargée?|a|ont|est|sont|qui|"
        r"dans|pour|par|sur|aux|ce|un|une))+$",
        "",
        words[cut:],
    )
    start = base + match.start("unit") + cut
    return Stretch(start, start + len(tail), tail)
