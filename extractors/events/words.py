"""Closed lists of French words: the calendar's, and those that a chain of verbs may hold between its parts."""

MONTHS = {
    "janvier": 1, "janv.": 1, "février": 2, "fevrier": 2, "févr.": 2, "mars": 3, "avril": 4, "avr.": 4,
    "mai": 5, "juin": 6,
    "juillet": 7, "juil.": 7, "août": 8, "aout": 8, "septembre": 9, "sept.": 9, "octobre": 10, "oct.": 10,
    "novembre": 11, "nov.": 11, "décembre": 12, "decembre": 12, "déc.": 12,
}  # fmt: skip
WEEKDAYS = {"lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6}
SEASONS = {"printemps": 3, "été": 6, "automne": 9, "hiver": 12, "rentrée": 9}

AUXILIARIES = frozenset({"avoir", "être", "aller", "venir", "faire", "laisser"})
_SKIPPED_WORDS = (
    "se s' me m' te t' le la les l' lui leur y en ne n' pas plus jamais point "
    "rien que de d' à bien tout déjà aussi "
    "ainsi donc encore désormais finalement également non toujours même ensuite enfin notamment d'ailleurs alors "
    "prochainement bientôt été ce il elle ils elles on , -t -il -elle -ils t-il presque ci mieux vite"
)
SKIPPED = frozenset(_SKIPPED_WORDS.split())
