"""Who is the subject of a trigger: by nearness, by the parse, by apposition or in a list."""

import re
from typing import TYPE_CHECKING

from extractors.events.gazetteer import grammar
from extractors.events.language import Sentence
from extractors.events.lexicon import Match
from extractors.events.names import NameKind
from extractors.events.people import People, deep_subject
from extractors.events.verbs import forms

if TYPE_CHECKING:
    from spacy.tokens import Token


def subject_of(people: People, sentence: Sentence, match: Match, token: "Token") -> list[str]:
    """The people who are the subject of a trigger; empty where it is a thing, an organisation or nobody named."""
    beside = _adjacent(people, sentence, match, token) or _before_qui(people, sentence, match)
    if beside:
        return beside
    subject = deep_subject(token)
    if subject is None or subject.i == token.i:
        return _linear(people, sentence, match, token)
    found = _listed(people, sentence, subject, match) or _named(people, sentence, subject, match, token)
    if found:
        return found
    if subject.pos_ == "NOUN" and subject.lower_.endswith(("s", "x")) and _plural(sentence, token):
        return _apposed_group(people, sentence, subject)
    return [] if _nobody(people, sentence, subject, token) else _linear(people, sentence, match, token)


def _before_qui(people: People, sentence: Sentence, match: Match) -> list[str]:
    """As in "Anne Roy, cofondatrice de Nordalia, qui a quitté": the parse takes the house for who left."""
    found = people.names.between(sentence.where, sentence.start, match.start, NameKind.PERSON)
    if not found:
        return []
    gap = sentence.whole[found[-1].end : match.start]
    apposed = any(
        r.person == found[-1].key and r.where == sentence.where and found[-1].end < r.start < match.start
        for r in people.roles
    )
    return [found[-1].key] if apposed and _APPOSED_QUI.fullmatch(gap) else []


_APPOSED_QUI = re.compile(r", [^,;:.()]{3,90}, qui (?:(?:a|avait|vient de|avait déjà|a déjà) )?")


def _named(people: People, sentence: Sentence, subject: "Token", match: Match, token: "Token") -> list[str]:
    """The people that the parse's subject stands for, with those joined to it where the verb is plural."""
    keys = people.at(subject) or _by_apposition(people, sentence, subject, match)
    group = sentence.span.doc[max(token.i - 3, sentence.span.start) : token.i + 1]
    if len(keys) == 1 and subject.idx < match.start and any(t.lower_.endswith(("nt", "és", "ées")) for t in group):
        return people.group(sentence, keys[0], sentence.start, match.start)
    return keys


def _nobody(people: People, sentence: Sentence, subject: "Token", token: "Token") -> bool:
    """Whether the parse's subject is surely no person: a name of something else, a thing."""
    if subject.pos_ in ("PROPN", "PRON") or subject.i > token.i:
        return True
    if people.names.at(sentence.where, subject.idx) is not None:
        return True
    return subject.pos_ == "NOUN" and (token.dep_ in ("acl", "amod") or subject.dep_.startswith("nsubj"))


_HUMANS = grammar("departures_find_humans")


_LIST = re.compile(r"(?::|\bdont\b|\bparmi lesquel(?:le)?s\b|\bnotamment\b|\bà savoir\b|\()")


def _listed(people: People, sentence: Sentence, subject: "Token", match: Match) -> list[str]:
    """As in "Deux cofondateurs démissionnent : A, directeur général, et B": a plural whose names follow."""
    if not _HUMANS.fullmatch(subject.lower_) and people.role_at(sentence.where, subject.idx) is None:
        return []
    if not subject.lower_.endswith(("s", "x")):
        return []
    text = sentence.whole
    opened = _LIST.search(text, match.end, sentence.end)
    found: list[str] = []
    if opened:
        found = [n.key for n in people.names.between(sentence.where, opened.end(), sentence.end, NameKind.PERSON)]
    elif sentence.index + 1 < len(people.parsed.sentences):
        following = people.parsed.sentences[sentence.index + 1]
        if following.where == sentence.where and re.search(r":|^(?:Il s'agit|Ce sont)", following.text):
            start = following.start + (following.text.find(":") + 1)
            found = [n.key for n in people.names.between(following.where, start, following.end, NameKind.PERSON)]
    return list(dict.fromkeys(found))


def _apposed_group(people: People, sentence: Sentence, subject: "Token") -> list[str]:
    """As in "A, B et C, les trois chercheurs, partent": the names right before a plural noun."""
    found = people.names.between(sentence.where, sentence.start, subject.idx, NameKind.PERSON)
    text = sentence.whole
    if found and re.fullmatch(
        r", (?:(?:les|deux|trois|quatre|cinq|tous|ses|des|anciens|autres) ?)*", text[found[-1].end : subject.idx]
    ):
        return people.group(sentence, found[-1].key, sentence.start, subject.idx)
    return []


