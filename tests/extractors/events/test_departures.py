"""Short stories of people who leave, and of what only looks like it: who, from where, what else."""

import pytest

from extractors.events.departures import departures
from extractors.events.language import parse
from extractors.events.names import names
from extractors.events.people import People
from extractors.events.roles import roles
from models.dates import PartialDate
from models.records import Document, Mention
from models.vocabulary import Manner, RoleCode, Salience, Status

PUBLISHED = PartialDate("2025-09-12")


def read(text: str, title: str | None = None) -> tuple[Mention, ...]:
    parsed = next(iter(parse([Document("d", text, title, PUBLISHED)])))
    found = names(parsed)
    return departures(People(parsed, found, roles(parsed, found))).mentions


def events(text: str, title: str | None = None) -> set[tuple[str | None, str | None]]:
    return {(m.person, m.company) for m in read(text, title) if not m.denied}


TOLD = [
    # voices and tenses
    ("Anne Roy, directrice financière de Nordalia, a quitté la société lundi.", {("Anne Roy", "Nordalia")}),
    ("Anne Roy vient d'être débarquée de Nordalia.", {("Anne Roy", "Nordalia")}),
    ("Le conseil de Nordalia a révoqué Anne Roy.", {("Anne Roy", "Nordalia")}),
    ("Chez Nordalia, Anne Roy s'est vu signifier son renvoi.", {("Anne Roy", "Nordalia")}),
    ("Anne Roy, évincée de Nordalia en mai, se tait.", {("Anne Roy", "Nordalia")}),
    ("Nordalia perd sa directrice technique, Anne Roy.", {("Anne Roy", "Nordalia")}),
    ("Départ d'Anne Roy : la directrice générale de Nordalia s'en va.", {("Anne Roy", "Nordalia")}),
    ("La démission d'Anne Roy, PDG de Nordalia, a surpris.", {("Anne Roy", "Nordalia")}),
    ("Anne Roy passe de Nordalia à Velkor.", {("Anne Roy", "Nordalia")}),
    ("Velkor a débauché Anne Roy, ingénieure de Nordalia.", {("Anne Roy", "Nordalia")}),
    ("Paul Lenoir succède à Anne Roy à la tête de Nordalia.", {("Anne Roy", "Nordalia")}),
    ("Paul Lenoir remplace Anne Roy au poste de PDG de Nordalia.", {("Anne Roy", "Nordalia")}),
    # appositions and relatives between the name and the verb
    ("Chez Nordalia, Anne Roy, qui dirigeait la recherche, a démissionné.", {("Anne Roy", "Nordalia")}),
    ("Le PDG de Nordalia, Paul Lenoir, tire sa révérence.", {("Paul Lenoir", "Nordalia")}),
    ("Paul Lenoir (PDG de Nordalia) jette l'éponge.", {("Paul Lenoir", "Nordalia")}),
    # lists and couples
    (
        "Anne Roy, Paul Lenoir et Jean Morel ont quitté Nordalia.",
        {("Anne Roy", "Nordalia"), ("Paul Lenoir", "Nordalia"), ("Jean Morel", "Nordalia")},
    ),
    (
        "Les deux cofondateurs de Nordalia démissionnent : Anne Roy, directrice générale, et Paul Lenoir.",
        {("Anne Roy", "Nordalia"), ("Paul Lenoir", "Nordalia")},
    ),
    # pronouns and surnames
    ("Anne Roy dirigeait Nordalia depuis dix ans. Elle a démissionné lundi.", {("Anne Roy", "Nordalia")}),
    ("Paul Lenoir était PDG de Nordalia. M. Lenoir s'en va.", {("Paul Lenoir", "Nordalia")}),
    # names
    ("Anne Roy l'annonce sur X. Anne Roy quitte Nordalia.", {("Anne Roy", "Nordalia")}),
    ("J. Allen Brack quitte eBay.", {("J. Allen Brack", "eBay")}),
    ("La démission de J. Allen Brack, patron d'eBay, surprend.", {("J. Allen Brack", "eBay")}),
    ("Le Belge Guillaume de Posch quitte Nordalia.", {("Guillaume de Posch", "Nordalia")}),
    ("Sir Anne Roy était là. Anne Roy quitte Nordalia.", {("Anne Roy", "Nordalia")}),
    ("Jean Roy Lenoir parle. Roy Lenoir quitte 54gene.", {("Jean Roy Lenoir", "54gene")}),
    ("Arnaud de Puyfontaine quitte Vivendi.", {("Arnaud de Puyfontaine", "Vivendi")}),
    ("Jean-Marie Le Goff a quitté la direction de Nordalia.", {("Jean-Marie Le Goff", "Nordalia")}),
    ("Anne Roy claque la porte du géant de Redmond.", {("Anne Roy", "Microsoft")}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TOLD, ids=[t for t, _ in TOLD])
def test_departure_is_found(text: str, expected: set[tuple[str, str]]) -> None:
    assert events(text) == expected


NOT_TOLD = [
    "Anne Roy, PDG de Nordalia, dément vouloir démissionner.",
    "Anne Roy, PDG de Nordalia, n'a jamais eu l'intention de quitter l'entreprise.",
    "Les syndicats réclament la démission d'Anne Roy, PDG de Nordalia.",
    "Paul Lenoir, ancien PDG de Nordalia, investit dans Velkor.",
    "Nordalia quitte le marché allemand, annonce Anne Roy.",
    "Nordalia recrute Anne Roy comme directrice financière.",
    "Anne Roy, patronne de Nordalia, remercie Paul Lenoir pour son soutien.",
    "Nordalia licencie 300 personnes, annonce Anne Roy, sa directrice générale.",
    "Le capitaine Paul Lenoir quitte le terrain sur blessure, et Nordalia, son sponsor, s'inquiète.",
    "Des utilisateurs quittent la plateforme, reconnaît Anne Roy, de Nordalia.",
]


@pytest.mark.parametrize("text", NOT_TOLD)
def test_no_departure(text: str) -> None:
    assert events(text) == set()


def test_a_denial_is_kept_apart() -> None:
    (mention,) = read("Anne Roy, PDG de Nordalia, dément avoir démissionné.")
    assert mention.denied
    assert (mention.person, mention.company) == ("Anne Roy", "Nordalia")


def test_slots() -> None:
    (mention,) = read(
        "Anne Roy, directrice financière et cofondatrice de Nordalia, démissionne le 30 septembre pour rejoindre "
        "Velkor. Paul Lenoir assurera l'intérim."
    )
    assert mention.role_codes
    assert {RoleCode.CFO, RoleCode.FOUNDER} <= set(mention.role_codes)
    assert mention.manner == (Manner.VOLUNTARY,)
    assert mention.destination == "Velkor"
    assert mention.successor == "Paul Lenoir"
    assert mention.date == PartialDate("2025-09-30")
    assert mention.status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("Nordalia a limogé Anne Roy.", Manner.FORCED),
        ("Anne Roy, PDG de Nordalia, prend sa retraite.", Manner.RETIREMENT),
        ("Anne Roy, fondatrice de Nordalia, est décédée dimanche.", Manner.DEATH),
        ("Nordalia et Anne Roy se séparent.", Manner.MUTUAL),
        ("Anne Roy ne briguera pas de nouveau mandat à la tête de Nordalia.", Manner.TERM_END),
        ("Anne Roy rend son tablier de PDG de Nordalia.", Manner.VOLUNTARY),
    ],
)
def test_manner(text: str, manner: Manner) -> None:
    (mention,) = read(text)
    assert mention.manner == (manner,)


