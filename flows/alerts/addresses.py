"""Where a channel's address comes from: the configuration, a variable, a file or a Prefect Secret block.

Nothing here repeats an address, whatever goes wrong with it.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import SecretStr

from models.errors import ConfigurationError


def reveal(reference: SecretStr, env: Mapping[str, str], folder: Path) -> str:
    """The secret that a reference leads to. Raises ConfigurationError that says where it was looked for."""
    text = reference.get_secret_value().strip()
    scheme, _, rest = text.partition(":")
    if rest.startswith("//") or not rest:
        return text
    if scheme == "env":
        found = env.get(rest, "").strip()
        if not found:
            raise ConfigurationError(f"la variable d'environnement {rest} est absente ou vide ; la définir")
        return found
    if scheme == "file":
        return _of_file(folder / Path(rest).expanduser())
    if scheme == "prefect-secret":
        return _of_prefect(rest)
    return text


def _of_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"fichier secret {path} illisible ; vérifier son chemin et ses droits") from None


def _of_prefect(name: str) -> str:
    """A Secret block's value, read in a thread of its own: in an event loop Prefect gives a coroutine."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_load_block, name).result()


def _load_block(name: str) -> str:
    from prefect.blocks.system import Secret
    from prefect.exceptions import PrefectException

    try:
        block = Secret.load(name)
    except (ValueError, PrefectException, OSError):
        raise ConfigurationError(f"le bloc Secret « {name} » de Prefect est introuvable ; le créer") from None
    value = getattr(block, "get")()  # noqa: B009 - the annotation of load allows for a coroutine, which it is not here
    return str(value).strip()
