"""What is told doubtfully alone is in no count, no artifact and no signal of a cycle."""

from datetime import UTC, datetime

import pytest

from extractors import stories
from flows.pipeline_summary import Telling
from flows.pipeline_tell import added
from models.dates import PartialDate
from models.events import Provenance, SourcedMention
from models.queries import Told
from models.records import DOUBTFUL, Article, Evidence, Mention
from models.vocabulary import Kind, Salience

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DOUBT = {"salience": Evidence("text", 0, 2, "Le", DOUBTFUL)}


@pytest.mark.parametrize(("evidence", "shown"), [(DOUBT, 0), ({}, 1)])
def test_an_event_that_is_told_doubtfully_is_in_no_count(evidence: dict[str, Evidence], shown: int) -> None:
    article = Article("https://a.example/1", "Le plan", "Le plan d'Orbio.", NOW)
    mention = Mention(Kind.LAYOFF, Salience.BACKGROUND, company="Orbio", headcount=300, evidence=evidence)
    place = Provenance(article.url, "a", article.url, "Le plan", PartialDate("2026-11-22"))
    resolutions = stories.Memory().tell([SourcedMention("m", mention, place)])
    told = Told(article.url, 1, events=(resolutions[0].event.id,))
    total = added(Telling(), article, told, resolutions)
    assert (total.articles, total.mentions, total.new, len(total.resolutions)) == (1, 1, shown, shown)
