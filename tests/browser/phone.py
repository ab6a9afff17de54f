"""A director's phone: a real Chromium with a profile that outlives it, before a line that can be cut."""

import datetime
import os
import signal
from pathlib import Path

from django.utils import timezone

from tests.browser.acts import answer_care, choose, enter, onward
from tests.browser.front import Front
from tests.builders import an_approved_file
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS, SCREENS, WHOLE_CHROMIUM
from visits.visit.models import Visit

PIN = "280417"
FILL_UP = """async () => {
  const upgrade = (made) => made.createObjectStore("all", { autoIncrement: true });
  const photos = await idb.openDB("photos", 1, { upgrade });
  for (const size of [400000, 40000, 4000, 400, 40]) {
    for (;;) {
      const tx = photos.transaction("all", "readwrite");
      const noise = offline.seal.toBase64(crypto.getRandomValues(new Uint8Array(Math.min(size, 65536))));
      tx.store.add(noise.repeat(Math.max(1, size / 65536))).catch(() => {});
      try { await tx.done; } catch (full) { break; }
    }
  }
  photos.close();
}"""


# a PIN is stretched for a second on purpose, which the tests of one would pay a hundred times
QUICK_PINS = """
const derive = SubtleCrypto.prototype.deriveBits;
SubtleCrypto.prototype.deriveBits = function (how, ...rest) {
  return derive.call(this, how.name === "PBKDF2" ? { ...how, iterations: 10 } : how, ...rest);
};
"""


class Phone:
    """One phone: a profile that outlives its browser."""

    def __init__(self, chromium, profile: Path, front: Front, *, keeps_pages=False):
        """``keeps_pages``: as phones do, and Playwright switches off, pages left stand ready in the history; the
        headless shell has no such thing."""
        self.chromium, self.profile, self.front = chromium, profile, front
        self.browser = WHOLE_CHROMIUM if keeps_pages else CHROMIUM
        self.left_out = ["--disable-back-forward-cache"] if keeps_pages else []
        self.switch_on()

    def switch_on(self):
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.profile,
            executable_path=self.browser,
            args=CHROMIUM_FLAGS,
            ignore_default_args=self.left_out,
            base_url=self.front.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=True,
            **SCREENS["phone"],
        )
        self.context.add_init_script(QUICK_PINS)
        self.page = self.context.pages[0]
        self.page.set_default_timeout(60_000)

    def die(self):
        """The browser is killed, as by an empty battery. Only processes of this profile."""
        with self.context.expect_event("close"):
            self._kill()

    def _kill(self):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if str(self.profile).encode() in command and b"chromium" in command:
                os.kill(int(pid), signal.SIGKILL)

    def shows(self, text: str):
        self.page.locator(f"main :text('{text}'):visible").first.wait_for()

    def arrived(self, number: int):
        """Until the server holds ``number`` visits."""
        for _look in range(600):
            if Visit.objects.count() == number:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{Visit.objects.count()} visits arrived, not {number}")

    def eventually(self, truth: str):
        """Until the expression, which may await, holds on the page."""
        self.page.evaluate(
            """(truth) => new Promise((done, failed) => {
              const look = async () => eval(truth), since = Date.now();
              (async function again() {
                if (await look()) done();
                else if (Date.now() - since > 60000) failed(new Error("not so: " + truth));
                else setTimeout(again, 50);
              })();
            })""".replace("eval(truth)", truth),
            truth,
        )

    def holds_files(self, number: int):
        """Until the phone has fetched a list of ``number``; the network comes and goes meanwhile."""
        self.eventually(
            f"""(window.nudge = window.nudge || setInterval(() => window.dispatchEvent(new Event("online")), 1000))
            && (await (await offline.store.db()).count("files")) === {number} """
        )
        self.page.evaluate("window.nudge = clearInterval(window.nudge)")

    def delivers(self):
        """Until the newest item is sent. The network comes and goes meanwhile, so that nobody waits for the half
        minute between two tries."""
        self.eventually(
            """(window.nudge = window.nudge || setInterval(() => window.dispatchEvent(new Event("online")), 1000))
            && (await offline.store.outbox())[0].state === "sent" """
        )

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

    def unfold(self):
        """Whoever has time stands folded away below the others."""
        self.page.locator("article.child").first.wait_for(state="attached")
        folds = "document.querySelectorAll('[data-screen=today] details.fold')"
        self.page.evaluate(folds + ".forEach((fold) => { fold.open = true; })")

    def fill_in(self, name: str):
        """The routine visit up to its last tap; gives the number of taps."""
        page = self.page
        self.unfold()
        page.locator("article.child", has_text=name).locator("a.btn-primary").click()
        onward(page)
        if page.locator("[data-step-key=care]:visible").count():
            page.click("[data-step-key=care]:visible")
            taps = 1
        else:
            answer_care(page)
            taps = 6
        onward(page)
        choose(page, "hazard", "no")
        onward(page)
        return 1 + 1 + taps + 1 + 1 + 1

    def save(self):
        self.page.click(".step-last-only.btn-primary")

    def save_as_of(self, day, late_reason: str):
        """From the last step back to the first: it was made on ``day``; then save."""
        self.page.evaluate("history.go(-3)")
        self.page.locator("[name=visited_on]:visible").wait_for()
        self.page.fill("[name=visited_on]", str(day))
        self.page.fill("[name=late_reason]", late_reason)
        for _step in range(3):
            onward(self.page)
        self.save()

    def log(self, name: str):
        self.fill_in(name)
        self.save()
        self.page.locator("[data-item]").first.wait_for()

    def send(self):
        self.page.click("[data-do=send]")


def a_child(director, name="张子涵", *, days: int = 36):
    return an_approved_file(
        director.unit, by=director, name=name, on=timezone.localdate() - datetime.timedelta(days=days)
    )
