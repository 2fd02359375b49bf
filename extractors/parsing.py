"""Parsing in processes that can be killed: no feed and no page can hang a cycle or eat the machine's memory.

Own subprocesses rather than multiprocessing: its workers import the caller's main module again, which under
Prefect costs seconds and 150 MB each, and a worker that is killed while another starts leaves a traceback.
"""

import asyncio
import os
import pickle
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from extractors.articles import failed_article
from extractors.parsing_worker import LENGTH, Ending
from models.records import Article, Entry, ParsedFeed
from models.vocabulary import ArticleFlag, Health

SECONDS = 20.0
"""For one feed or page; the slowest of the real ones measured takes under a second."""
MEGABYTES = 512
"""Of address space a worker; one that has read all the real feeds and pages maps some 70."""
T = TypeVar("T")
_JOBS = 500  # after so many, a worker is replaced: whatever a library leaks is bounded
_START_SECONDS = 60.0
_ROOT = str(Path(__file__).resolve().parents[1])


def was_ended(article: Article) -> bool:
    """Whether a page's reading was ended, by the deadline or for want of memory: a busy machine may be why."""
    return ArticleFlag.FAILED in article.flags and (article.error or "").startswith("lecture abandonnée")


class ParsingBugError(RuntimeError):
    """Our own code failed in a parsing process; the message holds its traceback. It stops the run."""


class _EndedError(Exception):
    """The worker was killed, or died, or could not read the bytes; the message is French."""


class Workshop:
    """An async context manager around a few parsing processes, started when first needed.

    `workers`: how many at most; one fewer than the cores is not worth it, parsing is all they do.
    """

    def __init__(
        self, *, workers: int | None = None, seconds: float = SECONDS, megabytes: int = MEGABYTES
    ) -> None:
        self._free = asyncio.Semaphore(workers or min(os.cpu_count() or 1, 4))
        self._seconds = seconds
        self._megabytes = megabytes
        self._idle: list[_Worker] = []
        self._open = False

    async def __aenter__(self) -> Self:
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        await self.rest()

    async def rest(self) -> None:
        """Ends the processes that have nothing to do, and frees their memory; others start when needed again."""
        while self._idle:
            await self._idle.pop().end()

    async def parse_feed(
        self, body: bytes, *, feed_url: str, content_type: str = "", publisher: str = "", now: datetime
    ) -> ParsedFeed:
        """As feeds.parse_feed; BROKEN, in words, where it takes too long or too much memory."""
        asked = {"feed_url": feed_url, "content_type": content_type, "publisher": publisher, "now": now}
        return await self._asked(
            "feed", body, asked, lambda words: ParsedFeed(health=Health.BROKEN, problem=words)
        )

    async def read_article(
        self, body: bytes, *, url: str, content_type: str = "", entry: Entry | None = None, now: datetime
    ) -> Article:
        """As articles.read_article; flagged FAILED, in words, where it takes too long or too much memory."""
        asked = {"url": url, "content_type": content_type, "entry": entry, "now": now}
        return await self._asked("article", body, asked, lambda words: failed_article(url, words, entry, now))

    async def _asked(self, door: str, body: bytes, asked: dict[str, Any], failed: Callable[[str], T]) -> T:
        if not self._open:
            raise RuntimeError("Workshop is used outside its `async with` block")
        async with self._free:
            worker = self._idle.pop() if self._idle else await _Worker.started(self._megabytes)
            try:
                ending, result = await worker.ask((door, body, asked), self._seconds)
            except _EndedError as ended:
                return failed(str(ended))
            except BaseException:
                await worker.end()  # cancelled in the middle of a frame: the pipe cannot be used again
                raise
            if worker.jobs < _JOBS and self._open:
                self._idle.append(worker)
            else:
                await worker.end()
            if ending is Ending.BUG:
                raise ParsingBugError(f"a bug in the reading of a {door}, in a parsing process:\n{result}")
            answer: T = result if ending is Ending.READ else failed(result)
            return answer


class _Worker:
    """One process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.jobs = 0

    @classmethod
    async def started(cls, megabytes: int) -> "_Worker":
        """A process that is ready. Raises RuntimeError where it cannot start."""
        code = f"import sys; sys.path.insert(0, {_ROOT!r}); from extractors.parsing_worker import main; main("
        code += f"{megabytes})"
        worker = cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-c", code,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},  # none of the user's secrets
                start_new_session=True,  # Ctrl-C is for the parent; the worker ends with its stdin
            )
        )  # fmt: skip
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker._receive()
        except (TimeoutError, _EndedError):
            await worker.end()
            raise RuntimeError("a parsing process could not be started") from None
        except BaseException:
            await worker.end()  # cancelled before it was ready: nobody else would end it
            raise
        return worker

    async def ask(self, request: object, seconds: float) -> tuple[Ending, Any]:
        """The answer to one request. Raises _EndedError, the process killed, where there is none in time."""
        self.jobs += 1
        try:
            async with asyncio.timeout(seconds):
                await self._send(request)
                answer: tuple[Ending, Any] = await self._receive()
                return answer
        except TimeoutError:
            await self.end()
            raise _EndedError(f"lecture abandonnée après {seconds:.0f} s") from None
        except (_EndedError, ConnectionError):
            await self.end()
            raise _EndedError("lecture abandonnée : le lecteur a succombé") from None

    async def end(self) -> None:
        """Kills the process and waits for it."""
        if self._process.returncode is None:
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()

    async def _send(self, request: object) -> None:
        data = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
        pipe = self._process.stdin
        if pipe is None:
            raise _EndedError
        pipe.write(LENGTH.pack(len(data)))
        pipe.write(data)
        await pipe.drain()

    async def _receive(self) -> Any:
        pipe = self._process.stdout
        if pipe is None:
            raise _EndedError
        try:
            (length,) = LENGTH.unpack(await pipe.readexactly(LENGTH.size))
            return pickle.loads(await pipe.readexactly(length))  # noqa: S301 - from our own child process
        except asyncio.IncompleteReadError:
            raise _EndedError from None
