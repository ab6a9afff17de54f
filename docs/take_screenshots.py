"""Takes the pictures of README.md from a running demo (``./dev run``), in the system's Chromium.

.venv/bin/python docs/take_screenshots.py [http://127.0.0.1:8000/]     needs the development pins; reads CWR_HOME
"""

import io
import json
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("CWR_HOME", ROOT / "var"))
TARGET = ROOT / "docs" / "screenshots"
LARGEST = 200 * 1024  # bytes a picture, so that a clone stays light
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP = {"viewport": {"width": 1366, "height": 768}}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def main(address: str) -> None:
    accounts = {account["role"]: account for account in json.loads((HOME / "demo.json").read_text())}
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"), args=FLAGS)
        for role, screen, tour in TOURS:
            context = chromium.new_context(base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", **screen)
            page = context.new_page()
            enter(page, accounts[role])
            tour(page)
            context.close()
        chromium.close()
    hero()


def enter(page: Page, account: dict) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=username]", account["username"])
    page.fill("[name=password]", account["password"])
    page.click("main button.btn-primary")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def director(page: Page) -> None:
    page.goto("/today/")
    keep(page, "director-today")
    page.click(".child-do .btn-primary >> nth=0")
    page.wait_for_url("**/visit/")
    page.click(".step-next:visible")
    for name, value in {"carer": "same", "care": "good", "living": "good"}.items():
        page.click(f'label.answer:has(input[name="{name}"][value="{value}"])')
    page.evaluate("window.scrollTo(0, 0)")
    keep(page, "director-visit")
    page.goto("/eligibility/")
    page.fill("[name=birth_date]", "2017-03-15")
    for name, value in {"registration": "rural", "father_state": "dead", "mother_state": "alive"}.items():
        page.click(f'label.answer:has(input[name="{name}"][value="{value}"])')
    page.select_option("[name=mother_situation]", "imprisoned")
    page.fill("[name=mother_since]", "2025-01-10")
    page.fill("[name=mother_until]", "2028-01-09")
    page.click("main form button.btn-primary")
    page.wait_for_selector("[data-verdict]")
    keep(page, "director-eligibility")
    page.goto("/alerts/new/")
    keep(page, "director-alert")
    page.goto("/ledger/")
    keep(page, "director-month")
    page.goto("/offline/")
    page.locator("input[type=password]:visible").nth(0).fill("246810")
    page.locator("input[type=password]:visible").nth(1).fill("246810")
    page.locator("button.btn-primary:visible").click()
    page.locator(".child:visible").first.wait_for()
    keep(page, "director-offline")


def clerk(page: Page) -> None:
    page.goto("/review/")
    keep(page, "clerk-review")
    page.goto("/children/?state=approved")
    page.click("table a[href*='/children/'] >> nth=0")
    keep(page, "clerk-file")
    page.goto("/visits/work/")
    keep(page, "clerk-work")


def county(page: Page) -> None:
    page.goto("/figures/")
    keep(page, "county-ledger")
    page.goto("/quality/")
    keep(page, "county-quality")
    page.goto("/ledger/")
    keep(page, "county-month")
    page.goto("/cross/?rows=category&columns=visit")
    keep(page, "county-crossing")
    page.goto("/requests/")
    keep(page, "county-requests")


def city(page: Page) -> None:
    page.goto("/figures/")
    page.wait_for_timeout(1500)  # the map and the trend are drawn
    keep(page, "city-overview")


def keep(page: Page, name: str) -> None:
    """Write the picture, with as many colours as LARGEST allows."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    write(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), name)


def write(picture: Image.Image, name: str) -> None:
    for colours in (256, 128, 64, 32):
        small = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
        if small.tell() <= LARGEST:
            break
    (TARGET / f"{name}.png").write_bytes(small.getvalue())
    print(f"{name}.png {small.tell() // 1024} KB")


def hero() -> None:
    """The city's screen with the director's phone before it."""
    wide = Image.open(TARGET / "city-overview.png").convert("RGB")
    tall = Image.open(TARGET / "director-today.png").convert("RGB").resize((312, 675), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", (1560, 848), "#e9eef2")
    picture.paste(wide, (28, 28))
    picture.paste("#1b2733", (1208, 131, 1536, 822))
    picture.paste(tall, (1216, 139))
    write(picture, "hero")


TOURS = (
    ("village_director", PHONE, director),
    ("township_clerk", DESKTOP, clerk),
    ("county_officer", DESKTOP, county),
    ("city_officer", DESKTOP, city),
)

if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/")
