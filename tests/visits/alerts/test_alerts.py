"""Danger to a child: reported at once, signed for, acted on, answered, closed by the county on a ground of the law."""

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from childwelfare.security.append_only import guarded_tables
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import UNDO_WITHIN
from orgs.audit.models import Audit
from registry.disclosure.document import document
from registry.merging.services.merge import merge_files
from tests.builders import a_post, a_report, a_unit, a_village, an_alert, an_approved_file, fresh, sign_in
from tests.roles import ROLES, roles_without
from visits.alerts.models import Alert, AlertStep
from visits.alerts.services.escalation import escalate
from visits.alerts.services.handling import add_step, close, reopen, undo_close
from visits.alerts.services.raising import acknowledge, complete_call, raise_alert

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HOUR = datetime.timedelta(hours=1)


def from_now(given: dict) -> dict:
    """``given`` with a moment for each time span: told from when the test runs, not from when it was collected."""
    now = timezone.now()
    return {name: now + value if isinstance(value, datetime.timedelta) else value for name, value in given.items()}


@pytest.fixture
def file(village):
    return an_approved_file(village)


@pytest.fixture
def county(village):
    return a_post(village.county)


def signed(alert, by):
    return acknowledge(Alert.objects.get(pk=alert.pk), by=by, seen_version=Alert.objects.get(pk=alert.pk).version)


def dealt_with(alert, clerk, county):
    """Signed for, acted on, answered."""
    signed(alert, clerk)
    add_step(alert, by=clerk, kind="seen", text="孩子已送乡卫生院")
    add_step(alert, by=clerk, kind="answered", text="已电话答复报告人")
    return Alert.objects.get(pk=alert.pk)


def closed(alert, by, **given):
    given = {"outcome": "temporary", "grounds": ["t6"], "placement": "protection", "text": "父亲殴打属实"} | given
    return close(alert, by=by, seen_version=given.pop("seen_version", alert.version), **given)


# --- raising


def test_three_tiers_see_it_at_once_and_the_next_station_does_not(file, clerk, county):
    alert = an_alert(file=file)
    told = [clerk, county, a_post(file.village.city)]
    others = [a_post(a_unit(file.county)), a_post(a_village().county)]
    others += [a_post(getattr(file.village, ROLES[role]), role) for role in roles_without("view_alert")]
    assert [Alert.objects.open_to(post).count() for post in told] == [1, 1, 1]
    assert not [post for post in others if Alert.objects.open_to(post).exists()]
    assert list(Alert.objects.open_to(fresh(alert.made_in))) == [alert]
    assert alert.due_at - alert.made_at <= 24 * HOUR and not alert.late()


def test_what_is_said_lies_sealed(village):
    alert = an_alert(village)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child_words, seen, visits_alert.where FROM visits_alert".replace("visits_alert.where", '"where"')
        )
        row = cursor.fetchone()
    assert "姓周".encode() not in b"".join(bytes(value) for value in row)
    assert Alert.objects.get().child_words == a_report()["child_words"] == alert.child_words


@pytest.mark.both
def test_the_same_form_twice_is_one_report(village):
    post, pk, report = a_post(village), uuid.uuid4(), a_report()
    first = raise_alert(by=post, pk=pk, answers=report)
    assert raise_alert(by=post, pk=pk, answers=report) == first and Alert.objects.count() == 1
    with pytest.raises(Refused):
        raise_alert(by=a_post(a_village()), pk=pk, answers=a_report())


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("situations", {"situations": []}),
        ("situations", {"situations": ["made_up"]}),
        ("child_words", {"child_words": " "}),
        ("child_words", {"child_words": "长" * 101}),
        ("child", {"child": uuid.uuid4()}),
        ("where", {"where": "长" * 101}),
        ("seen", {"seen": "长" * 501}),
        ("told_by", {"told_by": "长" * 101}),
        ("call", {"call": ""}),
        ("call", {"call": "yes"}),
        ("called_at", {"called_at": None}),
        ("called_at", {"called_at": HOUR}),
        ("police_unit", {"police_unit": "长" * 61}),
        ("police_receipt", {"police_receipt": "9" * 41}),
        ("found_at", {"found_at": HOUR}),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nobody_is_told(village, field, given):
    with pytest.raises(ValidationError) as refused:
        raise_alert(by=a_post(village), answers=a_report(**from_now(given)))
    assert list(refused.value.message_dict) == [field]
    assert not Alert.objects.exists()


