"""What a service keeps for others is not in the language of who caused it."""

import pytest
from django.utils import translation

from registry.child.services.files import recall_file
from registry.closing.services import close_file
from tests.builders import a_post, a_submitted_file, a_village, a_visit, an_approved_file, answers, sign_in
from visits.visit.services.log import log_visit, recall_visit
from visits.visit.services.observed_changes import family_change_with

pytestmark = pytest.mark.django_db


def test_who_takes_back_in_english_is_told_of_in_chinese_to_who_reads_chinese(client):
    post = a_post(a_village())
    file, visit = a_submitted_file(post.unit, by=post), a_visit(an_approved_file(post.unit, by=post), by=post)
    with translation.override("en"):
        recall_file(file, by=post, seen_version=file.version)
        recall_visit(visit, by=post, seen_version=visit.version)
    assert (file.events.last().reason, visit.events.last().reason) == ("", "")
    sign_in(client, post)
    for address in (f"/children/{file.pk}/", f"/children/{file.pk}/edit/", f"/visits/{visit.pk}/edit/"):
        assert "本人撤回，改好再送" in client.get(address).text, address
    client.cookies["django_language"] = "en"
    assert "本人撤回" not in client.get(f"/visits/{visit.pk}/edit/").text


def test_words_of_the_house_are_kept_in_its_language():
    post = a_post(a_village())
    child, clerk = an_approved_file(post.unit, by=post), a_post(post.unit.township)
    moved = {"address": {"base": child.address, "value": "五组3号"}}
    with translation.override("en"):
        visit = log_visit(child, by=post, answers=answers(), hazards_looked_at=True, changes=moved)
        close_file(child, by=clerk, seen_version=child.version, reason="entry_error")
        assert family_change_with(moved, "") == "现住址（组、门牌）：五组3号"
    assert child.events.last().reason == "录入错误"
    change = visit.noticed.get()
    assert (change.note, change.events.last().reason) == ("走访中发现", "结案：录入错误")
