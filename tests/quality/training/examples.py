"""Labelled documents as the network is taught them: tokens, candidates, and what is true of each candidate."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.agreement import folded, options, same_person, same_text, same_value
from extractors.events.judging.candidates import Candidate, candidates, pair_signs
from extractors.events.judging.encoder import LONGEST, Window, windows_by
from extractors.events.judging.heads import BACKGROUND, MAIN, NONE
from extractors.events.judging.opinions import MANNERS, STATUSES
from extractors.events.judging.points import Points, day_signs, points, post_signs
from extractors.events.language import parse
from extractors.events.names import names
from extractors.events.people import People
from extractors.events.roles import roles
from models.codec import document_of

UNTOLD = -100  # a target that is left open
_PERSON = 1


@dataclass
class Targets:
    """What is true of each candidate of a document, as leaver and as cutter."""

    leaving: list[int]
    leaving_status: list[int]
    manners: list[list[float] | None]
    company: list[list[int]]
    destination: list[list[int] | None]
    successor: list[list[int] | None]
    cutting: list[int]
    cutting_status: list[int]
    news: tuple[float, float] = (0.0, 0.0)
    posts: dict[int, list[float]] = field(default_factory=dict)
    days: dict[int, list[float]] = field(default_factory=dict)


@dataclass
class Phrases:
    """Phrases that may be pointed at: the tokens of each, and its signs beside each candidate."""

    spans: list[tuple[int, int]]
    signs: list[list[list[float]]]


@dataclass
class Taught:
    """One labelled document for the network. `low` is what the frozen layers make of it."""

    id: str
    part: str
    ids: tuple[int, ...]
    types: list[int]
    spans: list[list[tuple[int, int]]]
    signs: list[list[list[float]]]
    posts: Phrases
    days: Phrases
    targets: Targets
    low: Any = field(default=None, repr=False)

    @property
    def leavers(self) -> list[int]:
        """The candidates of whom it is true where they leave, where they go or who follows."""
        t = self.targets
        return [i for i, c in enumerate(t.company) if c or t.destination[i] or t.successor[i]]


def files(corpus: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Folder, group (of a storyline, else the id) and JSON of every labelled document."""
    for folder in sorted(p for p in corpus.iterdir() if p.is_dir()):
        for path in sorted(folder.rglob("*.json")):
            if path.name != "storyline.json":
                group = path.parent.name if (path.parent / "storyline.json").exists() else path.stem
                yield folder.name, group, json.loads(path.read_text(encoding="utf-8"))


def load(corpus: Path, tokenizer: Any, parts: Sequence[str]) -> list[Taught]:
    """The documents of some parts of the corpus."""
    rows = [(folder, gold) for folder, _, gold in files(corpus) if folder in parts]
    parsed = parse(document_of(gold) for _, gold in rows)
    return [_taught(part, gold, read, tokenizer) for (part, gold), read in zip(rows, parsed, strict=True)]


def _taught(part: str, gold: dict[str, Any], parsed: Any, tokenizer: Any) -> Taught:
    found = names(parsed)
    people = People(parsed, found, roles(parsed, found))
    seen = candidates(people)
    window = windows_by(tokenizer, parsed.document)[0]
    spans = [_spans(window, candidate) for candidate in seen]
    kept = [i for i, own in enumerate(spans) if own]
    types = [0] * len(window.ids)
    for i in kept:
        for a, b in spans[i]:
            types[a:b] = [seen[i].type] * (b - a)
    signs = pair_signs(people, seen)
    told = _within(points(people), window)
    seen_kept = [seen[i] for i in kept]
    return Taught(
        id=str(gold["id"]),
        part=part,
        ids=window.ids[:LONGEST],
        types=types,
        spans=[spans[i] for i in kept],
        signs=[[signs[i][j] for j in kept] for i in kept],
        posts=Phrases(_tokens(window, told.posts), post_signs(people, seen_kept, told.posts)),
        days=Phrases(_tokens(window, told.days), day_signs(people, seen_kept, told.days)),
        targets=_targets(gold, seen_kept, told),
    )


def _within(told: Points, window: Window) -> Points:
    """The phrases that the first window holds: the network is taught on no other."""
    return Points(
        tuple(p for p in told.posts if window.span(p.where, p.start, p.end)),
        tuple(d for d in told.days if window.span(d.where, d.start, d.end)),
    )


