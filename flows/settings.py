"""The configuration: `vigie.toml` and the environment, checked before anything runs.

Built by a flow or a command through `load_settings`, never at import. Every key is optional; an unknown one is
refused with its place. Addresses of channels and of the database are secrets: no repr, error or log says them.
"""

import tomllib
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo, available_timezones

import platformdirs
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from flows import settings_values as values
from flows.alerts.policy import WANTED, Conditions, Mode, Quiet, Rule
from flows.notices import FeedRule
from flows.settings_words import explain, named
from models.errors import ConfigurationError, UnknownChannelError
from models.vocabulary import Health, Kind, Manner, News, RoleCode, Status

FILE = "vigie.toml"

Duration = Annotated[timedelta, BeforeValidator(values.duration)]
Clock = Annotated[time, BeforeValidator(values.clock)]
Reference = Annotated[SecretStr, BeforeValidator(values.channel_url)]


class Table(BaseModel):
    """A table of the file: unknown keys are refused, and values are never repeated in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Channel(Table):
    """`[channels.NAME]`. `url`: one address or several, each a target of its own; see flows.alerts.addresses."""

    url: tuple[Reference, ...]
    secret: SecretStr | None = None  # signs the JSON webhook; a text, env:NAME, file:PATH or prefect-secret:BLOCK

    @field_validator("url", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        if isinstance(value, list) and not value:
            raise ValueError("au moins une adresse est attendue")
        return value if isinstance(value, (list, tuple)) else (value,)


class ConditionsTable(Table):
    """The conditions of a rule, at its top level or under `exclude`."""

    kinds: frozenset[Kind] = frozenset()
    companies: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    roles: frozenset[RoleCode] = frozenset()
    status: Status | None = None
    min_headcount: int | None = Field(None, ge=1)
    min_percent: float | None = Field(None, ge=0, le=100)
    manners: frozenset[Manner] = frozenset()
    places: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @field_validator("roles", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return [v.upper() if isinstance(v, str) else v for v in value] if isinstance(value, list) else value

    def conditions(self) -> Conditions:
        """The record that the rules module decides with."""
        return Conditions(**{name: getattr(self, name) for name in ConditionsTable.model_fields})


class RuleTable(ConditionsTable):
    """One `[[rules]]`; its fields are those of flows.alerts.policy.Rule."""

    name: str = ""
    channels: tuple[str, ...] | None = None  # None: every channel
    exclude: ConditionsTable = Field(default_factory=ConditionsTable)
    changes: frozenset[News] = WANTED
    mode: Mode = Mode.NOW
    at: Clock = time(8, 30)
    weekday: Annotated[int, BeforeValidator(values.weekday)] = 0
    quiet: Annotated[Quiet | None, BeforeValidator(values.quiet_hours)] = None
    max_per_hour: int | None = Field(None, ge=1)
    feeds: frozenset[Health] = frozenset()  # of which feeds to tell: such a rule tells of no events

    @model_validator(mode="after")
    def _of_feeds_alone(self) -> "RuleTable":
        if self.feeds and (others := self.model_fields_set - {"feeds", "name", "channels"}):
            raise ValueError(f"« {min(others)} » va avec des événements : donner à « feeds » une règle à part")
        return self


class FetchLimits(Table):
    """`[fetching]`: bounds of one exchange and of all at once. Bytes count after decompression."""

    deadline: Duration = timedelta(seconds=20)
    max_bytes: int = Field(10_000_000, ge=10_000)
    connections: int = Field(50, ge=1, le=500)
    per_host: int = Field(2, ge=1, le=50)
    interval: Duration = timedelta(minutes=15)  # between two fetches of one feed, unless it asks for a longer one
    articles_per_cycle: int = Field(500, ge=1)


class DeliveryLimits(Table):
    """`[delivery]`: one sending's deadline, the growing waits between tries, and when to give up."""

    timeout: Duration = timedelta(seconds=20)
    first_wait: Duration = timedelta(minutes=1)
    longest_wait: Duration = timedelta(hours=6)
    give_up_after: Duration = timedelta(days=2)


class Settings(BaseSettings):
    """All that a user may set, and from which folder its relative paths are meant."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="VIGIE_", hide_input_in_errors=True, env_ignore_empty=True
    )

    database_url: Annotated[SecretStr, BeforeValidator(values.database_url)] = Field(
        default_factory=lambda: SecretStr(default_database())
    )
    contact: str = ""
    alert_max_age: Duration = timedelta(days=3)
    text_retention: Duration = timedelta(days=90)
    timezone: str = "Europe/Paris"
    allow_private_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(values.hosts)] = ()
    fetching: FetchLimits = Field(default_factory=FetchLimits)
    delivery: DeliveryLimits = Field(default_factory=DeliveryLimits)
    channels: dict[str, Channel] = Field(default_factory=dict)
    rules: tuple[RuleTable, ...] = ()
    _folder: Path = PrivateAttr(default_factory=Path.cwd)  # private: neither a key of the file nor a variable

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError('fuseau horaire inconnu ; écrire p. ex. "Europe/Paris"')
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which hours of the day are meant."""
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> str:
        """The database's address in clear, for Store.open only."""
        return self.database_url.get_secret_value()

    @property
    def folder(self) -> Path:
        """The configuration's folder, from which a relative `file:` secret or SQLite file is meant."""
        return self._folder

    def placed(self, folder: Path) -> "Settings":
        """The same settings, with what is relative meant from a folder."""
        url = SecretStr(values.beside(self.database, folder))
        copied = self.model_copy(update={"database_url": url})
        copied._folder = folder
        return copied

    def alert_rules(self) -> tuple[Rule, ...]:
        """The rules on events as records that are decided with; a rule without a name is called by its rank."""
        every = tuple(self.channels)
        return tuple(_rule(table, rank, every) for rank, table in enumerate(self.rules, 1) if not table.feeds)

    def feed_rules(self) -> tuple[FeedRule, ...]:
        """The rules on the health of feeds."""
        every = tuple(self.channels)
        return tuple(
            FeedRule(_name(table, rank), _channels(table, every), table.feeds)
            for rank, table in enumerate(self.rules, 1)
            if table.feeds
        )


