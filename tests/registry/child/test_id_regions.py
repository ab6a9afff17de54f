"""The region at the head of an ID number: what nobody was given is named to who writes it and who reviews it."""

import datetime
import re

import pytest
from django.conf import settings

from registry.changes.models import Change
from registry.child.id_number import check_character
from registry.child.models import ChildFile
from registry.child.regions import _table, doubt_about, is_county
from tests.builders import a_change, a_post, a_submitted_file, an_approved_file, sign_in

BORN = datetime.date(2018, 5, 6)


def number_under(head: str) -> str:
    return head + f"{BORN:%Y%m%d}020" + check_character(head + f"{BORN:%Y%m%d}020")


def test_what_no_region_was_given_is_doubtful_and_every_region_that_was_is_not():
    for head in ("999999", "410198", "000000", "710000", "410000"):
        assert head in doubt_about(number_under(head))
    # a county, one abolished since, a city without counties, the permits, the demo's own
    for head in ("410182", "410103", "132402", "441900", "810000", "820000", "830000", "410199"):
        assert doubt_about(number_under(head)) == ""
    assert doubt_about("") == ""


def test_the_page_gives_no_tick_to_a_province_that_is_none():
    """The script knows the first two digits, the server's table all six."""
    script = (settings.ROOT / "static/js/fields.js").read_text()
    pattern = re.compile(script.partition("const PROVINCES = /^")[2].partition("/;")[0])
    provinces = {head for head in range(100) if pattern.match(f"{head:02}")}
    assert provinces == {int(code[:2]) for code in _table() if is_county(code)} | {81, 82, 83}


@pytest.mark.django_db
def test_who_registers_the_child_is_told_while_typing_and_at_saving_and_nothing_is_filled_in_unseen(client, here):
    sign_in(client, a_post(here))
    form = {
        "village": str(here.uid), "name": "张子涵", "id_number": number_under("999999"), "nation": "01",
        "categories": ["left_behind"], "since": "2024-03-01", "guardian_name": "李桂英",
        "guardian_relation": "paternal_grandmother", "guardian_id_number": number_under("410182"),
    }  # fmt: skip
    assert "“999999”不在行政区划代码表里" in client.post("/children/twins/", form).text
    saved = client.post("/children/new/", form, follow=True)
    assert "“999999”不在行政区划代码表里" in saved.text
    file = ChildFile.objects.get()
    assert (file.registered_region, file.here_since) == ("", None)
    assert "身份证号的地区有疑问" in client.get(f"/children/{file.pk}/edit/").text
    client.post("/children/new/", form | {"name": "李明", "id_number": number_under("410182")})
    assert ChildFile.objects.get(name="李明").registered_region == ""


@pytest.mark.django_db
def test_who_reviews_it_reads_it_on_the_desk_of_files_and_of_changes(client, here, clerk):
    file = a_submitted_file(here, id_number=number_under("710000"), birth_date=BORN, sex="female")
    known = an_approved_file(here)
    change = a_change(known, guardian_id_number=number_under("999999"))
    sign_in(client, clerk)
    desk = client.get(f"/review/file/{file.pk}/").text
    assert "身份证号的地区有疑问" in desk and "台湾省的省级代码" in desk
    assert "“999999”不在行政区划代码表里" in client.get(f"/review/change/{change.pk}/").text
    (line,) = client.get(f"/api/v1/changes/{change.pk}/").json()["lines"]
    assert "999999" in line["doubt"]
    client.post(f"/review/file/{file.pk}/approve/", {"version": file.version})
    assert ChildFile.objects.get(pk=file.pk).state == "approved", "a doubt is no refusal"
    assert Change.objects.get().state == "submitted"