def test_a_report_names_one_child_from_the_list_or_in_words_never_both(village, file, director):
    with pytest.raises(ValidationError) as refused:
        raise_alert(by=director, answers=a_report(child=file.pk, child_words="隔壁的小女孩"))
    assert list(refused.value.message_dict) == ["child_words"] and not Alert.objects.exists()


def test_a_busy_line_keeps_no_report_back(village):
    alert = an_alert(village, call="busy", called_at=None, police_unit="不该留下")
    assert alert.state == "raised" and alert.police_unit == ""
    called = {"call": "made", "called_at": timezone.now(), "police_unit": "高村派出所", "police_receipt": "J4101820001"}
    complete_call(alert, by=fresh(alert.made_in), seen_version=1, answers=called)
    assert Alert.objects.get().police_receipt == "J4101820001"
    with pytest.raises(Stale):
        complete_call(alert, by=fresh(alert.made_in), seen_version=1, answers=called)


def test_a_station_says_in_which_village(village, clerk):
    with pytest.raises(ValidationError) as refused:
        raise_alert(by=clerk, answers=a_report())
    assert list(refused.value.message_dict) == ["village"]
    with pytest.raises(ValidationError):
        raise_alert(by=clerk, answers=a_report(village=a_village().uid))
    assert raise_alert(by=clerk, answers=a_report(village=village.uid)).village == village


def test_without_the_duty_nobody_reports(village):
    for role in roles_without("raise_alert"):
        with pytest.raises(PermissionDenied):
            raise_alert(by=a_post(getattr(village, ROLES[role]), role), answers=a_report(village=village.uid))


# --- signing, acting, answering


def test_township_and_county_each_sign_once(village, clerk, county):
    alert = an_alert(village)
    signed(alert, clerk)
    signed(alert, county)
    alert.refresh_from_db()
    assert alert.township_at and alert.county_at and alert.state == "handled"
    with pytest.raises(Refused, match="已经签收"):
        signed(alert, a_post(village.township))
    for post in (a_post(village.city), a_post(village), a_post(a_unit(village.county))):
        with pytest.raises(PermissionDenied):
            signed(alert, post)


def test_only_a_deed_stops_the_clock(village, clerk):
    alert = an_alert(village)
    signed(alert, clerk)
    add_step(alert, by=clerk, kind="news", text="邻居说还有一个弟弟")
    assert alert.handled_at is None and list(Alert.objects.late(timezone.now() + 25 * HOUR)) == [alert]
    add_step(alert, by=clerk, kind="handed_over", organ="police", text="已移交")
    alert.refresh_from_db()
    assert alert.handled_at and not Alert.objects.late(timezone.now() + 25 * HOUR).exists()
    assert not alert.late(timezone.now() + 25 * HOUR)


def test_too_late_stays_too_late(village, clerk):
    alert = an_alert(village)
    Alert.objects.update(clock_from=timezone.now() - 30 * HOUR)
    add_step(alert, by=clerk, kind="seen", text="到场")
    assert alert.late()


def test_who_reported_adds_what_she_learnt_and_no_more(village):
    alert = an_alert(village)
    director = fresh(alert.made_in)
    add_step(alert, by=director, kind="news", text="孩子现在在奶奶家")
    with pytest.raises(PermissionDenied):
        add_step(alert, by=director, kind="seen", text="到场")
    with pytest.raises(PermissionDenied):
        add_step(alert, by=a_post(village), kind="news", text="别人的报告")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("kind", {"kind": ""}),
        ("kind", {"kind": "closed"}),
        ("text", {"text": "  "}),
        ("text", {"text": "长" * 501}),
        ("organ", {"kind": "handed_over"}),
        ("organ", {"kind": "handed_over", "organ": "nobody"}),
        ("done_at", {"done_at": HOUR}),
        ("done_at", {"done_at": -72 * HOUR}),
    ],
)
def test_a_step_says_what_is_wrong_with_it(village, clerk, field, given):
    alert = an_alert(village)
    with pytest.raises(ValidationError) as refused:
        add_step(alert, by=clerk, **{"kind": "seen", "text": "到场"} | from_now(given))
    assert list(refused.value.message_dict) == [field] and not AlertStep.objects.exists()


