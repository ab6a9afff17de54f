"""A decision about a finding that was a mistake: taken back within 15 minutes by who made it."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import UNDO_WITHIN
from orgs.audit.models import Audit
from registry.categories.models import CategoryMembership
from registry.categories.services import end_membership, open_membership
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.findings.models import Finding
from registry.findings.services.decide import decide_finding, undo_decision
from tests.builders import a_finding, a_post, a_rule, an_approved_file, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
SOON = timezone.localdate() + datetime.timedelta(days=9)
DECISIONS = {
    "opened": ("unregistered", "difficulty", {"decision": "agree", "difficulty": "poverty"}),
    "ended": ("ended", "left_behind", {"decision": "agree", "exit_reason": "not_eligible"}),
    "noted": ("unclaimed", "orphan", {"decision": "agree"}),
    "kept": ("ended", "left_behind", {"decision": "keep"}),
    "later": (
        "ended",
        "left_behind",
        {"decision": "later", "ask_again_on": SOON},
    ),
}


@pytest.fixture
def child(village):
    a_rule(days=5, category="difficulty", risk="general")
    return an_approved_file(village)


@pytest.fixture
def clerk(village):
    return a_post(village.township)


def decided(finding, clerk, **given):
    return decide_finding(finding, by=clerk, reason="已核实", seen_version=finding.version, **given)


def undone(finding, by):
    finding = Finding.objects.select_related("child").get(pk=finding.pk)
    return undo_decision(finding, by=by, seen_version=finding.version)


def everything(child, finding) -> tuple:
    held = list(CategoryMembership.objects.filter(child=child).order_by("pk").values())
    row = Finding.objects.values().get(pk=finding.pk)  # with what no form may write
    row = {name: value for name, value in row.items() if name not in ("version", "updated_at")}
    codes = ChildFile.objects.values_list("category_codes", flat=True).get(pk=child.pk)
    return held, row, codes, list(child.dues.order_by("pk").values("since", "days", "due_on", "ended_on"))


@pytest.mark.both
@pytest.mark.parametrize("what", DECISIONS)
def test_everything_is_as_before(child, clerk, what):
    kind, category, given = DECISIONS[what]
    finding = a_finding(child, kind, category)
    before = everything(child, finding)
    decided(finding, clerk, **given)
    assert everything(child, finding) != before
    undone(finding, clerk)
    assert everything(child, finding) == before
    assert [event.action for event in finding.events.all()] == [given["decision"], "undo"]
    assert Audit.objects.filter(action="undo_decide_finding").count() == 1
    assert decided(Finding.objects.get(pk=finding.pk), clerk, **given).state == "decided"


def test_by_who_made_it_within_fifteen_minutes(child, clerk):
    finding = a_finding(child, "ended", "left_behind")
    decided(finding, clerk, decision="keep")
    with pytest.raises(Refused, match="不能撤销"):
        undone(finding, a_post(child.township))
    with pytest.raises(PermissionDenied):
        undone(finding, a_post(child.village))
    late, minute = timezone.now() + UNDO_WITHIN, datetime.timedelta(minutes=1)
    with time_machine.travel(late + minute), pytest.raises(Refused, match="15 分钟"):
        undone(finding, clerk)
    with time_machine.travel(late - minute):
        assert undone(finding, clerk).state == "open"


def test_not_where_the_category_was_changed_since(child, clerk):
    opened, ended = a_finding(child, "unregistered", "difficulty"), a_finding(child, "ended", "difficulty")
    decided(opened, clerk, decision="agree", difficulty="poverty")
    decided(Finding.objects.get(pk=ended.pk), clerk, decision="agree", exit_reason="not_eligible")
    with pytest.raises(Refused, match="又改过"):
        undone(opened, clerk)
    undone(ended, clerk)
    undone(opened, clerk)
    assert ChildFile.objects.get(pk=child.pk).category_codes == "left_behind"


@pytest.mark.parametrize("what", ["opened", "ended"])
def test_not_where_another_person_holds_the_category_now(child, clerk, what):
    kind, category, given = DECISIONS[what]
    finding, other, today = a_finding(child, kind, category), a_post(child.township), timezone.localdate()
    decided(finding, clerk, **given)
    child.refresh_from_db()
    if held := child.memberships.filter(category=category, until=None).first():
        end_membership(held, by=other, on=today, reason="not_eligible")
    kept = {"difficulty": "poverty"} if category == "difficulty" else {}
    open_membership(child, category, by=other, since=today, grounds="核实后重新登记", **kept)
    before = everything(child, finding)
    with pytest.raises(Refused, match="又改过"):
        undone(finding, clerk)
    assert everything(child, finding) == before


def test_not_where_the_file_is_closed(child, clerk):
    finding = a_finding(child, "ended", "left_behind")
    decided(finding, clerk, decision="keep")
    child.refresh_from_db()
    close_file(child, by=clerk, seen_version=child.version, reason="adopted", on=timezone.localdate())
    with pytest.raises(Refused, match="已不在册"):
        undone(finding, clerk)
    assert Finding.objects.get(pk=finding.pk).state == "decided"


def test_on_its_page(client, child, clerk):
    finding = a_finding(child, "ended", "left_behind")
    sign_in(client, clerk)
    page = f"/eligibility/findings/{finding.pk}/"
    assert f"{page}undo/" not in client.get(page).text
    decided(finding, clerk, decision="keep")
    assert f"{page}undo/" in client.get(page).text
    finding.refresh_from_db()
    assert "刚" in client.post(f"{page}undo/", {"version": finding.version - 1}, follow=True).text
    done = client.post(f"{page}undo/", {"version": finding.version}, follow=True).text
    assert "重新等待决定" in done and "记下决定" in done and f"{page}undo/" not in done


def test_the_list_where_one_lands_after_deciding_offers_it(client, child, clerk):
    finding = a_finding(child, "ended", "left_behind")
    sign_in(client, clerk)
    page = f"/eligibility/findings/{finding.pk}/"
    said = {"decision": "keep", "reason": "已核实", "version": finding.version}
    landed = client.post(page, said, follow=True)
    assert landed.redirect_chain and f'action="{page}undo/"' in landed.text and child.name in landed.text
    finding.refresh_from_db()
    assert "重新等待决定" in client.post(f"{page}undo/", {"version": finding.version}, follow=True).text
    assert f"{page}undo/" not in client.get("/eligibility/findings/").text
    decided(Finding.objects.get(pk=finding.pk), clerk, decision="keep")
    sign_in(client, a_post(child.township))
    assert f"{page}undo/" not in client.get("/eligibility/findings/").text, "by who decided alone"
    sign_in(client, clerk)
    with time_machine.travel(timezone.now() + UNDO_WITHIN + datetime.timedelta(minutes=1)):
        assert f"{page}undo/" not in client.get("/eligibility/findings/").text
