"""The configuration: the contract's example, and one plain line for everything that can be wrong in it."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest

from flows.alerts.policy import Mode, Quiet
from flows.settings import Channel, DeliveryLimits, FetchLimits, RuleTable, Settings, load_settings
from models.errors import ConfigurationError, UnknownChannelError
from models.vocabulary import Kind, News, RoleCode, Status

EXAMPLE = """
database_url = "sqlite:///vigie.db"
contact = "veille@example.org"
alert_max_age = "3d"
allow_private_hosts = []

[channels.equipe]
url = "env:VIGIE_SLACK_URL"

[[rules]]
name = "tout"
channels = ["equipe"]
kinds = ["departure", "layoff"]
mode = "now"
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "vigie.toml"
    path.write_text(EXAMPLE)
    return path


def refused(path: Path, text: str, env: dict[str, str] | None = None) -> str:
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(path, env or {})
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.__suppress_context__ or caught.value.__cause__ is None
    return message


def test_example_of_the_contract(written: Path) -> None:
    settings = load_settings(written, {})
    assert settings.database == f"sqlite:///{written.parent / 'vigie.db'}"
    assert settings.alert_max_age == timedelta(days=3)
    assert settings.text_retention == timedelta(days=90)
    (rule,) = settings.alert_rules()
    assert (rule.name, rule.channels, rule.mode) == ("tout", ("equipe",), Mode.NOW)
    assert rule.include.kinds == {Kind.DEPARTURE, Kind.LAYOFF}
    assert News.NEW in rule.changes


def test_every_key_is_optional(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "donnees"))
    settings = load_settings(None, {})
    assert settings.database.startswith("sqlite:///")
    assert settings.database.endswith("vigie.db")
    assert settings.alert_rules() == ()


def test_file_of_the_current_folder_is_read(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written.parent)
    assert load_settings(None, {}).contact == "veille@example.org"


def test_environment_wins(written: Path) -> None:
    env = {
        "VIGIE_DATABASE_URL": "postgresql://u:p@h/vigie",
        "VIGIE_ALLOW_PRIVATE_HOSTS": "127.0.0.1:8808, localhost:99",
        "VIGIE_SLACK_URL": "slack://not/a/setting",
    }
    settings = load_settings(written, env)
    assert settings.database == "postgresql://u:p@h/vigie"
    assert settings.allow_private_hosts == ("127.0.0.1:8808", "localhost:99")


def test_a_rule_may_say_much(written: Path) -> None:
    written.write_text(
        EXAMPLE
        + """
companies = ["OpenAI"]
roles = ["ceo", "CFO"]
status = "reported"
min_headcount = 50
changes = ["new", "denied"]
quiet = "22:00-07:00"
max_per_hour = 10

[rules.exclude]
words = ["poste"]

[[rules]]
channels = []
mode = "weekly"
at = "8h30"
weekday = "vendredi"
"""
    )
    first, second = load_settings(written, {}).alert_rules()
    assert first.include.roles == {RoleCode.CEO, RoleCode.CFO}
    assert first.include.status is Status.REPORTED
    assert first.exclude.words == ("poste",)
    assert first.quiet == Quiet(time(22), time(7))
    assert (second.name, second.channels, second.mode, second.weekday) == ("règle 2", (), Mode.WEEKLY, 4)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("contact =", "contct =", ("ligne 3", "« contct »", "clé inconnue", "« contact »")),
        ("mode =", "modes =", ("ligne 14", "« rules[1].modes »", "« mode »")),
        ('url = "env', 'adresse = "env', ("« channels.equipe.", "")),
        ('"3d"', '"trois jours"', ("ligne 4", "« alert_max_age »", "durée illisible", '"3d"')),
        ('"3d"', '"9999999d"', ("« alert_max_age »", "durée")),
        ('"3d"', "3", ("« alert_max_age »", "durée illisible")),
        ('"departure"', '"depart"', ("« rules[1].kinds[1] »", "departure, layoff")),
        ('["departure", "layoff"]', '"layoff"', ("« rules[1].kinds »", "liste")),
        ('"now"', '"hourly"', ("« rules[1].mode »", "now, daily, weekly")),
        ("allow_private_hosts = []", "allow_private_hosts = 3", ("« allow_private_hosts »", "hôte:port")),
        (
            "allow_private_hosts = []",
            'allow_private_hosts = ["http://x/"]',
            ("« allow_private_hosts »", "hôte:port"),
        ),
        ('"sqlite:///vigie.db"', '"vigie.db"', ("ligne 2", "« database_url »", "sqlite:///vigie.db")),
        ("[[rules]]", "[rules]", ("« rules »", "liste")),
        ('contact = "', "contact = ", ("TOML illisible", "ligne 3")),
        ('mode = "now"', 'quiet = "22"', ("« rules[1].quiet »", "22:00-07:00")),
        ('mode = "now"', "min_percent = 300", ("« rules[1].min_percent »", "100 au plus")),
        ("[[rules]]", '[delivery]\ntimout = "3s"\n[[rules]]', ("« delivery.timout »", "« timeout »")),
    ],
)
def test_what_is_wrong_is_told_with_its_place(written: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    assert old in EXAMPLE
    message = refused(written, EXAMPLE.replace(old, new, 1))
    assert str(written) in message
    for word in words:
        assert word in message


def test_unknown_channel(written: Path) -> None:
    written.write_text(EXAMPLE.replace('["equipe"]', '["equpe"]'))
    with pytest.raises(
        UnknownChannelError, match="« tout » : canal inconnu « equpe » ; canaux configurés : equipe"
    ):
        load_settings(written, {})


def test_two_rules_of_one_name(written: Path) -> None:
    assert "deux règles" in refused(written, EXAMPLE + '[[rules]]\nname = "tout"\n')


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"introuvable.*vigie init"):
        load_settings(tmp_path / "absent.toml", {})


