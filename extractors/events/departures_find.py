"""Where a departure is told: an idiom, and the person who leaves by it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extractors.events.language import Sentence
from extractors.events.lexicon import Entry, Match, entries, find
from extractors.events.names import Name, NameKind
from extractors.events.people import People, deep_subject
from extractors.events.qualifiers import Qualified, qualify
from extractors.events.verbs import forms
from models.vocabulary import Manner

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_HAVE, _BE = forms("avoir"), forms("être")
_POSSESSIVE = re.compile(r"\b(?:son|sa|leur|ses|leurs|mon|ma) (?:[\w'-]+ ){0,2}$", re.IGNORECASE)
_DESCRIBES = re.compile(
    r"\s*(?:(?:le|la|son|sa|leur|ses|leurs|un|une|deux|trois|de|des|du|d'un|à|au|l'un|l'une|un des|l'un des|l'une des|les|l'ancien|"
    r"l'ancienne|ancien|ancienne|actuel|actuelle|propre|puissant|puissante|emblématique|charismatique|historique|très|discret|"
    r"discrète|jeune|tout-puissant|célèbre|fameux|fantasque|bouillant|premier|première|grand|grande|autre|nouveau|nouvelle|ex|"
    r"mythique|fidèle|médiatique|iconique|pas|plus|directeur|directrice|m\.|mme|mm\.|dr)\s+|l'|d'|ex-)*"
)
_INDEFINITE = re.compile(r"\b(?:un|une|des|deux|trois|plusieurs)\b(?! de)")
_BREAKS = re.compile(
    r"[,;:«»()\d]|\b(?:par|contre|pour|avec|selon|dont|que|qui|dit|après|avant|depuis|où|est|a|ont|sont|chez|parmi|dans|sur|et|à|"
    r"de|du|des|en)\b|[^\W\d_]+(?:e|ent|ait|a)\s+$"
)
_NEAR = 70  # characters within which a slot's person must begin


@dataclass(frozen=True)
class Telling:
    """One place that tells that one person leaves."""

    entry: Entry
    match: Match
    sentence: Sentence
    person: str
    qualified: Qualified
    successor: str | None = None
    passive: bool = False
    trigger: tuple[int, int] = (0, 0)

    @property
    def manner(self) -> tuple[Manner, ...]:
        """The manners that the idiom leaves open."""
        return self.entry.manner


def tellings(people: People) -> Iterator[Telling]:
    """Every place that tells a departure, in reading order."""
    lexicon = entries("departures", "departure")
    for sentence in people.parsed.sentences:
        doc = sentence.span.doc
        taken: list[tuple[int, int, str]] = []
        matches = list(find(doc.text, sentence.span.start_char, sentence.span.end_char, lexicon))
        matches.sort(
            key=lambda m: _trigger(m)[0] - _trigger(m)[1]
        )  # the longest idiom first: it is the most precise
        found: list[Telling] = []
        for match in matches:
            if _vetoed(people, sentence, match):
                continue
            start, end = _trigger(match)
            for telling in _of_match(people, sentence, match):
                if not any(s < end and start < e and p == telling.person for s, e, p in taken):
                    taken.append((start, end, telling.person))
                    found.append(telling)
        yield from sorted(found, key=lambda t: t.trigger)


def _vetoed(people: People, sentence: Sentence, match: Match) -> bool:
    entry, text = match.entry, sentence.span.doc.text
    if entry.option("thanks"):
        token = _head_token(sentence.span.doc, match)
        subject = deep_subject(token) if token is not None and not _is_passive(token, entry) else None
        if subject is not None and people.at(subject):
            return True  # somebody thanks somebody: only an employer dismisses so
    if entry.option("needs_slot"):
        for start, end in match.slots.values():
            inside = people.names.between(sentence.where, start, sentence.end)
            if not inside or inside[0].start > start + 4 or inside[0].kind is NameKind.PERSON:
                return True
    after = entry.option("not")
    slot = match.slots.get("org")
    if after and re.match(
        after, text[slot[0] : slot[1]] if slot else text[match.end : match.end + 60], re.IGNORECASE
    ):
        return True
    before = entry.option("not_before")
    return bool(
        before and re.search(rf"(?:{before})", text[max(0, match.start - 30) : match.start], re.IGNORECASE)
    )


def _of_match(people: People, sentence: Sentence, match: Match) -> Iterator[Telling]:
    doc = sentence.span.doc
    trigger = doc.char_span(*_trigger(match), alignment_mode="expand")
    if trigger is None:
        return
    token = _head_token(doc, match) or trigger.root
    passive = _is_passive(token, match.entry)
    who = _who(people, sentence, match, token, passive)
    if not who:
        return
    qualified = _qualified(sentence, trigger, match, token)
    successor = _successor(people, sentence, match, token, passive, who)
    for person in who:
        if person != successor:
            yield Telling(match.entry, match, sentence, person, qualified, successor, passive, _trigger(match))


def _trigger(match: Match) -> tuple[int, int]:
    """The words that tell it, without their slots."""
    starts = [s for s, _ in match.slots.values() if s > match.start]
    end = min(starts, default=match.end)
    if end <= match.head[0]:
        return match.head if match.head[1] > match.head[0] else (match.start, match.end)
    return match.start, end


def _qualified(sentence: Sentence, trigger: "Span", match: Match, token: "Token") -> Qualified:
    qualified = qualify(sentence, trigger)
    text = sentence.span.doc.text
    before = text[max(sentence.start, match.start - 25) : match.start]
    if match.entry.who == "de" and _AFTERWARDS.search(before):
        return Qualified(past=True, cues=qualified.cues)
    future = qualified.future or token.lower_ in match.entry.futures
    qualified = replace(qualified, future=future)
    if _OR_ELSE.search(text[max(sentence.start, match.start - 45) : match.start]) and not re.search(
        r"prête? à", before
    ):
        return replace(qualified, hypothetical=True)
    if token.lower_ in _infinitives(match.entry) and _PURPOSE.search(before):
        return replace(qualified, hypothetical=True)
    if _ASKED.search(sentence.text) and match.entry.who != "de":
        return replace(qualified, hypothetical=True)
    if sentence.where == "text" and _MUST.search(before) and _quoted(sentence, match.start):
        return replace(qualified, hypothetical=True)
    if match.entry.option("negated"):
        if qualified.denied:
            return Qualified(
                qualified.status, False, qualified.hypothetical, qualified.past, qualified.future, qualified.cues
            )
        return Qualified(
            qualified.status, True, qualified.hypothetical, qualified.past, qualified.future, qualified.cues
        )
    return qualified


_AFTERWARDS = re.compile(
    r"\b(?:depuis|après|dès|suite (?:à|au)|lors de|malgré|avec) (?:le |la |l'|son |sa |leur )?(?:[\w'-]+ )?$",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\b(?:pour|afin de|tenté de|tente de|tentent de|cherche à|cherchent à|sans|veut|veulent|voulait|au lieu de|avant de pouvoir|envie de) (?:(?:le|la|les|l'|se|ne|pas|s') ?)*$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:-t-il|-t-elle|-il|-elle|-ils|-elles|-t-on)\b[^?]*\?|^(?:et si|faut-il|quand|va-t-)[^?]*\?|(?:sur le point|sur le départ|bientôt)[^?]*\?",
    re.IGNORECASE,
)
_OR_ELSE = re.compile(
    r"\b(?:sinon|faute de quoi|sans quoi|à défaut|ou alors|menac\w+ de|risquer de|prêt à|prête à|tenté de|quitte à)\b[^.;:!?]{0,30}$",
    re.IGNORECASE,
)
_MUST = re.compile(r"\b(?:doit|doivent|devrait|faut|devez|dois) (?:[\w'-]+ ){0,2}$", re.IGNORECASE)


def _quoted(sentence: Sentence, offset: int) -> bool:
    text = sentence.span.doc.text
    opened = max(text.rfind("«", 0, offset), text.rfind("“", 0, offset))
    closed = max(text.rfind("»", 0, offset), text.rfind("”", 0, offset))
    return opened > closed and offset - opened < 400


def _infinitives(entry: Entry) -> frozenset[str]:
    return frozenset(w for w in entry.heads if w.endswith(("er", "ir", "re", "oir")))


def _head_token(doc: "object", match: Match) -> "Token | None":
    span = doc.char_span(*match.head, alignment_mode="expand")  # type: ignore[attr-defined]
    return span[-1] if span is not None and len(span) else None


def _is_passive(token: "Token", entry: Entry) -> bool:
    """Whether a participle is passive: with être, or alone; "vient d'être viré", "évincé en mai"."""
    if token.lower_ not in entry.participles:
        return False
    for i in range(token.i - 1, max(token.sent.start - 1, token.i - 7), -1):
        before = token.doc[i]
        text = before.lower_
        if text in _BE or text in ("été", "s'être"):
            return True
        if text in _HAVE:
            return False
        if before.pos_ not in ("ADV", "PRON", "PART", "ADJ") and text not in ("pas", "plus", "ensuite", "l'"):
            break
    return "Fin" not in token.morph.get("VerbForm", []) or bool(re.search(r"é(?:e|s|es)?$", token.lower_))


def _who(people: People, sentence: Sentence, match: Match, token: "Token", passive: bool) -> list[str]:
    who = match.entry.who
    if who == "subject" or (who == "object" and passive):
        found = _subject(people, sentence, match, token)
        if not found and who == "object" and "who" in match.slots:
            return []
        return found
    if who == "object":
        clitic = re.search(
            r"(?<![\w])(?:l'|le |la |les )(?:(?:a|ont|avait|avaient|aura|aurait) )?(?:\w+ment )?$",
            sentence.span.doc.text[max(sentence.start, match.head[0] - 30) : match.head[0]],
        )
        if clitic and (token.pos_ in ("VERB", "AUX")):
            return [k for k in people.before(token) if k not in _subject(people, sentence, match, token)]
        return _in_stretch(people, sentence, *match.slots.get("who", (match.head[1], sentence.end)), near=_NEAR)
    if who == "role":
        role = people.role_at(sentence.where, match.start - 2)
        return people.of_role(role) if role is not None else []
    if who == "de":
        return _complement(people, sentence, match)
    slot = match.slots.get(who)
    if not slot:
        return []
    if match.entry.id == "séparation-mutuelle":
        return _of_pair(people, sentence, slot)
    return _in_stretch(people, sentence, *slot, near=_NEAR)


def _subject(people: People, sentence: Sentence, match: Match, token: "Token") -> list[str]:
    beside = _adjacent(people, sentence, match, token)
    if beside:
        return beside
    subject = deep_subject(token)
    if subject is not None and subject.i != token.i:
        listed = _listed(people, sentence, subject, match)
        if listed:
            return listed
        keys = people.at(subject)
        if not keys and subject.lower_ == "qui":
            keys = []
        if not keys:
            keys = _by_apposition(people, sentence, subject, match)
        if keys:
            plural = any(
                t.lower_.endswith(("nt", "és", "ées"))
                for t in sentence.span.doc[max(token.i - 3, sentence.span.start) : token.i + 1]
            )
            if len(keys) == 1 and plural and subject.idx < match.start:
                return people.group(sentence, keys[0], sentence.start, match.start)
            return keys
        if subject.pos_ == "NOUN" and subject.lower_.endswith(("s", "x")) and _plural(sentence, token):
            return _apposed_group(people, sentence, subject)
        if subject.pos_ in ("PROPN", "PRON") or subject.i > token.i:
            return []
        if token.dep_ in ("acl", "amod") and subject.pos_ == "NOUN":
            return []  # "un courrier déposé": a thing
        if people.names.at(sentence.where, subject.idx) is not None:
            return []
        if subject.pos_ == "NOUN" and subject.dep_.startswith("nsubj"):
            return []
    return _linear(people, sentence, match, token)


_HUMANS = re.compile(
    r"dirigeants|cadres|personnes|hommes|femmes|fondateurs|cofondateurs|chercheurs|membres|responsables|figures|têtes|piliers|patrons|directeurs|"
    r"ingénieurs|journalistes|associés|employés|executives|talents|vétérans|lieutenants|partants|administrateurs|compères|complices|ministres|créateurs"
)
_LIST = re.compile(r"(?::|\bdont\b|\bparmi lesquel(?:le)?s\b|\bnotamment\b|\bà savoir\b|\()")


def _listed(people: People, sentence: Sentence, subject: "Token", match: Match) -> list[str]:
    """ "Deux cofondateurs démissionnent : A, directeur général, et B": a plural whose names follow."""
    if not _HUMANS.fullmatch(subject.lower_) and people.role_at(sentence.where, subject.idx) is None:
        return []
    if not subject.lower_.endswith(("s", "x")):
        return []
    text = sentence.span.doc.text
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
    """ "A, B et C, les trois chercheurs, partent": the names right before a plural noun."""
    found = people.names.between(sentence.where, sentence.start, subject.idx, NameKind.PERSON)
    text = sentence.span.doc.text
    if found and re.fullmatch(
        r", (?:(?:les|deux|trois|quatre|cinq|tous|ses|des|anciens|autres) ?)*", text[found[-1].end : subject.idx]
    ):
        return people.group(sentence, found[-1].key, sentence.start, subject.idx)
    return []


def _by_apposition(people: People, sentence: Sentence, subject: "Token", match: Match) -> list[str]:
    """ "Son directeur, X," or a name joined to the subject by the parse."""
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
        text = sentence.span.doc.text[last.end : match.start]
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
_CLITICS = re.compile(
    r"[ ,]*(?:\([^)]{0,40}\),? )?(?:(?:ne|n'|se|s'|y|en|l'|d'|de|lui|aussi|elle|même|lui-même|elle-même|eux-mêmes|donc|déjà|finalement|également|"
    r"soudain|désormais|bien|à|son|sa|leur|leurs|tour|quant|décide|décidé|ainsi|pourrait|annonce|annoncé|annoncent|qu'il|qu'elle|qu'ils|fait|font|savoir|confirme|"
    r"confirmé|sur|le|point|s'apprête|s'apprêtent|tous|toutes|deux|trois|les|eux|elles|et|d'autres|plusieurs|certains|ensuite|enfin|vient|prévoit|compte|choisi|préféré|"
    r"accepté|contraint|contrainte|forcé|forcée|brutalement|hier|aujourd'hui|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    + _AUX_FORMS
    + r")[ ,]*|\w+ment )*"
)


def _adjacent(people: People, sentence: Sentence, match: Match, token: "Token") -> list[str]:
    """The name before the verb, with an apposition and small words between at the most, whatever the parse."""
    found = people.names.between(sentence.where, sentence.start, match.start, NameKind.PERSON)
    text = sentence.span.doc.text
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


def _in_stretch(people: People, sentence: Sentence, start: int, end: int, near: int) -> list[str]:
    """The person that a stretch begins with: a name, or a role with its holder."""
    text = sentence.span.doc.text
    limit = min(end, start + near)
    found = [
        n for n in people.names.between(sentence.where, start, sentence.end, NameKind.PERSON) if n.start < limit
    ]
    role = next((r for r in people.roles if r.where == sentence.where and start <= r.start < start + 30), None)
    if role and (not found or found[0].start > role.start):
        if role.person and any(n.key == role.person for n in found):
            return people.group(sentence, role.person, start, end)
        gap = text[start : role.start].casefold()
        if _DESCRIBES.fullmatch(gap):
            if role.person:
                return people.group(sentence, role.person, start, end)
            if not _INDEFINITE.search(gap) and not role.text.casefold().endswith("s"):
                return people.of_role(role)
            return []
    if not found:
        return []
    gap = text[start : found[0].start]
    if not _leads_to(gap):
        return []
    return people.group(sentence, found[0].key, start, end)


def _leads_to(gap: str) -> bool:
    """Whether the words before a name only describe it."""
    return bool(_DESCRIBES.fullmatch(gap.casefold())) or (
        len(gap.split()) <= 3 and not _BREAKS.search(gap.casefold())
    )


def _complement(people: People, sentence: Sentence, match: Match) -> list[str]:
    """Whose départ: "de X", "son", "X : départ surprise"."""
    doc = sentence.span.doc
    before = doc.text[max(sentence.start, match.start - 30) : match.start]
    after = doc.text[match.end : sentence.end]
    complement = re.match(
        r"^(?:(?: [\w'-]+){0,4}?|, [^,]{1,50},) (?:de son |de sa |de ses |de leur |de l'|de la |des |du |de |d'|pour )|"
        r"^ ?[:,] (?:son |sa |le |la |l')?",
        after,
    )
    if complement:
        start = match.end + complement.end()
        found = _in_stretch(
            people, sentence, start - (2 if complement.group().endswith("l'") else 0), sentence.end, _NEAR
        )
        if found:
            return found
    if match.entry.id in ("remplacement",) and re.match(r"exit", doc.text[match.start : match.end], re.IGNORECASE):
        return _in_stretch(people, sentence, match.end + 1, sentence.end, _NEAR)
    if re.search(r"\bdont (?:le |la |l')$", before, re.IGNORECASE):
        return _relative_owner(people, sentence, match.start)
    if _POSSESSIVE.search(before):
        span = doc.char_span(match.start, match.end, alignment_mode="expand")
        subject = deep_subject(span.root) if span is not None else None
        keys = people.at(subject) if subject is not None else []
        if not keys and subject is not None and subject.pos_ == "NOUN" and subject.lower_.endswith(("s", "x")):
            return []  # "les salariés ont donné leur démission"
        return keys or (people.before(span[0]) if span is not None else [])
    return []


def _relative_owner(people: People, sentence: Sentence, offset: int) -> list[str]:
    """ "X, dont le départ …", "l'ancien responsable de Nuvéo, dont le départ …"."""
    names = people.names.between(sentence.where, max(sentence.start, offset - 60), offset, NameKind.PERSON)
    roles = [r for r in people.roles if r.where == sentence.where and offset - 90 < r.start < offset]
    if names and (not roles or names[-1].start > roles[-1].start):
        return [names[-1].key]
    return people.of_role(roles[-1]) if roles else []


def _of_pair(people: People, sentence: Sentence, slot: tuple[int, int]) -> list[str]:
    """ "Nuvéo et X se séparent": one organisation and one person."""
    inside = people.names.between(sentence.where, *slot)
    persons = [n for n in inside if n.kind is NameKind.PERSON]
    others = [n for n in inside if n.kind in (NameKind.ORGANISATION, NameKind.OUTLET, NameKind.OTHER)]
    text = sentence.span.doc.text[slot[0] : slot[1]]
    if len(persons) == 1 and others and " et " in text:
        return [persons[0].key]
    return []


def _successor(
    people: People, sentence: Sentence, match: Match, token: "Token", passive: bool, who: list[str]
) -> str | None:
    """Who takes over, where the idiom itself says so."""
    slot = match.slots.get("succ")
    if slot:
        found = _in_stretch(people, sentence, *slot, near=60)
        return next((k for k in found if k not in who), None)
    if match.entry.option("successor") != "subject":
        return None
    if passive:
        agent = re.search(r"\bpar ", sentence.span.doc.text[match.head[1] : sentence.end])
        if not agent:
            return None
        start = match.head[1] + agent.end()
        return next((k for k in _in_stretch(people, sentence, start, sentence.end, 60) if k not in who), None)
    subject = deep_subject(token)
    keys = people.at(subject) if subject is not None else []
    keys = (
        keys
        or [n.key for n in people.names.between(sentence.where, sentence.start, match.start, NameKind.PERSON)][-1:]
    )
    return next((k for k in keys if k not in who), None)


def name_of(people: People, key: str) -> Name:
    """The first mention of a person."""
    return people.by_key[key]
