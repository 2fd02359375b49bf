"""Records from and to the JSON of `vigie extract` and `vigie resolve` (the forms are docs/schema.md)."""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from models.dates import PartialDate
from models.errors import InputError
from models.records import Document, Evidence, Mention, Reading
from models.vocabulary import Kind, Manner, Qualifier, RoleCode, Salience, Status

BOTH = ("company", "date", "status")
DEPARTURE = ("person", "role", "role_codes", "manner", "destination", "successor", "reason")
LAYOFF = ("headcount", "headcount_qualifier", "percent", "unit", "place", "reason")


def fields_of(kind: Kind) -> tuple[str, ...]:
    """The schema's fields of a kind, in the guide's order."""
    return BOTH + (DEPARTURE if kind is Kind.DEPARTURE else LAYOFF)


def document_of(data: Mapping[str, Any]) -> Document:
    """A document from its JSON object. Raises InputError where `id` or `text` is missing or of a wrong type."""
    for name in ("id", "text"):
        if not isinstance(data.get(name), str):
            raise InputError(f"champ « {name} » absent ou qui n'est pas un texte")
    for name in ("title", "source", "url", "published"):
        if data.get(name) is not None and not isinstance(data[name], str):
            raise InputError(f"champ « {name} » : un texte ou null est attendu")
    return Document(
        id=data["id"],
        text=data["text"],
        title=data.get("title"),
        published=_date(data.get("published")),
        source=data.get("source"),
        url=data.get("url"),
    )


def _date(value: str | None) -> PartialDate | None:
    if not value:
        return None
    try:
        return PartialDate(value[:10])
    except ValueError as error:
        raise InputError(f"date « {value[:40]} » : 2025, 2025-07 ou 2025-07-12 est attendu") from error


def _scalar(value: Any) -> Any:
    """The first of several acceptable values, as gold files give them; else the value itself."""
    return (value[0] if value else None) if isinstance(value, list) else value


def mention_of(data: Mapping[str, Any]) -> Mention:
    """A mention from its JSON object, evidence included. Raises InputError on a value outside the schema."""
    try:
        kind = Kind(_scalar(data["kind"]))
        one = {name: _scalar(data.get(name)) for name in fields_of(kind) if name not in ("role_codes", "manner")}
        many: dict[str, Any] = {
            "role_codes": tuple(RoleCode(c) for c in data.get("role_codes") or ()),
            "manner": tuple(Manner(m) for m in data.get("manner") or ()),
        }
        qualifier = one.pop("headcount_qualifier", None)
        evidence = {
            name: Evidence(e["in"], e["start"], e["end"], e["quote"], e.get("rule", ""))
            for name, e in (data.get("evidence") or {}).items()
        }
        return Mention(
            kind=kind,
            salience=Salience(_scalar(data.get("salience") or "main")),
            date=_date(one.pop("date")),
            status=Status(one.pop("status") or "confirmed"),
            headcount_qualifier=Qualifier(qualifier) if qualifier else None,
            denied=bool(data.get("denied")),
            evidence=evidence,
            **(many if kind is Kind.DEPARTURE else {}),
            **one,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(f"événement hors du schéma : {error}") from error


def mention_json(mention: Mention) -> dict[str, Any]:
    """A mention as its JSON object: the fields of its kind, then `evidence`."""
    out: dict[str, Any] = {"kind": mention.kind.value, "salience": mention.salience.value}
    for name in fields_of(mention.kind):
        out[name] = _plain(getattr(mention, name))
    if mention.denied:
        out["denied"] = True
    out["evidence"] = {
        name: {"in": e.where, "start": e.start, "end": e.end, "quote": e.quote, "rule": e.rule}
        for name, e in sorted(mention.evidence.items())
    }
    return out


def reading_json(reading: Reading) -> dict[str, Any]:
    """A reading as a prediction that a scorer reads: what is denied is no event, nor what is told doubtfully."""
    return {
        "id": reading.document,
        "labels": sorted(reading.labels),
        "events": [mention_json(m) for m in reading.mentions if not (m.denied or m.doubtful)],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, PartialDate):
        return value.iso
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if dataclasses.is_dataclass(value):
        raise TypeError(f"no JSON form for {type(value).__name__}")
    return value
