"""Short stories of jobs cut, and of what only looks like it: organisation, headcount, percent."""

import pytest

from extractors.events.language import parse
from extractors.events.layoffs import layoffs
from extractors.events.names import names
from models.dates import PartialDate
from models.records import Document, Mention
from models.vocabulary import Salience, Status

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
    (
        "Le groupe Nordalia a annoncé jeudi le licenciement de 12 % de ses salariés, soit 340 personnes.",
        "Nordalia",
        340,
        12,
    ),
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
    # more turns of phrase
    ("Nordalia débarque 55 salariés de son bureau parisien.", "Nordalia", 55, None),
    ("Nordalia pousse 90 personnes vers la sortie.", "Nordalia", 90, None),
    ("Nordalia montre la porte à 120 de ses employés.", "Nordalia", 120, None),
    ("Nouvelle charrette chez Nordalia, qui supprime 85 postes.", "Nordalia", 85, None),
    ("Saignée chez Nordalia : 400 postes supprimés.", "Nordalia", 400, None),
    ("C'est l'hécatombe chez Nordalia : 300 licenciements annoncés.", "Nordalia", 300, None),
    ("Nordalia fait le ménage et remercie 15 % de ses salariés.", "Nordalia", None, 15),
    ("Nordalia a fait savoir mardi qu'elle allait supprimer 1 000 emplois.", "Nordalia", 1000, None),
    ("Nordalia devrait supprimer 1 000 emplois, selon Les Echos.", "Nordalia", 1000, None),
    ("La moitié des salariés de Nordalia vont perdre leur travail.", "Nordalia", None, 50),
    ("Les deux tiers de l'équipe de Nordalia ont été remerciés.", "Nordalia", None, 66.7),
    ("Nordalia prévoit le départ de 260 personnes.", "Nordalia", 260, None),
    ("Nordalia prévoit de réduire de 260 personnes ses effectifs.", "Nordalia", 260, None),
    ("Les effectifs de Nordalia seront réduits de 260 postes.", "Nordalia", 260, None),
    ("Nordalia s'allège de 350 salariés.", "Nordalia", 350, None),
    ("Nordalia va se passer de 350 collaborateurs.", "Nordalia", 350, None),
    ("Nordalia veut économiser 40 millions d'euros et supprimer 350 postes.", "Nordalia", 350, None),
    ("Nordalia tire un trait sur 350 emplois.", "Nordalia", 350, None),
    ("Nordalia raye 350 emplois de la carte.", "Nordalia", 350, None),
    ("Nordalia envoie 350 lettres de licenciement.", "Nordalia", 350, None),
    ("350 salariés de Nordalia ont reçu leur lettre de licenciement.", "Nordalia", 350, None),
    ("Nordalia notifie leur licenciement à 350 salariés.", "Nordalia", 350, None),
    ("Restructuration chez Nordalia : 7 % des postes supprimés.", "Nordalia", None, 7),
    ("Nordalia : 7 % des effectifs sur la sellette.", "Nordalia", None, 7),
    ("Nordalia : un quart des effectifs remercié.", "Nordalia", None, 25),
    ("Nordalia perd un tiers de ses salariés dans un plan social.", "Nordalia", None, 33.3),
    ("Nordalia a procédé au licenciement de 33 personnes.", "Nordalia", 33, None),
    ("Nordalia procède à une nouvelle vague de licenciements.", "Nordalia", None, None),
    ("Nordalia annonce de nouvelles suppressions de postes.", "Nordalia", None, None),
    ("Nordalia confirme des suppressions d'emplois.", "Nordalia", None, None),
    ("Nordalia licencie massivement.", "Nordalia", None, None),
    ("Les licenciements se poursuivent chez Nordalia.", "Nordalia", None, None),
    ("Nordalia annonce réduire sa masse salariale de 20 %.", "Nordalia", None, 20),
    ("Nordalia annonce le départ contraint de 66 salariés.", "Nordalia", 66, None),
    ("Nordalia va fermer son centre de Nantes, où 66 salariés sont licenciés.", "Nordalia", 66, None),
    ("Nordalia ferme ses portes : ses 66 salariés sont licenciés.", "Nordalia", 66, None),
    ("Le tribunal a liquidé Nordalia, dont les 66 salariés perdent leur emploi.", "Nordalia", 66, None),
    ("Nordalia liquidée, 66 emplois supprimés.", "Nordalia", 66, None),
    ("Nordalia fusionne ses équipes ; 66 postes font doublon et seront supprimés.", "Nordalia", 66, None),
    ("Nordalia remplace 66 salariés par une intelligence artificielle.", "Nordalia", 66, None),
    ("Nordalia externalise son support : 66 emplois disparaissent.", "Nordalia", 66, None),
    ("Nordalia cherche 66 volontaires au départ.", "Nordalia", 66, None),
    ("Accord sur une RCC chez Nordalia : 66 départs au maximum.", "Nordalia", 66, None),
    ("Nordalia se restructure : 2 000 personnes vont quitter le groupe.", "Nordalia", 2000, None),
    ("Nordalia a mis fin aux contrats de 40 modérateurs.", "Nordalia", 40, None),
    ("Nordalia rompt les contrats de 40 prestataires.", "Nordalia", 40, None),
    ("Purge chez Nordalia. Quarante salariés ont été priés de faire leurs cartons.", "Nordalia", 40, None),
    ("Nordalia dégraisse. Deux cents emplois sont supprimés.", "Nordalia", 200, None),
    ("L'équipementier finlandais Nordalia va réduire ses effectifs de 14 000 personnes.", "Nordalia", 14000, None),
    ("Nordalia, qui employait 400 personnes, en licencie 120.", "Nordalia", 120, None),
    ("Sur les 400 salariés que compte Nordalia, 120 seront licenciés.", "Nordalia", 120, None),
    ("Nordalia licencie 120 personnes, dont 40 en France.", "Nordalia", 120, None),
    ("Nordalia supprime 120 postes sur 400.", "Nordalia", 120, None),
    ("Nordalia (400 salariés) supprime 120 postes.", "Nordalia", 120, None),
    ("Après un premier plan de 80 départs en 2022, Nordalia supprime 120 postes.", "Nordalia", 120, None),
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
    # words of jobs, and no cut
    "Nordalia remercie ses 300 bénévoles pour leur aide.",
    "Nordalia supprime la limite de 280 caractères.",
    "Nordalia fête ses 300 salariés.",
    "Nordalia perd 300 clients.",
    "Nordalia déménage 300 salariés à Lyon.",
    "Nordalia forme 300 salariés à l'IA.",
    "Nordalia augmente ses effectifs de 15 %.",
    "Le chiffre d'affaires de Nordalia recule de 15 %.",
    "Nordalia réduit ses émissions de 30 %.",
    "Nordalia pourvoit 300 postes vacants.",
    "Nordalia va reprendre 66 salariés de Vélibris.",
    "Nordalia sauve 66 emplois en reprenant Vélibris.",
    "Nordalia a passé 300 salariés en télétravail.",
    "300 salariés de Nordalia sont en grève.",
    "La grève chez Nordalia touche 300 salariés.",
    "Nordalia perd son dixième dirigeant en un an.",
    "Trois cadres quittent Nordalia pour fonder une start-up.",
    "Nordalia rappelle 300 000 voitures.",
    "Un ancien salarié de Nordalia, licencié en 2019, publie un livre.",
    "Le patron de Nordalia assure que l'IA ne supprimera pas d'emplois.",
    "Nordalia invite 40 journalistes à sa conférence.",
    "Nordalia réunit 2 000 développeurs à Paris.",
    "Nordalia expulse 2 000 utilisateurs.",
    "Nordalia écarte 30 modèles de son catalogue.",
    "Nordalia offre 20 % de réduction à ses salariés.",
    "L'outil de Nordalia permet de réduire de 30 % le temps de travail des employés.",
    "Le logiciel de Nordalia aide à gérer les licenciements.",
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


