"""What happens to a phone besides visits: it is lost, put away, handed on, restored, or too old."""

import pytest
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from orgs.posts.services import end_appointment
from tests.browser.acts import choose, enter_by_hand
from tests.browser.phone import PIN, Phone, a_child
from tests.builders import a_post, a_visit
from visits.phones.models import SyncItem, SyncPhone
from visits.phones.services.wipe import order_wipe
from visits.visit.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
DROP = "navigator.serviceWorker.getRegistration('/').then((found) => found.active.postMessage({ type: 'drop' }))"
HELD = """async () => {
  const db = await offline.store.db(), of = (name) => db.count(name);
  return [await of("locks"), await of("files"), await of("drafts"), await of("blobs"), await of("outbox")];
}"""


def lock(phone):
    phone.page.goto("/offline/#outbox")
    phone.page.click("summary:has-text('本机资料')")
    with phone.page.expect_navigation():
        phone.page.click("[data-do=lock]")


def a_draft(phone):
    """Something is being written, and lies on the phone."""
    phone.page.goto("/offline/#today")
    phone.page.locator("article.child a.btn-primary").first.click()
    phone.page.locator("#visit").wait_for()
    choose(phone.page, "method", "school")
    phone.eventually('(await (await offline.store.db()).count("drafts")) === 1')


def put_away(phone):
    """Until the draft is written and the form left."""
    phone.page.goto("/offline/#outbox")
    phone.page.locator("[data-screen=outbox]:visible").wait_for()


def test_a_lost_phone_sends_what_it_holds_and_wipes_itself(director, phone, front):
    a_child(director), a_child(director, "李明轩")
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    a_draft(phone)
    put_away(phone)
    order_wipe(SyncPhone.objects.get(), by=a_post(director.unit.township), reason="手机丢失")
    front.start()
    phone.send()
    phone.shows("按工作站的要求")
    assert Visit.objects.get().made_by == director.person, "what was saved was sent before"
    assert phone.page.evaluate(HELD)[:4] == [0, 0, 0, 0]
    assert SyncPhone.objects.get().wiped_at
    assert "张子涵" not in phone.page.inner_text("body")


