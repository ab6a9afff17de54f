"""Drafts on the phone: what was begun in a form of the app comes back, and nobody's words are lost."""

import datetime
import uuid

import pytest
from django.utils import timezone

from registry.child.models import ChildFile
from tests.browser.acts import axe_finds_nothing_serious, choose, enter_by_hand, onward
from tests.browser.offline_acts import a_picture, a_returned_visit, hand_over, to_photos
from tests.browser.phone import a_child
from tests.builders import a_post, answers
from visits.alerts.models import Alert
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit
from visits.visit.workflow import VISIT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.parametrize("of", ["a returned visit", "a visit"])
def test_a_draft_that_can_not_be_sent_any_more_can_be_read_and_dropped(director, phone, front, tmp_path, of):
    """Begun on the phone, finished on the PC; or the child was handed on meanwhile."""
    child = a_child(director)
    visit = a_returned_visit(director, child) if of == "a returned visit" else None
    phone.set_up(director)
    phone.page.goto("/offline/")
    if visit:
        phone.page.click("text=补充")
        phone.page.locator("#visit:has-text('请写明谁在照看')").wait_for()
        for _step in range(2):
            onward(phone.page)
        choose(phone.page, "hazard", "no")
        onward(phone.page)
    else:
        phone.fill_in("张子涵")
    phone.page.fill("[name=needs]", "冬天的被子")
    phone.page.set_input_files("[data-photo-input]", a_picture(tmp_path))
    phone.page.locator(".photo-small img").wait_for()
    phone.shows("草稿已存在本机")
    phone.page.wait_for_timeout(600)  # the last letters are put 400 ms later
    if visit:
        visit.refresh_from_db()
        said = answers(visited_on=visit.visited_on, needs="棉被")
        correct_visit(visit, by=director, seen_version=visit.version, answers=said, hazards_looked_at=True)
    else:
        hand_over(child)
    phone.page.goto("/offline/#outbox")
    phone.page.reload()  # it asks the server for its list
    phone.shows("这份草稿不能再送")
    phone.shows("需要什么帮助：冬天的被子")
    phone.page.locator(".photo-small img:visible").wait_for()
    phone.page.click("main button:has-text('不要了'):visible")
    phone.page.click("[role=dialog] .btn-danger")
    phone.shows("没有待发送的走访")


SPOIL_PHOTOS = """async () => {
  const db = await offline.store.db();
  for (const blob of await db.getAll("blobs")) await db.put("blobs", Object.assign(blob, { iv: new Uint8Array(12) }));
}"""


def test_what_was_written_of_a_sister_who_left_the_list_is_never_lost_without_a_word(director, phone, front, tmp_path):
    child, sister = a_child(director), a_child(director, "张子晴")
    ChildFile.objects.filter(pk__in=(child.pk, sister.pk)).update(family_uid=uuid.uuid4())
    phone.set_up(director)
    page = phone.page
    page.locator("article.child", has_text="张子涵").locator("a.btn-primary").click()
    page.locator("#visit").wait_for()
    choose(page, "together", str(sister.pk))
    choose(page, f"{sister.pk}-outcome", "away")
    page.set_input_files("[data-photo-input]", a_picture(tmp_path))
    phone.eventually('((await (await offline.store.db()).getAll("drafts"))[0] || { photos: [] }).photos.length === 1')
    hand_over(sister)
    page.goto("/offline/#today")
    page.reload()  # it asks the server for its list
    page.locator("article.child", has_text="张子涵").wait_for()
    page.locator("article.child", has_text="张子晴").wait_for(state="detached")
    page.goto("/offline/#outbox")
    page.locator("text=1 份草稿没有存完").wait_for()
    for _opening in range(2):  # what is put of the draft meanwhile keeps it
        page.locator("[data-slot=edit]:visible").click()
        hint = page.locator(".hint:has-text('没有填进表里')")
        hint.wait_for()
        assert "一起走访的兄弟姐妹：张子晴" in hint.inner_text()
        assert "张子晴，见到孩子了吗：外出不在" in hint.inner_text()
        axe_finds_nothing_serious(page)
        choose(page, "outcome", "refused")
        page.wait_for_timeout(600)  # put 400 ms later
        page.goto("/offline/#outbox")
        page.locator("text=1 份草稿没有存完").wait_for()
    page.evaluate(SPOIL_PHOTOS)  # one that can't be read keeps nothing else from being shown
    hand_over(child)
    page.reload()
    phone.shows("这份草稿不能再送")
    card = page.locator("main article:visible").inner_text()
    assert card.count("张子晴") == 2 and "张子涵" in card and str(sister.pk) not in card
    assert "照片 1 读不出来" in card
    page.click("main button:has-text('不要了'):visible")
    page.click("[role=dialog] .btn-danger")
    phone.shows("没有待发送的走访")


