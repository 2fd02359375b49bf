"""A thousand invented outlets on many loopback addresses, for benchmarks/scale_out.py.

    python -m benchmarks.scale_out_newsroom --feeds 1000 --hosts 250 --latency 0.05

Prints its port. Feeds and pages are those of the demonstration, in all of its forms. Every fifth story is news
(a departure or a cut), and the next outlet, which is on another host, tells it too. `/_log` gives the requests so
far, `/_pages` how many of them were for articles.
"""

import json
import random
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from benchmarks.fetching_server import main
from flows.demo.feeds import feed
from flows.demo.pages import page
from flows.demo.stories import Site, Story, dated, load

FIRST = (
    "Camille",
    "Étienne",
    "Hélène",
    "Bruno",
    "Sophie",
    "Marc",
    "Julie",
    "Thomas",
    "Nadia",
    "Olivier",
    "Claire",
)
# No two starts are a letter apart: two such firms would be taken for one that somebody misspelt.
STARTS = ("Bar", "Cos", "Del", "Fau", "Gim", "Lun", "Mox", "Nev", "Pyr", "Rou", "Sek", "Tig", "Vol", "Zub", "Hyd")
ENDS = ("bier", "celin", "dart", "fond", "gnac", "lier", "mont", "nel", "quet", "ris", "son", "tour", "vin", "zac")
TRADES = ("Robotics", "Software", "Cloud", "Mobility", "Games", "Networks")
AWAY = """Le changement a été annoncé ce matin.

{person}, directeur général de {firm}, a démissionné lundi de ses fonctions. « Je quitte l’entreprise après six
ans », a déclaré le dirigeant dans un message aux salariés.

{firm} n’a pas encore nommé de successeur. Son conseil d’administration doit se réunir pour organiser la suite."""
CUT = """La nouvelle est tombée ce matin.

L’éditeur {firm} a annoncé mardi la suppression de {count} postes, soit 15 % de ses effectifs. La direction invoque
une baisse de la demande et la perte de deux grands clients.

Les syndicats de {firm} ont été reçus dans la matinée. Le plan touche surtout le support."""
CALM = """Le nouveau clavier de {firm} promet le calme au bureau sans rien perdre de la frappe mécanique. Nous
l’avons essayé pendant deux semaines, au travail comme à la maison.

Les touches répondent vite, le châssis ne bouge pas, et le prix de {count} euros reste juste pour la gamme."""


def names() -> tuple[list[str], list[str]]:
    """Persons and firms, invented, no two alike."""
    chance = random.Random(7)
    surnames = [f"{start}{end}" for start in STARTS for end in ENDS]
    chance.shuffle(surnames)
    pairs = [f"{a}{b.lower()}" for a in STARTS for b in STARTS if a != b]
    firms = [
        f"{pair} {TRADES[n % len(TRADES)]}" for n, pair in enumerate(pairs)
    ]  # a trade alone parts no two firms
    chance.shuffle(firms)
    return [f"{FIRST[n % len(FIRST)]} {surname}" for n, surname in enumerate(surnames)], firms


def outlets(count: int) -> list[Site]:
    """The outlets, a story each; of five, the first two tell the same news in their own words."""
    persons, firms = names()
    forms = sorted({site.form for site in load()})
    sites = []
    for number in range(count):
        event, place = divmod(number, 5)
        text, title = (CALM, "Test : un clavier de {firm}") if place > 1 else (AWAY, "{person} quitte {firm}")
        if place < 2 and event % 2:
            text, title = CUT, "{firm} supprime {count} postes"
        key = event if place < 2 else number
        known = {"person": persons[event % len(persons)], "firm": firms[key % len(firms)], "count": 20 + event}
        told = text.format(**known).replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n")
        slug = f"recit-{number}"
        story = Story(slug, title.format(**known), told if place else f"{told} Nous y reviendrons.", hours=2)
        sites.append(Site(f"s{number}", f"Titre {number}", forms[number % len(forms)], "Invention", (story,)))
    return sites


class Room:
    """What is published, and what was asked for."""

    def __init__(self, feeds: int) -> None:
        opened = datetime.now().astimezone() - timedelta(minutes=5)
        self.sites = {site.slug: dated(site, opened) for site in outlets(feeds)}
        self.log: list[tuple[str, str, str]] = []

    def answer(self, host: str, target: str, tag: str) -> tuple[int, str, bytes, str]:
        """Status, type, body and ETag for one request."""
        path = urlsplit(target).path
        if path == "/_log":
            return 200, "application/json", json.dumps(self.log).encode(), ""
        if path == "/_pages":
            return 200, "text/plain", str(sum("/recit-" in target for _, target, _ in self.log)).encode(), ""
        if path == "/_forget":
            self.log.clear()
            return 200, "text/plain", b"ok", ""
        self.log.append((host, target, tag))
        slug, _, rest = path.strip("/").partition("/")
        site = self.sites.get(slug)
        if site is None:
            return 404, "text/plain", b"", ""
        served = feed(site, f"http://{host}") if rest == "flux" else page(site, site.stories[0], f"http://{host}")
        kind = served.content_type + (f"\r\nContent-Encoding: {served.encoding}" if served.encoding else "")
        return (304, "", b"", served.etag) if tag == served.etag else (200, kind, served.body, served.etag)


if __name__ == "__main__":
    main(lambda feeds, _: Room(feeds))
