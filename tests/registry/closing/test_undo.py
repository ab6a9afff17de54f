"""A closing or a reopening that was a mistake is taken back at once, and leaves nothing that counts."""

import datetime

import pytest
import time_machine
from django.forms.models import model_to_dict
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import UNDO_WITHIN
from orgs.workbench.kinds import NEWS_KINDS
from registry.categories.services import end_membership, open_membership
from registry.changes.services import approve_change, return_change
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file, undo_act
from reports.rollup.models import Figure
from reports.rollup.services import roll_up
from tests.builders import a_change, a_finding, a_post, a_stay, a_visit, an_approved_file, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
DAY = datetime.timedelta(days=1)
DERIVED = ("version", "updated_at", "decided_at")


@pytest.fixture
def file(village):
    return an_approved_file(village, on=timezone.localdate() - 60 * DAY)


def today():
    return timezone.localdate()


def close(file, clerk, **given):
    read = ChildFile.objects.get(pk=file.pk)
    return close_file(read, by=clerk, seen_version=read.version, **({"reason": "moved", "on": today()} | given))


def reopen(file, clerk):
    read = ChildFile.objects.get(pk=file.pk)
    return reopen_file(read, by=clerk, seen_version=read.version, reason="结错了", categories={"left_behind": {}})


def undo(file, by):
    read = ChildFile.objects.get(pk=file.pk)
    return undo_act(read, by=by, seen_version=read.version)


def everything(file) -> dict:
    """Every row about the file, but for what counts writes and what is made anew with each planning."""
    read = ChildFile.objects.get(pk=file.pk)
    columns = [f.attname for f in ChildFile._meta.concrete_fields if f.name not in DERIVED]
    rows: dict = {"file": {name: getattr(read, name) for name in columns}}
    for name in ("memberships", "stays", "findings", "changes", "past_periods"):
        rows[name] = {row.pk: _values(row) for row in getattr(read, name).all()}
    rows["fields"] = {f.pk: _values(f) for change in read.changes.all() for f in change.fields.all()}
    rows["dues"] = list(read.dues.order_by("since").values_list("since", "due_on", "days", "ended_on", "village"))
    return rows


def _values(row) -> dict:
    return {name: value for name, value in model_to_dict(row).items() if name not in DERIVED} | {
        "state": getattr(row, "state", None)
    }


@pytest.mark.both
def test_taken_back_everything_is_as_before(village, file, clerk):
    director, earlier = a_post(village), a_post(village.township)
    a_visit(file, by=director, visited_on=today() - 10 * DAY, late_reason="补录")
    # a category that somebody else decided, and one that ended before for the reason and on the day of the closing
    open_membership(file, "difficulty", by=earlier, since=today() - 20 * DAY, difficulty="poverty", grounds="入户")
    other = open_membership(file, "migrant", by=earlier, since=today() - 20 * DAY, grounds="入户")
    end_membership(other, by=clerk, on=today(), reason="moved")
    a_finding(file)
    a_stay(file)
    waiting, back, partly = (a_change(file, by=director, grade=grade, address="五组") for grade in "一二三")
    return_change(back, by=clerk, seen_version=1, reason="缺门牌号")
    approve_change(partly, by=clerk, seen_version=1, names=["grade"])
    before = everything(file)
    close(file, clerk)
    assert everything(file) != before
    undo(file, clerk)
    assert everything(file) == before
    assert [event.action for event in ChildFile.objects.get(pk=file.pk).events.all()][-2:] == ["close", "undo"]
    told = NEWS_KINDS["change"].rows(director, after=timezone.now() - DAY)
    assert not any("end_with_file" in row for row in told)
    for change in (waiting, back, partly):
        change.refresh_from_db()
    assert (waiting.state, back.state, partly.state) == ("submitted", "returned", "submitted")


def test_the_figures_are_what_they_were(file, clerk):
    month = f"{today():%Y-%m}"

    def figures():
        roll_up(file.county_id, month, force=True)
        return Figure.objects.get(unit=file.village_id, period=month).numbers

    before = figures()
    close(file, clerk)
    assert figures() != before
    undo(file, clerk)
    assert figures() == before


def test_a_reopening_is_taken_back_and_the_file_is_closed_as_it_was(file, clerk):
    close(file, clerk, on=today() - 5 * DAY)
    before = everything(file)
    reopen(file, clerk)
    undo(file, clerk)
    assert everything(file) == before
    with pytest.raises(Refused):  # the closing before it is not the last move any more
        undo(file, clerk)


def test_only_who_did_it_and_only_within_the_time_and_while_nobody_went_on(file, village, clerk):
    closed_at = timezone.now()
    close(file, clerk)
    with pytest.raises(Refused, match="不能撤销"):
        undo(file, a_post(village.township))
    with pytest.raises(Stale):
        undo_act(ChildFile.objects.get(pk=file.pk), by=clerk, seen_version=file.version)
    with time_machine.travel(closed_at + UNDO_WITHIN + DAY / 1440), pytest.raises(Refused, match="15 分钟"):
        undo(file, clerk)
    reopen(file, clerk)
    a_visit(ChildFile.objects.get(pk=file.pk), by=a_post(village))
    with pytest.raises(Refused, match="已有走访"):
        undo(file, clerk)


def test_no_file_comes_back_into_a_village_that_is_none_any_more(file, clerk):
    close(file, clerk)
    type(file.village).objects.filter(pk=file.village_id).update(valid_to=today())
    with pytest.raises(Refused, match="已停用"):
        undo(file, clerk)
    assert ChildFile.objects.get(pk=file.pk).state == "closed"


def test_page_and_api_offer_it_to_who_closed_and_to_nobody_else(client, file, village, clerk):
    where = f"/children/{file.pk}/"
    close(file, clerk)
    sign_in(client, a_post(village.township))
    assert f"{where}undo/" not in client.get(where).text
    assert "不能撤销" in client.post(f"{where}undo/", {"version": file.version + 1}, follow=True).text
    sign_in(client, clerk)
    assert f"{where}undo/" in client.get(where).text
    answer = client.post(f"{where}undo/", {"version": file.version + 1}, follow=True)
    assert "结案已撤销" in answer.text and f"{where}undo/" not in answer.text
    assert ChildFile.objects.get(pk=file.pk).state == "approved"
    closed = close(file, clerk)
    assert "undo" in client.get(f"/api/v1{where}").json()["actions"]
    undone = client.post(f"/api/v1{where}undo/", {"version": closed.version}, content_type="application/json")
    assert undone.status_code == 200 and undone.json()["state"] == "approved"
    assert "undo" not in undone.json()["actions"]
    again = client.post(f"/api/v1{where}undo/", {"version": closed.version}, content_type="application/json")
    assert again.status_code == 422
