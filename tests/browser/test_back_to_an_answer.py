"""The browser's Back to a page that answered a form: the form itself, and never that something was not sent."""

import re
import time

import pytest
from PIL import Image

from orgs.drafts.models import FormDraft
from tests.browser.acts import choose, enter, enter_by_hand
from tests.browser.phone import a_child
from tests.builders import a_post, an_alert, an_approved_file
from visits.alerts.models import Alert
from visits.alerts.services.handling import add_step
from visits.alerts.services.raising import acknowledge

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WORDS = "村东头穿红棉袄的小女孩"
WRITE_AND_SEND = """([name, words]) => {
  const field = document.querySelector(`form[data-draft] [name=${name}]`);
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.form.requestSubmit();
}"""  # in one moment: no hand is as quick, and no pause lies between
SEND = "document.querySelector('form#alert').submit()"  # past the scripts that would stop it


def wait_until(holds):
    for _try in range(50):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("waited 5 s")


def a_refused_form(page):
    page.goto("/alerts/new/")
    page.fill("[name=child_words]", WORDS)
    with page.expect_navigation():
        page.evaluate(SEND)
    page.locator("form#alert .field-error").first.wait_for()


def test_back_leads_to_the_form_or_without_a_network_says_only_that(director, phone, front):
    a_child(director)
    phone.set_up(director)
    page = phone.page
    page.goto("/")
    page.wait_for_function("Boolean(navigator.serviceWorker.controller)")
    a_refused_form(page)
    page.goto("/children/")
    page.go_back()
    assert re.search("/alerts/new/$", page.url)
    page.locator("form#alert .btn-danger, .foot .btn-danger").first.wait_for()
    assert "没有收到答复" not in page.inner_text("body")
    page.locator("text=没写完的内容已带回").wait_for()
    assert page.input_value("[name=child_words]") == WORDS
    page.goto("/children/")
    front.stop()
    page.go_back()
    page.wait_for_url(re.compile("/offline/"))
    assert "not-sent" not in page.url and page.url.endswith("no-page")
    assert not Alert.objects.exists()


def test_a_report_of_danger_is_not_swallowed_by_a_session_that_ended_elsewhere(director, open_page, settings):
    """Signed out from another device while she writes: after signing in again all of it stands there, still unsent."""
    a_child(director)
    page = open_page("phone")
    enter_by_hand(page, director)
    page.goto("/alerts/new/")
    page.locator("label.situation").first.click()
    choose(page, "call", "busy")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.evaluate(WRITE_AND_SEND, ["child_words", WORDS])
    page.wait_for_url(re.compile("/accounts/login/"))
    enter_by_hand(page, director)
    page.goto("/alerts/new/")
    page.locator("form#alert > .hint button").wait_for()  # what was brought back can be dropped
    assert page.input_value("[name=child_words]") == WORDS and not Alert.objects.exists()


def test_what_was_reported_is_no_draft_any_more(director, open_page):
    child = a_child(director)
    page = open_page("phone")
    enter_by_hand(page, director)
    page.goto(f"/alerts/new/?child={child.pk}")
    page.locator("label.situation").first.click()
    choose(page, "call", "busy")
    page.wait_for_timeout(800)  # it is kept by then
    page.click("button.btn-danger:visible")
    page.wait_for_url(re.compile("/alerts/[0-9a-f-]{36}/"))
    page.goto(f"/alerts/new/?child={child.pk}")
    assert not page.locator("label.situation input:checked").count()
    assert Alert.objects.count() == 1


def test_what_was_written_just_before_sending_is_in_the_draft_until_the_server_took_it(director, open_page):
    """Refused, it is kept as it came back, here and on the server; taken, no late copy of it stays."""
    child = an_approved_file(director.unit, by=director)
    page = open_page("phone")
    enter_by_hand(page, director)
    page.goto(f"/children/{child.pk}/change/")
    page.evaluate(WRITE_AND_SEND, ["address", "长" * 200])
    page.locator("#register .field-bad").first.wait_for(state="attached")
    wait_until(lambda: any("长" * 200 in draft.body for draft in FormDraft.objects.exclude(page="")))
    page.goto("/today/")
    page.goto(f"/children/{child.pk}/change/")
    page.locator("#register > .hint button").wait_for()
    assert page.input_value("[name=address]") == "长" * 200
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/drafts/")):
        page.evaluate(WRITE_AND_SEND, ["address", "五组 3 号"])
    page.wait_for_url(lambda url: "/change/" not in url)
    wait_until(lambda: not FormDraft.objects.exclude(page="").exists())
    page.wait_for_timeout(500)
    assert not FormDraft.objects.exclude(page="").exists()
    page.goto(f"/children/{child.pk}/change/")
    assert page.locator("#register > .hint button").count() == 0


def test_words_kept_in_a_fold_are_seen_when_they_come_back(village, open_page):
    clerk, county = a_post(village.township), a_post(village.county)
    alert = an_alert(village)
    acknowledge(alert, by=clerk, seen_version=1)
    add_step(alert, by=county, kind="seen", text="到场")
    page = open_page("desktop")
    enter(page, county)
    page.goto(f"/alerts/{alert.pk}/")
    page.click("summary:has-text('办结')")
    page.fill("#id_close_text", "孩子已由祖母照护")
    choose(page, "kind", "answered")
    page.fill("#id_step_text", "已答复")
    page.click("button:has-text('记录')")
    page.get_by_text("已记录").wait_for()
    page.locator("#id_close_text").wait_for()
    assert page.input_value("#id_close_text") == "孩子已由祖母照护"


def test_photos_that_a_refusal_took_along_are_asked_for_at_their_control(director, open_page, tmp_path):
    photo, broken = tmp_path / "现场.png", tmp_path / "坏.png"
    Image.new("RGB", (60, 40), "navy").save(photo)
    broken.write_bytes(b"no picture")
    page = open_page("phone")
    enter(page, director)
    page.goto("/publicity/new/")
    page.fill("#id_where", "村部")
    page.fill("#id_topic", "暑期防溺水")
    page.locator("label.answer:has([name=audience])").first.click()
    page.fill("#id_people", "20")
    asked = page.get_by_text(re.compile("刚才选的 2 个照片或文件没有送出"))
    for _answer in ("again", "without"):
        page.set_input_files("#id_photos", [photo, broken])
        page.click(".foot .btn-primary")
        asked.wait_for()
        if _answer == "again":
            page.set_input_files("#id_photos", photo)
        else:
            page.click("button:has-text('不用了')")
        assert asked.count() == 0
    page.click(".foot .btn-primary")
    page.wait_for_url(lambda url: "/publicity/new/" not in url)
