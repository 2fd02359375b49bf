"""The process in which hostile bytes meet parsers: started, fed and, if it must be, killed by extractors.parsing.

Frames on stdin and stdout: eight bytes of length, then a pickle. It is started without the user's environment.
"""

import os
import pickle
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

LENGTH = struct.Struct(">Q")


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
        send(answers, _answer(doors[door], body, arguments))


def _answer(door: Callable[..., Any], body: bytes, arguments: dict[str, Any]) -> tuple[bool, Any]:
    """Whether it went well, and the result or the words for what went wrong."""
    try:
        return True, door(body, **arguments)
    except MemoryError:
        return False, "lecture abandonnée : trop de mémoire demandée"
    except RecursionError:
        return False, "lecture abandonnée : balises trop profondément emboîtées"
    except Exception as error:  # noqa: BLE001 - a parser's bug on one site's bytes is that site's failure, told by name
        return False, f"lecture impossible ({type(error).__name__})"


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
