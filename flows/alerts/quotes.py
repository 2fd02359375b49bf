"""The sentence that tells: the words around a piece of evidence. Pure."""

import re

from models.events import SourcedMention
from models.records import Evidence

# A single letter with its point is "M." or an initial, not the end of a sentence.
_END = re.compile(r"(?<=[.!?…])(?<!\b[A-Z]\.)[»\"”]?\s+(?=[«\"“A-ZÀ-ÖØ-Þ])|\n+")
LONGEST = 400


def sentence(title: str, text: str, evidence: Evidence) -> str:
    """The sentence that the evidence stands in, shortened around it; the quote where it is not there."""
    whole = title if evidence.where == "title" else text
    if whole[evidence.start : evidence.end] != evidence.quote:
        return evidence.quote
    bounds = [0, *(m.end() for m in _END.finditer(whole)), len(whole)]
    start = max(b for b in bounds if b <= evidence.start)
    end = min((b for b in bounds if b >= evidence.end), default=len(whole))
    found = whole[start:end].strip()
    if len(found) <= LONGEST:
        return found
    start = max(start, evidence.start - LONGEST // 2)
    cut = whole[start : start + LONGEST].strip()
    return f"… {cut} …"


def telling_sentence(mention: SourcedMention, title: str, text: str) -> str | None:
    """The sentence that tells a mention's event; None where it has no evidence of it."""
    evidence = mention.mention.evidence
    proof = evidence.get("trigger") or next(iter(evidence.values()), None)
    return sentence(title, text, proof) if proof else None
