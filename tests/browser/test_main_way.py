"""The registry's main job, end to end, in real browsers: a director on a phone, a clerk at a desk, the county and the
city after the roll-up."""

import re

import pytest

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job
from orgs.drafts.models import FormDraft
from orgs.stale_figures.models import CountyMonth
from registry.child.models import ChildFile
from reports.rollup.services import roll_up
from tests.browser.acts import axe_finds_nothing_serious, choose, enter, enter_by_hand, onward
from tests.builders import a_city, a_post, a_unit, an_id_number
from visits.visit.models import Visit
from visits.visit.workflow import VISIT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def staff():
    city = a_city()
    county = a_unit(city, name="荥阳市")
    township = a_unit(county, name="高村乡")
    village = a_unit(township, name="刘沟村委会", code="410182201227")
    return {unit.level: a_post(unit) for unit in (city, county, township, village)}


def register(page, name):
    """A director fills the five steps on her phone."""
    page.click('.phonenav a[href="/children/new/"]')
    choose(page, "categories", "left_behind")
    axe_finds_nothing_serious(page)
    onward(page)
    page.fill("[name=name]", name)
    page.fill("[name=id_number]", an_id_number())
    assert page.get_by_text("2017年3月15日").first.is_visible(), "the number tells the birth date"
    page.fill("[name=address]", "三组")
    onward(page)
    page.select_option("[name=guardian_relation]", "paternal_grandmother")
    page.fill("[name=guardian_name]", "刘桂芳")
    page.fill("[name=guardian_phone]", "13800001234")
    choose(page, "guardianship", "fair")
    onward(page)
    page.fill("[name=father_name]", "刘建国")
    onward(page)
    page.select_option("[name=schooling]", "primary")
    page.click("button[name=submit]")
    page.wait_for_url(re.compile(r"/children/[0-9a-f-]{36}/$"))


def routine_visit(page):
    """A director's visit where all is well: four steps."""
    page.click(".child-do .btn-primary")
    onward(page)
    for name, value in {
        "carer": "same", "care": "good", "living": "good", "attendance": "in_school", "health": "good",
        "mood": "cheerful",
    }.items():  # fmt: skip
        choose(page, name, value)
    axe_finds_nothing_serious(page)
    onward(page)
    choose(page, "hazard", "no")
    onward(page)
    page.click(".step-last-only.btn-primary")
    page.wait_for_url(re.compile(r"/today/$"))


def test_from_the_village_to_the_city(staff, open_page, tmp_path):
    director, clerk = open_page("phone"), open_page("desktop")
    enter_by_hand(director, staff[4])
    register(director, "刘雨欣")
    assert "已送到工作站" in director.inner_text("main")

    enter(clerk, staff[3])
    clerk.locator(".waits > li", has_text="刘雨欣").get_by_role("link").click()
    clerk.wait_for_url(re.compile(r"/review/file/"))
    assert "刘雨欣" in clerk.inner_text(".desk-case")
    axe_finds_nothing_serious(clerk)
    clerk.keyboard.press("a")
    clerk.get_by_text("已建档").wait_for()
    file = ChildFile.objects.get()
    assert file.file_number == f"410182201227-{file.approved_on.year}-0001"
    assert file.file_number in clerk.inner_text("main")

    # the first visit is due in 30 days: it is logged from the file, before its day
    director.goto(f"/children/{file.pk}/")
    director.click("text=记录走访")
    onward(director)
    for name in ("carer", "care", "living", "attendance", "health", "mood"):
        director.locator(f'label.answer:has(input[name="{name}"])').first.click()
    onward(director)
    choose(director, "hazard", "no")
    onward(director)
    director.click(".step-last-only.btn-primary")
    director.wait_for_url(re.compile(r"/today/$"))
    assert f"回执 {Visit.objects.get().receipt}" in director.inner_text("main")

    clerk.goto("/review/")
    assert "无异常" in clerk.inner_text(".desk-queue")
    clerk.keyboard.press("a")
    clerk.get_by_text("已通过刘雨欣的走访").wait_for()
    assert Visit.objects.get().state == "accepted"

    for mark in CountyMonth.objects.all():
        assert roll_up(mark.county_id, mark.period)

    city = open_page("desktop")
    enter(city, staff[1])
    assert city.url.endswith("/workbench/")
    city.goto("/figures/")
    shown = city.inner_text("main")
    assert "在册儿童" in shown and "刘雨欣" not in shown
    axe_finds_nothing_serious(city)
    city.click("a:has-text('荥阳市')")
    city.click("a:has-text('高村乡')")
    assert "刘沟村" in city.inner_text("main")

    county = open_page("desktop", accept_downloads=True)
    enter(county, staff[2])
    county.goto("/exports/")
    axe_finds_nothing_serious(county)
    county.click("main form button.btn-primary")
    county.wait_for_url(re.compile(r"/exports/"))
    jobs.run(Job.objects.get().pk)
    county.goto("/exports/")
    with county.expect_download() as download:
        county.click("a:has-text('下载')")
    path = tmp_path / "ledger.xlsx"
    download.value.save_as(path)
    from openpyxl import load_workbook

    cells = [
        str(cell.value) for row in load_workbook(path).active.iter_rows() for cell in row if cell.value is not None
    ]
    assert any("汇总表" in cell for cell in cells) and "高村乡" in cells


