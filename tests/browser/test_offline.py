"""A director's phone in a valley without a signal: a real Chromium with its own profile, a server that is really gone."""

import datetime
import os
import re
import shutil
import signal
from pathlib import Path

import pytest
from django.utils import timezone

from tests.browser.acts import axe_finds_nothing_serious, choose, enter, onward
from tests.browser.front import Front
from tests.builders import a_post, a_visit, a_village, an_approved_file
from tests.conftest import CHROMIUM_FLAGS, SCREENS
from visits.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PIN = "280417"


class Phone:
    """One phone: a profile that outlives its browser."""

    def __init__(self, chromium, profile: Path, front: Front):
        self.chromium, self.profile, self.front = chromium, profile, front
        self.switch_on()

    def switch_on(self):
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.profile,
            executable_path=shutil.which("chromium"),
            args=CHROMIUM_FLAGS,
            base_url=self.front.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
            **SCREENS["phone"],
        )
        self.page = self.context.pages[0]
        self.page.set_default_timeout(15_000)

    def die(self):
        """The browser is killed, as by an empty battery. Only processes of this profile."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if str(self.profile).encode() in command and b"chromium" in command:
                os.kill(int(pid), signal.SIGKILL)
        self.context.wait_for_event("close") if self.context.pages else None

    def shows(self, text: str):
        self.page.locator(f"main :text('{text}'):visible").first.wait_for()

    def set_up(self, post, pin: str = PIN):
        """Sign in with a network, choose a PIN, hold the list and the shell."""
        enter(self.page, post)
        self.page.goto("/offline/")
        self.page.fill("#pin-new", pin)
        self.page.fill("#pin-again", pin)
        self.page.click("text=设好，开始使用")
        self.page.locator("[data-screen=today]:visible").wait_for()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => caches.keys())")

    def unlock(self, pin: str = PIN):
        self.page.goto("/offline/")
        self.page.fill("#pin", pin)
        self.page.click("[data-do=pin] button")

    def fill_in(self, name: str):
        """The routine visit up to its last tap; gives the number of taps."""
        page = self.page
        page.locator("article.child", has_text=name).locator("a.btn-primary").click()
        onward(page)
        if page.locator("[data-do=same]:visible").count():
            page.click("[data-do=same]")
            taps = 1
        else:
            for field in ("carer", "care", "living", "attendance", "health", "mood"):
                page.locator(f'label.answer:has(input[name="{field}"])').first.click()
            taps = 6
        onward(page)
        choose(page, "hazard", "no")
        onward(page)
        return 1 + 1 + taps + 1 + 1 + 1

    def save(self):
        self.page.click(".step-last-only.btn-primary")

    def log(self, name: str):
        self.fill_in(name)
        self.save()
        self.page.locator("[data-item]").first.wait_for()

    def send(self):
        self.page.click("[data-do=send]")


@pytest.fixture
def front(live_server):
    made = Front(live_server.url)
    yield made
    made.stop()


@pytest.fixture
def phone(chromium, front, tmp_path):
    made = Phone(chromium, tmp_path / "profile", front)
    yield made
    made.context.close()


@pytest.fixture
def director():
    return a_post(a_village())


def a_child(director, name="张子涵", *, days: int = 36):
    return an_approved_file(
        director.unit, by=director, name=name, on=timezone.localdate() - datetime.timedelta(days=days)
    )


def test_a_visit_in_the_valley_arrives_once_with_a_receipt(director, phone, front):
    child = a_child(director)
    a_visit(child, by=director, visited_on=timezone.localdate() - datetime.timedelta(days=33), late_reason="补录")
    phone.set_up(director)
    axe_finds_nothing_serious(phone.page)
    front.stop()
    phone.page.goto("/offline/")
    phone.shows("逾期 3 天")
    taps = phone.fill_in("张子涵") + 1
    assert taps <= 8
    axe_finds_nothing_serious(phone.page)
    phone.save()
    phone.shows("已存本机")
    assert Visit.objects.count() == 1, "nothing has reached the server"
    front.start()
    phone.send()
    phone.shows("已送达（回执")
    visit = Visit.objects.exclude(late_reason="补录").get()
    assert visit.child == child and visit.hazards == [] and visit.made_by == director.person
    assert visit.receipt in phone.page.inner_text("[data-item]")
    axe_finds_nothing_serious(phone.page)
