"""Who takes over from somebody who leaves, told in the same sentence or near it."""

import re

from extractors.events.companies import Companies
from extractors.events.departures_fields import Departure, Found, name_evidence
from extractors.events.language import Sentence
from extractors.events.names import Name, NameKind

# {S} stands for the successor's name, with what describes it.
_DESC = r"(?:[^.;:!?\n]{0,70}?)"
_PATTERNS = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        r"(?:remplacée?s?|suppléée?|relayée?|secondé puis remplacé)(?: [\w' -]{0,50}?)? par " + _DESC + r"{S}",
        r"{S}[^.;!?\n]{0,140}?\b(?:lui|leur) (?:a |avait )?succ[éè]d\w+",
        r"{S}[^.;!?\n]{0,140}?\b(?:prend|prendra|prendrait|reprend|reprendra|a pris|a repris|assure|assurera|assurait|assume|assumera|récupère|récupérera|hérite|héritera|occupe|occupera|fait|fera)(?:it)? [^.;!?\n]{0,30}?\b(?:sa (?:succession|suite|place|relève)|la (?:suite|relève|succession|main|tête|barre|direction|présidence|place)|le relais|le flambeau|les (?:rênes|commandes|manettes)|l'intérim|intérim|(?:son|du|le|ce) (?:poste|fauteuil|siège)|ses fonctions|ses responsabilités)",
        r"{S}[^.;!?\n]{0,120}?\b(?:le|la|l'|les) (?:remplac\w+|supplée\w*)",
        r"(?:son|sa|leur) (?:successeur\w*|remplaçante?|remplacement|intérimaire|suppléante?|dauphin\w*|héritier|héritière)\b"
        + _DESC
        + r"{S}",
        r"{S}[^.;!?\n]{0,60}?,? (?:son|sa) (?:successeur\w*|remplaçante?|dauphin)",
        r"(?:le|la) (?:successeur\w*|remplaçante?|relève)\b" + _DESC + r"{S}",
        r"(?:intérim|transition|relève|succession|suite|suppléance)\b[^.;!?\n]{0,60}?\b(?:par|à|échoit à|revient à|confiée? à|incombe à|assurée? par|:) "
        + _DESC
        + r"{S}",
        r"(?:cède|céder|cédera|cédé|laisse|laissera|laissé|laisser|passe|passera|passé|transmet|transmis|transmettra|confie|confié|confiera|donne)[^.;!?\n]{0,70}? (?:à|au) "
        + _DESC
        + r"{S}",
        r"(?:a nommé|nomme|désigne|a désigné|a choisi|promeut|a promu|place|installe|intronise|propulse)\b[^.;!?\n]{0,60}?{S}[^.;!?\n]{0,60}?(?:pour (?:lui succéder|le remplacer|la remplacer|prendre)|à sa place|comme|au poste|à la tête|par intérim)",
        r"{S}[^.;!?\n]{0,90}?(?:a été|est|sera|vient d'être|était|fut) (?:aussitôt |immédiatement |d'ores et déjà |déjà )?(?:nommée?|désignée?|choisie?|promue?|appelée?|intronisée?|élue?|pressentie?)[^.;!?\n]{0,80}?(?:pour (?:lui succéder|le remplacer|la remplacer|prendre)|à sa place|par intérim|intérimaire|à sa suite|successeur|au même poste|à ce poste|comme (?:nouveau|nouvelle))",
        r"place à " + _DESC + r"{S}",
        r"remplaçant\w*[^.;!?\n]{0,40}?s'appelle " + _DESC + r"{S}",
        r"(?:c'est|ce sera) " + _DESC + r"{S}[^.;!?\n]{0,60}?qui (?:le|la|lui|prend|assure|reprend|héri)",
    )
)


def successor_of(companies: Companies, departure: Departure) -> Found | None:
    """The successor that an idiom of succession tells, else one told in the sentence of the exit or the next two."""
    people = companies.people
    for telling in departure.tellings:
        if telling.successor:
            name = _mention_near(companies, telling.successor, telling.sentence)
            return Found(name.full, name_evidence(people.parsed, name, f"successor.{telling.entry.id}"))
    indexes: list[int] = []
    for telling in departure.tellings:
        for index in range(telling.sentence.index, telling.sentence.index + 3):
            if index < len(people.parsed.sentences) and index not in indexes:
                indexes.append(index)
    for index in indexes:
        found = _in_sentence(companies, departure, people.parsed.sentences[index])
        if found:
            return found
    return None


def _in_sentence(companies: Companies, departure: Departure, sentence: Sentence) -> Found | None:
    people = companies.people
    text = sentence.span.doc.text
    for name in people.names.between(sentence.where, sentence.start, sentence.end, NameKind.PERSON):
        if name.key == departure.person:
            continue
        masked = text[sentence.start : name.start] + "{S}" + text[name.end : sentence.end]
        for number, pattern in enumerate(_PATTERNS):
            match = re.search(pattern.pattern.replace("{S}", r"\{S\}"), masked, re.IGNORECASE)
            if match and not _other_between(companies, departure, sentence, name, match.span()):
                return Found(name.full, name_evidence(people.parsed, name, f"successor.{number}"))
    return None


def _other_between(
    companies: Companies, departure: Departure, sentence: Sentence, name: Name, span: tuple[int, int]
) -> bool:
    """Whether another person stands between the words and the name: then they are that one's."""
    start, end = sentence.start + span[0], sentence.start + span[1] + (name.end - name.start) - 3
    inside = companies.people.names.between(sentence.where, start, end, NameKind.PERSON)
    return any(n.key not in (name.key, departure.person) for n in inside)


def _mention_near(companies: Companies, key: str, sentence: Sentence) -> Name:
    here = companies.people.names.between(sentence.where, sentence.start, sentence.end, NameKind.PERSON)
    return next((n for n in here if n.key == key), companies.people.by_key[key])
