"""Photos on the phone: made small and upright, sent after their visit."""

import base64
import datetime
import io

import pytest
from django.templatetags.static import static
from django.utils import timezone
from PIL import Image

from tests.browser.acts import enter_by_hand, onward
from tests.browser.offline_acts import a_picture, to_photos
from tests.browser.phone import FILL_UP, a_child
from visits.visit.models import Visit
from visits.visit.services.photos import read_photo

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

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
