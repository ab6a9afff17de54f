"""What a director writes on the phone besides the routine visit: what came back, reports of danger."""

import json
import uuid

import pytest

from registry.child.models import ChildFile
from tests.browser.acts import answer_care, axe_finds_nothing_serious, choose, onward
from tests.browser.offline_acts import a_returned_visit, hand_over
from tests.browser.phone import a_child
from tests.builders import a_post, answers
from visits.alerts.models import Alert
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

STAY = """document.querySelector('#alert a[href="tel:110"]').addEventListener("click", (tap) => tap.preventDefault())"""


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
    phone.shows("草稿已存在本机")
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