def test_a_step_may_be_dated_up_to_a_day_before_the_danger_was_found(village, clerk):
    """The clocks of two people differ, and so does what they call finding."""
    alert = an_alert(village)
    add_step(alert, by=clerk, kind="seen", text="到场", done_at=alert.found_at - 23 * HOUR)
    with pytest.raises(ValidationError, match="早于发现时间"):
        add_step(alert, by=clerk, kind="seen", text="到场", done_at=alert.found_at - 25 * HOUR)


def test_a_step_sent_twice_is_one(village, clerk):
    alert, pk = an_alert(village), uuid.uuid4()
    for _ in range(2):
        add_step(alert, by=clerk, kind="seen", text="到场", pk=pk)
    assert alert.steps.count() == 1


# --- closing


def test_the_county_closes_on_a_ground_of_the_law(village, clerk, county):
    alert = dealt_with(an_alert(village), clerk, county)
    closed(alert, county)
    assert (alert.state, alert.grounds, alert.placement) == ("closed", ["t6"], "protection")
    assert alert.steps.last().kind == "closed" and alert.closed_at


def test_nobody_else_closes(village, clerk, county):
    alert = dealt_with(an_alert(village), clerk, county)
    for post in (clerk, fresh(alert.made_in), a_post(village.city), a_post(a_village().county)):
        with pytest.raises(PermissionDenied):
            closed(alert, post)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("outcome", {"outcome": ""}),
        ("outcome", {"outcome": "made_up", "grounds": [], "placement": ""}),
        ("grounds", {"grounds": []}),
        ("grounds", {"grounds": ["l1"]}),
        ("grounds", {"outcome": "not_confirmed", "placement": ""}),
        ("grounds", {"outcome": "long_term"}),
        ("placement", {"placement": ""}),
        ("placement", {"outcome": "with_guardian", "grounds": []}),
        ("text", {"text": ""}),
        ("text", {"text": "长" * 501}),
    ],
)
def test_closing_says_what_is_wrong(village, clerk, county, field, given):
    alert = dealt_with(an_alert(village), clerk, county)
    with pytest.raises(ValidationError) as refused:
        closed(alert, county, **given)
    assert field in refused.value.message_dict
    alert.refresh_from_db()
    assert alert.state == "handled" and alert.outcome == ""


def test_what_was_not_acted_on_or_answered_is_not_closed(village, clerk, county):
    alert = an_alert(village, call="busy", called_at=None)
    signed(alert, clerk)
    alert.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        closed(alert, county)
    said = "".join(refused.value.message_dict["outcome"])
    assert "处置" in said and "答复" in said and "报警" in said
    add_step(alert, by=clerk, kind="handed_over", organ="police", text="已带到派出所")
    add_step(alert, by=clerk, kind="answered", text="已答复")
    alert.refresh_from_db()
    closed(alert, county)


def test_not_confirmed_needs_a_reason_and_no_ground(village, clerk, county):
    alert = dealt_with(an_alert(village), clerk, county)
    closed(alert, county, outcome="not_confirmed", grounds=[], placement="", text="摔伤，医院证明在案")
    assert alert.state == "closed" and alert.outcome == "not_confirmed"


def test_not_confirmed_is_closed_without_the_police(village, clerk, county):
    alert = dealt_with(an_alert(village, call="busy", called_at=None), clerk, county)
    closed(alert, county, outcome="not_confirmed", grounds=[], placement="", text="摔伤，医院证明在案")
    assert alert.state == "closed"


