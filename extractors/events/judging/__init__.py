"""A second reading, learned: which mentions are the story's news, recalled, or a mistake of the rules.

The rules say what a mention is and prove it with quotes; whether it is the *news* of the story is a matter of
many weak signs, which two small linear models weigh: `prior` reads the document's words, `verdicts` the mention
beside that. Weights are data (`weights.json.gz`), made by `make train` from the labelled corpus; what they gain on
documents they were not trained on is in docs/quality.md.
"""

from extractors.events.judging.judge import Judge, bundled

__all__ = ["Judge", "bundled"]