def test_a_draft_on_the_phone_never_writes_over_what_was_altered_since(director, phone, front):
    """What was written comes back; what was not touched stays as it is now; what stands on other words is shown."""
    visit = a_returned_visit(director, a_child(director))
    phone.set_up(director)
    page = phone.page
    page.goto(f"/offline/#returned/{visit.pk}")
    page.locator("#visit").wait_for()
    page.evaluate("""() => ["needs", "guardian_words"].forEach((name) => {
      const field = document.querySelector(`#visit [name=${name}]`);
      field.value = name === "needs" ? "旧的：棉被" : "祖母说都好";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    })""")
    phone.eventually('(await (await offline.store.db()).getAll("drafts")).length === 1')
    page.goto("/offline/#today")
    said = answers(visited_on=visit.visited_on, needs="新的：书桌", mood="low")
    correct_visit(visit, by=director, seen_version=visit.version, answers=said, hazards_looked_at=True)
    VISIT.apply("return", visit, by=a_post(visit.township), seen_version=visit.version, reason="请写明谁在照看")
    hint = page.locator(".hint:has-text('没有填进表里')")
    while not hint.count():  # until the phone has the list of now
        page.goto("/offline/#today")
        page.reload()
        page.wait_for_timeout(500)
        page.goto(f"/offline/#returned/{visit.pk}")
        page.locator("#visit").wait_for()
    assert "旧的：棉被" in page.inner_text(".hint:has-text('没有填进表里')")
    held = {name: page.input_value(f"#visit [name={name}]") for name in ("needs", "guardian_words")}
    assert held == {"needs": "新的：书桌", "guardian_words": "祖母说都好"}
    assert page.locator("#visit [name=mood]:checked").get_attribute("value") == "low"