def test_a_later_wave_is_the_news_and_the_earlier_one_background() -> None:
    text = "Nordalia supprime 320 postes, a annoncé mardi le groupe. "
    text += "En mars 2022, il avait déjà licencié 500 personnes."
    news, recalled = cuts(text)
    assert (news.salience, news.headcount, str(news.date)) == ("main", 320, "2024-01-16")
    assert (recalled.salience, recalled.headcount, str(recalled.date)) == ("background", 500, "2022-03")


def test_sentences_that_tell_one_cut_are_one_mention() -> None:
    text = (
        "Nordalia réduit ses effectifs. Le groupe se sépare de 93 personnes. Cela représente 13 % de ses salariés."
    )
    (found,) = cuts(text, "Nordalia licencie 93 personnes")
    assert (found.headcount, found.percent) == (93, 13)


def test_a_share_of_the_plan_belongs_to_it() -> None:
    (found,) = cuts("Nordalia supprime 120 postes, dont 40 en France. Le site de Nantes en perd 25.")
    assert found.headcount == 120


def test_a_round_up_tells_one_cut_a_company() -> None:
    text = (
        "Nordalia licencie 40 personnes. Vélibris se sépare de 10 % de ses effectifs. "
        "Octopia supprime 300 postes. "
        "Kestrelo remercie 25 salariés."
    )
    found = {m.company: (m.headcount, m.percent) for m in cuts(text, "Les suppressions de postes du mois")}
    assert found == {
        "Nordalia": (40, None),
        "Vélibris": (None, 10),
        "Octopia": (300, None),
        "Kestrelo": (25, None),
    }


