"""`vigie serve` in a real process, a run that the scheduler triggers, and its page as Chromium shows it.

VIGIE_SCREENSHOTS=docs/images keeps the pictures that docs/operations.md shows.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from models.records import Feed
from models.store import Store

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from tests.flows.conftest import Newsroom


pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1180,860"
)


def ask(api: str, path: str, body: Any = None) -> Any:
    """One exchange with Prefect's API."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{api}/{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def awaited(what: str, found: Callable[[], Any], seconds: float = 900) -> Any:
    """What `found` gives at last; it may fail meanwhile."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if answer := found():
                return answer
        except OSError:
            pass
        time.sleep(1)
    pytest.fail(f"{what}: not within {seconds} s")


@pytest.fixture
def api(newsroom: "Newsroom", config: Path, tmp_path: Path, free_port: int) -> Iterator[str]:
    """The API of a `vigie serve` that was started in another folder."""
    with Store.open(f"sqlite:///{config.parent / 'vigie.db'}") as store:
        store.add_feeds([Feed(url=f"{newsroom.base}/{site}/feed", publisher=site) for site in newsroom.sites])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "PREFECT_"))} | {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_API_PORT": str(free_port),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [sys.executable, "-c", "from flows.cli import main; main()", "--config", str(config), "serve"]
    with (tmp_path / "serve.log").open("wb") as log:
        served = subprocess.Popen(command, cwd=elsewhere, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{free_port}/api"
            awaited("deployments", lambda: len(ask(address, "deployments/filter", {})) == 5)
            yield address
        finally:
            served.terminate()
            served.wait(240)
    with socket.socket() as after:
        assert after.connect_ex(("127.0.0.1", free_port)) != 0, "the server outlived `vigie serve`"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator["Chrome"]:
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path / 'chromium'}"):
        options.add_argument(flag)
    driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


def scheduled_run(api: str) -> dict[str, Any]:
    """A run of the watch that the scheduler made, once it has ended."""
    watch = next(d for d in ask(api, "deployments/filter", {}) if d["name"] == "watch")
    ask(api, f"deployments/{watch['id']}/schedules", [{"active": True, "schedule": {"interval": 45}}])
    chosen = {"deployments": {"id": {"any_": [watch["id"]]}}, "sort": "EXPECTED_START_TIME_ASC", "limit": 1}

    def ended() -> dict[str, Any] | None:
        runs = ask(api, "flow_runs/filter", chosen)
        return runs[0] if runs and runs[0]["state_type"] in ("COMPLETED", "FAILED", "CRASHED") else None

    run: dict[str, Any] = awaited("a scheduled run", ended)
    return run


def page(browser: "Chrome", url: str, *words: str, picture: str) -> str:
    """The text of a page once it shows the words; its picture is kept where one is asked for."""
    browser.get(url)

    def text() -> str:
        return str(browser.execute_script("return document.body.innerText"))

    awaited(f"{words} on {url}", lambda: all(word in text() for word in words))
    if folder := os.environ.get("VIGIE_SCREENSHOTS"):
        time.sleep(2)  # for the animation of the timeline
        browser.save_screenshot(str(Path(folder) / picture))
    return text()


def test_a_scheduled_run_shows_its_state_logs_events_and_feeds(
    api: str, browser: "Chrome", newsroom: "Newsroom"
) -> None:
    install_automations(api)
    run = scheduled_run(api)
    assert run["state_type"] == "COMPLETED"
    assert run["auto_scheduled"]
    ui = api.removesuffix("/api")
    shown = page(
        browser,
        f"{ui}/runs/flow-run/{run['id']}",
        "watch 2 feeds",
        "Completed",
        "flows.pipeline",
        picture="prefect-run.png",
    )
    assert "/hook" not in shown
    chosen = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    artifacts = {a["key"]: a["id"] for a in ask(api, "artifacts/filter", chosen)}
    events = f"{ui}/artifacts/artifact/{artifacts['vigie-events']}"
    page(browser, events, "Étienne Moreau", "Verdon Cloud", "120 postes", picture="prefect-events.png")
    report = browser.find_element("partial link text", "Le rapport").get_attribute("href")
    assert report == f"{ui}/artifacts/key/vigie-digest"
    feeds = f"{ui}/artifacts/artifact/{artifacts['vigie-feeds']}"
    page(browser, feeds, "alpha", "beta", "fresh", picture="prefect-feeds.png")
    made = awaited("the digest that a new layoff starts", lambda: made_by_automation(api))
    assert made["name"].startswith("digest")
    keyed = {"artifacts": {"key": {"any_": ["vigie-digest"]}}}
    awaited("the digest's artifact", lambda: ask(api, "artifacts/filter", keyed))
    page(browser, report, "vigie-digest", picture="prefect-digest.png")


def install_automations(api: str) -> None:
    """The two examples, as an operator installs them."""
    script = Path(__file__).parents[2] / "deployments" / "examples" / "automations.py"
    environment = {**os.environ, "PREFECT_API_URL": api}
    said = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True, timeout=900
    )
    assert said.stdout.count("created: vigie") == 2


def made_by_automation(api: str) -> dict[str, Any] | None:
    """A digest that has begun and that no schedule made: nobody else starts one here."""
    runs = ask(api, "flow_runs/filter", {"sort": "EXPECTED_START_TIME_ASC", "limit": 50})
    made = (r for r in runs if r["name"].startswith("digest") and not r["auto_scheduled"] and r["start_time"])
    found: dict[str, Any] | None = next(made, None)
    return found