def test_every_proof_gives_its_words_back() -> None:
    text = "Anne Roy,\u00a0directrice financière de l’éditeur Nordalia, démissionne pour créer Velkor."
    document = Document("d", text, "Nordalia\u00a0: Anne Roy s’en va", PUBLISHED)
    parsed = next(iter(parse([document])))
    found = names(parsed)
    (mention,) = departures(People(parsed, found, roles(parsed, found))).mentions
    for name in ("person", "company", "trigger", "destination"):
        proof = mention.evidence[name]
        source = document.title if proof.where == "title" else document.text
        assert source is not None
        assert source[proof.start : proof.end] == proof.quote


@pytest.mark.parametrize(
    ("title", "text", "salience"),
    [
        ("Nordalia : Anne Roy démissionne", "La PDG Anne Roy a annoncé son départ lundi.", Salience.MAIN),
        (None, "Anne Roy, PDG de Nordalia, quitte l'entreprise.", Salience.MAIN),
        (
            "Nordalia nomme Paul Lenoir directeur général",
            "Le groupe accueille un nouveau patron. Paul Lenoir succède à Anne Roy, partie de Nordalia en mars.",
            Salience.BACKGROUND,
        ),
        (
            "Nordalia lance une montre",
            "La montre sera vendue en mai. Le prix n'est pas connu. Le design est nouveau. "
            "Anne Roy, sa conceptrice, avait quitté Nordalia en 2021.",
            Salience.BACKGROUND,
        ),
    ],
)
def test_salience(title: str | None, text: str, salience: Salience) -> None:
    assert {m.salience for m in read(text, title) if m.person == "Anne Roy"} == {salience}


