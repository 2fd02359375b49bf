"""The forms of a French verb from its infinitive, with the tense that each may show.

Made by rule rather than by the model's tagger, which takes "démissionne" for a noun in headlines. Rare
spellings are made too many rather than too few: a form that does not exist does no harm.
"""

from collections.abc import Iterable
from functools import cache

# infinitive → (forms of the present, stem of the imperfect, of the future, participles in the masculine, of the
# simple past with its theme vowel, of the subjunctive)
_IRREGULAR = {
    "être": ("suis es est sommes êtes sont", "ét", "ser", "été", "fu", "soi"),
    "avoir": ("ai as a avons avez ont", "av", "aur", "eu", "eu", "ai"),
    "aller": ("vais vas va allons allez vont", "all", "ir", "allé", "alla", "aill"),
    "partir": ("pars part partons partez partent", "part", "partir", "parti", "parti", "part"),
    "sortir": ("sors sort sortons sortez sortent", "sort", "sortir", "sorti", "sorti", "sort"),
    "servir": ("sers sert servons servez servent", "serv", "servir", "servi", "servi", "serv"),
    "faire": ("fais fait faisons faites font", "fais", "fer", "fait", "fi", "fass"),
    "dire": ("dis dit disons dites disent", "dis", "dir", "dit", "di", "dis"),
    "voir": ("vois voit voyons voyez voient", "voy", "verr", "vu", "vi", "voi"),
    "pouvoir": ("peux peut pouvons pouvez peuvent", "pouv", "pourr", "pu", "pu", "puiss"),
    "devoir": ("dois doit devons devez doivent", "dev", "devr", "dû due", "du", "doiv"),
    "vouloir": ("veux veut voulons voulez veulent", "voul", "voudr", "voulu", "voulu", "veuill"),
    "savoir": ("sais sait savons savez savent", "sav", "saur", "su", "su", "sach"),
    "mourir": ("meurs meurt mourons mourez meurent", "mour", "mourr", "mort", "mouru", "meur"),
    "recevoir": ("reçois reçoit recevons recevez reçoivent", "recev", "recevr", "reçu", "reçu", "reçoiv"),
    "suivre": ("suis suit suivons suivez suivent", "suiv", "suivr", "suivi", "suivi", "suiv"),
    "disparaître": (
        "disparais disparaît disparait disparaissons disparaissez disparaissent",
        "disparaiss", "disparaîtr", "disparu", "disparu", "disparaiss",
    ),
    "conclure": ("conclus conclut concluons concluez concluent", "conclu", "conclur", "conclu",
                 "conclu", "conclu"),
    "exclure": ("exclus exclut excluons excluez excluent", "exclu", "exclur", "exclu", "exclu", "exclu"),
    "fuir": ("fuis fuit fuyons fuyez fuient", "fuy", "fuir", "fui", "fui", "fui"),
    "ouvrir": ("ouvre ouvres ouvrons ouvrez ouvrent", "ouvr", "ouvrir", "ouvert", "ouvri", "ouvr"),
    "offrir": ("offre offres offrons offrez offrent", "offr", "offrir", "offert", "offri", "offr"),
    "écrire": ("écris écrit écrivons écrivez écrivent", "écriv", "écrir", "écrit", "écrivi", "écriv"),
    "vivre": ("vis vit vivons vivez vivent", "viv", "vivr", "vécu", "vécu", "viv"),
    "rompre": ("romps rompt rompons rompez rompent", "romp", "rompr", "rompu", "rompi", "romp"),
    "échoir": ("échoit échoient", "échoy", "écherr", "échu", "échu", "échoi"),
}  # fmt: skip
_PREFIXED = {  # families: the same changes behind any prefix
    "tenir": ("tiens tient tenons tenez tiennent", "ten", "tiendr", "tenu", "tin", "tienn"),
    "venir": ("viens vient venons venez viennent", "ven", "viendr", "venu", "vin", "vienn"),
    "prendre": ("prends prend prenons prenez prennent", "pren", "prendr", "pris", "pri", "prenn"),
    "mettre": ("mets met mettons mettez mettent", "mett", "mettr", "mis", "mi", "mett"),
    "duire": ("duis duit duisons duisez duisent", "duis", "duir", "duit", "duisi", "duis"),
    "eindre": ("eins eint eignons eignez eignent", "eign", "eindr", "eint", "eigni", "eign"),
    "oindre": ("oins oint oignons oignez oignent", "oign", "oindr", "oint", "oigni", "oign"),
    "aindre": ("ains aint aignons aignez aignent", "aign", "aindr", "aint", "aigni", "aign"),
    "courir": ("cours court courons courez courent", "cour", "courr", "couru", "couru", "cour"),
    "battre": ("bats bat battons battez battent", "batt", "battr", "battu", "batti", "batt"),
    "cevoir": ("çois çoit cevons cevez çoivent", "cev", "cevr", "çu", "çu", "çoiv"),
    "mentir": ("mens ment mentons mentez mentent", "ment", "mentir", "menti", "menti", "ment"),
    "sentir": ("sens sent sentons sentez sentent", "sent", "sentir", "senti", "senti", "sent"),
    "faire": _IRREGULAR["faire"],
    "voir": _IRREGULAR["voir"],
    "servir": _IRREGULAR["servir"],
    "suivre": _IRREGULAR["suivre"],
    "partir": _IRREGULAR["partir"],
}
_IMPERFECT = ("ais", "ait", "ions", "iez", "aient")
_FUTURE = ("ai", "as", "a", "ons", "ez", "ont")
_SUBJUNCTIVE = ("e", "es", "ions", "iez", "ent")
Forms = dict[str, frozenset[str]]