def test_who_closes_has_read_the_last_step(village, clerk, county):
    alert = dealt_with(an_alert(village), clerk, county)
    add_step(alert, by=clerk, kind="news", text="孩子说还有别人")
    with pytest.raises(Stale):
        closed(alert, county, seen_version=alert.version - 1)
    assert Alert.objects.get().outcome == ""


def test_new_facts_open_it_again_with_a_new_clock(village, clerk, county):
    alert = closed(dealt_with(an_alert(village), clerk, county), county)
    director = fresh(alert.made_in)
    with pytest.raises(Refused, match="补充情况"):
        add_step(alert, by=clerk, kind="seen", text="到场")
    before = alert.clock_from
    add_step(alert, by=director, kind="news", text="昨夜又被打")
    assert alert.state == "raised" and alert.handled_at is None and alert.clock_from > before
    assert alert.outcome == "" and alert.events.last().action == "reopen"
    with pytest.raises(ValidationError):
        closed(alert, county)


def test_reopened_by_hand_with_a_reason(village, clerk, county):
    alert = closed(dealt_with(an_alert(village), clerk, county), county)
    with pytest.raises(ValidationError):
        reopen(alert, by=county, seen_version=alert.version, text=" ")
    with pytest.raises(PermissionDenied):
        reopen(alert, by=a_post(village), seen_version=alert.version, text="不是她的报告")
    reopen(alert, by=clerk, seen_version=alert.version, text="法院另有判决")
    assert alert.state == "raised" and alert.steps.last().text == "法院另有判决"


def test_reopened_it_waits_for_its_signatures_again_and_is_told_on_from_then(client, village, clerk, county):
    alert = closed(dealt_with(an_alert(village), clerk, county), county)
    Alert.objects.update(made_at=alert.made_at - 50 * HOUR)
    reopen(alert, by=county, seen_version=alert.version, text="法院另有判决")
    assert (alert.township_at, alert.county_at) == (None, None)
    for post in (clerk, county):
        sign_in(client, post)
        assert "有紧急报告等着签收" in client.get("/children/").text
        page = client.get("/alerts/").text
        assert alert.number in page and "待签收" in page
    assert escalate(alert.clock_from + HOUR / 2) == 0
    assert escalate(alert.clock_from + 1.5 * HOUR) == 1
    acknowledge(Alert.objects.get(), by=clerk, seen_version=Alert.objects.get().version)
    alert.refresh_from_db()
    assert alert.state == "handled" and alert.township_at and not alert.county_at


def row_of(alert) -> dict:
    """All that the database holds of it, also what no form may write."""
    row = Alert.objects.values().get(pk=alert.pk)
    return {name: value for name, value in row.items() if name != "version"}


def test_a_closing_by_mistake_is_taken_back_and_all_is_as_before(village, clerk, county):
    alert = dealt_with(an_alert(village), clerk, county)
    before = row_of(alert)
    closed(alert, county)
    with pytest.raises(ValidationError):
        undo_close(alert, by=county, seen_version=alert.version, text=" ")
    undo_close(alert, by=county, seen_version=alert.version, text="办错了一份")
    assert row_of(alert) == before, "nobody signs again, no clock begins anew"
    assert [event.action for event in alert.events.all()][-2:] == ["close", "undo"]
    assert (alert.steps.last().kind, alert.steps.last().text) == ("undone", "办错了一份")
    assert Audit.objects.filter(action="undo_close_alert").count() == 1
    with pytest.raises(Refused, match="不能撤销"):
        undo_close(alert, by=county, seen_version=alert.version, text="再撤一次")
    assert closed(alert, county, grounds=["t4"]).grounds == ["t4"]


def test_a_closing_is_taken_back_by_who_did_it_within_fifteen_minutes(village, clerk, county):
    alert = closed(dealt_with(an_alert(village), clerk, county), county)
    with pytest.raises(Refused, match="不能撤销"):
        undo_close(alert, by=a_post(village.county), seen_version=alert.version, text="同事办错了")
    for post in (clerk, a_post(a_village().county)):
        with pytest.raises(PermissionDenied):
            undo_close(alert, by=post, seen_version=alert.version, text="办错了")
    with pytest.raises(Stale):
        undo_close(alert, by=county, seen_version=alert.version - 1, text="办错了")
    with time_machine.travel(timezone.now() + UNDO_WITHIN + HOUR / 60), pytest.raises(Refused, match="已超过 15 分钟"):
        undo_close(alert, by=county, seen_version=alert.version, text="办错了")
    assert Alert.objects.get().state == "closed" and alert.steps.last().kind == "closed"


