"""Short stories of jobs cut, and of what only looks like it: organisation, headcount, percent."""

import pytest

from extractors.events.language import parse
from extractors.events.layoffs import layoffs
from extractors.events.names import names
from models.dates import PartialDate
from models.records import Document, Mention
from models.vocabulary import Salience

TOLD: list[tuple[str, str, int | None, float | None]] = [
    # plain verbs
    ("L'éditeur Nordalia licencie 40 personnes.", "Nordalia", 40, None),
    ("Nordalia a licencié une trentaine de développeurs, soit 12 % de ses effectifs.", "Nordalia", 30, 12),
    ("La start-up Nordalia va se séparer de 10 % de ses effectifs.", "Nordalia", None, 10),
    ("Nordalia se sépare d'une centaine de collaborateurs.", "Nordalia", 100, None),
    ("Nordalia s'est séparée d'un tiers de ses équipes.", "Nordalia", None, 33.3),
    ("Nordalia se défait de 250 salariés en Europe.", "Nordalia", 250, None),
    ("Nordalia se déleste de 1 200 postes.", "Nordalia", 1200, None),
    ("Nordalia supprime 320 postes en France.", "Nordalia", 320, None),
    ("Nordalia va supprimer près de 2.500 emplois dans le monde.", "Nordalia", 2500, None),
    ("Nordalia a décidé de supprimer un poste sur cinq.", "Nordalia", None, 20),
    ("Nordalia biffe 180 emplois en Suisse.", "Nordalia", 180, None),
    ("Nordalia sabre 600 postes dans sa division cloud.", "Nordalia", 600, None),
    ("Nordalia met à la porte 85 salariés.", "Nordalia", 85, None),
    ("Nordalia met 85 salariés à la porte.", "Nordalia", 85, None),
    ("Nordalia met à pied 230 employés.", "Nordalia", 230, None),
    ("Nordalia remercie 60 de ses 400 employés.", "Nordalia", 60, None),
    ("Nordalia renvoie la moitié de son personnel.", "Nordalia", None, 50),
    ("Nordalia congédie quelque 700 travailleurs.", "Nordalia", 700, None),
    ("Nordalia vire 45 modérateurs.", "Nordalia", 45, None),
    ("Nordalia laisse partir 75 personnes.", "Nordalia", 75, None),
    ("Nordalia réduit ses effectifs de 13 %.", "Nordalia", None, 13),
    ("Nordalia réduit de 8 % son personnel.", "Nordalia", None, 8),
    ("Nordalia taille dans ses effectifs : 150 postes disparaissent.", "Nordalia", 150, None),
    ("Nordalia coupe dans ses équipes et supprime 90 postes.", "Nordalia", 90, None),
    ("Nordalia ampute ses effectifs d'un quart.", "Nordalia", None, 25),
    ("Nordalia dégraisse : 500 emplois vont sauter.", "Nordalia", 500, None),
    ("Nordalia divise ses effectifs par deux.", "Nordalia", None, 50),
    ("Nordalia se prive de 35 ingénieurs.", "Nordalia", 35, None),
    ("Nordalia dit adieu à 140 salariés.", "Nordalia", 140, None),
    ("Nordalia fait partir 200 personnes.", "Nordalia", 200, None),
    # passive and intransitive
    ("Chez Nordalia, 170 employés vont partir.", "Nordalia", 170, None),
    ("Plus de 300 salariés ont été licenciés par Nordalia.", "Nordalia", 300, None),
    ("Quelque 1 400 postes seront supprimés chez Nordalia.", "Nordalia", 1400, None),
    ("Environ 220 emplois passent à la trappe chez Nordalia.", "Nordalia", 220, None),
    ("Une soixantaine de personnes perdent leur emploi chez Nordalia.", "Nordalia", 60, None),
    ("Près de 400 salariés de Nordalia sont priés de partir.", "Nordalia", 400, None),
    ("Un salarié sur dix est remercié chez Nordalia.", "Nordalia", None, 10),
    ("Le personnel de Nordalia est réduit de 18 %.", "Nordalia", None, 18),
    ("800 emplois sont menacés chez Nordalia.", "Nordalia", 800, None),
    # nouns
    ("Nordalia annonce la suppression de 500 postes.", "Nordalia", 500, None),
    ("Nordalia annonce 500 suppressions d'emplois.", "Nordalia", 500, None),
    ("Nordalia confirme 130 licenciements.", "Nordalia", 130, None),
    ("Vague de licenciements chez Nordalia : 210 personnes touchées.", "Nordalia", 210, None),
    ("Nordalia prévoit une réduction d'effectifs de 7 %.", "Nordalia", None, 7),
    ("Nordalia ouvre un plan de départs volontaires portant sur 150 postes.", "Nordalia", 150, None),
    ("Nordalia lance une rupture conventionnelle collective pour 80 salariés.", "Nordalia", 80, None),
    ("Nordalia a présenté un plan social qui concerne 240 personnes.", "Nordalia", 240, None),
    ("Un PSE touchant 95 salariés est engagé chez Nordalia.", "Nordalia", 95, None),
    ("Un plan de sauvegarde de l'emploi est ouvert chez Nordalia.", "Nordalia", None, None),
    ("Des licenciements sont en cours chez Nordalia.", "Nordalia", None, None),
    ("Nordalia annonce un plan de restructuration qui supprimera 900 emplois.", "Nordalia", 900, None),
    ("Nordalia ferme son usine de Lens et supprime ses 120 emplois.", "Nordalia", 120, None),
    ("La fermeture du site Nordalia de Lens entraîne la suppression de 120 postes.", "Nordalia", 120, None),
    ("Nordalia placée en liquidation judiciaire : les 75 salariés sont licenciés.", "Nordalia", 75, None),
    ("Coupes claires chez Nordalia : 45 postes de moins.", "Nordalia", 45, None),
    ("Nordalia engage la suppression de près de la moitié de ses effectifs.", "Nordalia", None, 50),
    ("Le groupe Nordalia a annoncé jeudi le licenciement de 12 % de ses salariés, soit 340 personnes.", "Nordalia", 340, 12),
    ("La direction de Nordalia a annoncé jeudi un projet de suppression de 340 emplois.", "Nordalia", 340, None),
    ("Le fabricant de puces Nordalia supprimera jusqu'à 3 000 postes d'ici à 2027.", "Nordalia", 3000, None),
    ("Nordalia tranche : 66 salariés perdent leur poste.", "Nordalia", 66, None),
    ("Nordalia supprime entre 200 et 300 postes.", "Nordalia", 300, None),
    ("Nordalia va réduire la voilure, avec 110 suppressions de postes à la clé.", "Nordalia", 110, None),
    # doubtful, and told all the same
    ("Nordalia envisagerait de supprimer 700 postes.", "Nordalia", 700, None),
    ("Nordalia s'apprêterait à licencier 5 % de ses employés, selon Bloomberg.", "Nordalia", None, 5),
    ("Jusqu'à 600 emplois pourraient disparaître chez Nordalia.", "Nordalia", 600, None),
    ("Nordalia aurait licencié plusieurs centaines de personnes.", "Nordalia", None, None),
    ("Nordalia songe à tailler dans ses effectifs.", "Nordalia", None, None),
    # by pronoun or description
    ("Mauvaise nouvelle pour Nordalia. Le groupe va supprimer 320 postes.", "Nordalia", 320, None),
    ("Nordalia souffre. La jeune pousse se sépare de 25 salariés sur 110.", "Nordalia", 25, None),
    ("Nordalia a écrit à son personnel. Elle licencie 14 % de ses équipes.", "Nordalia", None, 14),
    ("Nordalia réorganise son activité. Au total, 75 postes sont supprimés.", "Nordalia", 75, None),
]

