"""Whether an address is of a service that we can send to, told without sending, and without repeating it."""

import difflib

OWN = ("vigie+https", "vigie+http", "terminal")
COMMON = frozenset(
    {"discord", "gchat", "json", "jsons", "mailto", "mailtos", "matrix", "matrixs", "mmost", "mmosts", "ntfy",
     "ntfys", "pover", "rocket", "rockets", "slack", "tgram", "workflows"}
)  # fmt: skip
"""Known without asking apprise, which takes a second to read all its services."""


def problem(url: str) -> str:
    """What is wrong with the address's beginning, in French; empty where nothing is. Says nothing of the rest."""
    scheme = url.partition(":")[0].lower()
    if scheme in COMMON or scheme in OWN:
        return ""
    from flows.alerts.services import schemes

    known = schemes()
    if scheme in known:
        return ""
    if scheme in ("http", "https"):
        return (
            ""
            if _native(url)
            else "une adresse http n’est d’aucun service connu ; « vigie+https://… » ou « jsons://… »"
        )
    near = difflib.get_close_matches(scheme, [*OWN, *sorted(known)], n=1, cutoff=0.7)
    hint = f"vouliez-vous dire « {near[0]}:// » ?" if near else "voir docs/alerts.md et les services d’Apprise"
    return f"service inconnu au début de l’adresse ; {hint}"


def _native(url: str) -> bool:
    """Whether apprise knows an address as its service gives it (`https://hooks.slack.com/services/…`)."""
    from flows.alerts.targets import targets_of
    from models.errors import ConfigurationError

    try:
        return bool(targets_of(url))
    except ConfigurationError:
        return False