def test_a_director_at_390_px_has_her_day_in_hand(staff, open_page):
    import datetime

    from django.utils import timezone

    from tests.builders import a_visit, an_alert, an_approved_file

    here, by = staff[4].unit, staff[4]
    file = an_approved_file(here, by=by, name="张子涵", on=timezone.localdate() - datetime.timedelta(days=36))
    for _each in range(2):
        an_alert(here, file=file)
    for number in "一二三":
        back = a_visit(an_approved_file(here, by=by, name=f"李{number}"), by=by)
        VISIT.apply("return", back, by=staff[3], seen_version=back.version, reason="照看人电话没写，请问清楚以后补上")
    page = open_page("phone")
    enter(page, staff[4])
    assert "逾期 6 天" in page.inner_text("main")
    due, bar = page.locator("main article").first.bounding_box(), page.locator(".phonenav").bounding_box()
    assert due["y"] + 60 < bar["y"], "under five lines the first child stands on the first screen"
    axe_finds_nothing_serious(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "nothing sticks out sideways"
    routine_visit(page)
    assert "逾期 6 天" not in page.inner_text("main")
    assert Visit.objects.get(child=file).state == "submitted"


def test_a_returned_visit_comes_back_with_its_reason(staff, open_page):
    from tests.builders import a_visit, an_approved_file

    a_visit(an_approved_file(staff[4].unit, by=staff[4], name="李明轩"), by=staff[4], hazards=["water"])
    clerk = open_page("desktop")
    enter(clerk, staff[3])
    clerk.goto("/review/")
    clerk.wait_for_load_state("networkidle")
    clerk.keyboard.press("r")
    clerk.fill("#ask-reason", "请写明隐患是否已排除")
    clerk.click(".ask button.btn-primary, [role=dialog] button.btn-primary, .ask-box button.btn-primary")
    clerk.get_by_text("已退回李明轩").wait_for()
    director = open_page("phone")
    enter(director, staff[4])
    assert "请写明隐患是否已排除" in director.inner_text("main")
    director.click(".lines a")
    assert "请写明隐患是否已排除" in director.inner_text("main")


def test_eager_taps_make_one_visit(staff, open_page):  # D15
    from tests.builders import an_approved_file

    file = an_approved_file(staff[4].unit, by=staff[4])
    page = open_page("phone")
    enter(page, staff[4])
    page.goto(f"/children/{file.pk}/visit/")
    onward(page)
    for name in ("carer", "care", "living", "attendance", "health", "mood"):
        page.locator(f'label.answer:has(input[name="{name}"])').first.click()
    onward(page)
    choose(page, "hazard", "no")
    onward(page)
    page.locator(".step-last-only.btn-primary").dblclick()
    page.wait_for_url(re.compile(r"/today/$"))
    page.go_back()
    page.evaluate("document.querySelector('#visit') && document.querySelector('#visit').requestSubmit()")
    page.wait_for_timeout(500)
    assert Visit.objects.count() == 1


def test_a_birth_date_is_the_same_day_in_every_time_zone(staff, open_page):  # D13
    page = open_page("phone", timezone_id="America/Los_Angeles")
    enter(page, staff[4])
    register(page, "刘雨欣")
    file = ChildFile.objects.get()
    assert f"{file.birth_date:%Y-%m-%d}" == "2017-03-15"
    assert "2017年3月15日" in page.inner_text("main")


def test_the_masked_number_is_shown_on_request_and_that_is_recorded(staff, open_page):
    from orgs.audit.models import Audit
    from tests.builders import an_approved_file

    file = an_approved_file(staff[4].unit, by=staff[4])
    page = open_page("desktop")
    enter(page, staff[3])
    page.goto(f"/children/{file.pk}/")
    axe_finds_nothing_serious(page)
    assert file.id_number not in page.content()
    page.locator("button:has-text('显示')").first.click()
    page.get_by_text(file.id_number).wait_for()
    assert Audit.objects.filter(action="reveal", person=staff[3].person).count() == 1


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (
            "village_director",
            ["/today/", "/children/", "/children/new/", "/visits/", "/visits/?tab=records", "/figures/", "/ledger/"],
        ),
        (
            "township_clerk",
            ["/review/", "/children/", "/children/new/", "/visits/", "/figures/", "/exports/", "/ledger/"],
        ),
        ("county_officer", ["/children/", "/visits/", "/figures/", "/exports/", "/ledger/", "/inbox/"]),
        ("city_officer", ["/children/", "/figures/", "/exports/", "/ledger/", "/ledger/periods/"]),
        ("city_admin", ["/units/"]),
        ("auditor", ["/audit/"]),
    ],
)
def test_every_page_of_every_role_is_sound(staff, open_page, screen, role, paths):
    """No console error, nothing serious for axe, nothing sideways, in both languages; empty and filled."""
    from tests.builders import a_submission, a_visit, an_approved_file

    a_visit(an_approved_file(staff[4].unit, by=staff[4]), by=staff[4], hazards=["fire"])
    a_submission(staff[4].unit)  # a month that is to be reported
    post = next((p for p in staff.values() if p.role == role), None) or a_post(staff[1].unit, role)
    page = open_page(screen)
    enter(page, post)
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, path
        axe_finds_nothing_serious(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} sticks out by {wide} px"


