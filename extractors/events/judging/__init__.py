"""A second reading: a small encoder sees the whole document, and what the rules found is weighed by what it sees.

Rules find names, posts, figures and dates with their proofs; the encoder is better at who leaves what, and whether
that is news. Both propose, `judge` decides. Trained on the labelled corpus by `make train`.
"""

from extractors.events.judging.judge import Judge, bundled, judge_of
from extractors.events.judging.opinions import Opinion, opinion_of

__all__ = ["Judge", "Opinion", "bundled", "judge_of", "opinion_of"]
