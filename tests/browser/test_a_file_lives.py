"""What happens to a file through the years, in real browsers: papers, handed on, closed, taken in again, merged; and
what the rules say about it. Every page of it is looked at by axe, on a phone and at a desk."""

import io
import re

import pytest
from PIL import Image

from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.merging.services.merge import merge_files
from registry.papers.models import Paper
from registry.transfers.services import ask_transfer
from tests.browser.acts import axe_finds_nothing_serious, choose, enter
from tests.builders import a_change, a_finding, a_paper, a_post, a_unit, a_variant, a_village, an_approved_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def station():
    village = a_village()
    director, clerk = a_post(village), a_post(village.township)
    return {"village": village, "director": director, "clerk": clerk, "county": a_post(village.county)}


def a_photo(width=2400, height=1800) -> dict:
    """A picture as a phone takes it: large, and with noise so that it can't be packed small."""
    image = Image.effect_noise((width, height), 60).convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92)
    return {"name": "IMG_0001.JPG", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_every_page_of_a_files_life_is_open_to_all(station, open_page, screen):
    clerk, village = station["clerk"], station["village"]
    file, other, gone = (an_approved_file(village, clerk=clerk, by=station["director"]) for _ in range(3))
    a_paper(file, by=station["director"])
    finding, variant = a_finding(file), a_variant(village.county)
    change = a_change(other, by=station["director"], address="五组 2 号")
    there = a_unit(a_unit(village.county))
    transfer = ask_transfer(other, by=clerk, target=there, reason="搬家", seen_version=other.version)
    closed = close_file(gone, by=clerk, seen_version=gone.version, reason="other", on=gone.approved_on, note="去外地")
    page = open_page(screen)
    enter(page, clerk)
    for way in (
        "", "change/", "history/", "papers/", "close/", "transfer/", "merge/", f"merge/?other={closed.pk}", "print/",
        "print/left-behind/", "disclosure/",
    ):  # fmt: skip
        look_at(page, f"/children/{file.pk}/{way}")
    for way in (
        f"/children/{closed.pk}/", f"/children/{closed.pk}/reopen/", f"/changes/{change.pk}/", "/changes/",
        "/transfers/", f"/transfers/{transfer.pk}/", "/eligibility/", "/eligibility/rules/",
        "/eligibility/findings/?kind=unregistered", f"/eligibility/findings/{finding.pk}/",
    ):  # fmt: skip
        look_at(page, way)
    page = open_page(screen)
    enter(page, station["county"])
    for way in ("/eligibility/rules/new/", f"/eligibility/rules/{variant.pk}/end/", "/transfers/"):
        look_at(page, way)


def look_at(page, way: str):
    answer = page.goto(way)
    assert answer.status == 200, f"{way} answers {answer.status}"
    axe_finds_nothing_serious(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0 or "/print/" in way, f"{way} is {wide} px wider than its screen"


def test_a_photo_from_a_phone_comes_in_small_and_stands_in_the_file(station, open_page):
    file = an_approved_file(station["village"], by=station["director"])
    page = open_page("phone")
    enter(page, station["director"])
    page.goto(f"/children/{file.pk}/papers/")
    page.select_option("[name=kind]", "household_register")
    photo = a_photo()
    page.set_input_files("[name=file]", photo)
    page.click(".paper-form button.btn-primary")
    page.locator(".paper-rows li").wait_for()
    paper = Paper.objects.get()
    assert paper.kind == "household_register" and paper.size < len(photo["buffer"]) / 2
    shown = page.locator(".paper-rows img").first
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=shown.element_handle())


def test_what_is_no_picture_says_so_and_can_be_sent_again(station, open_page):
    file = an_approved_file(station["village"], by=station["director"])
    page = open_page("phone")
    page.expected.append("400|422")
    enter(page, station["director"])
    page.goto(f"/children/{file.pk}/papers/")
    page.select_option("[name=kind]", "id_card")
    page.set_input_files("[name=file]", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"MZ" * 4000})
    page.click(".paper-form button.btn-primary")
    page.get_by_role("button", name="重试").wait_for()
    assert page.locator(".paper-queue .field-error").inner_text() and not Paper.objects.exists()


