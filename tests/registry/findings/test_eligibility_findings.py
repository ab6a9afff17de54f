"""The lists of what the rules find about files: proposed by the program, decided by people, each decision kept."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from registry.categories.services import end_membership, open_membership
from registry.child.ages import birthday
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.findings.models import Finding
from registry.findings.services.decide import decide_finding
from registry.findings.services.recount import recount_findings
from registry.transfers.services import ask_transfer
from tests.builders import a_finding, a_post, a_submitted_file, a_unit, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
D = datetime.date


def today():
    return timezone.localdate()


def an_orphan(village, **child):
    """Both parents dead, registered as left behind."""
    file = an_approved_file(village, **child)
    for relation in ("father", "mother"):
        file.family.create(relation=relation, life="dead")
    return file


def findings(file) -> dict:
    return {(one.kind, one.category): one for one in file.findings.all()}


def decide(finding, by, decision="keep", **given):
    given = {"reason": "已上门核实", "seen_version": finding.version} | given
    return decide_finding(finding, by=by, decision=decision, **given)


def test_meets_but_not_registered_and_registered_but_no_longer_meets(village):
    file = an_orphan(village)
    recount_findings(village.county)
    found = findings(file)
    assert set(found) == {("unregistered", "orphan"), ("ended", "left_behind")}
    assert found["unregistered", "orphan"].state == "open" and found["unregistered", "orphan"].rule_version == "2010-54"


def test_entitled_but_no_relief_noted(village):
    file = an_orphan(village, categories={"orphan": {"since": D(2024, 3, 1)}})
    noted = an_orphan(village, categories={"orphan": {"since": D(2024, 3, 1)}}, relief=["other"])
    recount_findings(village.county)
    assert set(findings(file)) == {("unclaimed", "orphan")}
    assert not findings(noted)


def test_what_cannot_be_told_is_not_proposed_and_drafts_are_left_alone(village):
    unknown = an_approved_file(village)
    waiting = a_submitted_file(village)
    waiting.family.create(relation="father", life="dead")
    waiting.family.create(relation="mother", life="dead")
    recount_findings(village.county)
    assert not findings(unknown) and not findings(waiting)


def test_a_decision_is_kept_and_not_proposed_again(village):
    file, clerk = an_orphan(village), a_post(village.township)
    recount_findings(village.county)
    finding = findings(file)["unregistered", "orphan"]
    decide(finding, clerk, reason="伯父已收养，手续在办")
    recount_findings(village.county, on=today() + datetime.timedelta(days=1))
    finding.refresh_from_db()
    assert (finding.state, finding.decision, finding.decided_by) == ("decided", "keep", clerk.person)
    event = finding.events.get()
    assert (event.action, event.reason, event.person) == ("keep", "伯父已收养，手续在办", clerk.person)
    assert Audit.objects.filter(action="decide_finding").exists()


@pytest.mark.both
def test_it_comes_back_when_a_fact_that_the_rule_read_changes_and_only_then(village):
    file, clerk = an_orphan(village), a_post(village.township)
    recount_findings(village.county)
    decide(findings(file)["unregistered", "orphan"], clerk)
    ChildFile.objects.filter(pk=file.pk).update(address="六组", schooling="junior", low_income="none")
    recount_findings(village.county)
    assert findings(file)["unregistered", "orphan"].state == "decided"
    file.family.filter(relation="mother").update(life="missing")
    recount_findings(village.county)
    again = findings(file)["unregistered", "orphan"]
    assert again.state == "open" and again.events.count() == 1


@pytest.mark.both
def test_it_goes_when_the_reason_has_gone_and_counts_are_the_open_ones(village):
    file = an_orphan(village)
    assert recount_findings(village.county) == 2
    file.family.filter(relation="mother").update(life="alive", unable=False, away=False)
    assert recount_findings(village.county) == 1
    assert findings(file)["unregistered", "orphan"].state == "gone"
    ChildFile.objects.filter(pk=file.pk).update(state="closed", closed_on=today(), close_reason="moved")
    assert recount_findings(village.county) == 0


def test_asked_again_on_the_day_that_was_set(village):
    file, clerk = an_orphan(village), a_post(village.township)
    recount_findings(village.county)
    later = today() + datetime.timedelta(days=20)
    decide(findings(file)["unregistered", "orphan"], clerk, "later", ask_again_on=later)
    recount_findings(village.county, on=later - datetime.timedelta(days=1))
    assert findings(file)["unregistered", "orphan"].state == "decided"
    recount_findings(village.county, on=later)
    assert findings(file)["unregistered", "orphan"].state == "open"


def test_to_agree_registers_the_category(village):
    file, clerk = an_orphan(village), a_post(village.township)
    recount_findings(village.county)
    decide(findings(file)["unregistered", "orphan"], clerk, "agree", on=D(2026, 1, 5))
    file.refresh_from_db()
    membership = file.memberships.get(category="orphan")
    assert (membership.since, membership.decided_by, membership.grounds) == (D(2026, 1, 5), clerk.person, "已上门核实")
    assert file.category_codes == "orphan,left_behind"
    recount_findings(village.county)
    assert findings(file)["unregistered", "orphan"].state == "decided"


def test_to_agree_ends_the_category_with_day_and_reason(village):
    file, county = an_orphan(village), a_post(village.county)
    recount_findings(village.county)
    decide(findings(file)["ended", "left_behind"], county, "agree", on=today(), exit_reason="not_eligible")
    membership = file.memberships.get(category="left_behind")
    file.refresh_from_db()
    assert (membership.until, membership.exit_reason, file.category_codes) == (today(), "not_eligible", "")
    assert Audit.objects.filter(action="end_category").count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [({"decision": "agree", "exit_reason": ""}, "exit_reason"), ({"decision": "agree", "on": D(2020, 1, 1)}, "on"),
     ({"decision": "agree", "on": D(2090, 1, 1)}, "on"), ({"decision": "later"}, "ask_again_on"),
     ({"reason": "  "}, "reason"), ({"decision": "perhaps"}, "decision")],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(village, given, field):
    file = an_orphan(village)
    recount_findings(village.county)
    finding = findings(file)["ended", "left_behind"]
    with pytest.raises(ValidationError) as refused:
        decide(finding, a_post(village.township), **{"exit_reason": "not_eligible"} | given)
    assert field in refused.value.message_dict
    finding.refresh_from_db()
    assert finding.state == "open" and not finding.events.exists()
    assert not file.memberships.exclude(until=None).exists()


def test_clerks_and_county_decide_and_nobody_else(village):
    file = an_orphan(village)
    recount_findings(village.county)
    finding = findings(file)["ended", "left_behind"]
    for stranger in (a_post(village), a_post(village.city), a_post(a_village().township)):
        with pytest.raises(PermissionDenied):
            decide(finding, stranger)
    assert decide(finding, a_post(village.county)).state == "decided"


@pytest.fixture
def made_by_a_clerk(village):
    """A clerk, and an open finding about a file that she made and a colleague approved."""
    clerk = a_post(village.township)
    return clerk, a_finding(an_approved_file(village, by=clerk))


AGREED = {"decision": "agree", "difficulty": "poverty"}


@pytest.mark.both
@pytest.mark.parametrize("tier", ["township", "county"])
def test_who_wrote_the_file_does_not_agree_alone_a_colleague_or_the_county_does(village, made_by_a_clerk, tier):
    clerk, finding = made_by_a_clerk
    with pytest.raises(Refused, match="请由其他工作人员办理"):
        decide(finding, clerk, **AGREED)
    assert not finding.child.memberships.filter(category="difficulty").exists()
    finding = Finding.objects.get()
    assert finding.state == "open"
    decide(finding, a_post(getattr(village, tier)), **AGREED)
    assert finding.child.memberships.filter(category="difficulty", until=None).exists()


def test_who_sent_the_file_on_does_not_agree_either(village):
    clerk = a_post(village.township)
    file = an_approved_file(village)
    file.events.create(action="complete", was="draft", now="draft", person=clerk.person, post=clerk)
    with pytest.raises(Refused, match="请由其他工作人员办理"):
        decide(a_finding(file), clerk, **AGREED)


def test_agreeing_is_not_offered_to_who_wrote_the_file_and_refused_in_words(client, village, made_by_a_clerk):
    clerk, finding = made_by_a_clerk
    where, agree = f"/eligibility/findings/{finding.pk}/", 'value="agree"'
    page = sign_in(client, clerk).get(where).text
    assert agree not in page and 'value="keep"' in page and "这份档案您填写过" in page
    said = {"version": finding.version, "reason": "已核实", **AGREED, "on": today().isoformat()}
    refused = client.post(where, said)
    assert refused.status_code == 422 and "请由其他工作人员办理" in refused.text and "已核实" in refused.text
    page = sign_in(client, a_post(village.township)).get(where).text
    assert agree in page and "这份档案您填写过" not in page


def test_who_wrote_the_file_may_keep_things_as_they_are_and_note_an_unclaimed_benefit(village, made_by_a_clerk):
    clerk, finding = made_by_a_clerk
    decide(finding, clerk, "keep")
    decide(a_finding(finding.child, "unclaimed", "orphan"), clerk, "agree")
    assert set(Finding.objects.values_list("state", flat=True)) == {"decided"}


@pytest.mark.both
def test_the_second_clerk_is_told(village):
    file = an_orphan(village)
    recount_findings(village.county)
    finding = findings(file)["ended", "left_behind"]
    mine = Finding.objects.get(pk=finding.pk)
    decide(finding, a_post(village.township))
    with pytest.raises(Stale, match="已有决定.*最近一步"):
        decide(mine, a_post(village.township), "agree", exit_reason="not_eligible")
    assert file.memberships.get().until is None and finding.events.count() == 1


def test_facts_that_changed_since_the_page_was_opened_are_shown_first(village):
    file = an_orphan(village)
    recount_findings(village.county)
    opened = findings(file)["ended", "left_behind"]
    file.family.filter(relation="mother").update(life="missing")
    recount_findings(village.county)
    with pytest.raises(Stale):
        decide(opened, a_post(village.township))


# -- ages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "proposed"),
    [(D(2026, 1, 29), False), (D(2026, 1, 30), True), (D(2026, 2, 28), True), (D(2026, 3, 1), True)],
)
def test_an_age_limit_is_proposed_thirty_days_ahead_and_never_applied(village, day, proposed):
    file = an_approved_file(village, birth_date=D(2012, 2, 29))
    ChildFile.objects.filter(pk=file.pk).update(birth_date=D(2010, 3, 1))
    recount_findings(village.county, on=day)
    found = findings(file)
    assert set(found) == ({("age", "left_behind")} if proposed else set())
    if proposed:
        assert found["age", "left_behind"].due_on == D(2026, 3, 1)
    assert file.memberships.get().until is None


def test_a_child_of_29_february_leaves_on_1_march():
    assert birthday(D(2012, 2, 29), 18) == D(2030, 3, 1)


def test_an_exit_by_age_waits_for_its_day(village):
    file = an_approved_file(village)
    soon = today() + datetime.timedelta(days=10)
    ChildFile.objects.filter(pk=file.pk).update(birth_date=birthday(soon, -16))
    recount_findings(village.county)
    finding = findings(file)["age", "left_behind"]
    with pytest.raises(Refused, match="才满年龄"):
        decide(finding, a_post(village.township), "agree", exit_reason="age")
    finding.refresh_from_db()
    assert finding.state == "open" and file.memberships.get().until is None


# -- the two acts on categories themselves ---------------------------------------------------------------------------


def test_a_category_is_opened_and_ended_with_true_days_only(village):
    file, clerk = an_approved_file(village), a_post(village.township)
    for given, field in (
        ({"since": today() + datetime.timedelta(days=1)}, "since"), ({"since": D(2017, 3, 14)}, "since"),
        ({"category": "difficulty", "since": today()}, "difficulty"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            open_membership(file, **{"category": "orphan", "by": clerk} | given)
        assert field in refused.value.message_dict
    with pytest.raises(Stale):
        open_membership(file, "left_behind", by=clerk, since=today())
    ended = end_membership(file.memberships.get(), by=clerk, on=today(), reason="parents_back")
    with pytest.raises(Stale):
        end_membership(ended, by=clerk, on=today(), reason="parents_back")
    with pytest.raises(ValidationError):
        open_membership(file, "left_behind", by=clerk, since=today() - datetime.timedelta(days=1))
    open_membership(file, "left_behind", by=clerk, since=today())
    with pytest.raises(Refused):
        open_membership(a_submitted_file(village), "orphan", by=clerk, since=today())
    with pytest.raises(PermissionDenied):
        end_membership(file.memberships.get(until=None), by=a_post(village), on=today(), reason="other")


# -- pages -----------------------------------------------------------------------------------------------------------


def test_the_list_holds_what_lies_in_the_scope(client, village):
    file, other = an_orphan(village, name="欧阳在此"), an_orphan(a_village(), name="司马在彼")
    for one in (file, other):
        recount_findings(one.county)
    page = sign_in(client, a_post(village.township)).get("/eligibility/findings/")
    assert "欧阳在此" in page.text and "司马在彼" not in page.text
    beyond = findings(other)["ended", "left_behind"]
    assert client.get(f"/eligibility/findings/{beyond.pk}/").status_code == 404
    assert client.get("/eligibility/findings/?kind=x&category=y&page=!!").status_code == 200


def test_a_clerk_decides_on_the_page_and_a_director_only_reads(client, village):
    file = an_orphan(village)
    recount_findings(village.county)
    finding = findings(file)["ended", "left_behind"]
    path = f"/eligibility/findings/{finding.pk}/"
    given = {"version": 1, "decision": "agree", "reason": "父母均已去世", "on": "2026-11-20", "exit_reason": ""}
    sign_in(client, a_post(village))
    assert "记下决定" not in client.get(path).text
    assert client.post(path, given | {"exit_reason": "not_eligible"}).status_code == 403
    sign_in(client, a_post(village.township))
    page = client.get(path)
    assert "国发" in page.text or "十部门" in page.text
    refused = client.post(path, given)
    assert refused.status_code == 422 and "请选择退出原因" in refused.text and "父母均已去世" in refused.text
    given["exit_reason"], given["on"] = "not_eligible", today().isoformat()
    assert client.post(path, given).status_code == 302
    told = client.post(path, given)
    assert told.status_code == 409 and "请重新打开再看" in told.text
    assert "父母均已去世" in told.text.partition("没有存上，可以从这里复制")[2], "the reason may still be copied"
    assert "记下决定" not in told.text
    assert file.memberships.get().until == today()


@pytest.mark.parametrize(
    "body", [{}, {"version": "x", "decision": "agree"}, {"version": "1", "on": "明天", "reason": "x"}]
)
def test_nonsense_on_the_page_is_refused_in_words(client, village, body):
    finding = a_finding(an_approved_file(village))
    sign_in(client, a_post(village.township))
    assert client.post(f"/eligibility/findings/{finding.pk}/", body).status_code == 422


def test_the_list_costs_few_queries_whatever_its_length(client, village, django_assert_max_num_queries):
    for _ in range(6):
        a_finding(an_approved_file(village))
    sign_in(client, a_post(village.township))
    with django_assert_max_num_queries(20):
        assert client.get("/eligibility/findings/").status_code == 200


@pytest.mark.both
def test_a_batch_is_read_in_few_queries(village, django_assert_max_num_queries):
    for _ in range(6):
        an_approved_file(village)
    with django_assert_max_num_queries(16):
        recount_findings(village.county)


def test_the_button_has_the_county_counted_anew_once(client, village, django_capture_on_commit_callbacks):
    from childwelfare.jobs.models import Job
    from childwelfare.jobs.services import run

    an_orphan(village)
    sign_in(client, a_post(village.township))
    for _ in range(2):
        assert client.post("/eligibility/findings/recount/").status_code == 302
    record = Job.objects.get()
    assert "hx-get" in client.get("/eligibility/findings/job/").text
    assert run(record.pk) and Finding.objects.open().count() == 2
    assert client.get("/eligibility/findings/recount/").status_code == 405
    sign_in(client, a_post(village))
    assert client.post("/eligibility/findings/recount/").status_code == 403


@pytest.mark.both
def test_at_night_every_county_is_counted(village, settings):
    from registry.findings.jobs import recount_county_findings

    an_orphan(village)
    recount_county_findings(village.county_id)
    assert Finding.objects.open().count() == 2


def test_nobody_has_to_decide_about_a_child_who_left(village):
    file = an_orphan(village)
    recount_findings(village.county)
    close_file(file, by=a_post(village.township), seen_version=file.version, reason="dead", on=today())
    assert {one.state for one in file.findings.all()} == {"gone"}


def test_what_was_found_goes_along_with_a_child_who_moves(village):
    file = an_orphan(village)
    recount_findings(village.county)
    there = a_unit(village.township)
    ask_transfer(file, by=a_post(village.township), target=there, reason="搬家", seen_version=file.version)
    assert {one.village for one in file.findings.all()} == {there}
