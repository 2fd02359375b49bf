"""Progress bars at the terminal, one a step of the cycle."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bars(*, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A progress callback for the pipeline; on a terminal it draws bars on stderr, elsewhere nothing."""
    if not shown or not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown_bars:
        ids = {}

        def note(step: str, done: int, total: int) -> None:
            if step not in ids:
                ids[step] = shown_bars.add_task(step, total=total)
            shown_bars.update(ids[step], completed=done, total=total)

        yield note