WRITE = """([name, words]) => {
  const field = document.querySelector(`#visit [name=${name}]`);
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
TICK = """([name, value]) => {
  const field = document.querySelector(`#visit [name=${name}][value=${value}]`);
  field.checked = true;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def test_answers_that_another_answer_hid_come_back_with_it(director, phone, front):
    """They are hidden, not empty; nor does what they hide count as written."""
    child = a_child(director)
    visit = a_returned_visit(director, child)
    phone.set_up(director)
    page = phone.page
    address = f"/offline/#returned/{visit.pk}"
    page.goto(address)
    page.locator("#visit").wait_for()
    page.evaluate(TICK, ["outcome", "not_found"])
    phone.eventually('(await (await offline.store.db()).getAll("drafts")).length === 1')
    page.goto("/offline/#today")
    page.goto(address)
    page.locator("#visit [name=outcome][value=not_found]:checked").wait_for(state="attached")
    page.evaluate(TICK, ["outcome", "seen"])
    held = page.evaluate("""() => ["care", "health", "mood"].map((name) => {
      const ticked = document.querySelector(`#visit [name=${name}]:checked`);
      return ticked && ticked.value;
    })""")
    assert held == [visit.care, visit.health, visit.mood]


def test_a_report_about_an_unknown_child_keeps_its_draft(director, phone, front):
    phone.set_up(director)
    front.stop()
    phone.page.goto("/offline/#alert")
    phone.page.fill("[name=child_words]", "十岁左右男孩，穿红衣")
    phone.shows("草稿已存在本机")
    phone.eventually('(await (await offline.store.db()).count("drafts")) === 1')
    phone.die()
    phone.switch_on()
    phone.unlock()
    phone.page.locator("[data-screen=today]:visible").wait_for()
    phone.page.goto("/offline/#outbox")
    phone.page.click("[data-slot=edit]")
    phone.page.locator("#alert").wait_for()
    assert phone.page.input_value("[name=child_words]") == "十岁左右男孩，穿红衣"
    phone.page.locator("label.situation").first.click()
    choose(phone.page, "call", "no_signal")
    phone.page.click("[data-foot=alert] .btn-danger")
    phone.shows("乡镇、县、市都还不知道")
    front.start()
    enter_by_hand(phone.page, director)
    phone.page.goto("/offline/#outbox")
    phone.send()
    phone.shows("已送达（回执")
    assert Alert.objects.get().child_words == "十岁左右男孩，穿红衣"


def test_whom_a_report_of_danger_is_about_is_not_lost_when_the_child_leaves_the_list(director, phone, front):
    child = a_child(director)
    phone.set_up(director)
    page = phone.page
    page.goto("/offline/#alert")
    page.select_option("[name=child]", str(child.pk))
    page.locator("label.situation").first.click()
    page.wait_for_timeout(600)  # put 400 ms later
    hand_over(child)
    page.goto("/offline/#today")
    page.reload()  # it asks the server for its list
    phone.shows("没有要走访的孩子")
    for _opening in range(2):  # what is put of the draft meanwhile keeps it
        page.goto("/offline/#alert")
        page.locator("#alert .hint:has-text('是哪个孩子：张子涵')").wait_for()
        page.fill("[name=child_words]", "张子涵，刚转走")
        page.wait_for_timeout(600)
        page.goto("/offline/#outbox")
    page.goto("/offline/#alert")
    choose(page, "call", "no_signal")
    page.click("[data-foot=alert] .btn-danger")
    page.goto("/offline/#outbox")
    phone.shows("已送达（回执")
    assert Alert.objects.get().child_words == "张子涵，刚转走"


def test_what_is_mended_of_a_refused_visit_is_kept_apart_from_a_new_one(director, phone, front, tmp_path):
    """What was begun comes back with its photo; a new visit of the same child is another draft; with the child handed
    on it can still be read."""
    child = a_child(director, days=5)
    phone.set_up(director)
    page = phone.page
    front.stop()
    to_photos(phone)
    page.set_input_files("[data-photo-input]", a_picture(tmp_path))
    page.locator(".photo-small img").wait_for()
    phone.save_as_of(timezone.localdate() - datetime.timedelta(days=9), "大雪封路")
    front.start()
    phone.send()
    phone.shows("没有收下，请修改")
    page.click("[data-item] [data-slot=edit]")
    page.locator("[name=late_reason]:visible").wait_for()
    page.fill("[name=late_reason]", "大雪封山，没有路")
    page.goto("/offline/#today")  # at once: the last letters come along
    page.locator("article.child a.btn-primary").click()
    page.locator("#visit").wait_for()
    assert page.input_value("[name=late_reason]") == "", "a new visit is another one"
    choose(page, "outcome", "away")
    page.goto("/offline/#outbox")
    page.locator("[data-item] [data-slot=edit]").click()
    page.locator("[name=late_reason]:visible").wait_for()
    assert page.input_value("[name=late_reason]") == "大雪封山，没有路"
    page.locator(".photo-small img").wait_for(state="attached")
    page.fill("[name=visited_on]", str(timezone.localdate()))
    front.stop()
    for _step in range(3):
        onward(page)
    phone.save()
    phone.shows("照片 1 张，已送达 0 张")
    assert phone.page.evaluate("offline.store.db().then((db) => db.count('drafts'))") == 1, "the new visit's"
    front.start()
    phone.send()
    phone.shows("照片 1 张，已送达 1 张")
    assert Visit.objects.get().photos.count() == 1
    assert Visit.objects.get().child == child


SLOW_AND_FAILING = """() => {
  const { store } = offline, real = store.saveItems;
  store.saveItems = (...given) => new Promise((done, failed) => setTimeout(() => {
    store.saveItems = real;
    failed(new Error("the disk"));
  }, 800));
}"""


SLOW_PICTURES = """() => {
  const real = window.createImageBitmap;
  window.createImageBitmap = (...given) => new Promise((done) => setTimeout(() => done(real(...given)), 1000));
}"""


def test_what_is_under_way_in_a_form_that_is_left_ends_in_it(director, phone, tmp_path):
    """A save that fails then, and a photo that is still being made small: nothing is lost, nothing is said over another
    child, and what was being written since the last pause is kept."""
    a_child(director), a_child(director, "李明轩")
    phone.set_up(director)
    page = phone.page
    phone.fill_in("张子涵")
    page.evaluate(SLOW_AND_FAILING)
    page.fill("[name=needs]", "棉被两床")
    phone.save()
    page.goto("/offline/#today")
    page.locator(".toast:has-text('张子涵：没有存上')").wait_for()
    page.locator("article.child:has-text('李明轩') a.btn-primary").click()
    page.locator("#visit").wait_for()
    assert page.inner_text("#visit [data-slot=problem]") == ""
    page.goto("/offline/#today")
    page.locator("article.child:has-text('张子涵') a.btn-primary").click()
    page.locator("#visit").wait_for()
    for _step in range(3):
        onward(page)
    assert page.input_value("[name=needs]") == "棉被两床"
    page.evaluate(SLOW_PICTURES)
    page.set_input_files("[data-photo-input]", a_picture(tmp_path))
    page.goto("/offline/#today")
    page.locator("article.child:has-text('张子涵') a.btn-primary").click()
    page.locator(".photo-small img").wait_for(state="attached")
    for _step in range(3):
        onward(page)
    page.locator("[name=needs]").press_sequentially("，一双鞋" * 6, delay=150)  # no pause in four seconds
    page.reload()
    page.locator("#visit").wait_for()
    for _step in range(3):
        onward(page)
    assert len(page.input_value("[name=needs]")) > 15
    phone.save()
    phone.shows("照片 1 张，已送达 1 张")
    assert Visit.objects.get().photos.count() == 1


SPOIL_ITEMS = """async () => {
  const db = await offline.store.db();
  for (const row of await db.getAll("outbox")) {
    await db.put("outbox", Object.assign(row, { local: Object.assign(row.local, { iv: new Uint8Array(12) }) }));
  }
}"""


def test_an_item_that_can_not_be_read_any_more_says_so_and_keeps_what_was_begun_to_mend_it(director, phone, front):
    a_child(director, days=5)
    phone.set_up(director)
    page = phone.page
    front.stop()
    phone.fill_in("张子涵")
    phone.save_as_of(timezone.localdate() - datetime.timedelta(days=9), "大雪封路")
    front.start()
    phone.send()
    phone.shows("没有收下，请修改")
    page.click("[data-item] [data-slot=edit]")
    page.locator("[name=late_reason]:visible").wait_for()
    page.fill("[name=late_reason]", "大雪封山，没有路")
    page.goto("/offline/#outbox")
    phone.shows("改的还没有存完")
    page.evaluate(SPOIL_ITEMS)
    page.reload()
    page.click("[data-item] [data-slot=edit]")
    page.locator("[name=late_reason]:visible").wait_for()
    assert page.input_value("[name=late_reason]") == "大雪封山，没有路"
    page.goto("/offline/#outbox")
    page.evaluate("offline.store.db().then((db) => db.clear('drafts'))")
    page.reload()
    phone.shows("读不出来了")
    assert not page.locator("[data-item] [data-slot=edit]").count()


def test_of_two_windows_with_one_form_the_later_has_it_with_all_that_was_written(director, phone, front):
    child = a_child(director)
    phone.set_up(director)
    page, other = phone.page, phone.context.new_page()
    page.goto(f"/offline/#visit/{child.pk}")
    page.locator("#visit").wait_for()
    page.evaluate(WRITE, ["family_change", "爸爸回来了"])
    other.goto(f"/offline/#visit/{child.pk}")
    other.locator("#visit").wait_for()
    page.locator(".toast:has-text('在另一个窗口里打开了')").wait_for()
    page.locator("[data-screen=today]:visible").wait_for()
    assert other.input_value("#visit [name=family_change]") == "爸爸回来了"
    other.evaluate(WRITE, ["needs", "棉被"])
    page.goto(f"/offline/#visit/{child.pk}")
    page.locator("#visit").wait_for()
    other.locator("[data-screen=today]:visible").wait_for()
    written = [page.input_value(f"#visit [name={name}]") for name in ("family_change", "needs")]
    assert written == ["爸爸回来了", "棉被"]
