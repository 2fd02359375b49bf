"""What the documentation points to is there."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
NAMED = re.compile(r"\bdocs/[\w/-]+\.md\b")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_pages_that_the_code_names_are_there() -> None:
    sources = [p for layer in ("models", "extractors", "flows") for p in (ROOT / layer).rglob("*.py")]
    named = {name for p in sources for name in NAMED.findall(p.read_text(encoding="utf-8"))}
    assert named
    assert sorted(n for n in named if not (ROOT / n).exists()) == []


def test_no_tracked_file_names_a_package_index() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: nothing says which files are tracked")
    registries = ("pypi" + r"\.org", "python" + r"hosted\.org", "npm" + r"js\.org", "deb" + r"\.debian\.org")
    hosts = "|".join(registries)
    found = subprocess.run(["git", "grep", "-lIE", hosts], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.stdout == ""
