"""What stands around an article's text: cut by rules that are data (lexicons/furniture.toml). Pure."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

KINDS = ("line", "list", "tail", "teaser", "consent")
_KEYS = {"id", "pattern", "reason", "example", "counter_example", "where", "not"}
_FIRST, _LAST = 4, 6  # lines that count as the edges
_LONGEST_HEADLINE = 160
_MOST_HEADLINES = 12
_CONSENT_LENGTH = 2_500  # a wall's text is short; an article on cookies is longer, or has no buttons


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of furniture. Its example matches, its counter-example does not."""

    kind: str
    id: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    where: Literal["any", "edges"]
    reason: str

    def matches(self, text: str) -> bool:
        """Whether it is this furniture: a whole line, or for `teaser` and `consent` words within the text."""
        plain = text.replace("’", "'").strip()
        find = self.pattern.search if self.kind in {"teaser", "consent"} else self.pattern.fullmatch
        return bool(find(plain)) and not (self.unless and self.unless.fullmatch(plain))


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of the lexicon. Raises ValueError where one is malformed or fails its own examples."""
    written = resources.files("extractors").joinpath("lexicons/furniture.toml").read_text("utf-8")
    return parse_rules(written)


def parse_rules(written: str) -> tuple[Rule, ...]:
    """The rules of a lexicon's text; see `rules`."""
    tables = tomllib.loads(written)
    if unknown := tables.keys() - set(KINDS):
        raise ValueError(f"furniture: unknown kinds {sorted(unknown)}")
    found = tuple(_rule(kind, table) for kind in KINDS for table in tables.get(kind, []))
    ids = [rule.id for rule in found]
    if len(set(ids)) < len(ids):
        raise ValueError("furniture: an id stands twice")
    return found


def _rule(kind: str, table: dict[str, str]) -> Rule:
    if table.keys() - _KEYS or _KEYS - {"where", "not"} - table.keys():
        raise ValueError(f"furniture: {table.get('id')} has wrong keys")
    rule = Rule(
        kind=kind,
        id=table["id"],
        pattern=re.compile(table["pattern"], re.IGNORECASE),
        unless=re.compile(table["not"], re.IGNORECASE) if "not" in table else None,
        where="edges" if table.get("where") == "edges" else "any",
        reason=table["reason"],
    )
    if not rule.matches(table["example"]) or rule.matches(table["counter_example"]):
        raise ValueError(f"furniture: {rule.id} fails its own example or counter-example")
    return rule


def cut(text: str, *titles: str) -> str:
    """An article's text without its furniture; a title that is repeated as its first line is cut too."""
    kept = list(_kept(text.split("\n")))
    if kept and _bare(kept[0]) in {_bare(title) for title in titles if title}:
        kept = kept[1:]
    return "\n".join(kept)


def _bare(line: str) -> str:
    return line.casefold().strip(" .")


def _kept(lines: list[str]) -> Iterator[str]:
    after_heading = 0
    for number, line in enumerate(lines):
        kinds = {
            rule.kind
            for rule in rules()
            if rule.kind not in {"teaser", "consent"} and _applies(rule, lines, number)
        }
        if "tail" in kinds and number >= len(lines) / 2:
            return
        if "list" in kinds:
            after_heading = _MOST_HEADLINES
        elif "line" in kinds:
            continue
        elif after_heading and _is_headline(line):
            after_heading -= 1
        else:
            after_heading = 0
            yield line


def _applies(rule: Rule, lines: list[str], number: int) -> bool:
    if rule.where == "edges" and _FIRST <= number < len(lines) - _LAST:
        return False
    return rule.matches(lines[number])


def _is_headline(line: str) -> bool:
    """A short line that does not end like a sentence; a heading of the article itself is told by what follows."""
    return len(line) <= _LONGEST_HEADLINE and not re.search(r"[.…:;,»\"]\s*$", line)


def teaser(text: str) -> Rule | None:
    """The rule that tells a text to be the beginning only; None where it may be the whole."""
    return next((rule for rule in rules() if rule.kind == "teaser" and rule.matches(text)), None)


def is_consent(text: str) -> bool:
    """Whether a page's text is that of a cookie wall or a bot check, and not of an article."""
    return len(text) <= _CONSENT_LENGTH and sum(r.matches(text) for r in rules() if r.kind == "consent") >= 2
