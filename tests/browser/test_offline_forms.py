"""What a director writes on the phone besides the routine visit: what came back, reports of danger, photos."""

import base64
import datetime
import io
import json
import uuid
from pathlib import Path

import pytest
from django.templatetags.static import static
from django.utils import timezone
from PIL import Image

from registry.child.models import ChildFile
from tests.browser.acts import answer_care, axe_finds_nothing_serious, choose, enter_by_hand, onward
from tests.browser.phone import FILL_UP, a_child
from tests.builders import a_post, a_village, a_visit, an_approved_file, answers
from visits.alerts.models import Alert
from visits.schedule.models import VisitDue
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit
from visits.visit.services.photos import read_photo
from visits.visit.workflow import VISIT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
STAY = """document.querySelector('#alert a[href="tel:110"]').addEventListener("click", (tap) => tap.preventDefault())"""
# the corners that are red after the browser has turned the picture, and after the script has
BOTH_WAYS = """async ([data, bare, script]) => {
  const photos = await import(script), bytes = offline.seal.fromBase64;
  const blob = (text) => new Blob([bytes(text)], { type: "image/jpeg" }), ask = window.createImageBitmap;
  const corners = async () => {
    const map = await ask.call(window, blob(await photos.shrinkPhoto(blob(data))));
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d"), w = map.width, h = map.height;
    canvas.width = w;
    canvas.height = h;
    pen.drawImage(map, 0, 0);
    const red = ([x, y]) => pen.getImageData(x, y, 1, 1).data[0] > 180 && pen.getImageData(x, y, 1, 1).data[1] < 90;
    return [w, h, ...[[9, 9], [w - 9, 9], [9, h - 9], [w - 9, h - 9]].map(red)].join();
  };
  const turned = await corners();
  photos.setBrowserRotates(false);
  window.createImageBitmap = () => ask.call(window, blob(bare));
  const byHand = await corners();
  window.createImageBitmap = ask;
  photos.setBrowserRotates(null);
  return [turned, byHand, photos.exifOrientation(bytes(data).buffer)];
}"""


