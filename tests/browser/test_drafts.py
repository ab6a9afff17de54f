"""What was written and not sent: it comes back where it fits, and never over what was sent or altered since."""

import re
import uuid

import pytest
from django.utils import timezone

from orgs.drafts.models import FormDraft
from registry.changes.models import Change
from registry.changes.services import amend_change, approve_change, return_change
from registry.child.models import ChildFile
from registry.guidance.models import Guidance
from tests.browser.acts import axe_finds_nothing_serious, choose, enter, let_in
from tests.builders import a_change, a_post, a_village, a_visit, an_approved_file, an_upload, answers
from visits.alerts.models import Alert
from visits.visit.services.log import correct_visit, recall_visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
BROUGHT_BACK = "text=没写完的内容已带回"
OFFERED = "text=没有自动填回"
OTHER_PAGE = "/account/"
SEND_AS_IT_IS = """() => {
  document.querySelectorAll("[data-needed]").forEach((box) => box.removeAttribute("data-needed"));
  document.querySelector("#register").requestSubmit();
}"""
CHOOSE = """(field, value) => {
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}"""
WRITE = """([name, words]) => {
  const field = document.querySelector(`[name=${name}]`);
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@pytest.fixture
def child(director):
    return an_approved_file(director.unit, by=director, address="二组")


def write(page, name, words, kept="已存"):
    page.fill(f"[name={name}]", words)
    page.get_by_text(re.compile(rf"^\d\d:\d\d {kept}$")).first.wait_for()


def write_in_a_later_step(page, name, words):
    page.wait_for_function("() => document.querySelector('#visit').cwrDraft")
    page.evaluate(WRITE, [name, words])
    page.get_by_text("已存在本机").first.wait_for(state="attached")


def write_and_leave(page, name, words):
    """In whatever fold it stands; leaving keeps it."""
    page.evaluate(WRITE, [name, words])
    page.goto(OTHER_PAGE)


def unfold(page):
    page.evaluate("document.querySelectorAll('form details').forEach((fold) => { fold.open = true; })")


def a_form(page, path):
    """Opened, with whatever the server knows of its draft."""
    with page.expect_response(lambda answer: "/drafts/" in answer.url):
        page.goto(path)
    unfold(page)


def write_unknown_to_the_server(phone, path):
    a_form(phone, path)
    phone.route("**/drafts/**", lambda route: route.abort())
    phone.expected.append("ERR_FAILED")
    write(phone, "address", "手机写的地址", kept="已存在本机")
    phone.goto(OTHER_PAGE)
    phone.unroute("**/drafts/**")


def somebody_else_moves(child):
    """A colleague's change of the address is approved."""
    change = a_change(child, by=a_post(child.village), address="九组 99 号")
    approve_change(change, by=a_post(child.township), seen_version=1)