def default_database() -> str:
    """SQLite in the platform's folder for a user's data."""
    return f"sqlite:///{Path(platformdirs.user_data_dir('vigie', appauthor=False)) / 'vigie.db'}"


def load_settings(path: Path | None, env: Mapping[str, str]) -> Settings:
    """The settings of a file and of the environment, which wins.

    `path` None: `vigie.toml` in the current folder if there is one. A relative SQLite file, or `file:` secret, is
    meant from the configuration's folder. Raises ConfigurationError in one line.
    """
    source = path or (Path(FILE) if Path(FILE).is_file() else None)
    text = _read(source) if source else ""
    data = _parse(text, source)
    try:
        settings = _with_environment(env)(**data)
    except ValidationError as error:
        raise ConfigurationError(explain(error, _known(), _blamed(error, data, source), text)) from None
    except SettingsError as error:
        raise ConfigurationError(f"environnement : variable VIGIE_… illisible ({str(error)[:80]})") from None
    _check_rules(settings, named(source))
    return settings.placed(source.resolve().parent if source else Path.cwd())


def _read(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(f"{source} : fichier introuvable ; « vigie init » en écrit un") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{source} : ce n'est pas un texte en UTF-8 ; l'enregistrer ainsi") from None
    except OSError as error:
        raise ConfigurationError(f"{source} : fichier illisible ({error.strerror})") from None


def _parse(text: str, source: Path | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # The parser's own words may quote a value: only its place is repeated.
        place = str(error).rpartition("(at ")[2].rstrip(")").replace("line", "ligne").replace("column", "colonne")
        raise ConfigurationError(
            f"{named(source)} : TOML illisible, {place} ; vérifier guillemets et crochets"
        ) from None


def _with_environment(env: Mapping[str, str]) -> type[Settings]:
    """Settings that read the given environment, before the file's values, and nothing else."""
    simple = {f"VIGIE_{name}".upper() for name, f in Settings.model_fields.items() if not _is_table(f.annotation)}
    given = {key: value for key, value in env.items() if key.upper() in simple}

    class Given(EnvSettingsSource):
        def _load_env_vars(self) -> Mapping[str, str | None]:
            return {key.lower(): value for key, value in given.items() if value}

    class Loaded(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return Given(settings_cls), init_settings

    return Loaded


def _is_table(annotation: Any) -> bool:
    held = (annotation, *get_args(annotation))
    return any(isinstance(a, type) and issubclass(a, BaseModel) for a in held)


def _blamed(error: ValidationError, data: Mapping[str, Any], source: Path | None) -> str:
    """The file, or the variable if the wrong value is not the file's."""
    loc = error.errors(include_url=False, include_input=False)[0]["loc"]
    if loc and (loc[0] not in data or source is None):
        return f"variable VIGIE_{str(loc[0]).upper()}"
    return named(source)


def _known() -> dict[str, tuple[str, ...]]:
    return {
        "": tuple(Settings.model_fields),
        "channels": tuple(Channel.model_fields),
        "rules": tuple(RuleTable.model_fields),
        "rules.exclude": tuple(ConditionsTable.model_fields),
        "fetching": tuple(FetchLimits.model_fields),
        "delivery": tuple(DeliveryLimits.model_fields),
    }


def _check_rules(settings: Settings, source: str) -> None:
    """What no single value shows: channels that do not exist, two rules of one name."""
    names: set[str] = set()
    rules: tuple[Rule | FeedRule, ...] = (*settings.alert_rules(), *settings.feed_rules())
    for rule in rules:
        for channel in rule.channels:
            if channel not in settings.channels:
                have = ", ".join(settings.channels) or "aucun"
                raise UnknownChannelError(
                    f"{source} : règle « {rule.name} » : canal inconnu « {channel} » ; "
                    f"canaux configurés : {have} (ajouter [channels.{channel}])"
                )
        if rule.name in names:
            raise ConfigurationError(f"{source} : deux règles s'appellent « {rule.name} » ; en renommer une")
        names.add(rule.name)


def _name(table: RuleTable, rank: int) -> str:
    return table.name or f"règle {rank}"


def _channels(table: RuleTable, every: tuple[str, ...]) -> tuple[str, ...]:
    return every if table.channels is None else tuple(dict.fromkeys(table.channels))


def _rule(table: RuleTable, rank: int, every: tuple[str, ...]) -> Rule:
    return Rule(
        name=_name(table, rank),
        channels=_channels(table, every),
        include=table.conditions(),
        exclude=table.exclude.conditions(),
        changes=table.changes,
        mode=table.mode,
        at=table.at,
        weekday=table.weekday,
        quiet=table.quiet,
        max_per_hour=table.max_per_hour,
    )