def test_place_unit_status_and_qualifier() -> None:
    (found,) = cuts("Selon Bloomberg, Nordalia va supprimer jusqu'à 310 emplois à Lyon.")
    assert (found.place, found.status, found.headcount_qualifier) == ("Lyon", "reported", "up_to")


def test_a_denied_cut_is_marked_and_no_event() -> None:
    (found,) = cuts("Nordalia dément vouloir supprimer 300 postes.")
    assert (found.denied, found.headcount) == (True, 300)


def test_evidence_gives_the_quote_back() -> None:
    text = "L’éditeur Nordalia supprime 1\u202f200 postes, soit 12 % de ses effectifs, à Lille."
    (found,) = cuts(text)
    assert {"company", "headcount", "percent", "place", "trigger"} <= set(found.evidence)
    for proof in found.evidence.values():
        assert text[proof.start : proof.end] == proof.quote


def test_a_recalled_figure_keeps_its_own_date() -> None:
    text = (
        "Nordalia préparerait une suite. De nouveaux licenciements commenceraient la semaine prochaine, trois "
        "mois après une première vague d'environ 14 000 emplois, en octobre."
    )
    document = Document("r", text, "Nordalia : une seconde vague ?", PartialDate("2026-01-23"))
    (parsed,) = parse([document])
    wave = next(m for m in layoffs(parsed, names(parsed)) if m.headcount == 14000)
    assert (str(wave.date), wave.status) == ("2025-10", Status.CONFIRMED)


def test_the_day_when_staff_were_told_dates_a_cut() -> None:
    cut = "Nordalia a licencié 500 employés. "
    (mention,) = cuts(cut + "Les salariés concernés ont appris la nouvelle par e-mail le 9 janvier.")
    assert mention.date == PartialDate("2024-01-09")
    assert mention.evidence["date"].quote == "9 janvier"
    (other,) = cuts(cut + "Son casque sort le 9 janvier.")
    assert "date" not in other.evidence


def test_a_recall_without_a_name_is_of_the_firm_whose_cut_is_the_news() -> None:
    recall = "Le syndicat NUJ s'indigne. En mai 2023, 200 suppressions avaient été décidées."
    assert [(m.company, m.headcount, m.salience) for m in cuts(f"Nordalia supprime 450 postes. {recall}")] == [
        ("Nordalia", 450, Salience.MAIN),
        ("Nordalia", 200, Salience.BACKGROUND),
    ]
