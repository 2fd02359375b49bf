"""Commands on documents, without a database: `extract`, `resolve`, `evaluate`."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli import jsonl
from flows.cli.context import now, options_of, say_json
from models.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from models.records import Document

Source = Annotated[str, typer.Argument(metavar="[FILE|-]", help="A JSONL file, or - for standard input.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(extract)
    app.command()(resolve)
    app.command()(evaluate)


def extract(source: Source = "-") -> None:
    """JSONL documents in, JSONL predictions with their evidence out."""
    from extractors import events
    from models.codec import reading_json

    lines = jsonl.Lines(source)
    waiting: deque[dict[str, Any]] = deque()  # what is said of a document besides its reading
    with jsonl.opened(source) as stream:
        for reading in events.understand(_documents(lines, stream, waiting, now())):
            jsonl.write([{**reading_json(reading), **waiting.popleft()}])
    raise typer.Exit(lines.finish())


def _documents(
    lines: jsonl.Lines, stream: Any, waiting: deque[dict[str, Any]], at: datetime
) -> Iterator["Document"]:
    for number, data in lines.objects(stream):
        try:
            document, extra = read_document(data, at)
        except InputError as error:
            lines.refuse(number, error)
            continue
        waiting.append(extra)
        yield document


def read_document(data: dict[str, Any], at: datetime) -> tuple["Document", dict[str, Any]]:
    """A document from its JSON object, and what to print back of it: the text, where it was found in `html`.

    Raises InputError.
    """
    from models.codec import document_of

    if data.get("text") is None and data.get("html") is not None:
        text, title = _text_of(data, at)
        document = document_of({**data, "text": text, "title": data.get("title") or title})
        return document, {"title": document.title, "text": document.text}
    return document_of(data), {}


def _text_of(data: dict[str, Any], at: datetime) -> tuple[str, str | None]:
    """The article text and title of a document's `html`."""
    from extractors.articles import read_article

    html, url = data["html"], data.get("url")
    if not isinstance(html, str):
        raise InputError("champ « html » : un texte est attendu")
    body = html.encode("utf-8", "surrogatepass")
    where = url if isinstance(url, str) and url else "https://document.invalid/"
    article = read_article(body, url=where, content_type="text/html; charset=utf-8", now=at)
    return article.text, article.title or None


def resolve(source: Source = "-") -> None:
    """JSONL documents in order of publication in; each mention with its event and its news out."""
    from flows.cli.resolving import resolved

    lines = jsonl.Lines(source)
    with jsonl.opened(source) as stream:
        jsonl.write(resolved(lines, stream, now()))
    raise typer.Exit(lines.finish())


def evaluate(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Labelled documents, one JSON file each.")],
    errors: Annotated[bool, typer.Option(help="List every error.")] = False,
) -> None:
    """Score the extractor on a folder of labelled documents."""
    from extractors import evaluation, events
    from models.codec import document_of, reading_json

    if not folder.is_dir():
        raise ConfigurationError(f"{folder} : ce n’est pas un dossier ; donnez celui des documents étiquetés")
    gold = evaluation.read_gold(folder)
    readings = events.understand(document_of(document) for document in gold)
    scores = evaluation.evaluate(gold, [reading_json(reading) for reading in readings])
    if options_of(context).as_json:
        say_json(scores.as_json())
    else:
        typer.echo(evaluation.render(scores, errors=errors))