def _by_apposition(people: People, sentence: Sentence, subject: "Token", match: Match) -> list[str]:
    """As in "Son directeur, X," or a name joined to the subject by the parse."""
    for child in subject.subtree:
        if child.idx >= match.start or child.dep_ in ("acl:relcl", "acl"):
            continue
        if child.dep_ in ("appos", "flat:name", "nmod", "conj") and child.head.i == subject.i:
            name = people.names.at(sentence.where, child.idx)
            if name is not None and name.kind is NameKind.PERSON and child.dep_ != "nmod":
                return [name.key]
    return []


def _linear(people: People, sentence: Sentence, match: Match, token: "Token") -> list[str]:
    """Without a parse to go by: the last person before the trigger, if no organisation acts in between."""
    found = people.names.between(sentence.where, sentence.start, match.start, NameKind.PERSON)
    if found:
        last = found[-1]
        text = sentence.whole[last.end : match.start]
        if len(text) <= 130:
            if _plural(sentence, token):
                group = people.group(sentence, last.key, sentence.start, match.start)
                return group if len(group) > 1 else []
            if _verbs_between(sentence, last.end, match.start) < 2:
                return [last.key]
    elif match.start - sentence.start < 3 and passive_alone(token):
        following = people.names.between(
            sentence.where, match.end, min(sentence.end, match.end + 150), NameKind.PERSON
        )
        return [following[0].key] if following else []
    return []


_AUX_FORMS = "|".join(
    sorted(
        {*forms("avoir"), *forms("être"), *forms("aller"), *forms("venir"), *forms("devoir")},
        key=lambda w: (-len(w), w),
    )
)


_CLITICS = re.compile(grammar("subjects_clitics").pattern.replace("AUXILIARIES", _AUX_FORMS))


def _adjacent(people: People, sentence: Sentence, match: Match, token: "Token") -> list[str]:
    """The name before the verb, with an apposition and small words between at the most, whatever the parse."""
    found = people.names.between(sentence.where, sentence.start, match.start, NameKind.PERSON)
    text = sentence.whole
    for name in reversed(found):
        gap = text[name.end : match.start]
        apposed = _APPOSITION.match(gap) or _RELATIVE.match(gap)
        if not _CLITICS.fullmatch(gap.casefold()[apposed.end() if apposed else 0 :]):
            return []
        if apposed and not _RELATIVE.match(gap) and _finite_between(sentence, name.end, name.end + apposed.end()):
            return []
        if re.search(
            r"(?:\bpar|\bavec|\bà|\bde|\bd'|\bcontre|\baprès|\bchez) (?:M\. )?$|\bd'$",
            text[max(0, name.start - 8) : name.start],
        ):
            continue
        closed = text[name.end : name.end + 1] == "," and re.search(
            r", (?:M\. |Mme )?$", text[max(0, name.start - 6) : name.start]
        )
        if closed and name.key != found[0].key:
            continue  # an apposition of somebody: "A, époux de la numéro deux, B, est mort"
        if _plural(sentence, token):
            group = people.group(sentence, name.key, sentence.start, match.start)
            return group if len(group) > 1 or " et " in gap else []
        return [name.key]
    return []


_APPOSITION = re.compile(r"(?: ?\([^)]{1,60}\))?(?:, [^;:]{1,130}?,(?= ))+")


_RELATIVE = re.compile(r", (?:qui|dont|que|qu'|où|à qui|chez qui) [^;:.]{1,220},(?= )")


def _finite_between(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a main verb stands there: then it is no apposition."""
    span = sentence.span.doc.char_span(start, end, alignment_mode="contract")
    if span is None:
        return False
    return any(
        not (t.i and t.nbor(-1).lower_ == "y")
        and t.pos_ in ("VERB", "AUX")
        and "Fin" in t.morph.get("VerbForm", [])
        and not _relative(t, span.start)
        for t in span
    )


def _relative(token: "Token", start: int) -> bool:
    return token.dep_ == "acl:relcl" or any(
        t.lower_ in ("qui", "dont", "où", "que", "qu'") for t in token.doc[max(token.i - 6, start) : token.i]
    )


def passive_alone(token: "Token") -> bool:
    """Whether a participle stands alone: "évincé en mai"."""
    return token.dep_ in ("acl", "amod", "advcl", "ROOT") and "Part" in token.morph.get("VerbForm", [])


def _verbs_between(sentence: Sentence, start: int, end: int) -> int:
    span = sentence.span.doc.char_span(start, end, alignment_mode="contract")
    return (
        sum(
            t.pos_ == "VERB"
            and "Fin" in t.morph.get("VerbForm", [])
            and t.dep_ not in ("acl", "acl:relcl", "amod")
            for t in span
        )
        if span is not None
        else 0
    )


def _plural(sentence: Sentence, token: "Token") -> bool:
    """Whether the verb group is plural, by its endings."""
    group = sentence.span.doc[max(token.i - 4, sentence.span.start) : token.i + 1]
    verbs = [t.lower_ for t in group if t.i == token.i or t.pos_ == "AUX" or t.lower_ in ("ont", "sont", "vont")]
    return any(w.endswith(("nt", "és", "ées", "is", "us")) for w in verbs)
