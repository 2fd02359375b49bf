"""What is wrong with a configuration, in one French line that says where and what to do."""

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from flows.alerts.french import counted

_EXPECTED = {
    "string_type": "un texte entre guillemets est attendu",
    "int_type": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "int_from_float": "un nombre entier est attendu",
    "float_type": "un nombre est attendu",
    "float_parsing": "un nombre est attendu",
    "bool_type": "true ou false est attendu",
    "bool_parsing": "true ou false est attendu",
    "missing": "cette clé manque, l'ajouter",
}
_LISTS = ("list_type", "tuple_type", "frozen_set_type", "set_type")
_TABLES = ("dict_type", "model_type", "model_attributes_type")


def explain(error: ValidationError, known: Mapping[str, Sequence[str]], source: str, text: str) -> str:
    """The first problem in one line. `known`: the keys of each table; `text`: the TOML, to give the line."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = key_of(first["loc"])
    line = line_of(text, first["loc"])
    others = error.error_count() - 1
    more = f" (et {counted(others, 'autre erreur', 'autres erreurs')})" if others else ""
    where = f"{source}, ligne {line}" if line else source
    return f"{where} : « {place} » : {_problem(first, known)}{more}"


def _problem(first: Any, known: Mapping[str, Sequence[str]]) -> str:
    kind, context = first["type"], first.get("ctx") or {}
    if kind == "extra_forbidden":
        return _unknown(first["loc"], known)
    if kind == "enum":
        return f"valeur inconnue ; écrire l'une de : {_choices(context['expected'])}"
    if kind == "value_error":
        return str(context["error"])
    if kind in _LISTS:
        return 'une liste est attendue, p. ex. ["…"]'
    if kind in _TABLES:
        return 'une table est attendue, p. ex. [channels.equipe] suivi de url = "…"'
    bounds = {"greater_than_equal": ("ge", "au moins"), "less_than_equal": ("le", "au plus")}
    if kind in bounds:
        name, words = bounds[kind]
        return f"nombre hors limites : {context[name]:g} {words}"
    return _EXPECTED.get(kind, "valeur refusée ; voir docs/alerts.md")


def _choices(expected: str) -> str:
    names = re.findall(r"'([^']+)'", expected)
    return ", ".join(names)


def _unknown(loc: tuple[int | str, ...], known: Mapping[str, Sequence[str]]) -> str:
    table = ".".join(str(p) for p in loc[:-1] if not isinstance(p, int))
    keys = known.get("channels" if table.startswith("channels") else table, ())
    near = difflib.get_close_matches(str(loc[-1]), keys, n=1)
    hint = f"vouliez-vous dire « {near[0]} » ?" if near else f"l'ôter, ou l'une de : {', '.join(keys)}"
    return f"clé inconnue ; {hint}"


def key_of(loc: Sequence[int | str]) -> str:
    """A place in the words of TOML: `rules[0].kinds` is the first rule's; counted from 1 as people do."""
    out = ""
    for part in loc:
        out += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if out else str(part)
    return out or "(tout le fichier)"


def line_of(text: str, loc: Sequence[int | str]) -> int | None:
    """The line of a key in a TOML text, None where it is not plain to see."""
    names = [p for p in loc if isinstance(p, str)]
    if not names:
        return None
    tables, rank = _tables_of(loc)
    table: tuple[str, ...] = ()
    seen = 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$", line)
        if header and "=" not in header[1]:
            table = tuple(p.strip().strip("\"'") for p in header[1].split("."))
            seen += line.lstrip().startswith("[[") and table == tables[:1]
            if table == tuple(names) and (rank is None or seen == rank):
                return number
            continue
        key = re.match(r"\s*[\"']?([\w-]+)[\"']?(?:\s*\.\s*[\w.-]+)?\s*=", line)
        if (
            key
            and table
            and table == tuple(names[: len(table)])
            and key[1] == names[min(len(table), len(names) - 1)]
        ):
            if rank is None or seen == rank:
                return number
        elif key and not table and key[1] == names[0]:
            return number
    return None


def _tables_of(loc: Sequence[int | str]) -> tuple[tuple[str, ...], int | None]:
    """The array of tables that a place is in, and the rank there from 1."""
    if len(loc) > 1 and isinstance(loc[0], str) and isinstance(loc[1], int):
        return (loc[0],), loc[1] + 1
    return (), None


def named(source: Path | None) -> str:
    """What to call the configuration in an error."""
    return str(source) if source else "environnement"
