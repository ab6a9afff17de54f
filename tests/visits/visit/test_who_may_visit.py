"""Who may send a visit that was made before the child left: who worked there on that day."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.stays.models import Stay
from registry.transfers.services import ask_transfer
from tests.builders import a_post, a_stay, a_unit, a_visit, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_of_a_stay_that_is_over_a_director_sends_no_visit_from_before_her_own_post(village):
    today, host = timezone.localdate(), a_unit(village.township)
    file = an_approved_file(village, on=today - 60 * DAY)
    a_stay(file, host, days=20)
    Stay.objects.update(ended_on=today - 3 * DAY, ended_by="home")
    late = {"visited_on": today - 10 * DAY, "late_reason": "没有信号"}
    with pytest.raises(Refused, match="临时居住已于"):
        a_visit(file, by=a_post(host, since=today - 9 * DAY), **late)
    assert a_visit(file, by=a_post(host, since=today - 10 * DAY), **late).due.village == host


def test_closed_taken_in_again_and_moved_on_one_day_a_visit_from_before_still_comes_in(village):
    """A phone lay without a signal: whoever had the child on that day sends what was done then, and nobody else."""
    today, clerk, director = timezone.localdate(), a_post(village.township), a_post(village)
    target = a_unit(village.township)
    file = an_approved_file(village, on=today - 60 * DAY)
    close_file(file, by=clerk, seen_version=file.version, reason="moved", on=today)
    again = {"left_behind": {"since": None}}
    reopen_file(file, by=clerk, seen_version=file.version, reason="又回来了", categories=again)
    with pytest.raises(Refused, match="已于"):  # the way on is said as long as the file is with another
        moved = ask_transfer(file, by=clerk, target=target, reason="搬家", seen_version=file.version)
        assert moved.state == "accepted"
        a_visit(ChildFile.objects.get(pk=file.pk), by=director, visited_on=today - 61 * DAY, late_reason="补录")
    visit = a_visit(ChildFile.objects.get(pk=file.pk), by=director, visited_on=today - 10 * DAY, late_reason="没有信号")
    assert visit.due.village == village
    with pytest.raises(PermissionDenied):
        a_visit(
            ChildFile.objects.get(pk=file.pk), by=a_post(a_unit(village.township)), visited_on=today - 10 * DAY,
            late_reason="没有信号",
        )  # fmt: skip


def test_the_transfer_of_a_closed_file_says_the_way_on(client, village):
    clerk, target = a_post(village.township), a_unit(village.township)
    file = an_approved_file(village, on=timezone.localdate() - 60 * DAY)
    close_file(file, by=clerk, seen_version=file.version, reason="moved", on=timezone.localdate())
    sign_in(client, clerk)
    said = {"village": str(target.uid), "reason": "搬家", "version": file.version}
    page = client.post(f"/children/{file.pk}/transfer/", said)
    assert page.status_code == 422 and "请先在档案里“重新在册”" in page.text
    answer = client.post(f"/api/v1/children/{file.pk}/transfer/", said, content_type="application/json")
    assert answer.status_code == 422 and "重新在册" in answer.json()["detail"]
