"""JSONL in, line by line: what cannot be read is told with its number, and the rest goes on."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import typer

from models.errors import InputError

LONGEST_LINE = 20_000_000
"""Bytes. The longest real article pages are near 2 MB; a line beyond this is no document."""
_TOLD = 20


@dataclass(slots=True)
class Lines:
    """The objects of a JSONL stream, and how many of its lines could not be read."""

    name: str
    good: int = 0
    bad: int = 0
    _waiting: list[str] = field(default_factory=list)

    def objects(self, stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each object with the number of its line. Raises InputError where no line at all is one."""
        for number, raw in enumerate(_lines(stream), 1):
            if not raw.strip():
                continue
            try:
                found = _object(raw)
            except InputError as error:
                self.refuse(number, error)
            else:
                self.good += 1
                yield number, found
        if self.bad and not self.good:
            raise InputError(
                f"{self.name} : ce n’est pas du JSONL, un objet JSON par ligne est attendu ({self._waiting[0]})"
            )

    def refuse(self, number: int, error: Exception) -> None:
        """Count a line that cannot be used, and tell it: at once, or when it is known that any line is good."""
        self.bad += 1
        if self.bad <= _TOLD:
            self._waiting.append(f"ligne {number} : {error}")
        if self.good:
            self._flush()

    def finish(self) -> int:
        """The exit code; tells what was not told yet, and how many lines were not told at all."""
        self._flush()
        if self.bad > _TOLD:
            self._tell(f"{self.bad} lignes refusées en tout")
        return 1 if self.bad else 0

    def _flush(self) -> None:
        for words in self._waiting:
            self._tell(words)
        self._waiting.clear()

    def _tell(self, words: str) -> None:
        typer.echo(f"vigie : {self.name} : {words}", err=True)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of at most LONGEST_LINE bytes; the rest of a longer one is passed over."""
    while line := stream.readline(LONGEST_LINE):
        yield line
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"ce n’est pas de l’UTF-8 (octet {error.start})") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError("ce n’est pas un objet JSON") from error
    if not isinstance(found, dict):
        raise InputError(f"un objet JSON est attendu, pas {type(found).__name__}")
    return found


@contextmanager
def opened(source: str) -> Iterator[BinaryIO]:
    """The file, or standard input for `-`. Raises InputError."""
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(source).open("rb")  # noqa: SIM115 - closed below, after its own errors
    except OSError as error:
        raise InputError(
            f"{source} : {error.strerror or error} ; donnez un fichier JSONL, ou - pour l’entrée"
        ) from error
    with stream:
        yield stream


def write(rows: Iterable[dict[str, Any]]) -> None:
    """Each object as one line on standard output."""
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()
