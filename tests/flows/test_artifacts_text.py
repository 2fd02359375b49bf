"""The Markdown of a run's artifacts: what comes from the web is shown, and does nothing."""

from datetime import UTC, datetime

import pytest

from flows.artifacts_text import deliveries_markdown, digest_markdown, escaped, events_markdown, feeds_table, link
from flows.pipeline_summary import Cycle, CycleSummary, Delivered, Failure, Polled, Telling
from models.records import Feed, FeedResult, Fetched
from models.vocabulary import Health, Outcome

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("<img src=x onerror=alert(1)>", "‹img src=x onerror=alert(1)›"),
        ("[clic](javascript:alert(1))", r"\[clic\](javascript:alert(1))"),
        ("*gras* _plus_ ~rien~", r"\*gras\* \_plus\_ \~rien\~"),
        ("une ligne\n\n# puis un titre", "une ligne # puis un titre"),
        ("`code`", "’code’"),
        ("À 15 % (soit 1.5)", "À 15 % (soit 1.5)"),
    ],
)
def test_text_from_the_web_stays_text(hostile: str, shown: str) -> None:
    assert escaped(hostile) == shown


def test_a_link_leads_to_the_web_or_nowhere() -> None:
    assert link("Titre [x](y)", "https://a.example/b(c)") == "[Titre (x)(y)](<https://a.example/b%28c%29>)"
    assert link("Titre", "javascript:alert(1)") == "Titre"


def test_what_failed_is_told() -> None:
    summary = CycleSummary(NOW, 1.0, failed=(Failure("Alpha", "délai dépassé"),))
    text = events_markdown(Telling(), summary)
    assert "Rien de nouveau." in text
    assert "- Alpha : délai dépassé" in text
    assert "Le rapport" not in text


def test_the_report_is_one_click_away() -> None:
    text = events_markdown(Telling(), CycleSummary(NOW, 1.0), "http://127.0.0.1:4200/artifacts/key/vigie-digest")
    assert text.endswith("(<http://127.0.0.1:4200/artifacts/key/vigie-digest>)")


def test_feeds_that_ail_come_first() -> None:
    well = Feed("https://a.example/f", publisher="A", health=Health.FRESH)
    ill = Feed("https://z.example/f", publisher="Z", health=Health.UNREACHABLE, health_note="délai dépassé")
    result = FeedResult(ill, Fetched(ill.url, Outcome.FAILED, NOW, error="délai dépassé"))
    rows = feeds_table(Cycle(polled=Polled((result,))), [well, ill])
    assert [row["flux"] for row in rows] == ["Z", "A"]
    assert [row["cycle"] for row in rows] == ["failed", "non dû"]


def test_deliveries_given_up_come_first() -> None:
    lost, late = Failure("panne", "réponse 410 ; abandonnée"), Failure("lent", "pas de réponse en 20 s")
    shown = deliveries_markdown(Delivered(3, (late, lost), (lost,)))
    assert shown.index("## Abandonnés") < shown.index("panne") < shown.index("## Repris plus tard")
    assert shown.count("panne") == 1
    assert "## Repris" not in deliveries_markdown(Delivered(0, (lost,), (lost,)))


@pytest.mark.parametrize(
    ("sent", "words"), [(0, "0\u00a0envoi fait,"), (1, "1\u00a0envoi fait,"), (2, "2\u00a0envois faits,")]
)
def test_a_plural_begins_at_two(sent: int, words: str) -> None:
    assert words in deliveries_markdown(Delivered(sent))
    assert digest_markdown([], 1).startswith("# Vigie : 0\u00a0événement en 1\u00a0heure\n")
