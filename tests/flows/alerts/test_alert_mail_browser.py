"""E-mails as Chromium shows them: by day, in the dark and at a phone's width.

VIGIE_SCREENSHOTS=docs/images keeps the pictures that docs/alerts.md shows.
"""

import base64
import io
import os
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from flows.alerts.chart import Week
from flows.alerts.render import Look, message
from flows.alerts.render_digest import digest_message
from flows.alerts.story import Reference
from models.events import Alternative, Change, Chosen, Message
from models.vocabulary import Kind, Life, News

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars "
    "--disable-component-update --disable-sync"
)
LOOKS = {"light": (680, "light"), "dark": (680, "dark"), "phone": (360, "light"), "phone-dark": (360, "dark")}
CONTRAST = """
const light = c => { const v = c / 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
const shine = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
const parts = s => s.match(/[\\d.]+/g).map(Number);
function paper(node) {
  for (; node; node = node.parentElement) {
    const c = parts(getComputedStyle(node).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c;
  }
  return [255, 255, 255];
}
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const out = [];
while (texts.nextNode()) {
  const node = texts.currentNode.parentElement, words = texts.currentNode.data.trim();
  if (!words) continue;
  const [a, b] = [shine(parts(getComputedStyle(node).color)), shine(paper(node))].sort((x, y) => y - x);
  out.push([words.slice(0, 40), (a + 0.05) / (b + 0.05)]);
}
return out;
"""
WIDER = """
return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.tagName + ' ' + e.textContent.slice(0, 40));
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Chrome"]:
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


def alert_mail(make: Any, now: Any) -> Message:
    """An update on a cut of which outlets tell different figures."""
    first = make.mention(
        company="Verdon Cloud",
        outlet="La Gazette numérique",
        title="Plan social chez Verdon Cloud : 93 postes menacés",
        article="https://gazette.example/verdon",
    )
    second = make.mention(
        company="Verdon Cloud",
        title="Verdon Cloud s'apprêterait à supprimer 120 postes",
        article="https://echo.example/verdon-cloud",
    )
    event = make.event(
        id="coupe-verdoncloud-2026",
        company="Verdon Cloud",
        life=Life.REPORTED,
        mentions=(first, second),
        headcount=Chosen(120, "r", (second.id,), (Alternative(93, (first.id,), ("La Gazette numérique",)),)),
        headcount_qualifier="about",
        percent=Chosen(13, "r", (second.id,)),
        unit="support et ventes",
        place="Lyon",
        reason="une baisse de la demande",
    )
    change = Change(event.id, News.FIGURE, "", "headcount", 93, 120, second.id)
    alert = make.alert(event, News.FIGURE, change=change, rule="grands plans", id="a1", first="a0")
    quote = (
        "Selon deux sources syndicales, l’hébergeur Verdon Cloud s’apprêterait à supprimer "
        "« environ 120 postes », soit 13 % de ses effectifs."
    )
    return message(alert, Look.MAIL, quote=quote, reference=Reference("a0", now - timedelta(days=2)))


def digest_mail(make: Any, now: Any) -> Message:
    """A week's digest: news, an update, a rumour, a denial, and a long name."""
    left = make.mention(kind=Kind.DEPARTURE, outlet="Code & Cie", article="https://code.example/moreau")
    rumour = make.mention(kind=Kind.DEPARTURE, outlet="Le Fil Tech", article="https://fil.example/petit")
    denied = make.mention(kind=Kind.DEPARTURE, outlet="Le Fil Tech", article="https://fil.example/roy")
    calypso = make.event(
        Kind.DEPARTURE,
        mentions=(left,),
        id="depart-moreau-calypso-2026",
        company="Calypso Robotics",
        person="Élise Moreau",
        successor="Karim Haddad",
    )
    successor = Change(calypso.id, News.SUCCESSOR, "", "successor", None, "Karim Haddad", left.id)
    long = "Compagnie européenne d’hébergement et de sauvegarde informatique"
    events = [
        make.alert(calypso, id="a1"),
        make.alert(calypso, News.SUCCESSOR, id="a2", change=successor),
        make.alert(
            make.event(
                Kind.DEPARTURE,
                mentions=(rumour,),
                life=Life.SPECULATED,
                id="depart-petit-lumio-2026",
                company="Lumio",
                person="Jean Petit",
                manner=("forced",),
            ),
            id="a3",
        ),
        make.alert(
            make.event(
                Kind.DEPARTURE,
                mentions=(denied,),
                life=Life.DENIED,
                id="depart-roy-nova-2026",
                company="Nova",
                person="Anne Roy",
            ),
            News.DENIED,
            id="a4",
            change=Change("", News.DENIED, "", mention=denied.id),
        ),
        make.alert(make.event(company=long, id="coupe-cehsi-2026", headcount=1), id="a5"),
        make.alert(make.event(company="Verdon Cloud", id="coupe-verdoncloud-2026"), id="a6"),
    ]
    counts = [
        (2, 0),
        (4, 320),
        (1, 45),
        (3, 1200),
        (0, 0),
        (5, 80),
        (2, 12_500),
        (6, 410),
        (3, 95),
        (4, 0),
        (7, 2300),
        (2, 500),
    ]
    monday = date(2026, 8, 31)
    weeks = [Week(monday + timedelta(weeks=n), *count) for n, count in enumerate(counts)]
    return digest_message(events, Look.MAIL, "bilan du matin", now=now, weeks=weeks)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["alert", "digest"])
def test_a_mail_can_be_read(browser: "Chrome", make: Any, now: Any, tmp_path: Path, name: str, look: str) -> None:
    mail = {"alert": alert_mail, "digest": digest_mail}[name](make, now)
    width, scheme = LOOKS[look]
    page = tmp_path / "mail.html"
    image = base64.b64encode(mail.image or b"").decode()
    shown = (mail.html or "").replace("cid:graphique", f"data:image/png;base64,{image}")
    page.write_text(shown, encoding="utf-8")
    metrics = {"width": width, "height": 400, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme_asked = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme_asked)
    browser.get(page.as_uri())
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(WIDER) == []
    texts = browser.execute_script(CONTRAST)
    assert len(texts) > 20
    assert [(words, ratio) for words, ratio in texts if ratio < 4.5] == []  # WCAG 2.2, AA
    drawn = browser.execute_script("return [...document.images].map(i => i.naturalWidth)")
    assert drawn == ([840] if name == "digest" else [])
    if (folder := os.environ.get("VIGIE_SCREENSHOTS")) and look != "phone-dark":  # the page shows three
        whole = {"format": "png", "captureBeyondViewport": True}
        picture = browser.execute_cdp_cmd("Page.captureScreenshot", whole)
        keep(base64.b64decode(picture["data"]), Path(folder) / f"{name}-mail-{look}.png")


def keep(picture: bytes, path: Path) -> None:
    """Save a picture with few colours: a third of the bytes, and nobody sees it."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(96).save(path, "PNG", optimize=True)
