"""Where a departure is told: an idiom, and the person who leaves by it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extractors.events.complements import NEAR, complement, in_stretch, of_pair
from extractors.events.gazetteer import grammar
from extractors.events.language import Sentence, text_of
from extractors.events.lexicon import Entry, Match, entries, find
from extractors.events.names import Name, NameKind
from extractors.events.people import People, deep_subject
from extractors.events.qualifiers import Qualified, qualify
from extractors.events.subjects import subject_of
from extractors.events.verbs import forms
from models.vocabulary import Manner

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_HAVE, _BE = forms("avoir"), forms("être")


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
        matches = list(find(text_of(doc), sentence.span.start_char, sentence.span.end_char, lexicon))
        matches.sort(
            key=lambda m: _trigger(m)[0] - _trigger(m)[1]
        )  # the longest idiom first: it is the most precise
        found: list[Telling] = []
        for match in matches:
            if _vetoed(people, sentence, match):
                continue
            start, end = _trigger(match)
            for telling in _of_match(people, sentence, match):
                if not any(a < end and start < b and p == telling.person for a, b, p in taken):
                    taken.append((start, end, telling.person))
                    found.append(telling)
        yield from sorted(found, key=lambda t: t.trigger)


def _vetoed(people: People, sentence: Sentence, match: Match) -> bool:
    entry, text = match.entry, sentence.whole
    if entry.option("thanks"):
        token = _head_token(sentence.span.doc, match)
        subject = deep_subject(token) if token is not None and not _is_passive(token, entry) else None
        if subject is not None and people.at(subject):
            return True  # somebody thanks somebody: only an employer dismisses so
    if entry.option("needs_slot"):
        for start, _ in match.slots.values():
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
        if person != successor and not _common_noun(people, sentence, person):
            yield Telling(match.entry, match, sentence, person, qualified, successor, passive, _trigger(match))


def _common_noun(people: People, sentence: Sentence, person: str) -> bool:
    """Whether a lone capitalised word behind an article only looks like a person: "perd son Amirale"."""
    name = people.by_key[person]
    if " " in name.full or name.titled or name.where != sentence.where:
        return False
    before = sentence.whole[max(0, name.start - 6) : name.start]
    return bool(re.search(r"(?:\b(?:son|sa|ses|les?|la|une?|cette?) |\bl')$", before, re.IGNORECASE))


def _trigger(match: Match) -> tuple[int, int]:
    """The words that tell it, without their slots."""
    starts = [s for s, _ in match.slots.values() if s > match.start]
    end = min(starts, default=match.end)
    if end <= match.head[0]:
        return match.head if match.head[1] > match.head[0] else (match.start, match.end)
    return match.start, end


def _qualified(sentence: Sentence, trigger: "Span", match: Match, token: "Token") -> Qualified:
    qualified = qualify(sentence, trigger)
    text = sentence.whole
    before = text[max(sentence.start, match.start - 25) : match.start]
    if match.entry.who == "de" and _AFTERWARDS.search(before):
        return Qualified(past=True, cues=qualified.cues)
    if _not_at_all(sentence, trigger) and not match.entry.option("negated") and match.entry.who != "de":
        return replace(qualified, denied=True)
    if qualified.hypothetical and _OWN_WISH.search(text[sentence.start : match.start]):
        qualified = replace(qualified, hypothetical=False)
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


def _not_at_all(sentence: Sentence, trigger: "Span") -> bool:
    """Whether the trigger stands between the two words of a negation: "il ne part pas"."""
    text = sentence.whole
    before = text[max(sentence.start, trigger.start_char - 25) : trigger.start_char]
    after = text[trigger.end_char : trigger.end_char + 20]
    return bool(_NOT_BEFORE.search(before) and _NOT_AFTER.match(after)) or bool(_NO_INTENTION.search(before))


_NOT_BEFORE = re.compile(r"\b(?:ne |n')(?:(?:se|en|y|le|la|les) |[lsy]')*$", re.IGNORECASE)
_NOT_AFTER = re.compile(r" ?(?:pas|plus|jamais|nullement|point)\b(?! (?:seul|tout seul|que|de sitôt que))")
_NO_INTENTION = re.compile(
    r"\b(?:pas|aucune?|ni|nulle|plus) (?:l'|d')?(?:intention|envie|raison|projet) "
    r"(?:de |d')(?:[sm]'en |se |me |[sm]')?$",
    re.IGNORECASE,
)
_OWN_WISH = re.compile(
    r"\b(?:fait savoir|annonc\w+|indiqu\w+|confirm\w+|déclar\w+|prévenu|inform\w+)\b[^.;:!?]{0,40}\bqu(?:e |')"
    r"(?:il |elle )?(?:souhait|voul|désir)\w+ (?:[\w'-]+ )?$",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"\b(?:depuis|après|dès|suite (?:à|au)|lors de|malgré|avec) (?:le |la |l'|son |sa |leur )?(?:[\w'-]+ )?$",
    re.IGNORECASE,
)
_PURPOSE = grammar("departures_find_purpose")
_ASKED = grammar("departures_find_asked")
_OR_ELSE = grammar("departures_find_or_else")
_MUST = re.compile(r"\b(?:doit|doivent|devrait|faut|devez|dois) (?:[\w'-]+ ){0,2}$", re.IGNORECASE)


def _quoted(sentence: Sentence, offset: int) -> bool:
    text = sentence.whole
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
        found = subject_of(people, sentence, match, token)
        if not found and who == "object" and "who" in match.slots:
            return []
        return found
    if who == "object":
        clitic = re.search(
            r"(?<![\w])(?:l'|le |la |les )(?:(?:a|ont|avait|avaient|aura|aurait) )?(?:\w+ment )?$",
            sentence.whole[max(sentence.start, match.head[0] - 30) : match.head[0]],
        )
        if clitic and (token.pos_ in ("VERB", "AUX")):
            return [k for k in people.before(token) if k not in subject_of(people, sentence, match, token)]
        return in_stretch(people, sentence, *match.slots.get("who", (match.head[1], sentence.end)), near=NEAR)
    if who == "role":
        role = people.role_at(sentence.where, match.start - 2)
        return people.of_role(role) if role is not None else []
    if who == "de":
        return complement(people, sentence, match)
    slot = match.slots.get(who)
    if not slot:
        return []
    if match.entry.option("pair"):
        return of_pair(people, sentence, slot)
    return in_stretch(people, sentence, *slot, near=NEAR)


def _successor(
    people: People, sentence: Sentence, match: Match, token: "Token", passive: bool, who: list[str]
) -> str | None:
    """Who takes over, where the idiom itself says so."""
    slot = match.slots.get("succ")
    if slot:
        found = in_stretch(people, sentence, *slot, near=60)
        return next((k for k in found if k not in who), None)
    if match.entry.option("successor") != "subject":
        return None
    if passive:
        agent = re.search(r"\bpar ", sentence.whole[match.head[1] : sentence.end])
        if not agent:
            return None
        start = match.head[1] + agent.end()
        return next((k for k in in_stretch(people, sentence, start, sentence.end, 60) if k not in who), None)
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