def test_a_child_is_handed_on_and_taken_in(station, open_page):
    file = an_approved_file(station["village"], by=station["director"], name="刘雨欣", address="三组")
    there = a_unit(a_unit(station["village"].county, name="索河街道"), name="成皋社区")
    receiver = a_post(there.township)
    clerk, taker = open_page("phone"), open_page("desktop")
    enter(clerk, station["clerk"])
    clerk.goto(f"/children/{file.pk}/transfer/")
    clerk.fill("#m-q", "成皋")
    clerk.keyboard.press("Enter")
    choose(clerk, "village", str(there.uid))
    clerk.fill("[name=reason]", "搬到外婆家")
    clerk.click("#act .btn-primary")
    clerk.get_by_text("等待接收").or_(clerk.get_by_text("正在转出")).first.wait_for()

    enter(taker, receiver)
    taker.goto("/transfers/")
    assert "刘雨欣" not in taker.inner_text("main") and "搬到外婆家" in taker.inner_text("main")
    taker.locator("main a[href^='/transfers/']").first.click()
    taker.get_by_role("button", name="接收").click()
    taker.locator("main").get_by_text("刘雨欣").first.wait_for()
    assert ChildFile.objects.get().village == there
    assert clerk.goto(f"/children/{file.pk}/").status == 404, "what was handed on is no longer the sender's"


def test_a_file_is_closed_and_taken_in_again(station, open_page):
    file = an_approved_file(station["village"], by=station["director"])
    page = open_page("phone")
    enter(page, station["clerk"])
    page.goto(f"/children/{file.pk}/close/")
    choose(page, "reason", "parents_back")
    page.fill("[name=on]", file.approved_on.isoformat())
    page.click("#act .btn-primary")
    page.wait_for_url(re.compile(rf"/children/{file.pk}/$"))
    assert ChildFile.objects.get().state == "closed"
    page.goto(f"/children/{file.pk}/reopen/")
    page.fill("[name=reason]", "父母又外出")
    choose(page, "categories", "left_behind")
    page.click("#act .btn-primary")
    page.wait_for_url(re.compile(rf"/children/{file.pk}/$"))
    assert ChildFile.objects.get().state == "approved"


def test_two_files_become_one_and_two_again(station, open_page):
    survivor = an_approved_file(station["village"], by=station["director"], name="刘雨欣")
    other = an_approved_file(station["village"], by=station["director"], name="刘雨欣", id_number="", school="高村小学")
    page = open_page("desktop")
    enter(page, station["clerk"])
    page.goto(f"/children/{survivor.pk}/merge/")
    page.locator(f"a[href='?other={other.pk}']").click()
    axe_finds_nothing_serious(page)
    page.locator("main form button.btn-primary").last.click()
    page.get_by_text("两份档案已合并为一份").wait_for()
    assert ChildFile.objects.get(pk=other.pk).merged_into == survivor
    assert ChildFile.objects.get(pk=survivor.pk).school == "高村小学"
    page.get_by_role("button", name="撤销合并").click()
    page.get_by_role("dialog").locator(".btn-primary, .btn-danger").click()
    page.get_by_role("button", name="撤销合并").wait_for(state="detached")
    assert ChildFile.objects.get(pk=other.pk).merged_into is None
    assert ChildFile.objects.get(pk=survivor.pk).school == ""


def test_a_merge_at_the_desk_is_seen_from_both_files(station, open_page):
    survivor, other = (an_approved_file(station["village"], by=station["director"]) for _ in range(2))
    merge_files(survivor, other, by=station["clerk"], seen_versions=(survivor.version, other.version))
    page = open_page("phone")
    enter(page, station["clerk"])
    page.goto(f"/children/{other.pk}/")
    assert page.url.endswith(f"/children/{survivor.pk}/")
    axe_finds_nothing_serious(page)
