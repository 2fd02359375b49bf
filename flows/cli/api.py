"""Whether a Prefect API is there, without importing Prefect (which takes seconds)."""

import os
import urllib.error
import urllib.request

import typer

_PATIENCE = 3.0
"""Seconds for an API to say that it is there: a local one answers in milliseconds, a distant one in tenths."""


def wanted(choice: bool | None) -> bool:
    """Whether a cycle runs as a Prefect flow: as chosen, else where an API is configured and answers."""
    if choice is not None:
        return choice
    api = os.environ.get("PREFECT_API_URL", "")
    if not api:
        return False
    if answers(api):
        return True
    typer.echo("vigie : l’API Prefect ne répond pas ; le cycle se fait sans elle", err=True)
    return False


def without_password(address: str) -> str:
    """An address that may be shown."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def answers(api: str) -> bool:
    """Whether a Prefect API is there (its `/health`)."""
    if not api.startswith(("http://", "https://")):
        return False
    try:
        with urllib.request.urlopen(f"{api.rstrip('/')}/health", timeout=_PATIENCE) as answer:  # noqa: S310 - http(s)
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code in (401, 403)  # it is there; the client has the key
    except (OSError, ValueError):
        return False