def test_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "vigie.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="UTF-8"):
        load_settings(path, {})


def test_wrong_variable_is_named(written: Path) -> None:
    written.write_text("")
    assert "VIGIE_DATABASE_URL" in refused(written, "", {"VIGIE_DATABASE_URL": "nowhere"})


def test_secrets_are_neither_shown_nor_repeated(written: Path) -> None:
    text = EXAMPLE.replace("env:VIGIE_SLACK_URL", "slack://JetonSecret/x/y").replace(
        "sqlite:///vigie.db", "postgresql://u:MotSecret@h/b"
    )
    written.write_text(text)
    settings = load_settings(written, {})
    shown = repr(settings) + str(settings) + str(settings.model_dump()) + settings.model_dump_json()
    assert "Secret@" not in shown
    assert "JetonSecret" not in shown
    assert settings.channels["equipe"].url[0].get_secret_value() == "slack://JetonSecret/x/y"
    wrong = [
        text.replace('"slack://JetonSecret/x/y"', '"JetonSecret"'),
        text.replace('"slack://JetonSecret/x/y"', '["slack://ok/x", "JetonSecret"]'),
        text.replace('"slack://JetonSecret/x/y"', '"slack://JetonSecret'),
        text.replace("postgresql://", "mysql://"),
        text.replace('url = "slack', 'urls = "slack'),
    ]
    for broken in wrong:
        message = refused(written, broken)
        assert "JetonSecret" not in message
        assert "MotSecret" not in message


def test_commented_example_loads_and_has_every_key() -> None:
    path = Path(__file__).parents[2] / "deployments" / "vigie.example.toml"
    settings = load_settings(path, {})
    assert [r.name for r in settings.alert_rules()] == [
        "urgent",
        "grands plans",
        "bilan du matin",
        "bilan de la semaine",
    ]
    assert [r.name for r in settings.feed_rules()] == ["flux à regarder"]
    text = path.read_text(encoding="utf-8")
    models = (Settings, Channel, RuleTable, FetchLimits, DeliveryLimits)
    missing = [name for model in models for name in model.model_fields if not re.search(rf"\b{name}\b", text)]
    assert missing == []


def test_what_the_example_shows_as_defaults_are_the_defaults() -> None:
    path = Path(__file__).parents[2] / "deployments" / "vigie.example.toml"
    settings = load_settings(path, {})
    assert settings.fetching == FetchLimits()
    assert settings.delivery == DeliveryLimits()
    assert (settings.alert_max_age, settings.text_retention) == (timedelta(days=3), timedelta(days=90))