TICK = """([name, value]) => {
  const field = document.querySelector(`#visit [name=${name}][value=${value}]`);
  field.checked = true;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def a_returned_visit(director, child, reason="请写明谁在照看"):
    visit = a_visit(child, by=director, visited_on=timezone.localdate(), mood="low")
    VISIT.apply("return", visit, by=a_post(child.township), seen_version=1, reason=reason)
    return visit


def complete(phone, note="姑姑照看"):
    """The returned visit, open: its answers are there, safety is asked anew."""
    page = phone.page
    page.locator("#visit:has-text('请写明谁在照看')").wait_for()
    onward(page)
    assert page.is_checked("[name=mood][value=low]"), "what was answered came along"
    onward(page)
    assert not page.locator("[name=hazard]:checked").count(), "safety is asked anew"
    choose(page, "hazard", "no")
    onward(page)
    page.fill("[name=needs]", note)
    phone.save()


def test_what_the_station_sent_back_is_completed_in_the_valley(director, phone, front):
    visit = a_returned_visit(director, a_child(director))
    phone.set_up(director)
    front.stop()
    phone.page.goto("/offline/")
    phone.shows("请写明谁在照看")
    phone.page.click("text=补充")
    complete(phone)
    phone.shows("已存本机")
    phone.page.goto("/offline/#today")
    phone.shows("已改好，待发送")
    front.start()
    phone.page.goto("/offline/#outbox")
    phone.send()
    phone.shows("已送达（回执")
    visit.refresh_from_db()
    assert (visit.state, visit.needs, visit.hazards) == ("submitted", "姑姑照看", [])
    phone.page.click("text=今日走访 >> visible=true")
    phone.page.click("[data-screen=today] details.fold summary")  # nothing is due any more, once the list has come
    phone.page.locator("article.child").wait_for()
    assert "请写明谁在照看" not in phone.page.inner_text("main")


def test_a_correction_that_was_overtaken_shows_both_values(director, phone, front):
    visit = a_returned_visit(director, a_child(director))
    phone.set_up(director)
    front.stop()
    phone.page.goto("/offline/")
    phone.page.click("text=补充")
    complete(phone)
    phone.shows("已存本机")
    visit.refresh_from_db()
    said = answers(visited_on=visit.visited_on, needs="棉被")
    correct_visit(visit, by=director, seen_version=visit.version, answers=said, hazards_looked_at=True)
    front.start()
    phone.send()
    phone.shows("已在别处补充过")
    phone.shows("需要什么帮助：这里“姑姑照看”，那边“棉被”")
    assert not phone.page.locator("[data-slot=edit]").count(), "it is not open any more"
    phone.page.click("text=不要了")
    phone.page.click("[role=dialog] .btn-danger")
    phone.shows("没有待发送的走访")
    visit.refresh_from_db()
    assert visit.needs == "棉被"


def hand_over(*children):
    elsewhere = an_approved_file(a_village()).place_values()
    keys = [child.pk for child in children]
    ChildFile.objects.filter(pk__in=keys).update(**elsewhere)
    VisitDue.objects.filter(child__in=keys).update(**elsewhere)


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
    phone.page.locator("text=草稿已存在本机").wait_for()
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


def test_danger_is_reported_from_the_valley_before_all_else(director, phone, front):
    clerk = a_post(director.unit.township)
    clerk.person.phone = "0371-6000000"
    clerk.person.save()
    child = a_child(director)
    phone.set_up(director)
    front.stop()
    phone.log("张子涵")
    phone.page.goto("/offline/#today")
    phone.page.locator("article.child [data-slot=danger]").click()
    phone.page.locator("#alert").wait_for()
    assert phone.page.locator("#alert a[href='tel:0371-6000000']").is_visible()
    axe_finds_nothing_serious(phone.page)
    phone.page.evaluate(
        "document.querySelector('#alert a[href=\"tel:110\"]').addEventListener('click', (e) => e.preventDefault())"
    )
    phone.page.click("#alert a[href='tel:110']")
    phone.page.click("[data-foot=alert] .btn-danger")
    phone.shows("请至少选一项")
    phone.page.locator("label.situation").nth(3).click()
    choose(phone.page, "call", "made")
    assert phone.page.input_value("[name=called_at]"), "the time of the call is there"
    phone.page.fill("[name=police_receipt]", "高村 0312")
    phone.page.locator("text=草稿已存在本机").wait_for(state="attached")
    phone.page.click("[data-foot=alert] .btn-danger")
    phone.shows("乡镇、县、市都还不知道")
    assert not Alert.objects.exists()
    axe_finds_nothing_serious(phone.page)
    order = []
    phone.page.on(
        "request", lambda request: order.append(request.post_data or "") if request.method == "POST" else None
    )
    front.start()
    phone.send()
    phone.arrived(1)
    phone.page.locator("[data-item] :text('已送达（回执')").nth(1).wait_for()
    phone.page.locator(".toast:has-text('紧急报告已送达')").wait_for()
    assert "报告已存在这部手机上" not in phone.page.inner_text("#toasts"), "it is true no more"
    kinds = [json.loads(body)["items"][0]["kind"] for body in order if "items" in body]
    assert kinds[0] == "alert" and kinds[-1] == "visit"
    alert = Alert.objects.get()
    assert (alert.child, alert.call, alert.police_receipt) == (child, "made", "高村 0312")
    assert not phone.page.locator("[data-slot=untold]").is_visible()


def test_the_children_of_a_report_stand_as_on_the_page_and_are_found_by_their_letters(director, phone, front):
    for name in ("张子涵", "李明轩"):
        a_child(director, name)
    phone.set_up(director)
    phone.page.goto("/offline/#alert")
    phone.page.locator("#alert [name=child]").wait_for()
    names = [text.split()[0] for text in phone.page.locator("#alert [name=child] option").all_inner_texts()]
    assert names[1:] == ["李明轩", "张子涵"], "by their letters"
    seek = phone.page.locator("#alert .pick-box:has([name=child])").get_by_role("searchbox")
    seek.fill("zzh")
    assert phone.page.locator("#alert [name=child]").input_value() == "", "typing chooses nothing"
    seek.press("Enter")
    assert "张子涵" in phone.page.locator("#alert [name=child] option:checked").inner_text()


def test_a_report_about_an_unknown_child_keeps_its_draft(director, phone, front):
    phone.set_up(director)
    front.stop()
    phone.page.goto("/offline/#alert")
    phone.page.fill("[name=child_words]", "十岁左右男孩，穿红衣")
    phone.page.locator("text=草稿已存在本机").wait_for(state="attached")
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


def test_a_refused_report_of_danger_still_names_the_child_who_left_the_list(director, phone, front):
    """Card and form say of whom it was; what was begun to mend it is said on its card."""
    child = a_child(director)
    phone.set_up(director)
    page = phone.page
    page.goto(f"/offline/#alert/{child.pk}")
    page.locator("label.situation").first.click()
    choose(page, "call", "no_signal")
    front.stop()
    page.click("[data-foot=alert] .btn-danger")
    hand_over(child)
    front.start()
    phone.send()
    phone.shows("没有收下，请修改")
    page.reload()  # it asks the server for its list
    page.goto("/offline/#today")
    phone.shows("没有要走访的孩子")
    page.goto("/offline/#outbox")
    page.locator("[data-item]:has-text('张子涵')").wait_for()
    page.click("[data-item] [data-slot=edit]")
    page.locator("#alert .hint:has-text('是哪个孩子：张子涵')").wait_for()
    page.fill("[name=child_words]", "张子涵，刚转走")
    page.goto("/offline/#outbox")
    phone.shows("改的还没有存完")
    page.click("[data-item] [data-slot=edit]")
    page.locator("#alert .hint:has-text('是哪个孩子：张子涵')").wait_for()
    page.click("[data-foot=alert] .btn-danger")
    page.goto("/offline/#outbox")
    phone.shows("已送达（回执")
    assert Alert.objects.get().child_words == "张子涵，刚转走"


def a_picture(tmp_path, name="屋顶.jpg", *, size=(3000, 2000), orientation=6) -> Path:
    """As a phone's camera makes it: large, on its side, with the place in it. Red above, once it stands upright."""
    image = Image.effect_noise(size, 20).convert("RGB")
    image.paste((220, 30, 30), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, "41.40338"
    image.save(tmp_path / name, "JPEG", quality=95, exif=exif)
    image.save(tmp_path / f"bare {name}", "JPEG", quality=95)
    return tmp_path / name


def to_photos(phone):
    phone.fill_in("张子涵")
    phone.page.locator("[data-photo-input]").wait_for()


def test_photos_are_small_upright_and_arrive_after_their_visit(director, phone, front, tmp_path):
    a_child(director)
    phone.set_up(director)
    front.stop()
    to_photos(phone)
    for number in range(2):
        phone.page.set_input_files("[data-photo-input]", a_picture(tmp_path))
        phone.page.locator(".photo-small img").nth(number).wait_for()
    phone.eventually('(await (await offline.store.db()).getAll("drafts"))[0].photos.length === 2')
    phone.die()
    phone.switch_on()
    phone.unlock()
    phone.page.locator("article.child a.btn-primary").click()
    phone.page.locator(".photo-small img").nth(1).wait_for(state="attached")
    for _step in range(3):
        onward(phone.page)
    phone.save()
    phone.shows("照片 2 张，已送达 0 张")
    front.start()
    enter_by_hand(phone.page, director)
    phone.page.goto("/offline/#outbox")
    phone.send()
    phone.shows("照片 2 张，已送达 2 张")
    visit = Visit.objects.get()
    for photo in visit.photos.all():
        content = read_photo(photo)
        picture = Image.open(io.BytesIO(content))
        assert picture.width < picture.height and max(picture.size) <= 1600
        red = picture.convert("RGB").getpixel((picture.width // 2, 40))
        assert red[0] > 150 and red[1] < 90, "upright: what was left on the lying picture is above"
        assert b"41.40338" not in content
    assert visit.photos.count() == 2
    assert phone.page.evaluate("offline.store.db().then((db) => db.count('blobs'))") == 0


def test_a_browser_that_turns_no_picture_gets_it_upright_too(director, phone, front, tmp_path):
    phone.set_up(director)
    for way in range(1, 9):
        a_picture(tmp_path, f"{way}.jpg", size=(300, 200), orientation=way)
        told, bare = (
            base64.b64encode((tmp_path / name).read_bytes()).decode() for name in (f"{way}.jpg", f"bare {way}.jpg")
        )
        seen = phone.page.evaluate(
            BOTH_WAYS,
            [told, bare, static("js/offline/photos.js")],
        )
        assert seen[0] == seen[1] and seen[2] == way, (way, seen)


def test_a_phone_too_full_for_photos_says_so_and_saves_the_words_if_asked(director, phone, front, tmp_path):
    a_child(director)
    phone.page.goto("/healthz")
    full = phone.context.new_cdp_session(phone.page)
    full.send("Storage.overrideQuotaForOrigin", {"origin": front.url, "quotaSize": 8_000_000})
    phone.set_up(director)
    front.stop()
    to_photos(phone)
    phone.page.set_input_files("[data-photo-input]", a_picture(tmp_path))
    phone.page.locator(".photo-small img").wait_for()
    phone.page.evaluate(FILL_UP)
    phone.save()
    phone.shows("没有存上")
    assert phone.page.evaluate("offline.store.outbox().then((rows) => rows.length)") == 0, (
        "not the visit without its photo"
    )
    phone.page.evaluate("""async () => {
      const photos = await idb.openDB("photos", 1), keys = await photos.getAllKeys("all");
      for (const key of keys.slice(-3)) await photos.delete("all", key);
      photos.close();
    }""")
    phone.page.click("text=先不带照片存下")
    phone.shows("已存本机")
    rows = phone.page.evaluate("offline.store.outbox().then((rows) => rows.map((row) => row.kind))")
    assert rows == ["visit"]
    front.start()
    phone.send()
    phone.shows("已送达（回执")


def test_photos_go_with_the_visit_that_was_mended(director, phone, front, tmp_path):
    a_child(director, days=5)
    phone.set_up(director)
    front.stop()
    to_photos(phone)
    phone.page.set_input_files("[data-photo-input]", a_picture(tmp_path))
    phone.page.locator(".photo-small img").wait_for()
    phone.save_as_of(timezone.localdate() - datetime.timedelta(days=9), "大雪封路")
    phone.shows("已存本机")
    front.start()
    phone.send()
    phone.shows("没有收下，请修改")
    phone.shows("照片 1 张，已送达 0 张")
    phone.page.click("[data-item] [data-slot=edit]")
    phone.page.locator("[name=visited_on]:visible").wait_for()
    phone.page.fill("[name=visited_on]", str(timezone.localdate()))
    for _step in range(3):
        onward(phone.page)
    phone.save()
    phone.shows("照片 1 张，已送达 1 张")
    assert Visit.objects.get().photos.count() == 1


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


def test_what_has_not_left_can_be_changed_or_dropped_and_arrives_once(director, phone):
    """While it is being changed nothing sends the old one, and another page can't open it."""
    a_child(director)
    phone.set_up(director)
    page = phone.page
    phone.context.set_offline(True)
    phone.fill_in("张子涵")
    page.fill("[name=needs]", "棉被")
    phone.save()
    page.locator(".toast:has-text('没有记下位置')").wait_for()
    phone.shows("送出之前可以修改")
    page.click("[data-item] [data-slot=edit]")
    page.locator("#visit").wait_for()
    phone.context.set_offline(False)
    other_page = phone.context.new_page()
    other_page.goto("/offline/#outbox")
    other_page.click("[data-do=send]")
    other_page.click("[data-item] [data-slot=edit]")
    other_page.locator(".toast:has-text('在另一个页面上打开着')").wait_for()
    assert not Visit.objects.exists(), "what is being changed is not sent"
    for _step in range(3):
        onward(page)
    assert page.input_value("[name=needs]") == "棉被"
    page.fill("[name=needs]", "棉被两床")
    phone.save()
    phone.shows("已送达（回执")
    assert Visit.objects.get().needs == "棉被两床"
    phone.context.set_offline(True)
    page.goto("/offline/#today")
    page.reload()
    phone.log("张子涵")
    phone.shows("送出之前可以修改")
    page.locator("[data-item]:has-text('送出之前') [data-do=drop]").click()
    page.click("[role=dialog] .btn-danger")
    page.locator("[data-item]:has-text('送出之前')").wait_for(state="detached")
    phone.context.set_offline(False)
    phone.send()
    assert Visit.objects.count() == 1


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


def test_who_leaves_the_list_while_a_form_is_open_is_saved_as_it_was_opened(director, phone, front):
    """A sister ticked, and the child of a report of danger: saving works, and the item says the name."""
    child, sister = a_child(director), a_child(director, "张子晴")
    ChildFile.objects.filter(pk__in=(child.pk, sister.pk)).update(family_uid=uuid.uuid4())
    phone.set_up(director)
    page = phone.page
    page.locator("article.child", has_text="张子涵").locator("a.btn-primary").click()
    page.locator("#visit").wait_for()
    choose(page, "together", str(sister.pk))
    choose(page, f"{sister.pk}-outcome", "away")
    hand_over(sister)
    phone.holds_files(1)
    onward(page)
    answer_care(page)
    onward(page)
    choose(page, "hazard", "no")
    onward(page)
    choose(page, f"{sister.pk}-next_step", "stay")
    page.fill(f'[name="{sister.pk}-whereabouts"]', "在外婆家")
    phone.save()
    page.locator("[data-item]:has-text('张子晴')").wait_for()
    page.goto(f"/offline/#alert/{child.pk}")
    page.locator("label.situation").first.click()
    choose(page, "call", "no_signal")
    hand_over(child)
    phone.holds_files(0)
    page.click("[data-foot=alert] .btn-danger")
    page.locator("[data-item]:has-text('紧急报告 张子涵')").wait_for()


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


def test_brothers_and_sisters_at_one_door_are_logged_at_once(director, phone, front):
    mark = uuid.uuid4()
    eldest, younger, youngest, other = (a_child(director, name) for name in ("张子涵", "张子轩", "张子晴", "李明轩"))
    ChildFile.objects.filter(pk__in=[eldest.pk, younger.pk, youngest.pk]).update(family_uid=mark)
    phone.set_up(director)
    front.stop()
    page = phone.page
    page.locator("article.child", has_text="张子涵").locator("a.btn-primary").click()
    page.locator("#visit").wait_for()
    assert "李明轩" not in page.inner_text("#visit") and "@" not in page.inner_text("#visit")
    for sibling in (younger, youngest):
        choose(page, "together", str(sibling.pk))
    choose(page, f"{younger.pk}-outcome", "seen")
    choose(page, f"{youngest.pk}-outcome", "away")
    axe_finds_nothing_serious(page)
    onward(page)
    answer_care(page)
    for field in ("attendance", "health"):
        page.locator(f'label.answer:has(input[name="{younger.pk}-{field}"])').first.click()
    assert not page.locator(f'[name="{youngest.pk}-mood"]:visible').count(), "who was not met has no mood"
    onward(page)
    page.locator(f'[data-field="{younger.pk}-mood"]:visible >> text=请选择一项').wait_for()
    choose(page, f"{younger.pk}-mood", "low")
    onward(page)
    choose(page, "hazard", "no")
    onward(page)
    choose(page, f"{youngest.pk}-next_step", "stay")
    page.fill(f'[name="{youngest.pk}-whereabouts"]', "在外婆家")
    phone.save()
    page.locator("[data-item]").nth(2).wait_for()
    front.start()
    phone.send()
    phone.arrived(3)
    visits = {visit.child: visit for visit in Visit.objects.all()}
    assert {visit.family for visit in visits.values()} == {visits[eldest].family} != {None}
    assert (visits[younger].mood, visits[younger].care, visits[younger].hazards) == ("low", visits[eldest].care, [])
    assert (visits[youngest].outcome, visits[youngest].whereabouts, visits[youngest].care) == ("away", "在外婆家", "")
    assert other not in visits
