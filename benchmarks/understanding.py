"""What understanding costs: beside trafilatura on the same pages, without a cue, and beside the parse alone.

    python -m benchmarks.understanding [--pages 200] [--relevant 0.05] [--rounds 3] [--seed 1]

Pages are made of this file's own sentences, as long as a median page of the French tech press (about 2,500
characters of text), with the furniture of a news site. Each figure is the best of the rounds, in the same run.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable

import trafilatura

from extractors.events import understand
from extractors.events.language import model, plain
from models.dates import PartialDate
from models.records import Document

OTHERS = (
    "La nouvelle version du logiciel arrive mardi sur les téléphones compatibles, "
    "après deux mois d'essais publics.",
    "Le constructeur promet une autonomie de vingt heures et un écran plus "
    "lumineux que celui du modèle précédent.",
    "Les chercheurs ont publié leurs mesures dans une revue à comité de lecture, avec le code et les données.",
    "Le prix reste fixé à 499 euros, et la livraison commence le 12 mars dans neuf pays d'Europe.",
    "Selon l'étude, six internautes sur dix lisent leurs courriels avant de se lever.",
    "La mise à jour corrige trois failles, dont une que des attaquants exploitaient depuis l'été.",
    "Le jeu se déroule dans une ville inondée où le joueur répare des ponts et négocie avec des marchands.",
    "Un satellite de la nouvelle constellation a transmis ses premières images, nettes malgré les nuages.",
    "L'application range désormais les photographies par lieu, par saison et par visage.",
    "Le câble sous-marin reliera Marseille à Alexandrie sur 3 200 kilomètres de fond.",
)
RELEVANT = (
    "Nordalia supprime 320 postes, soit 12 % de ses effectifs, a annoncé jeudi l'éditeur lillois.",
    "Ana Lopes quitte la direction de Vélibris, qu'elle avait fondée il y a neuf ans avec son frère.",
    "Selon la direction, les salariés concernés seront reçus un par un avant la fin du mois.",
    "Marc Téno, jusqu'ici directeur technique, lui succède dès lundi à la tête de l'entreprise.",
    "Le plan de départs volontaires vise d'abord les fonctions support et le site de Nantes.",
)
HEAD = '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>'
MENU = "<nav><ul>" + "".join(f'<li><a href="/r{i}">Rubrique {i}</a></li>' for i in range(40)) + "</ul></nav>"
ASIDE = (
    "<aside><h3>Les plus lus</h3>"
    + "".join(f'<p><a href="/a{i}">Un autre article, {i}</a></p>' for i in range(20))
    + "</aside>"
)
PUBLISHED = PartialDate("2024-01-18")


def text_of(draw: random.Random, length: int, *, relevant: bool) -> str:
    """A made-up story of about so many characters."""
    paragraphs: list[str] = []
    if relevant:
        paragraphs.append(" ".join(draw.sample(RELEVANT, 3)))
    while sum(map(len, paragraphs)) < length:
        paragraphs.append(" ".join(draw.sample(OTHERS, 3)))
    return "\n\n".join(paragraphs)


def page_of(text: str, title: str) -> str:
    """The story as a page of a news site."""
    body = "".join(f"<p>{p}</p>" for p in text.split("\n\n"))
    head = HEAD.format(title=title)
    return f"{head}{MENU}<main><article><h1>{title}</h1>{body}</article>{ASIDE}</main></body></html>"


def best(rounds: int, work: Callable[[], object]) -> float:
    """The shortest of several runs, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    """Measure and print the three figures with their aims."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--relevant", type=float, default=0.05, help="share of the pages that tell an event")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    telling = max(1, round(asked.pages * asked.relevant))
    texts = [text_of(draw, 2500, relevant=i < telling) for i in range(asked.pages)]
    draw.shuffle(texts)
    documents = [Document(str(i), t, f"Récit {i}", PUBLISHED) for i, t in enumerate(texts)]
    pages = [page_of(t, f"Récit {i}") for i, t in enumerate(texts)]
    model()  # loaded once in a run, as the lexicons are: not counted
    list(understand(documents))

    extracted = best(asked.rounds, lambda: [trafilatura.extract(p, favor_precision=True) for p in pages])
    understood = best(asked.rounds, lambda: list(understand(documents)))
    print(
        f"{asked.pages} pages, {telling} relevant: trafilatura {extracted * 1000:.0f} "
        f"ms, understanding {understood * 1000:.0f} ms"
    )
    print(f"  ratio {understood / extracted:.2f} (aim: at most 0.5)")

    silent = [d for d in documents if not any(s in d.text for s in RELEVANT)]
    quiet = best(asked.rounds, lambda: list(understand(silent))) / len(silent)
    print(f"{len(silent)} documents without a cue: {quiet * 1000:.3f} ms each (aim: below 1)")

    stories = [Document(str(i), text_of(draw, 2000, relevant=True)[:2000], None, PUBLISHED) for i in range(40)]
    raw = [plain(d.text) for d in stories]
    parsed = best(asked.rounds, lambda: list(model().pipe(raw, batch_size=32)))
    whole = best(asked.rounds, lambda: list(understand(stories)))
    print(
        f"{len(stories)} relevant documents of 2,000 characters: {whole / len(stories) * 1000:.1f} "
        f"ms each (aim: at most 70), "
        f"parse alone {parsed / len(stories) * 1000:.1f} ms"
    )
    print(f"  ratio {whole / parsed:.2f} (aim: at most 1.3)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