def test_a_person_may_leave_two_houses() -> None:
    text = "Anne Roy quitte Nordalia. Elle avait déjà quitté Velkor en 2019."
    assert events(text) == {("Anne Roy", "Nordalia"), ("Anne Roy", "Velkor")}


def test_a_destination_described_and_named_is_named() -> None:
    (mention,) = read("Anne Roy quitte Nordalia pour lancer sa propre société de conseil, Roy Ventures, à Lyon.")
    assert mention.destination == "Roy Ventures"
    assert mention.evidence["destination"].quote == "Roy Ventures"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Anne Roy quitte Nordalia. Roy a codirigé le groupe de superalignement de Nordalia.", {RoleCode.HEAD}),
        (
            "Anne Roy quitte Nordalia. Elle dirigeait chez Nordalia l'équipe des ventes.",
            {RoleCode.HEAD, RoleCode.CRO},
        ),
        ("Anne Roy quitte Nordalia. Elle dirigeait le groupe depuis 2012.", {RoleCode.CEO}),
        ("Anne Roy, chargée de la sécurité chez Nordalia, a démissionné.", {RoleCode.HEAD}),
    ],
)
def test_who_leads_a_part_of_the_house_is_not_its_chief(text: str, codes: set[RoleCode]) -> None:
    (mention,) = read(text)
    assert set(mention.role_codes) == codes


def test_a_house_that_the_text_introduces_is_one_though_the_title_names_another() -> None:
    found = events(
        "Anne Roy, directrice générale de la plateforme de médias sociaux X appartenant à Meta, a démissionné.",
        "Meta cherche un directeur",
    )
    assert found == {("Anne Roy", "X")}


def test_a_relative_clause_is_of_the_person_not_of_her_house() -> None:
    text = (
        "Le départ de Paul Lenoir suit celui d'Anne Roy, cofondatrice de Nordalia, qui a quitté le groupe en août."
    )
    found = read(text)
    assert {(m.person, m.date) for m in found if m.person == "Anne Roy"} == {("Anne Roy", PartialDate("2025-08"))}


def test_whom_one_poaches_leaves_the_house_named_after_her() -> None:
    assert events("Velkor et Orbio ont débauché Anne Roy de Nordalia en 2015.") == {("Anne Roy", "Nordalia")}


def test_a_noun_does_not_confirm_what_is_only_reported() -> None:
    (mention,) = read(
        "Anne Roy a quitté Nordalia, selon un rapport du site Velkor. Le départ d'Anne Roy surprend."
    )
    assert mention.status is Status.REPORTED