def _tokens(window: Window, told: Sequence[Any]) -> list[tuple[int, int]]:
    return [span for t in told if (span := window.span(t.where, t.start, t.end))]


def _spans(window: Window, candidate: Candidate) -> list[tuple[int, int]]:
    found = (window.span(p.where, p.start, p.end) for p in candidate.places)
    return [span for span in found if span]


def _targets(gold: dict[str, Any], seen: Sequence[Candidate], points: Points) -> Targets:
    count = len(seen)
    out = Targets(
        [NONE] * count,
        [UNTOLD] * count,
        [None] * count,
        [[] for _ in range(count)],
        [None] * count,
        [None] * count,
        [NONE] * count,
        [UNTOLD] * count,
        (float("departure" in gold["labels"]), float("layoff" in gold["labels"])),
    )
    told = [(event, False) for event in gold["events"]]
    told += [(event, True) for event in gold.get("optional_events") or []]
    told.sort(key=lambda row: (not row[1], "main" in options(row[0].get("salience"))))  # what matters most, last
    for event, optional in told:
        if event["kind"] == "departure":
            _departure(event, optional, seen, points, out)
        else:
            _layoff(event, optional, seen, out)
    return out


def _departure(
    event: dict[str, Any], optional: bool, seen: Sequence[Candidate], points: Points, out: Targets
) -> None:
    named, also = _people(seen, event.get("person"))
    for i in also:
        out.leaving[i] = out.leaving[i] or UNTOLD
    company, _ = organisations(seen, event.get("company"))
    for i in named:
        if optional:
            out.leaving[i] = UNTOLD
            continue
        out.leaving[i], out.leaving_status[i] = _salience(event), _status(event)
        out.manners[i] = [float(m.value in options(event.get("manner") or [])) for m in MANNERS]
        out.company[i] = [j for j in company if j != i]
        out.destination[i] = organisations(seen, event.get("destination"))[0]
        out.successor[i] = _people(seen, event.get("successor"))[0]
        out.posts[i] = _posts(event, points)
        if "date" in event:
            right = [d for d in points.days if same_value("date", d.value.iso, event["date"])]
            out.days[i] = [float(d in right) for d in points.days]


def _posts(event: dict[str, Any], points: Points) -> list[float]:
    """The posts that tell what was held: those of the label's own words if there are any, else of its codes."""
    codes = {str(c) for code in options(event.get("role_codes") or []) for c in options(code)}
    coded = [p for p in points.posts if codes & {c.value for c in p.codes}]
    wanted = [w for w in options(event.get("role")) if w]
    worded = [p for p in coded if any(same_text(p.text, w) for w in wanted)]
    return [float(p in (worded or coded)) for p in points.posts]


def _layoff(event: dict[str, Any], optional: bool, seen: Sequence[Candidate], out: Targets) -> None:
    named, also = organisations(seen, event.get("company"))
    for i in also:
        out.cutting[i] = out.cutting[i] or UNTOLD
    for i in named:
        if optional:
            out.cutting[i] = UNTOLD
        else:
            out.cutting[i], out.cutting_status[i] = _salience(event), _status(event)


def _salience(event: dict[str, Any]) -> int:
    return MAIN if "main" in options(event["salience"]) else BACKGROUND


def _status(event: dict[str, Any]) -> int:
    known = [s.value for s in STATUSES]
    first = options(event.get("status"))[0]
    return known.index(first) if first in known else UNTOLD


def _people(seen: Sequence[Candidate], wanted: Any) -> tuple[list[int], list[int]]:
    """The candidates that a person's name means, and those that only share a word with it."""
    names = [w for w in options(wanted) if w]
    met = [i for i, c in enumerate(seen) if any(same_person(c.name.full, w) for w in names)]
    exact = [i for i in met if any(folded(seen[i].name.full) == folded(w) for w in names)]
    best = [i for i in met if seen[i].type == _PERSON] or exact or met
    return best, [i for i in met if i not in best]


def organisations(seen: Sequence[Candidate], wanted: Any) -> tuple[list[int], list[int]]:
    """The candidates that an organisation's name means, and those that only share a word with it."""
    names = [w for w in options(wanted) if w]
    met = [i for i, c in enumerate(seen) if any(same_text(c.name.full, w) for w in names)]
    within = [i for i in met if any(folded(w) in folded(seen[i].name.full) for w in names)]
    best = [i for i in met if seen[i].type != _PERSON] or within
    return best, [i for i in met if i not in best]
