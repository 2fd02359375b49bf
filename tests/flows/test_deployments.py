"""What deployments/ says is what `vigie serve` serves; what cannot be run here is at least parsed and compared."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.cli.api import without_password
from flows.logging_setup import prefect_environment

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deployments"


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """deployments/prefect.yaml."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / "prefect.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """deployments/compose.yaml."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_the_file_and_serve_say_the_same(written: dict[str, Any]) -> None:
    from flows.serving import PLANS, ZONE

    of_file = {d["name"]: d for d in written["deployments"]}
    assert set(of_file) == {plan.name for plan in PLANS}
    for plan in PLANS:
        found = of_file[plan.name]
        assert found["entrypoint"] == plan.entrypoint
        schedules = [(s["cron"], s["timezone"]) for s in found["schedules"]]
        assert schedules == ([(plan.cron, ZONE)] if plan.cron else [])
        assert found["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def test_the_shards_that_the_documentation_shows_are_whole(written: dict[str, Any]) -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (shown,) = yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0])
    (watch,) = (d for d in written["deployments"] if d["name"] == "watch")
    count = shown["concurrency_limit"]["limit"]
    parts = [schedule["parameters"] for schedule in shown["schedules"]]
    assert parts == [{"shard": n, "shards": count} for n in range(count)]
    assert {(s["cron"], s["timezone"]) for s in shown["schedules"]} == {
        (s["cron"], s["timezone"]) for s in watch["schedules"]
    }
    assert (shown["entrypoint"], shown["work_pool"]) == (watch["entrypoint"], watch["work_pool"])


def test_entry_points_are_dotted_and_lead_to_flows(written: dict[str, Any]) -> None:
    from prefect.flows import Flow, load_flow_from_entrypoint

    assert written["pull"] == []
    for deployment in written["deployments"]:
        assert re.fullmatch(r"flows\.\w+\.\w+", deployment["entrypoint"])
        assert isinstance(load_flow_from_entrypoint(deployment["entrypoint"]), Flow)


def test_parameters_are_described_for_the_form_in_the_ui() -> None:
    from flows.digest import send_digests
    from flows.watch import watch_feeds

    for flow in (watch_feeds, send_digests):
        schema = flow.parameters.model_dump()
        assert schema["properties"]
        assert all(p.get("description") for p in schema["properties"].values()), schema


def test_compose_is_whole(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {"postgres", "server", "worker", "schema", "deploy"} == set(services)
    for service in services.values():
        for other in service.get("depends_on", {}):
            assert other in services
        for source in (v.split(":")[0] for v in service.get("volumes", []) if v.startswith("./")):
            assert (FOLDER / source).exists() or source == "./vigie.toml", source
    assert services["server"]["ports"][0].startswith("127.0.0.1:"), "Prefect's server has no login of its own"
    pinned = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "prefect==3.8.8" in pinned


def test_no_secret_is_written_down() -> None:
    for path in FOLDER.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            for value in re.findall(r"PASSWORD[=:][ \t]*([^\s?]+)", text):
                assert value.startswith(("${", "\\$")), f"{path.name}: {value}"


def test_the_image_is_slim_and_has_no_root() -> None:
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    stages = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert stages == ["python:3.11-slim", "python:3.11-slim"]
    assert text.index("USER vigie") < text.index("ENTRYPOINT")
    assert "HEALTHCHECK" in text
    assert "--require-hashes requirements.lock" in text
    assert text.count("uv pip") == text.count("--compile-bytecode")  # its user may not write any


def test_the_image_has_the_newsroom_where_the_demo_looks() -> None:
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    assert "COPY deployments/newsroom /opt/vigie/lib/python3.11/site-packages/deployments/newsroom" in text
    beside = Path("site-packages/flows/demo/stories.py").parents[2] / "deployments" / "newsroom"
    assert beside == Path("site-packages/deployments/newsroom")


@pytest.mark.parametrize(
    "private", ["vigie.toml", "deployments/vigie.toml", "deployments/.env", "deployments/channels.env"]
)
def test_what_holds_secrets_is_in_no_commit_and_no_image(private: str) -> None:
    for name in (".gitignore", ".dockerignore"):
        patterns = [p.removeprefix("**/") for p in (ROOT / name).read_text(encoding="utf-8").split()]
        anchored = [p.lstrip("/") for p in patterns]
        found = any(fnmatch(private, p) or fnmatch(Path(private).name, p) for p in anchored if p != "*")
        assert found, f"{private} is not in {name}"


def test_workers_have_the_variables_of_their_channels_and_no_superuser(compose: dict[str, Any]) -> None:
    assert compose["services"]["worker"]["env_file"] == [{"path": "./channels.env", "required": False}]
    assert "env_file" not in compose["services"]["postgres"]


def test_vigie_starts_prefect_without_warnings_of_lines_outside_runs() -> None:
    from prefect.settings import PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW

    name = PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW.name
    assert prefect_environment()[name] == "ignore"


def test_no_address_is_shown_with_its_password() -> None:
    assert without_password("https://nom:mot@hote:4200/api") == "https://hote:4200/api"
    assert without_password("http://127.0.0.1:4200/api") == "http://127.0.0.1:4200/api"
