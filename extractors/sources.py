"""The feeds that come with Vigie, from sources.toml, checked on loading."""

import tomllib
from importlib import resources

from models.errors import ConfigurationError
from models.identity import canonical_url
from models.records import Feed
from models.vocabulary import FEED_ONLY

POLICIES = frozenset({"", FEED_ONLY})
_REQUIRED = {"publisher", "url", "site", "topic"}
_KEYS = _REQUIRED | {"title", "policy"}


def bundled_feeds() -> tuple[Feed, ...]:
    """The feeds of the French tech press, in the file's order."""
    return parse_sources(resources.files("extractors").joinpath("sources.toml").read_text("utf-8"))


def parse_sources(written: str, name: str = "sources.toml") -> tuple[Feed, ...]:
    """The feeds of a list's text. Raises ConfigurationError, which names the feed and the mistake."""
    try:
        tables = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{name} : {error}") from None
    entries = tables.pop("feed", [])
    if tables or not isinstance(entries, list):
        raise ConfigurationError(f"{name} : seules des tables [[feed]] sont attendues")
    feeds = tuple(_feed(entry, f"{name}, flux n° {number}") for number, entry in enumerate(entries, 1))
    seen: set[str] = set()
    for feed in feeds:
        if feed.url in seen:
            raise ConfigurationError(f"{name} : {feed.url} y est deux fois")
        seen.add(feed.url)
    return feeds


def _feed(entry: object, where: str) -> Feed:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise ConfigurationError(f"{where} : des chaînes sont attendues")
    if unknown := entry.keys() - _KEYS:
        raise ConfigurationError(f"{where} : clé inconnue « {min(unknown)} »")
    if missing := {key for key in _REQUIRED if not entry.get(key, "").strip()}:
        raise ConfigurationError(f"{where} : il manque « {min(missing)} »")
    for key in ("url", "site"):
        if canonical_url(entry[key]) is None:
            raise ConfigurationError(f"{where} : « {entry[key]} » n'est pas une adresse http(s)")
    if entry.get("policy", "") not in POLICIES:
        raise ConfigurationError(f"{where} : « {entry['policy']} » n'est pas une règle de lecture (feed)")
    return Feed(
        url=entry["url"],
        title=entry.get("title", ""),
        publisher=entry["publisher"],
        site=entry["site"],
        topic=entry["topic"],
        folder=entry["topic"],
        policy=entry.get("policy", ""),
    )
