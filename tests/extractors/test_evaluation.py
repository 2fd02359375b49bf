"""Scores of predictions against labelled documents."""

import importlib.util
import json
import random
from pathlib import Path
from typing import Any

import pytest

from extractors.agreement import likeness, same_person, same_text, same_value
from extractors.evaluation import Count, evaluate, read_gold, render
from models.errors import InputError

SCORE = Path(__file__).parents[2].parent / "shared" / "tools" / "score.py"
NAMES = ["Nordalia", "Nordalia Group", "Vélibris", "Octopia SA", "Kestrel"]
PEOPLE = ["Ana Lopes", "A. Lopes", "Lopes", "Marc Téno", "Jean-Marc Téno", "Zoé Van der Berg"]


def departure(**fields: Any) -> dict[str, Any]:
    base = {
        "kind": "departure",
        "salience": "main",
        "person": "Ana Lopes",
        "company": "Nordalia",
        "status": "confirmed",
    }
    return base | {"role_codes": ["CEO"], "manner": ["voluntary"], "date": "2024-05"} | fields


def layoff(**fields: Any) -> dict[str, Any]:
    base = {"kind": "layoff", "salience": "main", "company": "Nordalia", "headcount": 120, "status": "confirmed"}
    return (
        base
        | {"headcount_qualifier": "exact", "percent": None, "unit": None, "place": None, "date": None}
        | fields
    )


