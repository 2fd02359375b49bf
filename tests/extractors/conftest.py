"""A web server on loopback that sends the very bytes it is told to, right or wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import pytest

Reply = bytes | Sequence[bytes | float | Callable[[], object]]  # a float is a pause in seconds


@dataclass
class RawServer:
    """Answers by path. `requests` holds the head of each request, in order."""

    port: int
    replies: dict[str, Reply]
    host: str = "127.0.0.1"
    requests: list[str] = field(default_factory=list)
    peak: int = 0
    now: int = 0

    @property
    def base(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def allowed(self) -> list[str]:
        return [f"{self.host}:{self.port}"]

    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.requests]


def http(body: bytes = b"", status: int = 200, kind: str = "application/rss+xml", **headers: str) -> bytes:
    """A well-formed answer; header names are written with _ for -."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}"]
    if "Content_Length" not in headers:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


@asynccontextmanager
async def serve(replies: dict[str, Reply], pause: float = 0.0) -> AsyncIterator[RawServer]:
    held = RawServer(0, replies)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            held.requests.append(head)
            held.now += 1
            held.peak = max(held.peak, held.now)
            await asyncio.sleep(pause)
            reply = held.replies.get(head.split(" ")[1], http(b"", 404))
            for piece in [reply] if isinstance(reply, bytes) else reply:
                if isinstance(piece, float):
                    await asyncio.sleep(piece)
                elif isinstance(piece, bytes):
                    writer.write(piece)
                    await writer.drain()
                else:
                    piece()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client may leave whenever it likes
        finally:
            held.now -= 1
            writer.close()

    server = await asyncio.start_server(answer, held.host, 0)
    held.port = server.sockets[0].getsockname()[1]
    async with server:
        yield held


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractAsyncContextManager[RawServer]]:
    return serve


@pytest.fixture(scope="session")
def reply() -> Callable[..., bytes]:
    return http
