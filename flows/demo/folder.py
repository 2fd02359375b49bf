"""What the demo keeps in its folder: a database, a configuration, and when and where its newsroom opened.

A second run opens the same newsroom again, at the same address, so that it meets the very same stories.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.errors import ConfigurationError

_CONFIG = """\
# La configuration de la démonstration ; docs/configuration.md dit tout ce qui peut s'écrire ici.
database_url = "sqlite:///demo.db"
contact = "demo@example.org"
alert_max_age = "3d"
allow_private_hosts = ["127.0.0.1:{port}"]

[fetching]
per_host = 8

[channels.terminal]
url = "terminal:"

[channels.crochet]
url = "json://127.0.0.1:{port}/crochet"

[[rules]]
name = "tout"
channels = ["terminal", "crochet"]
"""


@dataclass(frozen=True, slots=True)
class Opening:
    """When the newsroom opened first (aware), and on which port of the loopback."""

    at: datetime
    port: int


@dataclass(frozen=True, slots=True)
class Folder:
    """The demo's folder. Nothing is written outside it."""

    path: Path

    @property
    def config(self) -> Path:
        """The configuration that `vigie --config` takes."""
        return self.path / "vigie.toml"

    @property
    def database(self) -> str:
        """The database's address, as the configuration has it."""
        return f"sqlite:///{(self.path / 'demo.db').resolve()}"

    @property
    def prefect(self) -> Path:
        """Prefect's home, with the runs of the demo."""
        return self.path / "prefect"

    @property
    def _note(self) -> Path:
        return self.path / "redaction.json"

    def opening(self) -> Opening | None:
        """The opening of the run before, None where there was none. Raises ConfigurationError."""
        if not self._note.is_file():
            return None
        try:
            data = json.loads(self._note.read_text(encoding="utf-8"))
            return Opening(datetime.fromisoformat(data["at"]), int(data["port"]))
        except (ValueError, KeyError, TypeError) as error:
            words = f"{self._note} : illisible ; effacez le dossier {self.path} et relancez la démo"
            raise ConfigurationError(words) from error

    def prepare(self) -> None:
        """Make the folder. Raises ConfigurationError where it cannot be."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(f"{self.path} : dossier impossible à créer ({error.strerror})") from error

    def keep(self, opening: Opening) -> None:
        """Write the configuration and the note of the opening."""
        self.config.write_text(_CONFIG.format(port=opening.port), encoding="utf-8")
        note = {"at": opening.at.isoformat(), "port": opening.port}
        self._note.write_text(json.dumps(note) + "\n", encoding="utf-8")

    @contextmanager
    def environment(self) -> Iterator[None]:
        """This configuration, and a Prefect of the folder's own, whatever else is configured; undone afterwards.

        Prefect reads its settings when it is imported, so that must not have happened yet.
        """
        ours = {
            "VIGIE_CONFIG": str(self.config.resolve()),
            "PREFECT_HOME": str(self.prefect.resolve()),
            "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
            # The default, 20 s, is too short where other work keeps both cores busy: 90 s were seen.
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "600",
            "PREFECT_LOGGING_LEVEL": "ERROR",
            "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        }
        foreign = ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_PROFILE", "VIGIE_DATABASE_URL")
        before = {name: os.environ.get(name) for name in (*ours, *foreign)}
        for name in foreign:
            os.environ.pop(name, None)
        os.environ.update(ours)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