def gold(events: list[dict[str, Any]], labels: list[str] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": "d", "labels": labels or [], "events": events} | more


def test_all_right() -> None:
    events = [departure(), layoff()]
    scores = evaluate([gold(events, ["departure", "layoff"])], [gold(events, ["departure", "layoff"])])
    assert {name for name, count in scores.counts.items() if count.f1 != 1} == set()
    assert scores.counts["main"] == Count(2, 0, 0)
    assert scores.errors == ()


def test_nothing_predicted_is_missed() -> None:
    scores = evaluate([gold([departure()], ["departure"])], [])
    assert scores.counts["all"] == Count(0, 0, 1)
    assert scores.counts["label.departure"] == Count(0, 0, 1)


def test_background_told_as_main_is_a_false_alarm() -> None:
    scores = evaluate([gold([departure(salience="background")])], [gold([departure()])])
    assert scores.counts["all"].right == 1
    assert scores.counts["main"] == Count(0, 1, 0)


def test_an_optional_event_is_neither_right_nor_wrong() -> None:
    scores = evaluate([gold([], optional_events=[layoff()])], [gold([layoff()])])
    assert "all" not in scores.counts


def test_a_list_and_none_in_it() -> None:
    wanted = layoff(headcount=[120, 130], place=["Lyon", None], unit=["ventes", None])
    scores = evaluate([gold([wanted])], [gold([layoff(headcount=130, unit="support")])])
    assert scores.counts["slot.layoff.headcount"] == Count(1, 0, 0)
    assert "slot.layoff.place" not in scores.counts
    assert scores.counts["slot.layoff.unit"] == Count(0, 1, 0)


@pytest.mark.parametrize(
    ("value", "wanted", "right"),
    [
        ("2024-05-12", "2024-05", True),
        ("2024-05", "2024-05-12", False),
        ("2024-06", "2024-05", False),
        ("2024-05-12", ["2023", "2024"], True),
    ],
)
def test_dates_are_right_at_the_golds_precision(value: str, wanted: Any, right: bool) -> None:
    assert same_value("date", value, wanted) is right


def test_numbers_within_one_percent() -> None:
    assert same_value("headcount", 12_000, 12_050)
    assert not same_value("headcount", 12_000, 12_500)
    assert not same_value("percent", "beaucoup", 12)


def test_names() -> None:
    assert same_text("Groupe Nordalia", "Nordalia")
    assert not same_text("Nordalia", "Vélibris")
    assert same_person("A. Lopes", "Ana Lopes")
    assert not same_person("Ana Lopes", "Marc Téno")


def test_pairs_are_made_surest_first() -> None:
    golds = [layoff(headcount=50), layoff(headcount=120, date="2024-05")]
    assert likeness(layoff(date="2024-05"), golds[1]) > likeness(layoff(date="2024-05"), golds[0])
    scores = evaluate([gold(golds)], [gold([layoff(date="2024-05"), layoff(headcount=50)])])
    assert scores.counts["slot.layoff.headcount"] == Count(2, 0, 0)


def test_intervals_hold_the_figure_and_repeat() -> None:
    documents = [gold([departure()], ["departure"]) | {"id": f"d{i}"} for i in range(20)]
    told = [d for i, d in enumerate(documents) if i % 4]
    first, second = evaluate(documents, told), evaluate(documents, told)
    interval = first.intervals["main"]
    assert interval.low < first.counts["main"].f1 < interval.high
    assert first.intervals == second.intervals


def test_the_table_names_every_measure_and_the_errors() -> None:
    scores = evaluate([gold([departure()], ["departure"])], [])
    text = render(scores, errors=True)
    assert all(name in text for name in scores.counts)
    assert "d : label departure is missed" in text


def test_reading_gold(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="aucun document"):
        read_gold(tmp_path)
    (tmp_path / "storyline.json").write_text("{}")
    (tmp_path / "a.json").write_text(json.dumps(gold([])))
    assert [d["id"] for d in read_gold(tmp_path)] == ["d"]
    (tmp_path / "b.json").write_text("[]")
    with pytest.raises(InputError, match="document annoté"):
        read_gold(tmp_path)
    (tmp_path / "b.json").write_text("{")
    with pytest.raises(InputError, match="illisible"):
        read_gold(tmp_path)


def _random_event(draw: random.Random, *, lists: bool) -> dict[str, Any]:
    def one(values: list[Any]) -> Any:
        return draw.sample(values, 2) if lists and draw.random() < 0.3 else draw.choice(values)

    event: dict[str, Any] = {
        "kind": draw.choice(["departure", "layoff"]),
        "salience": one(["main", "background"]),
        "company": one(NAMES),
        "date": one([None, "2024", "2024-05", "2024-05-12"]),
        "status": one(["confirmed", "reported", "speculated"]),
    }
    if event["kind"] == "departure":
        event |= {
            "person": draw.choice(PEOPLE),
            "role_codes": draw.sample(["CEO", "CTO", "FOUNDER"], draw.randint(0, 2)),
        }
        event |= {
            "manner": draw.sample(["voluntary", "forced"], draw.randint(0, 2)),
            "destination": one([None, *NAMES]),
        }
        return event | {"successor": one([None, *PEOPLE])}
    event |= {"headcount": one([None, 100, 100.5, 300]), "headcount_qualifier": one([None, "about", "exact"])}
    return event | {
        "percent": one([None, 5, 50]),
        "unit": one([None, "ventes"]),
        "place": one([None, "Lyon", "France"]),
    }


def _random_document(draw: random.Random, name: str, *, lists: bool) -> dict[str, Any]:
    events = [_random_event(draw, lists=lists) for _ in range(draw.randint(0, 4))]
    labels = draw.sample(["departure", "layoff"], draw.randint(0, 2))
    optional = [_random_event(draw, lists=lists) for _ in range(draw.randint(0, 2))] if lists else []
    return {"id": name, "labels": labels, "events": events, "optional_events": optional}


@pytest.mark.shared
@pytest.mark.skipif(not SCORE.exists(), reason="needs ../shared/tools/score.py")
@pytest.mark.parametrize("seed", range(20))
def test_the_same_figures_as_the_reference_scorer(seed: int) -> None:
    spec = importlib.util.spec_from_file_location("score", SCORE)
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    draw = random.Random(seed)  # noqa: S311 - no secret
    documents = [_random_document(draw, f"d{i}", lists=True) for i in range(30)]
    predictions = [_random_document(draw, f"d{i}", lists=False) for i in range(0, 30, draw.randint(1, 2))]
    figures, errors = reference.score(documents, {p["id"]: p for p in predictions})
    mine = evaluate(documents, predictions, intervals=False)
    assert mine.as_json()["figures"] == figures
    assert len(mine.errors) == len(errors)