@cache
def forms(infinitive: str) -> Forms:
    """Every form of a verb, with its possible tenses: inf, pres, impf, fut, cond, past, subj, part, ger."""
    found: dict[str, set[str]] = {}

    def add(tense: str, words: Iterable[str]) -> None:
        for word in words:
            found.setdefault(word, set()).add(tense)

    add("inf", [infinitive])
    prefix, pattern = _pattern(infinitive)
    if pattern:
        present, imperfect, future, participle, past, subjunctive = pattern
        add("pres", [prefix + w for w in present.split()])
        _add_tenses(add, prefix, imperfect, future, subjunctive)
        for masculine in participle.split():
            add("part", _agreed(prefix + masculine))
        add("past", [prefix + w for w in _simple_past(past)])
    elif infinitive.endswith("er"):
        _first_group(add, infinitive[:-2])
    elif infinitive.endswith("re"):
        stem = infinitive[:-2]
        add("pres", [stem + e for e in ("s", "", "ons", "ez", "ent")])
        _add_tenses(add, "", stem, stem + "r", stem)
        add("part", _agreed(stem + "u"))
        add("past", _simple_past(stem + "i"))
    else:
        stem = infinitive[:-1]
        add("pres", [stem + e for e in ("s", "t", "ssons", "ssez", "ssent")])
        _add_tenses(add, "", stem + "ss", infinitive, stem + "ss")
        add("part", _agreed(stem))
        add("past", _simple_past(stem))
    return {word: frozenset(tenses) for word, tenses in found.items()}


def _pattern(infinitive: str) -> tuple[str, tuple[str, str, str, str, str, str] | None]:
    if infinitive in _IRREGULAR:
        return "", _IRREGULAR[infinitive]
    for ending, pattern in _PREFIXED.items():
        if infinitive.endswith(ending) and infinitive != "répartir":
            return infinitive[: -len(ending)], pattern
    return "", None


def _add_tenses(add, prefix: str, imperfect: str, future: str, subjunctive: str) -> None:  # type: ignore[no-untyped-def]
    add("impf", [prefix + imperfect + e for e in _IMPERFECT])
    add("fut", [prefix + future + e for e in _FUTURE])
    add("cond", [prefix + future + e for e in _IMPERFECT])
    add("subj", [prefix + subjunctive + e for e in _SUBJUNCTIVE])
    add("ger", [prefix + imperfect + "ant"])


def _first_group(add, stem: str) -> None:  # type: ignore[no-untyped-def]
    soft = {"g": stem + "e", "c": stem[:-1] + "ç"}.get(stem[-1:], stem)  # before a, o
    strong = {stem, *_strong(stem)}  # before a silent e
    for s in strong:
        add("pres", [s + "e", s + "es", s + "ent"])
        add("subj", [s + "e", s + "es", s + "ent"])
        add("fut", [s + "er" + e for e in _FUTURE])
        add("cond", [s + "er" + e for e in _IMPERFECT])
    add("pres", [soft + "ons", stem + "ez"])
    add("impf", [soft + "ais", soft + "ait", soft + "aient", stem + "ions", stem + "iez"])
    add("past", [soft + "ai", soft + "as", soft + "a", soft + "âmes", soft + "âtes", stem + "èrent"])
    add("part", _agreed(stem + "é"))
    add("ger", [soft + "ant"])


def _strong(stem: str) -> Iterable[str]:
    if stem.endswith(("oy", "uy", "ay")):
        yield stem[:-1] + "i"
    if len(stem) > 2 and stem[-2] in "eé":
        yield stem[:-2] + "è" + stem[-1]
        if stem[-1] in "lt" and stem[-2] == "e":
            yield stem + stem[-1]


def _agreed(masculine: str) -> list[str]:
    plain = masculine.replace("dû", "du")
    plural = masculine if masculine.endswith("s") else masculine + "s"
    return [masculine, plain + "e", plural, plain + "es"]


def _simple_past(stem: str) -> list[str]:
    if stem.endswith("a"):
        return [stem[:-1] + e for e in ("ai", "as", "a", "âmes", "èrent")]
    return [stem + e for e in ("s", "t", "rent")]


@cache
def table(infinitives: frozenset[str]) -> dict[str, frozenset[tuple[str, str]]]:
    """From each form of several verbs to what it may be: (infinitive, tense)."""
    found: dict[str, set[tuple[str, str]]] = {}
    for infinitive in infinitives:
        for word, tenses in forms(infinitive).items():
            found.setdefault(word, set()).update((infinitive, tense) for tense in tenses)
    return {word: frozenset(readings) for word, readings in found.items()}