def test_once_news_have_come_a_closing_is_not_taken_back(village, clerk, county):
    alert = closed(dealt_with(an_alert(village), clerk, county), county)
    add_step(alert, by=fresh(alert.made_in), kind="news", text="昨夜又被打")
    with pytest.raises(Refused):
        undo_close(alert, by=county, seen_version=alert.version, text="办错了")
    assert Alert.objects.get().state == "raised"


# --- nobody signs


@pytest.mark.both
def test_hour_by_hour_to_the_tier_above(village):
    alert = an_alert(village)
    now = alert.made_at
    assert escalate(now + HOUR / 2) == 0
    assert escalate(now + HOUR) == 1 and escalate(now + HOUR) == 0
    assert escalate(now + 2 * HOUR) == 1 and escalate(now + 5 * HOUR) == 0
    levels = [Audit.objects.filter(action="escalate_alert").count(), Alert.objects.get().escalated_to]
    assert levels == [2, 1] and alert.events.filter(action="escalate", person=None).count() == 2


def test_what_is_signed_for_goes_no_further(village, county):
    alert = an_alert(village)
    signed(alert, county)
    assert escalate(alert.made_at + 3 * HOUR) == 0


# --- kept, and kept to those with the duty


@pytest.mark.both
def test_never_deleted(village, clerk):
    alert = an_alert(village)
    add_step(alert, by=clerk, kind="seen", text="到场")
    with pytest.raises(ProtectedError):
        alert.delete()
    assert {"visits_alertevent", "visits_alertstep"} <= set(guarded_tables())
    for table in ("visits_alertevent", "visits_alertstep"):
        for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET at = at"):
            with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
    assert alert.steps.count() == 1 and alert.events.count() == 1


def test_a_guardian_reads_nothing_of_it_in_the_copy_of_the_file(file):
    an_alert(file=file, seen="父亲打的")
    assert "父亲打的" not in str(document(file)) and "紧急报告" not in str(document(file))


def test_whoever_has_the_child_now_sees_it_too(file, clerk):
    from registry.transfers.services import ask_transfer
    from registry.transfers.workflow import TRANSFER

    alert, there = an_alert(file=file), a_village()
    transfer = ask_transfer(file, by=clerk, target=there, reason="随母迁居", seen_version=file.version)
    receiver = a_post(there.township)
    assert not Alert.objects.open_to(receiver).exists()
    TRANSFER.apply("accept", transfer, by=receiver, seen_version=transfer.version)
    for post in (fresh(receiver), fresh(clerk)):
        assert list(Alert.objects.open_to(post)) == [alert]
    signed(alert, fresh(receiver))
    add_step(Alert.objects.get(), by=fresh(receiver), kind="seen", text="新住处查看")


@pytest.mark.both
def test_a_merge_takes_the_report_along(village, clerk):
    kept, other = an_approved_file(village), an_approved_file(village)
    alert = an_alert(file=other)
    merge_files(kept, other, by=clerk, seen_versions=(kept.version, other.version))
    alert.refresh_from_db()
    assert alert.child == kept


def test_what_a_colleague_did_is_told_before_what_the_form_lacks(village, clerk, county):
    alert = dealt_with(an_alert(village), clerk, county)
    with pytest.raises(Stale):
        closed(alert, county, seen_version=1, outcome="", text="")
    with pytest.raises(Stale):
        complete_call(alert, by=clerk, seen_version=1, answers={"call": ""})
    version = alert.version
    reopen(closed(alert, county), by=clerk, seen_version=version + 1, text="又被打")
    with pytest.raises(Stale, match="有新情况"):
        reopen(Alert.objects.get(), by=clerk, seen_version=version + 1, text="")
