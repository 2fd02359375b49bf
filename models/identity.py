"""Stable keys from raw inputs: canonical addresses, content hashes, folded names.

A key is made of the fewest raw inputs that identify a thing, so that better cleaning elsewhere never changes it.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Parameters that say where a reader came from, never which page it is.
_TRACKING = re.compile(
    r"^(utm_\w+|at_\w+|xtor|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ocid|ncid|cmpid|origin|wt_?mc\w*|_ga|"
    r"pk_\w+|mtm_\w+|rss|from)$",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str | None:
    """One address for one page: scheme and host in lower case, no tracking, no fragment, no default port.

    None where it is not an http(s) address with a host.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    host = parts.hostname.lower().rstrip(".")
    netloc = f"[{host}]" if ":" in host else host
    if port and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([(k, v) for k, v in pairs if not _TRACKING.match(k)])
    return urlunsplit((scheme, netloc, parts.path or "/", query, ""))


def digest(*parts: str) -> str:
    """A short stable hash (16 hexadecimal digits of SHA-256) of raw parts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def content_hash(text: str) -> str:
    """The hash of a text's words: equal where only white space, case or punctuation differ."""
    return digest(" ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", stream_safe(text)).casefold())))


_MARKS = 30  # in a row at most: UAX #15, 13, Stream-Safe Text Format; more than any writing needs
_LONG_RUN = re.compile(rf"[^\w\s]{{{_MARKS + 1},}}")  # no combining mark is a word's letter for `re`


def stream_safe(text: str) -> str:
    """A text whose runs of combining marks are cut to 30: normalising is quadratic in their length.

    400,000 marks on one letter, which a feed may send, would take five minutes.
    """
    return _LONG_RUN.sub(_shortened, text)


def _shortened(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS:
            kept.append(character)
    return "".join(kept)


# Letters that no decomposition takes apart: "Søren" and "Soren" are one.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "ð": "d", "þ": "th", "ı": "i"}
)


def fold(name: str) -> str:
    """A name without accents, case or punctuation: `Société Générale` and `societe generale` are one."""
    plain = unicodedata.normalize("NFKD", stream_safe(name)).casefold().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare))


# Titles are no part of a name; particles belong to the family name ("de La Tour" sorts and compares as one word).
_TITLES = frozenset(fold("M. MM. Mme Mmes Mlle Mr. Mrs. Ms. Dr. Pr. Sir Me feu Jr. III").split())
_PARTICLES = frozenset(
    fold("de du des d la le les l da di do dos del della van von der den ter zu al el bin mc").split()
)
_GIVEN_TOO = frozenset({"al", "van", "el"})  # "Al Gore" has a given name
_APOSTROPHE = re.compile(r"(?<=\b[^\W\d_])['’](?=\w)")  # "N'Diaye" and "Ndiaye" are one
_BETWEEN = re.compile(r"[(«\"“][^)»\"”]*[)»\"”]")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name taken apart. `family` is written in one word, particles included: `lecun`, `delatour`.

    `given` holds the words before it, a nickname in brackets or quotes last: `Yuhuai (Tony) Wu` is
    ("yuhuai", "tony"), "wu". Where a name is one word, it is taken for the family's.
    """

    given: tuple[str, ...]
    family: str

    @property
    def key(self) -> str:
        """The whole name in one word, without what stands between the first given name and the family's."""
        return (self.given[0] if self.given else "") + self.family


def person_name(name: str) -> PersonName:
    """A name taken apart, whatever its accents, case, hyphens and titles; empty where it holds no word."""
    name = _APOSTROPHE.sub("", name)
    asides = [word for aside in _BETWEEN.findall(name) for word in fold(aside).split()]
    words = [w for w in fold(_BETWEEN.sub(" ", name)).split() if w not in _TITLES] or asides
    if not words:
        return PersonName((), "")
    first = len(words) - 1
    while first > 1 and words[first - 1] in _PARTICLES:
        first -= 1
    if first == 1 and words[0] in _PARTICLES and words[0] not in _GIVEN_TOO:
        first = 0  # a family name alone: "Le Cun", "von der Leyen"
    return PersonName((*words[:first], *(a for a in asides if a not in words)), "".join(words[first:]))