def test_what_was_sent_from_the_desk_is_not_brought_back_on_the_phone(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    phone, desk = open_page("phone"), open_page("desktop")
    for page in (phone, desk):
        let_in(page, director)
    a_form(phone, path)
    write(phone, "address", "手机写的地址")
    phone.goto(OTHER_PAGE)
    a_form(desk, path)
    desk.locator(BROUGHT_BACK).wait_for()
    assert desk.input_value("[name=address]") == "手机写的地址"
    desk.fill("[name=address]", "电脑改定的地址")
    desk.click(".foot .btn-primary")
    desk.wait_for_url(lambda url: not url.endswith("/change/"))
    a_form(phone, path)
    phone.wait_for_function("() => !Object.keys(localStorage).some((key) => key.includes('change-'))")
    assert phone.input_value("[name=address]") == "二组"
    assert phone.locator(BROUGHT_BACK).count() == phone.locator(OFFERED).count() == 0


def test_what_the_server_never_got_is_offered_where_the_form_was_sent_since(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    phone, desk = open_page("phone"), open_page("desktop")
    for page in (phone, desk):
        let_in(page, director)
    write_unknown_to_the_server(phone, path)
    a_form(desk, path)
    desk.fill("[name=address]", "电脑改定的地址")
    desk.click(".foot .btn-primary")
    desk.wait_for_url(lambda url: not url.endswith("/change/"))
    for _time in ("left as it is", "taken"):
        a_form(phone, path)
        phone.locator(OFFERED).wait_for()
        assert phone.input_value("[name=address]") == "二组"
    phone.click("button:has-text('填回来')")
    assert phone.input_value("[name=address]") == "手机写的地址" and phone.locator(OFFERED).count() == 0
    phone.get_by_text(re.compile(r"^\d\d:\d\d 已存$")).first.wait_for()
    a_form(phone, path)
    phone.locator(BROUGHT_BACK).wait_for()
    assert phone.input_value("[name=address]") == "手机写的地址"


def test_a_draft_brings_back_what_was_written_and_nothing_that_stood_beside_it(director, child, open_page):
    """Somebody else's change was approved meanwhile: sent from the draft's form it would be undone."""
    path = f"/children/{child.pk}/change/"
    page = open_page("desktop")
    let_in(page, director)
    a_form(page, path)
    write(page, "school", "刘沟小学")
    page.goto(OTHER_PAGE)
    somebody_else_moves(child)
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    assert page.input_value("[name=school]") == "刘沟小学" and page.input_value("[name=address]") == "九组 99 号"
    page.click(".foot .btn-primary")
    page.wait_for_url(lambda url: not url.endswith("/change/"))
    sent = Change.objects.latest("made_at")
    assert [field.name for field in sent.fields.all()] == ["school"]


def test_a_field_that_somebody_else_altered_since_is_offered_and_not_overwritten(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    page = open_page("desktop")
    let_in(page, director)
    a_form(page, path)
    write(page, "address", "三组 3 号")
    page.goto(OTHER_PAGE)
    somebody_else_moves(child)
    a_form(page, path)
    page.locator(OFFERED).wait_for()
    assert page.input_value("[name=address]") == "九组 99 号"
    page.click("button:has-text('不要了')")
    page.wait_for_timeout(300)
    page.goto(path)
    page.wait_for_timeout(500)
    assert page.locator(OFFERED).count() == page.locator(BROUGHT_BACK).count() == 0


def test_a_visit_mended_elsewhere_is_not_overwritten_by_an_older_draft(director, child, open_page):
    visit = a_visit(child, by=director, guardian_words="祖母说都好")
    recall_visit(visit, by=director, seen_version=visit.version)
    page = open_page("phone")
    path = f"/visits/{visit.pk}/edit/"
    enter(page, director, path)
    unfold(page)
    write_in_a_later_step(page, "guardian_words", "旧草稿九点")
    page.goto(OTHER_PAGE)
    visit.refresh_from_db()
    said = answers(guardian_words="新")
    correct_visit(visit, by=director, seen_version=visit.version, answers=said, hazards_looked_at=True)
    recall_visit(visit, by=director, seen_version=visit.version)
    a_form(page, path)
    page.locator(OFFERED).wait_for(state="attached")
    assert page.input_value("[name=guardian_words]") == "新"


def test_a_draft_of_a_new_visit_is_offered_once_another_visit_was_made(director, child, open_page):
    page = open_page("phone")
    path = f"/children/{child.pk}/visit/"
    enter(page, director, path)
    write_in_a_later_step(page, "guardian_words", "祖母说都好")
    page.goto(OTHER_PAGE)
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    page.goto(OTHER_PAGE)
    a_visit(child, by=director)
    a_form(page, path)
    page.locator(OFFERED).wait_for()
    assert page.input_value("[name=guardian_words]") == ""


def test_two_devices_that_know_nothing_of_each_other_lose_neither_one_s_words(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    phone, desk = open_page("phone"), open_page("desktop")
    for page in (phone, desk):
        let_in(page, director)
    write_unknown_to_the_server(phone, path)
    a_form(desk, path)
    desk.fill("[name=address]", "电脑写的地址")
    write(desk, "school", "刘沟小学")
    a_form(phone, path)
    phone.locator(BROUGHT_BACK).wait_for()
    assert (phone.input_value("[name=address]"), phone.input_value("[name=school]")) == ("电脑写的地址", "刘沟小学")
    offer = phone.locator("form > .hint:has-text('没有送出的内容还在')")
    offer.wait_for()
    write(phone, "note", "爷爷说的")
    a_form(desk, path)
    desk.locator("form > .hint:has-text('没有送出的内容还在') button").first.click()
    assert (desk.input_value("[name=address]"), desk.input_value("[name=note]")) == ("手机写的地址", "爷爷说的")


def test_an_offered_draft_is_kept_while_one_writes_on(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    page = open_page("desktop")
    let_in(page, director)
    a_form(page, path)
    write(page, "address", "三组 3 号")
    page.goto(OTHER_PAGE)
    somebody_else_moves(child)
    a_form(page, path)
    page.locator(OFFERED).wait_for()
    write(page, "school", "刘沟小学")
    page.goto(OTHER_PAGE)
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    page.locator(OFFERED).wait_for()
    assert page.input_value("[name=school]") == "刘沟小学" and page.input_value("[name=address]") == "九组 99 号"
    with page.expect_response(lambda answer: "/drafts/" in answer.url):
        page.click("button:has-text('不要了')")
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    assert page.input_value("[name=school]") == "刘沟小学" and page.locator(OFFERED).count() == 0


def test_a_refusal_leaves_what_is_offered_as_it_was(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    page = open_page("desktop")
    let_in(page, director)
    a_form(page, path)
    write(page, "address", "三组 3 号")
    page.goto(OTHER_PAGE)
    somebody_else_moves(child)
    a_form(page, path)
    page.locator(OFFERED).wait_for()
    page.expected.append("422")
    page.click(".foot .btn-primary")
    page.locator(".errors").first.wait_for()
    page.goto(OTHER_PAGE)
    a_form(page, path)
    page.click("button:has-text('填回来')")
    assert page.input_value("[name=address]") == "三组 3 号"


def test_three_tabs_of_one_form_lose_nobody_s_words(director, child, open_page):
    path = f"/children/{child.pk}/visit/"
    page = open_page("phone")
    enter(page, director)
    tabs = [page, page.context.new_page(), page.context.new_page()]
    for tab in tabs:
        tab.goto(path)
    for tab, words in zip(tabs, ("第一个窗口", "第二个窗口", "第三个窗口"), strict=True):
        write_in_a_later_step(tab, "guardian_words", words)
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    assert page.input_value("[name=guardian_words]") == "第三个窗口"
    found = []
    for _offer in range(3):  # the two others, and what the first of them replaced
        page.locator("button:has-text('填回来')").last.click()
        found.append(page.input_value("[name=guardian_words]"))
    assert set(found[:2]) == {"第一个窗口", "第二个窗口"} and found[2] == "第三个窗口"


def test_what_an_offer_replaces_is_offered_in_its_turn(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    phone, desk = open_page("phone"), open_page("desktop")
    for page in (phone, desk):
        let_in(page, director)
    write_unknown_to_the_server(phone, path)
    a_form(desk, path)
    write(desk, "address", "电脑写的地址")
    a_form(phone, path)
    phone.locator(BROUGHT_BACK).wait_for()
    put_back = phone.locator("button:has-text('填回来')")
    for words in ("手机写的地址", "电脑写的地址", "手机写的地址"):
        put_back.click()
        assert phone.input_value("[name=address]") == words
    phone.get_by_text(re.compile(r"^\d\d:\d\d 已存$")).first.wait_for()
    a_form(phone, path)  # also on another day
    phone.locator(BROUGHT_BACK).wait_for()
    assert phone.input_value("[name=address]") == "手机写的地址"
    put_back.click()
    assert phone.input_value("[name=address]") == "电脑写的地址"


def test_what_was_written_of_a_sister_who_left_is_shown_to_be_copied(director, child, open_page):
    sister = an_approved_file(director.unit, by=director, name="张子晴")
    family = uuid.uuid4()
    ChildFile.objects.filter(pk__in=(child.pk, sister.pk)).update(family_uid=family)
    path = f"/children/{child.pk}/visit/"
    page = open_page("phone")
    enter(page, director, path)
    page.wait_for_function("() => document.querySelector('#visit').cwrDraft")
    choose(page, "together", str(sister.pk))
    choose(page, f"{sister.pk}-outcome", "away")
    write_in_a_later_step(page, "guardian_words", "奶奶说姐姐去了郑州")
    ChildFile.objects.filter(pk=sister.pk).update(family_uid=None)
    for _opening in range(2):  # what is kept of the draft meanwhile keeps it
        a_form(page, path)
        hint = page.locator("[data-draft-absent]")
        hint.wait_for()
        assert "见到孩子了吗：外出不在" in hint.inner_text()
        axe_finds_nothing_serious(page)
        write_in_a_later_step(page, "guardian_words", "奶奶说姐姐去了洛阳")
    page.click("button:has-text('清掉重填')")
    hint.wait_for(state="detached")


def test_two_tabs_of_one_form_lose_neither_one_s_words(director, child, open_page):
    path = f"/children/{child.pk}/visit/"
    page = open_page("phone")
    enter(page, director, path)
    beside = page.context.new_page()
    beside.goto(path)
    write_in_a_later_step(page, "guardian_words", "第一个窗口")
    write_in_a_later_step(beside, "guardian_words", "第二个窗口")
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    assert page.input_value("[name=guardian_words]") == "第二个窗口"
    page.locator("button:has-text('填回来')").click()
    assert page.input_value("[name=guardian_words]") == "第一个窗口"


def test_what_is_written_after_a_draft_was_thrown_away_is_kept_by_the_server_too(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    page = open_page("desktop")
    let_in(page, director)
    a_form(page, path)
    write(page, "address", "三组 3 号")
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    page.click("button:has-text('清掉重填')")
    page.fill("[name=school]", "刘沟小学")
    page.wait_for_timeout(3500)
    assert "刘沟小学" in FormDraft.objects.exclude(page="").get().body
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    assert page.locator(OFFERED).count() == 0 and page.input_value("[name=address]") == "二组"


def test_photos_that_arrived_are_not_asked_for_with_the_next_draft(director, child, open_page):
    page = open_page("phone")
    path = "/publicity/new/"
    enter(page, director, path)
    page.fill("#id_where", "村部")
    page.fill("#id_topic", "暑期防溺水")
    page.locator("label.answer:has([name=audience])").first.click()
    page.fill("#id_people", "20")
    picture = {"name": "门前.jpg", "mimeType": "image/jpeg", "buffer": an_upload(size=(60, 40)).read()}
    page.set_input_files("#id_photos", [picture])
    page.click(".foot .btn-primary")
    page.wait_for_url(lambda url: "/publicity/new/" not in url)
    page.goto(path)
    page.fill("#id_where", "村部")
    page.wait_for_timeout(1000)  # kept by then
    page.goto(OTHER_PAGE)
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    assert page.get_by_text(re.compile("没有送出，页面留不住")).count() == 0


def test_a_draft_thrown_away_stays_away(director, child, open_page):
    """Also where it is thrown away while its last letters are on their way."""
    path = f"/children/{child.pk}/change/"
    page = open_page("desktop")
    let_in(page, director)
    a_form(page, path)
    write(page, "address", "三组 3 号")
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    page.fill("[name=address]", "三组 4 号")
    page.click("button:has-text('清掉重填')")
    page.wait_for_timeout(3500)
    assert page.input_value("[name=address]") == "二组"
    assert not FormDraft.objects.exclude(page="").exists()
    page.goto(path)
    page.wait_for_timeout(500)
    assert page.locator(BROUGHT_BACK).count() == 0 and page.input_value("[name=address]") == "二组"


def test_a_draft_belongs_to_the_post_in_which_it_was_written(director, child, open_page):
    """Of two posts of one person the other has a form of the same name for itself."""
    page = open_page("desktop")
    let_in(page, director)
    a_form(page, "/children/new/")
    choose(page, "categories", "left_behind")
    page.get_by_text(re.compile(r"^\d\d:\d\d 已存$")).first.wait_for()
    page.context.clear_cookies()
    enter(page, a_post(a_post(child.village).unit.township, person=director.person))
    a_form(page, "/children/new/")
    assert page.locator(BROUGHT_BACK).count() == 0 and not page.locator("[name=categories]:checked").count()


def test_photos_chosen_before_a_draft_was_left_are_asked_for_again(director, child, open_page):
    page = open_page("phone")
    path = f"/children/{child.pk}/visit/"
    enter(page, director, path)
    write_in_a_later_step(page, "guardian_words", "祖母说都好")
    picture = {"name": "门前.jpg", "mimeType": "image/jpeg", "buffer": an_upload(size=(60, 40)).read()}
    page.set_input_files("#id_photos", [picture])
    page.goto(OTHER_PAGE)
    a_form(page, path)
    page.get_by_text(re.compile("刚才选的 1 个照片或文件没有送出")).wait_for(state="attached")


def test_back_and_sent_again_is_the_same_report(director, child, open_page):
    page = open_page("phone")
    enter(page, director, f"/alerts/new/?child={child.pk}")
    page.locator("label.situation").first.click()
    choose(page, "call", "busy")
    for _time in ("sent", "gone back to and sent again"):
        page.click("button.btn-danger:visible")
        page.wait_for_url(re.compile("/alerts/[0-9a-f-]{36}/"))
        if _time == "sent":
            page.go_back()
            page.wait_for_url(re.compile("/alerts/new/"))
            page.wait_for_function("() => document.querySelector('[name=call][value=busy]').checked")
    assert Alert.objects.count() == 1


def test_guidance_sent_twice_from_its_page_is_two_and_back_to_it_is_none(child, open_page):
    page = open_page("desktop")
    enter(page, a_post(child.township), f"/children/{child.pk}/guidance/")
    for advice in ("按时接送", "不留孩子独自在家"):
        page.fill("[name=advice]", advice)
        page.click("form[data-draft^=guidance] .btn-primary")
        page.locator(f".todos :text('{advice}')").wait_for()
    page.go_back()
    page.wait_for_load_state()
    if page.locator("[name=advice]").count():
        page.fill("[name=advice]", "不留孩子独自在家")
        page.click("form[data-draft^=guidance] .btn-primary")
        page.wait_for_load_state()
    assert Guidance.objects.count() == 2


def test_sending_from_one_device_takes_nothing_of_what_another_wrote_meanwhile(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    desk, phone = open_page("desktop"), open_page("phone")
    for page in (desk, phone):
        let_in(page, director)
        a_form(page, path)
    write(desk, "school", "刘沟小学")
    write(phone, "address", "手机写的地址")
    desk.click(".foot .btn-primary")
    desk.wait_for_url("**/changes/*/")
    a_form(phone, path)
    phone.click("button:has-text('填回来')")
    assert phone.input_value("[name=address]") == "手机写的地址"
    assert phone.locator("button:has-text('填回来')").count() == 0, "what was sent is not offered"


def test_sending_what_came_back_by_itself_takes_nothing_that_its_first_page_wrote_since(director, child, open_page):
    path = f"/children/{child.pk}/visit/"
    page = open_page("phone")
    enter(page, director)
    tabs = [page, page.context.new_page()]
    tabs[0].goto(path)
    write_in_a_later_step(tabs[0], "guardian_words", "奶奶说")
    a_form(tabs[1], path)
    tabs[1].locator(BROUGHT_BACK).wait_for()
    write_in_a_later_step(tabs[0], "guardian_words", "奶奶说要一床棉被")
    tabs[0].wait_for_timeout(800)  # the last letters are kept 600 ms later
    tabs[0].goto(OTHER_PAGE)
    tabs[1].click("button:has-text('清掉重填')")
    assert tabs[1].input_value("[name=guardian_words]") == ""
    a_form(tabs[1], path)
    tabs[1].locator(BROUGHT_BACK).wait_for()
    assert tabs[1].input_value("[name=guardian_words]") == "奶奶说要一床棉被"


def test_a_refused_page_takes_over_its_own_draft_and_leaves_the_other_tab_s(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    page = open_page("desktop")
    enter(page, director)
    tabs = [page, page.context.new_page()]
    for tab in tabs:
        a_form(tab, path)
    tabs[0].fill("[name=name]", "")
    write(tabs[0], "address", "第一个窗口")
    write(tabs[1], "address", "第二个窗口")
    page.expected.append("422")
    tabs[0].evaluate(SEND_AS_IT_IS)
    tabs[0].locator("form .field-error:has-text('请填写姓名')").first.wait_for(state="attached")
    for tab in tabs:
        tab.goto(OTHER_PAGE)
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    assert (page.input_value("[name=name]"), page.input_value("[name=address]")) == ("", "第一个窗口")
    page.click("button:has-text('填回来')")
    assert page.input_value("[name=address]") == "第二个窗口"


def test_a_child_who_left_the_list_is_named_where_a_draft_of_a_report_comes_back(director, child, open_page):
    page = open_page("phone")
    enter(page, director, "/alerts/new/")
    page.wait_for_function("() => document.querySelector('#alert').cwrDraft")
    page.locator("select[name=child]").evaluate(CHOOSE, str(child.pk))
    write_and_leave(page, "seen", "孩子身上有伤")
    elsewhere = an_approved_file(a_village()).place_values()
    ChildFile.objects.filter(pk=child.pk).update(**elsewhere)
    for _opening in range(2):  # what is kept of the draft meanwhile keeps it
        a_form(page, "/alerts/new/")
        page.locator(BROUGHT_BACK).wait_for()
        told = page.locator("[data-draft-absent]").inner_text()
        assert "是哪个孩子：" in told and child.name in told
        write_and_leave(page, "seen", "孩子身上有伤，不敢回家")


def test_words_behind_a_form_that_a_page_has_no_more_are_shown_there(director, child, open_page):
    change = a_change(child, by=director, address="九组 99 号")
    return_change(change, by=a_post(child.township), seen_version=1, reason="请核对门牌")
    page = open_page("phone")
    path = f"/changes/{change.pk}/"
    enter(page, director, path)
    page.wait_for_function("() => document.querySelector('form[data-draft]').cwrDraft")
    write_and_leave(page, "address", "九组 98 号")
    change.refresh_from_db()
    amend_change(change, by=director, seen_version=change.version, values={"address": "九组 97 号"})
    page.goto(path)
    page.locator("[data-draft-forms]").get_by_text("九组 98 号").wait_for()


def test_leaving_a_field_after_its_words_were_sent_from_elsewhere_makes_no_draft_of_them(director, child, open_page):
    path = f"/children/{child.pk}/change/"
    phone, desk = open_page("phone"), open_page("desktop")
    for page in (phone, desk):
        let_in(page, director)
    a_form(phone, path)
    phone.locator("[name=address]").press_sequentially("八组 8 号")
    phone.get_by_text(re.compile(r"^\d\d:\d\d 已存$")).first.wait_for()
    a_form(desk, path)
    desk.locator(BROUGHT_BACK).wait_for()
    desk.click(".foot .btn-primary")
    desk.wait_for_url("**/changes/*/")
    phone.locator("[name=address]").blur()
    phone.wait_for_timeout(1000)
    phone.goto(OTHER_PAGE)
    a_form(phone, path)
    assert phone.locator("form > .hint").count() == 0


def test_going_back_shows_nobody_what_another_account_wrote_there(director, child, open_page):
    page = open_page("phone")
    let_in(page, director)
    path = f"/children/{child.pk}/change/"
    a_form(page, path)
    write(page, "address", "主任写的地址")
    page.goto("/children/")
    page.context.clear_cookies()
    enter(page, a_post(child.township))
    page.goto("/children/")
    for _entry in range(6):
        page.go_back(wait_until="load")
        if page.url.endswith(path):
            break
    assert page.url.endswith(path)
    page.wait_for_timeout(1500)
    assert page.input_value("[name=address]") == "二组" and "主任写的地址" not in page.inner_text("body")
    assert FormDraft.objects.exclude(page="").get().person == director.person, "nobody wrote anything since"
    page.context.clear_cookies()
    enter(page, director)
    page.route("**/icons.svg*", lambda route: page.wait_for_timeout(1500) or route.continue_())  # loaded late
    a_form(page, path)
    page.locator(BROUGHT_BACK).wait_for()
    page.wait_for_timeout(2000)
    assert page.input_value("[name=address]") == "主任写的地址"


def test_what_was_written_about_a_child_who_moved_is_shown_where_its_form_is_kept_from_the_writer(
    director, child, open_page
):
    page = open_page("phone")
    let_in(page, director)
    path = f"/children/{child.pk}/change/"
    a_form(page, path)
    write(page, "address", "主任写的地址")
    page.goto(OTHER_PAGE)
    ChildFile.objects.filter(pk=child.pk).update(**an_approved_file(a_village()).place_values())
    page.expected.append("404")
    page.goto(path)
    page.locator("[data-draft-address]").get_by_text("主任写的地址").wait_for()


def test_what_was_written_in_a_form_that_is_closed_by_now_is_shown_to_be_copied(director, child, open_page):
    path = f"/children/{child.pk}/visit/"
    page = open_page("phone")
    enter(page, director, path)
    write_in_a_later_step(page, "guardian_words", "奶奶说要一床棉被")
    page.goto(OTHER_PAGE)
    ChildFile.objects.filter(pk=child.pk).update(state="closed", closed_on=timezone.localdate())
    page.goto(path)
    page.wait_for_url(f"**/children/{child.pk}/")
    left = page.locator("[data-draft-unsent]")
    left.get_by_text("监护人的话：奶奶说要一床棉被").wait_for()
    axe_finds_nothing_serious(page)
    left.locator("button").click()
    page.goto(path)
    page.wait_for_url(f"**/children/{child.pk}/")
    assert page.locator("[data-draft-unsent]").count() == 1 and left.inner_text() == ""