def test_a_locked_phone_without_a_session_obeys_too(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    lock(phone)
    phone.context.clear_cookies()
    order_wipe(SyncPhone.objects.get(), by=a_post(director.unit.township), reason="手机被盗")
    front.start()
    phone.page.goto("/offline/")
    told = phone.page.locator("main :text('按工作站的要求'):visible").first
    try:  # it is told once, on the load that hears it: on a slow machine the first already does
        told.wait_for(timeout=5000)
    except PlaywrightTimeout:
        phone.page.reload()
        told.wait_for()
    assert phone.page.evaluate(HELD) == [0, 0, 0, 0, 1], "the sealed visit waits for its owner's session"
    assert SyncPhone.objects.get().wiped_at and not Visit.objects.exists()
    enter_by_hand(phone.page, director)
    phone.page.goto("/offline/")
    phone.delivers()
    assert Visit.objects.get().made_by == director.person


def test_a_post_that_ended_leaves_no_list_and_loses_no_visit(director, phone, front):
    child = a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    a_draft(phone)
    put_away(phone)
    end_appointment(director, by=a_post(director.unit.city, "city_admin"), on=timezone.localdate())
    front.start()
    phone.send()
    phone.shows("本机的名单和草稿已清除")
    assert phone.page.evaluate(HELD)[:4] == [0, 0, 0, 0]
    assert SyncItem.objects.waiting().get().township == child.township


def test_the_worker_sends_with_no_page_open(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    elsewhere = phone.context.new_page()
    watch, found = phone.context.new_cdp_session(elsewhere), []
    watch.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    watch.send("ServiceWorker.enable")
    elsewhere.goto("data:text/html,elsewhere")
    phone.page.close()
    front.start()
    assert not Visit.objects.exists()
    registration = next(one for one in found if one["scopeURL"].startswith(front.url))
    watch.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": front.url, "registrationId": registration["registrationId"], "tag": "outbox", "lastChance": False},
    )
    phone.page = elsewhere
    phone.arrived(1)
    assert Visit.objects.get().made_by == director.person


def test_the_list_is_fetched_after_the_worker_has_sent(director, phone, front):
    child = a_child(director)
    phone.set_up(director)
    due = phone.page.locator("[data-screen=today] article.child:has-text('还没有走访过')")
    due.first.wait_for()
    phone.page.evaluate(
        """() => new Promise((held) => {
          const through = new Promise((letGo) => { window.letGo = letGo; });
          navigator.locks.request("outbox", () => { held(); return through; });
        })"""
    )
    phone.page.goto("/offline/#outbox")
    asked = []
    phone.page.on("request", lambda request: asked.append(request.url) if "cursor=" in request.url else None)
    phone.send()
    phone.page.wait_for_timeout(1000)
    assert not asked, "what is fetched now would lack what is on its way"
    a_visit(child, by=director)  # what the worker sent meanwhile
    phone.page.evaluate("window.letGo()")
    phone.page.goto("/offline/#today")
    due.first.wait_for(state="detached")


def test_after_ten_minutes_out_of_sight_the_phone_asks_for_its_pin(director, phone, front):
    a_child(director)
    phone.set_up(director)
    phone.page.clock.install()
    phone.page.goto("/offline/")
    phone.page.locator("article.child").wait_for()

    def turn(state: str):
        phone.page.evaluate(
            """(state) => {
              Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }""",
            state,
        )

    turn("hidden")
    phone.page.clock.fast_forward("09:00")
    turn("visible")
    assert phone.page.locator("article.child").is_visible(), "nine minutes are a call on the way"
    turn("hidden")
    phone.page.clock.fast_forward("11:00")
    turn("visible")
    phone.page.locator("#pin:visible").wait_for()
    assert "张子涵" not in phone.page.inner_text("body")
    phone.page.fill("#pin", PIN)
    phone.page.click("[data-do=pin] button")
    phone.page.locator("article.child").wait_for()


def test_signing_out_locks_what_lies_on_the_phone(director, phone, front):
    """In the page that was left and in one that stayed open."""
    a_child(director)
    phone.set_up(director)
    other_page = phone.context.new_page()
    other_page.goto("/offline/")
    other_page.locator("article.child").wait_for()
    phone.page.goto("/today/")
    phone.page.click("details[data-menu] summary")
    phone.page.click("[data-sign-out] button")
    phone.page.locator("#id_username").wait_for()
    other_page.locator("#pin:visible").wait_for()
    for page in (phone.page, other_page):
        page.goto("/offline/")
        page.locator("#pin:visible").wait_for()
        assert "张子涵" not in page.inner_text("body")


AN_OTHER_DAY = """
const Real = Date, off = OFF;
window.Date = class extends Real {
  constructor(...given) { if (given.length) super(...given); else super(Real.now() + off); }
  static now() { return Real.now() + off; }
};
"""


def test_a_phone_whose_date_is_wrong_says_so_and_offers_the_right_day(director, phone, front):
    """Three days slow: the day of the visit is the server's while it is heard; without a network the phone asks to be
    put right first."""
    a_child(director)
    phone.context.add_init_script(AN_OTHER_DAY.replace("OFF", str(-3 * 86_400_000)))
    phone.set_up(director)
    phone.shows("这部手机的时间不准")
    phone.page.locator("article.child a.btn-primary").click()
    phone.page.locator("#visit").wait_for()
    assert phone.page.input_value("[name=visited_on]") == str(timezone.localdate())
    front.stop()
    phone.page.goto("/offline/#today")
    phone.page.reload()
    phone.shows("上次联网时，这部手机的时间不准")
    front.start()
    phone.page.reload()
    phone.shows("现在其实是")
    phone.log("张子涵")
    phone.delivers()
    visit = Visit.objects.get()
    assert visit.visited_on == timezone.localdate() and "clock_off" in visit.flags


def test_a_browser_without_a_worker_says_so_and_keeps_the_draft_online(director, phone, front):
    child = a_child(director)
    phone.context.add_init_script("delete Navigator.prototype.serviceWorker")
    enter_by_hand(phone.page, director)
    phone.page.goto("/today/")
    assert "这个浏览器不能离线使用" in phone.page.inner_text("main")
    assert not phone.page.locator("a[data-offline]:visible").count()
    phone.page.goto("/offline/")
    phone.shows("这个浏览器不能离线使用")
    phone.page.goto(f"/children/{child.pk}/visit/")
    phone.page.fill("[name=met]", "奶奶李桂英")
    phone.page.wait_for_timeout(1500)
    phone.page.reload()
    phone.page.locator("text=李桂英").or_(phone.page.locator("text=草稿")).first.wait_for()


@pytest.fixture
def keeping(chromium, front, tmp_path):
    made = Phone(chromium, tmp_path / "profile", front, keeps_pages=True)
    yield made
    made.context.close()


def test_a_page_out_of_the_history_shows_nothing_of_who_locked_it(director, keeping):
    phone = keeping
    a_child(director)
    phone.set_up(director)
    phone.page.goto("/offline/")
    phone.page.locator("article.child").wait_for()
    phone.page.evaluate("""addEventListener("pageshow", (event) => {
      const shown = document.getElementById("offline").hidden ? "" : document.body.innerText;
      sessionStorage.setItem("restored", JSON.stringify([event.persisted, shown]));
    })""")
    phone.page.goto("/healthz")
    phone.page.evaluate(DROP)
    phone.page.evaluate("history.back()")
    phone.page.locator("#pin:visible").wait_for()
    restored, shown = phone.page.evaluate("JSON.parse(sessionStorage.getItem('restored'))")
    assert restored and "张子涵" not in shown, "the browser had kept it, and it was blank at once"
    assert "张子涵" not in phone.page.content()


def test_locking_one_page_locks_every_other_too(director, phone, front):
    a_child(director)
    phone.set_up(director)
    other = phone.context.new_page()
    other.goto("/offline/")
    other.locator("article.child").wait_for()
    lock(phone)
    other.locator("[data-screen=pin]:visible").wait_for()
    session = static("js/offline/session.js")
    assert other.evaluate(f"import('{session}').then(({{ session }}) => session.key)") is None
    other.reload()
    other.locator("[data-screen=pin]:visible").wait_for()
    assert "张子涵" not in other.inner_text("main")


def test_the_app_follows_the_language_that_was_chosen_since(director, phone, front):
    phone.set_up(director)
    phone.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": front.url}])
    phone.page.goto("/today/")
    phone.page.goto("/offline/")
    phone.page.locator("html[lang=en]").wait_for()
