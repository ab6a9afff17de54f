"""What is written of a file that was moved or closed since it was read goes by the file as it stands now."""

import pytest
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from registry.changes.models import Change
from registry.changes.services import approve_change, propose_change, return_change
from registry.child.fields import content_of
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.guidance.services import end, entrust, guide_guardian
from registry.papers.services import add_paper
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import (
    a_change,
    a_post,
    a_report,
    a_village,
    an_agreement,
    an_approved_file,
    an_entrustment,
    an_upload,
    answers,
)
from visits.alerts.services.raising import raise_alert
from visits.visit.services.log import log_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    """As a page read it, with its post loaded."""
    return an_approved_file(a_village())


def move(file):
    """Another request hands the file on; ``file`` stays as it was read."""
    here, target = ChildFile.objects.get(pk=file.pk), a_village()
    transfer = ask_transfer(
        here, by=a_post(here.village.township), target=target, reason="随父母迁居", seen_version=here.version
    )
    if transfer.state != "accepted":
        TRANSFER.apply("accept", transfer, by=a_post(target.township), seen_version=1)
    return target


def close(file):
    here = ChildFile.objects.get(pk=file.pk)
    clerk = a_post(here.village.township)
    close_file(here, by=clerk, seen_version=here.version, reason="moved", on=timezone.localdate())


def propose(file, by):
    return propose_change(file, by=by, fields={"address": {"base": content_of(file)["address"], "value": "新村5号"}})


def guide(file, by):
    given = {"given_on": timezone.localdate(), "guardian": "张奶奶", "topics": [], "advice": "按时接送"}
    return guide_guardian(file, by=by, answers=given)


def agree(file, by):
    return entrust(file, by=by, answers=an_agreement(), unfit=[])


def report(file, by):
    return raise_alert(by=by, answers=a_report(child=file.pk, child_words="", village=None))


def upload(file, by):
    return add_paper(file, by=by, upload=an_upload(), kind="id_card")


@pytest.mark.parametrize("write", [propose, guide, agree])
def test_it_goes_where_the_file_is_now(file, write):
    by = a_post(file.village)
    target = move(file)
    assert write(file, by).village_id == target.pk


@pytest.mark.parametrize("write", [propose, guide, agree, upload])
def test_of_a_file_that_was_closed_it_is_refused(file, write):
    by = a_post(file.village)
    close(file)
    with pytest.raises(Refused, match=r"不在册|已结案"):
        write(file, by)


def test_a_report_goes_to_the_station_that_has_the_child_now(file, monkeypatch):
    by, moved = a_post(file.village.county), []
    check_report = "visits.alerts.services.raising.check_report"
    monkeypatch.setattr(check_report, lambda *_: moved.append(move(file)))  # after the file was read
    assert report(file, by).village_id == moved[0].pk


def test_an_agreement_of_a_file_that_was_closed_does_not_end(file):
    agreement = an_entrustment(file)
    close(file)
    with pytest.raises(Refused, match="不在册"):
        end(agreement, by=a_post(file.village), seen_version=1, on=timezone.localdate(), reason="父母返乡")


@pytest.mark.parametrize("decide", [approve_change, return_change])
def test_the_station_that_had_the_file_no_longer_decides(file, decide):
    change = a_change(file, address="新村5号")
    clerk, said = a_post(file.village.township), {"reason": "请核对"} if decide is return_change else {}
    target = move(file)
    with pytest.raises(Stale, match="不由您这里办理"):
        decide(change, by=clerk, seen_version=change.version, **said)
    assert change.__class__.objects.get().state != "decided"
    assert Change.objects.get().village_id == target.pk


def test_a_change_that_was_left_at_the_old_place_is_decided_where_the_file_is(file):
    change = a_change(file, school="第二小学")
    old, target = change.place_values(), move(file)
    Change.objects.update(**old)
    change = Change.objects.get()
    approve_change(change, by=a_post(target.township), seen_version=change.version)
    assert Change.objects.get().village_id == target.pk


def test_a_visit_of_a_file_that_was_closed_is_kept_without_the_change_that_nobody_could_decide(file):
    by = a_post(file.village)
    close(file)
    noticed = {"address": {"base": file.address, "value": "新村5号"}}
    visit = log_visit(file, by=by, answers=answers(), hazards_looked_at=True, changes=noticed)
    assert "新村5号" in visit.family_change and not Change.objects.exists()
