"""A director's phone in a valley without a signal: a real Chromium with its own profile, a server really gone."""

import datetime
import json

import pytest
from django.utils import timezone

from registry.child.models import ChildFile
from tests.browser.acts import axe_finds_nothing_serious, choose, enter_by_hand, every_step_fits, onward
from tests.browser.phone import FILL_UP, a_child
from tests.builders import PASSWORD, a_post, a_village, a_visit, sign_in
from visits.offline import words as offline_words
from visits.visit.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


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
    phone.page.locator(".toast:has-text('张子涵的走访已送达')").wait_for()
    assert "已存在这部手机上" not in phone.page.inner_text("#toasts"), "it is true no more"
    visit = Visit.objects.exclude(late_reason="补录").get()
    assert visit.child == child and visit.hazards == [] and visit.made_by == director.person
    assert visit.receipt in phone.page.inner_text("[data-item]")
    axe_finds_nothing_serious(phone.page)


def test_saved_is_saved_even_if_the_phone_dies_that_moment(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    phone.die()
    phone.switch_on()
    phone.unlock()
    phone.page.goto("/offline/#outbox")
    phone.shows("已存本机")
    front.start()
    enter_by_hand(phone.page, director)  # a session that was two seconds old may be lost with the browser
    phone.page.goto("/offline/#outbox")
    phone.send()
    phone.shows("已送达（回执")
    assert Visit.objects.get().made_by == director.person


def test_an_answer_that_is_lost_on_its_way_makes_no_second_visit(director, phone, front):  # D14, D17
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    front.deaf = True
    front.start()
    phone.send()
    phone.shows("没有连上服务器")
    phone.shows("次没有送到")
    phone.arrived(1)  # only the phone does not know
    front.deaf = False
    phone.send()
    phone.shows("已送达（回执")
    assert Visit.objects.get().receipt in phone.page.inner_text("[data-item]")


def test_a_portal_s_page_is_not_taken_for_success(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    phone.context.route("**/api/v1/sync/**", lambda route: route.fulfill(status=200, body="<h1>Welcome to WiFi</h1>"))
    front.start()
    phone.send()
    phone.shows("没有送到")
    assert "回执" not in phone.page.inner_text("[data-item]")
    phone.context.unroute("**/api/v1/sync/**")
    phone.send()
    phone.shows("已送达（回执")


def test_two_people_on_one_phone_are_never_mixed(director, phone, front):
    other = a_post(a_village())
    a_child(director), a_child(other, "李明轩")
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    phone.context.clear_cookies()  # before the line is back, or her own session would send it
    front.start()
    enter_by_hand(phone.page, other)
    phone.page.goto("/offline/")
    phone.page.locator("#pin:visible").wait_for()  # her sign-in closed what the first had open
    phone.shows(f"这里的记录会等{director.person.name} ")  # who asks for the PIN
    assert "1 条待发送" in phone.page.inner_text("body"), "her unsent visit is not hidden"
    assert "张子涵" not in phone.page.inner_text("body")
    assert not Visit.objects.exists()
    phone.page.click("[data-do=other]")
    phone.page.fill("#pin-new", "704182")
    phone.page.fill("#pin-again", "704182")
    phone.page.click("text=设好，开始使用")
    phone.shows("李明轩")
    shown = phone.page.inner_text("body")
    assert "张子涵" not in shown, "the other's names are closed"
    assert "1 条待发送" in shown, "her unsent visit is not hidden"
    phone.page.goto("/offline/#outbox")
    phone.send()
    phone.shows("没有待发送的走访")
    assert not Visit.objects.exists()
    phone.context.clear_cookies()
    enter_by_hand(phone.page, director)
    phone.page.goto("/offline/")
    phone.delivers()  # also behind the PIN: it is sealed for the server
    assert Visit.objects.get().made_by == director.person


def test_a_full_phone_says_not_saved_and_keeps_the_form(director, phone, front):
    a_child(director)
    phone.page.goto("/healthz")
    full = phone.context.new_cdp_session(phone.page)
    full.send("Storage.overrideQuotaForOrigin", {"origin": front.url, "quotaSize": 6_000_000})
    phone.set_up(director)
    front.stop()
    phone.fill_in("张子涵")
    phone.page.evaluate(FILL_UP)
    phone.page.fill("[name=needs]", "冬天的被子")
    phone.save()
    phone.shows("没有存上")
    assert phone.page.input_value("[name=needs]") == "冬天的被子"
    phone.page.evaluate("idb.deleteDB('photos')")
    phone.page.goto("/offline/#today")  # the last letters come along, as from any form that is left
    phone.page.goto("/offline/#outbox")
    phone.page.locator("article:has-text('草稿') [data-slot=edit]").click()
    phone.page.locator("#visit").wait_for()
    for _step in range(3):
        onward(phone.page)
    assert phone.page.input_value("[name=needs]") == "冬天的被子"
    phone.save()
    phone.shows("已存本机")
    front.start()
    phone.send()
    phone.shows("已送达（回执")
    assert Visit.objects.get().needs == "冬天的被子"


def test_a_forgotten_pin_loses_no_unsent_visit(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    phone.page.click("summary:has-text('本机资料')")
    with phone.page.expect_navigation():
        phone.page.click("[data-do=lock]")
    phone.page.click("[data-do=forgot]")
    assert "1 条已封好" in phone.page.inner_text("[role=dialog]")
    phone.page.click("[role=dialog] .btn-danger")
    phone.shows("第一次使用要先联网登录一次")
    front.start()
    phone.page.reload()
    phone.page.locator("#pin-new:visible").wait_for()
    phone.delivers()
    assert Visit.objects.get().made_by == director.person


def test_eight_wrong_pins_wipe_what_can_be_read(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    rounds = phone.page.evaluate("async () => (await (await offline.store.db()).getAll('locks'))[0].rounds")
    assert rounds >= 600_000, "who copies the phone's disk pays for each guess"
    phone.page.click("summary:has-text('本机资料')")
    with phone.page.expect_navigation():
        phone.page.click("[data-do=lock]")
    for left in range(7, -1, -1):
        phone.page.fill("#pin", "000000")
        phone.page.click("[data-do=pin] button")
        phone.shows(f"还可以试 {left} 次" if left else "口令试错太多次")
    rest = phone.page.evaluate("""async () => {
      const db = await offline.store.db(), [item] = await db.getAll("outbox");
      return [await db.count("locks"), await db.count("files"), await db.count("drafts"), item.local];
    }""")
    assert rest == [0, 0, 0, None]
    front.start()
    phone.page.reload()
    phone.delivers()
    assert Visit.objects.count() == 1


def test_what_the_server_refuses_comes_back_with_its_reason_and_can_be_mended(director, phone, front):
    a_child(director, days=5)
    phone.set_up(director)
    front.stop()
    phone.fill_in("张子涵")
    phone.save_as_of(timezone.localdate() - datetime.timedelta(days=9), "大雪封路")
    phone.shows("已存本机")
    front.start()
    phone.send()
    phone.shows("没有收下，请修改")
    phone.shows("走访日期：走访日期早于建档日期")
    phone.page.click("[data-item] [data-slot=edit]")
    phone.page.locator("[name=visited_on]:visible").wait_for()
    assert phone.page.input_value("[name=late_reason]") == "大雪封路"
    phone.page.fill("[name=visited_on]", str(timezone.localdate()))
    for _step in range(3):
        onward(phone.page)
    phone.save()
    phone.shows("已送达（回执")
    assert phone.page.locator("[data-item]").count() == 1, "the mended one took the place of the refused"
    assert Visit.objects.get().visited_on == timezone.localdate()


def test_an_expired_login_is_said_and_nothing_is_lost(director, phone, front):  # D14
    a_child(director)
    phone.set_up(director)
    phone.context.clear_cookies()
    phone.page.goto("/offline/")
    phone.log("张子涵")
    phone.shows("登录已过期")
    phone.shows("已存本机")
    phone.page.click("main a:has-text('登录'):visible")
    phone.page.fill("[name=username]", director.person.username)
    phone.page.fill("[name=password]", PASSWORD)
    phone.page.click("main button.btn-primary")
    phone.page.locator("text=全部已送达").wait_for()
    assert Visit.objects.count() == 1


def test_what_was_not_sent_leaves_as_a_file_that_the_server_takes(director, phone, front, tmp_path, client):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    with phone.page.expect_download() as download:
        phone.page.click("[data-do=export]")
    download.value.save_as(tmp_path / "visits.json")
    text = (tmp_path / "visits.json").read_text()
    assert "张子涵" not in text and "payload" not in text
    sign_in(client, director)
    answer = client.post("/api/v1/sync/", text, content_type="application/json")
    assert answer.json()["items"][0]["verdict"] == "accepted"
    assert str(Visit.objects.get().pk) == json.loads(text)["items"][0]["id"]


def test_a_draft_is_back_after_the_phone_died_in_the_middle(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.fill_in("张子涵")
    phone.page.fill("[name=needs]", "冬天的被子")
    phone.shows("草稿已存在本机")
    phone.eventually('(await (await offline.store.db()).count("drafts")) === 1')
    phone.page.wait_for_timeout(600)  # the last letters are put 400 ms later
    phone.die()
    phone.switch_on()
    phone.unlock()
    phone.page.locator("article.child a.btn-primary").click()
    assert phone.page.locator("[name=needs]").input_value() == "冬天的被子"
    assert phone.page.locator("[name=care]:checked").count() == 1


def test_a_new_version_waits_for_the_open_form_and_loses_nothing(director, phone, front, monkeypatch):
    a_child(director)
    phone.set_up(director)
    old = phone.page.get_attribute("#offline", "data-version")
    front.stop()
    phone.log("张子涵")
    phone.page.goto("/offline/#today")
    phone.page.locator("article.child a.btn-primary").click()
    phone.page.locator("#visit").wait_for()
    phone.context.route("**/api/v1/sync/**", lambda route: route.abort())
    front.start()
    monkeypatch.setitem(offline_words.OFFLINE_WORDS, "offline.nothing", "新的一句")
    phone.page.evaluate("navigator.serviceWorker.getRegistration().then(r => r.update())")
    phone.page.click("text=有新版本，点这里更新")
    phone.page.wait_for_timeout(300)
    assert phone.page.get_attribute("#offline", "data-version") == old, "the form is open"
    assert "先存好" in phone.page.inner_text("#toasts")
    phone.page.goto("/offline/#outbox")
    phone.page.locator("[data-screen=outbox]:visible").wait_for()
    phone.page.click("text=有新版本，点这里更新")
    phone.page.locator(f'#offline:not([data-version="{old}"])').wait_for()
    front.stop()  # before the way is free: the page tries to send as soon as it opens
    phone.context.unroute("**/api/v1/sync/**")
    phone.page.goto("/offline/#outbox")
    phone.shows("已存本机")
    front.start()
    phone.send()
    phone.shows("已送达（回执")
    assert Visit.objects.count() == 1


def test_the_kill_switch_takes_the_worker_away_and_leaves_the_outbox(director, phone, front, settings):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    settings.CWR_OFFLINE = False
    phone.context.route("**/api/v1/sync/**", lambda route: route.abort())
    front.start()
    phone.page.evaluate("navigator.serviceWorker.getRegistration().then(r => r && r.update())")
    phone.eventually("(await caches.keys()).length === 0")
    phone.context.unroute("**/api/v1/sync/**")
    phone.unlock()
    phone.delivers()
    phone.page.locator("text=全部已送达").wait_for()
    assert Visit.objects.count() == 1


def test_where_nobody_was_met_the_phone_asks_what_comes_next(director, phone, front):
    a_child(director)
    phone.set_up(director)
    front.stop()
    phone.page.goto("/offline/")
    page = phone.page
    page.locator("article.child", has_text="张子涵").locator("a.btn-primary").click()
    choose(page, "outcome", "refused")
    assert "共 2 步" in page.inner_text("[data-step-at]")
    onward(page)
    phone.save()
    phone.shows("请选择下一步怎么办")
    phone.shows("这一项要填")
    page.fill("[name=whereabouts]", "伯父不让进门")
    choose(page, "next_step", "together")
    axe_finds_nothing_serious(page)
    phone.save()
    page.locator("[data-item]").first.wait_for()
    front.start()
    phone.send()
    phone.arrived(1)
    visit = Visit.objects.get()
    assert (visit.outcome, visit.next_step, visit.whereabouts) == ("refused", "together", "伯父不让进门")
    assert (visit.carer, visit.hazards) == ("", [])


def test_what_changed_is_noticed_without_a_network_against_what_the_phone_held(director, phone, front):
    child = a_child(director)
    ChildFile.objects.filter(pk=child.pk).update(address="三组12号")
    phone.set_up(director)
    front.stop()
    phone.page.goto("/offline/")
    page = phone.page
    phone.fill_in("张子涵")
    page.click(".step-prev")
    choose(page, "noticed", "yes")
    assert page.input_value("[name=changes-address]") == "三组12号"
    page.fill("[name=changes-address]", "五组3号")
    choose(page, "changes-father_away", "yes")
    onward(page)
    phone.save()
    page.locator("[data-item]").first.wait_for()
    ChildFile.objects.filter(pk=child.pk).update(address="九组9号")
    front.start()
    phone.send()
    phone.arrived(1)
    noticed = Visit.objects.get().noticed.get().fields.all()
    assert [(field.name, field.base, field.value) for field in noticed] == [
        ("address", "三组12号", "五组3号"), ("father_away", None, True),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["100%", "200%"])
def test_the_form_on_the_phone_fits_320_px(director, phone, text):
    child = a_child(director)
    a_visit(child, by=director, visited_on=timezone.localdate() - datetime.timedelta(days=33), late_reason="补录")
    phone.set_up(director)
    page = phone.page
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
    page.locator("article.child", has_text="张子涵").locator("a.btn-primary").click()
    every_step_fits(page, "away")
