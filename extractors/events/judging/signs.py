"""The weak signs that tell a mention's salience, as named numbers."""

import re
from collections.abc import Mapping, Sequence

from extractors.events.judging.ngrams import plain
from models.dates import PartialDate
from models.records import Document, Mention
from models.vocabulary import Kind, Salience

Signs = dict[str, float]
_WORD = re.compile(r"[a-z]+")
_AROUND_CHARS, _AROUND_WORDS = 80, 8
_FIELDS = ("date", "role", "destination", "successor", "headcount", "percent", "unit", "place", "reason")


def signs(document: Document, mentions: Sequence[Mention], prior: Mapping[Kind, float]) -> list[Signs]:
    """One set of signs a mention; `prior` holds the log odds that the document is news of each kind."""
    return [{**_standing(m, mentions, prior), **_place(document, m), **_words(document, m)} for m in mentions]


def _standing(mention: Mention, mentions: Sequence[Mention], prior: Mapping[Kind, float]) -> Signs:
    """What the rules said of it, and how it stands among its likes."""
    kind = mention.kind
    other = Kind.LAYOFF if kind is Kind.DEPARTURE else Kind.DEPARTURE
    likes = [m for m in mentions if m.kind is kind]
    rank = sorted(range(len(likes)), key=lambda i: _order(likes[i]))
    out: Signs = {
        f"kind:{kind}": 1.0,
        f"main:{kind}": float(mention.salience is Salience.MAIN),
        f"status:{mention.status}": 1.0,
        "prior": prior[kind] / 2,
        f"prior:{kind}": prior[kind] / 2,
        "other": prior[other] / 2,
        "mains": sum(m.salience is Salience.MAIN for m in likes) / 3,
        "likes": len(likes) / 3,
        "only": float(len(likes) == 1),
        "rank": next(i for i, n in enumerate(rank) if likes[n] is mention) / 3,
    }
    for name in ("salience", "trigger"):
        if proof := mention.evidence.get(name):
            out[f"{name}:{proof.rule}"] = 1.0
    out.update((f"has:{kind}:{f}", 1.0) for f in _FIELDS if getattr(mention, f) is not None)
    return out


def _order(mention: Mention) -> tuple[bool, bool, int]:
    trigger = mention.evidence.get("trigger")
    start = (trigger.where == "text", trigger.start) if trigger else (True, 10**9)
    return (mention.salience is not Salience.MAIN, *start)


def _place(document: Document, mention: Mention) -> Signs:
    """Where it stands in the document, and when against its date."""
    trigger = mention.evidence.get("trigger")
    title, length = plain(document.title or ""), max(1, len(document.text))
    name = mention.person or mention.company or ""
    last = (plain(name).split() or [""])[-1]
    in_title = trigger is not None and trigger.where == "title"
    start = trigger.start if trigger and not in_title else 0
    out: Signs = {
        "title": float(in_title),
        "untitled": float(not title),
        "position": start / length,
        "first 120": float(not in_title and start < 120),
        "first 350": float(not in_title and start < 350),
        f"named in title:{mention.kind}": float(bool(last) and last in title),
        "company in title": float(bool(mention.company) and plain(mention.company or "").split(" ")[0] in title),
        "named": min(plain(document.text).count(last), 6) / 4 if last else 0.0,
        "full name": float(mention.kind is Kind.DEPARTURE and " " in name),
        "name at": document.text.find(name) / length if name else -1.0,
        "company at": document.text.find(mention.company) / length if mention.company else -1.0,
    }
    if age := _age(mention.date, document.published):
        out[f"age:{age}"] = 1.0
    return out


def _age(date: PartialDate | None, published: PartialDate | None) -> str | None:
    if date is None or published is None:
        return None
    months = _month(published) - _month(date)
    for least, name in ((24, "old"), (10, "year"), (2, "months"), (-1, "now")):
        if months > least:
            return name
    return "future"


def _month(date: PartialDate) -> int:
    """Months since year 0; a year stands for its middle."""
    return int(date.iso[:4]) * 12 + (int(date.iso[5:7]) if len(date.iso) > 4 else 6)


def _words(document: Document, mention: Mention) -> Signs:
    """The trigger's words, and those around it."""
    trigger = mention.evidence.get("trigger")
    if trigger is None:
        return {}
    out = {f"T:{w}": 0.5 for w in _WORD.findall(plain(trigger.quote))}
    if trigger.where == "text":
        before = plain(document.text[max(0, trigger.start - _AROUND_CHARS) : trigger.start])
        after = plain(document.text[trigger.end : trigger.end + _AROUND_CHARS])
        out.update((f"L:{w}", 0.5) for w in _WORD.findall(before)[-_AROUND_WORDS:])
        out.update((f"R:{w}", 0.5) for w in _WORD.findall(after)[:_AROUND_WORDS])
    return out