def test_a_draft_in_the_browser_is_sealed_for_its_writer(staff, open_page):
    """What was typed, numbers too, is back after the session ended; nobody else finds a word of it on the device."""
    page = open_page("phone")
    enter(page, staff[4])
    page.goto("/children/new/")
    choose(page, "categories", "left_behind")
    onward(page)
    number = an_id_number()
    page.fill("[name=name]", "刘雨欣")
    page.fill("[name=id_number]", number)
    onward(page)
    page.fill("[name=guardian_phone]", "13800001234")
    page.route("**/drafts/**", lambda route: route.fulfill(json={}))  # of the device alone
    page.wait_for_timeout(1500)
    kept = page.evaluate("JSON.stringify(localStorage)").replace(" ", "")
    assert "box" in kept and "刘雨欣" not in kept and number not in kept and "13800001234" not in kept
    page.context.clear_cookies()
    enter(page, a_post(staff[4].unit))
    page.goto("/children/new/")
    assert page.locator("[name=name]").input_value() == "", "another's draft"
    page.context.clear_cookies()
    enter(page, staff[4])
    page.goto("/children/new/")
    page.locator("text=没写完的内容已带回").first.wait_for()
    values = {name: page.locator(f"[name={name}]").input_value() for name in ("name", "id_number", "guardian_phone")}
    assert {name: value.replace(" ", "") for name, value in values.items()} == {
        "name": "刘雨欣", "id_number": number, "guardian_phone": "13800001234"
    }  # fmt: skip


def test_a_page_left_open_keeps_what_is_written_from_who_signs_in_beside_it(staff, open_page):
    """Two tabs of one browser: the clerk's draft stays the clerk's, and the director's page says what became of its."""
    page = open_page("desktop")
    director, clerk = staff[4], staff[3]
    enter(page, director)
    page.goto("/children/new/")
    told = page.locator("[data-draft-state]").first
    page.context.clear_cookies()
    enter(beside := page.context.new_page(), clerk)
    page.fill("[name=name]", "刘雨欣")
    page.get_by_text("登录的是另一个账号").first.wait_for()
    page.locator("[name=name]").press_sequentially("怡")
    page.wait_for_timeout(1000)  # kept on the device meanwhile
    assert "没有送到服务器" in told.inner_text() and "已存" not in told.inner_text()
    assert not FormDraft.objects.exclude(page="").exists()
    page.context.clear_cookies()
    enter(beside, director)
    page.locator("[name=name]").press_sequentially("然")
    page.get_by_text(re.compile(r"^\d\d:\d\d 已存$")).first.wait_for()
    assert "刘雨欣怡然" in FormDraft.objects.exclude(page="").get(person=director.person).body
