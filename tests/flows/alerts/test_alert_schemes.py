"""Addresses of no known service are refused when the configuration is read, in a line that says where."""

from pathlib import Path

import pytest

from flows.alerts.schemes import COMMON, problem
from flows.alerts.services import schemes
from flows.settings import load_settings
from models.errors import ConfigurationError


def test_what_is_known_at_once_apprise_knows() -> None:
    assert schemes() >= COMMON


@pytest.mark.parametrize(
    "url",
    [
        "slack://T1/B1/x",
        "MAILTOS://u:p@h.example",
        "vigie+https://h.example/x",
        "signal://h.example/1",
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    ],
)
def test_services_are_known(url: str) -> None:
    assert problem(url) == ""


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("slak://JetonSecret", "vouliez-vous dire « slack:// » ?"),
        ("malto://u:JetonSecret@h", "vouliez-vous dire « mailto:// » ?"),
        ("vigie+htps://h/JetonSecret", "vouliez-vous dire « vigie+https:// » ?"),
        ("xyzzy://JetonSecret", "voir docs/alerts.md"),
        ("https://h.example/JetonSecret", "vigie+https://…"),
    ],
)
def test_a_misspelt_service_is_told_where_the_configuration_is_read(tmp_path: Path, url: str, words: str) -> None:
    path = tmp_path / "vigie.toml"
    path.write_text(f'[channels.equipe]\nurl = ["terminal:", "{url}"]\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(path, {})
    told = str(caught.value)
    assert told.startswith(f"{path}, ligne 2 : « channels.equipe.url")
    assert words in told
    assert len(told.splitlines()) == 1
    assert "JetonSecret" not in told
