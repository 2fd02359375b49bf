"""The process in which hostile bytes meet parsers: started, fed and, if it must be, killed by extractors.parsing.

Frames on stdin and stdout: eight bytes of length, then a pickle. It is started without the user's environment.
"""

import os
import pickle
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import Any, BinaryIO

LENGTH = struct.Struct(">Q")


class Ending(Enum):
    """How a request ended: well, by what the bytes are, or by a bug of ours."""

    READ = "read"
    UNREADABLE = "unreadable"
    BUG = "bug"


def main(megabytes: int) -> None:
    """Answers requests until stdin ends; `megabytes` bounds the address space."""
    requests, answers = _pipes()
    _bound_memory(megabytes)
    from extractors.articles import read_article
    from extractors.feeds import parse_feed

    doors: dict[str, Callable[..., Any]] = {"feed": parse_feed, "article": read_article}
    send(answers, "ready")
    while (request := receive(requests)) is not None:
        door, body, arguments = request
        send(answers, answer(doors[door], body, arguments))


def answer(door: Callable[..., Any], body: bytes, arguments: dict[str, Any]) -> tuple[Ending, Any]:
    """How it ended, and the result, the words for what is wrong with the bytes, or a bug's traceback."""
    from models.errors import ParseError

    try:
        return Ending.READ, door(body, **arguments)
    except MemoryError:
        return Ending.UNREADABLE, "lecture abandonnée : trop de mémoire demandée"
    except RecursionError:
        return Ending.UNREADABLE, "lecture abandonnée : balises trop profondément emboîtées"
    except ParseError as error:
        return Ending.UNREADABLE, str(error)
    except Exception:  # noqa: BLE001 - a bug of ours, which the parent raises: nobody would see it here
        return Ending.BUG, traceback.format_exc()


def send(stream: BinaryIO, thing: object) -> None:
    """Writes one frame."""
    data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Reads one frame; None at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return pickle.loads(stream.read(LENGTH.unpack(head)[0]))  # noqa: S301 - from our own parent process


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Stdin, and what was stdout: whatever a library prints from now on goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def _bound_memory(megabytes: int) -> None:
    with suppress(ImportError, OSError, ValueError):  # where the system has no such limit, the deadline remains
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