UNTOLD = [
    # one person, or a few by name
    "Nordalia licencie son directeur financier.",
    "Le conseil de Nordalia a remercié son PDG, Marc Téno.",
    "Nordalia se sépare de deux cofondateurs, Ana Lopes et Marc Téno.",
    "Une ingénieure de Nordalia a été licenciée pour ses messages.",
    # denied, refused, wished, feared
    "Nordalia dément vouloir supprimer 300 postes.",
    "Nordalia n'envisage aucun licenciement.",
    "Il n'y aura pas de suppressions de postes chez Nordalia.",
    "La fusion se fera sans licenciements, promet Nordalia.",
    "Aucune suppression d'emploi n'est prévue chez Nordalia.",
    "Les syndicats de Nordalia redoutent des suppressions de postes.",
    "Nordalia renonce à supprimer 300 postes.",
    # other things cut
    "Nordalia supprime 10 millions de comptes.",
    "Nordalia réduit ses prix de 20 %.",
    "Nordalia ferme 12 boutiques en Espagne.",
    "Nordalia se sépare de sa filiale allemande.",
    "Nordalia coupe l'accès à 3 000 applications.",
    "Nordalia réduit de 15 % ses dépenses de marketing.",
    "Nordalia abandonne 30 jeux en développement.",
    "Nordalia retire 200 titres de son catalogue.",
    "Nordalia perd 700 millions d'euros en un trimestre.",
    "Nordalia perd 20 % de ses abonnés.",
    "Nordalia résilie 5 000 licences.",
    # hires, promises, sizes
    "Nordalia recrute 300 ingénieurs.",
    "Nordalia va créer 500 emplois à Lille.",
    "Nordalia compte 1 200 salariés.",
    "Nordalia ouvre 80 postes en CDI.",
    "Nordalia double ses effectifs et emploie 400 personnes.",
    "Nordalia propose 40 postes à pourvoir.",
    "Nordalia gèle ses embauches jusqu'en juin.",
    # departures of their own will
    "Chez Nordalia, plus de cent salariés ont choisi de partir.",
    "Une trentaine d'employés de Nordalia ont donné leur démission.",
    "Près de 700 salariés de Nordalia menacent de démissionner.",
    # general
    "Depuis janvier, 58 000 salariés ont été licenciés dans la tech.",
    "Comment réussir un plan social : nos conseils.",
    "Que dit le code du travail sur le licenciement économique ?",
    "À lire aussi : Vélibris supprime 300 postes",
    "L'intelligence artificielle menace 30 % des emplois.",
    "Le gouvernement veut supprimer 4 000 postes de fonctionnaires.",
]


def cuts(text: str, title: str | None = None, published: str = "2024-01-17") -> list[Mention]:
    (parsed,) = parse([Document("d", text, title, PartialDate(published))])
    return layoffs(parsed, names(parsed))


@pytest.mark.parametrize(("text", "company", "headcount", "percent"), TOLD)
def test_told(text: str, company: str, headcount: int | None, percent: float | None) -> None:
    found = [m for m in cuts(text) if m.salience is Salience.MAIN and not m.denied]
    assert [(m.company, m.headcount, m.percent) for m in found] == [(company, headcount, percent)]


@pytest.mark.parametrize("text", UNTOLD)
def test_untold(text: str) -> None:
    assert [m for m in cuts(text) if not m.denied] == []
