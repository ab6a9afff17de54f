"""A yes of the urgent screen: the highest level, and an urgent report at the moment of sending."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from orgs.inbox.models import Message
from orgs.review.queue import queue_of
from registry.assessments.models import Assessment, AssessmentDue
from registry.assessments.services.assess import assess_child, correct_assessment
from registry.assessments.workflow import ASSESSMENT
from registry.child.models import ChildFile
from tests.builders import (
    HIGH,
    a_change,
    a_post,
    a_small_instrument,
    a_village,
    an_alert,
    an_approved_file,
    an_assessment,
    found,
    sign_in,
)
from tests.threads import at_once
from visits.alerts.models import Alert
from visits.alerts.services.handling import add_step, close
from visits.alerts.services.joining import opened_by_screen
from visits.alerts.services.raising import acknowledge, name_situations

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    file = an_approved_file(a_village(), name="张子涵")
    a_small_instrument(file.city)
    return file


def test_the_first_yes_decides_and_opens_a_report(file):
    director, pk = a_post(file.village), uuid.uuid4()
    given = found(screen={"harm": "no", "alone": "yes"}, answers={"duty": "none"}, level="watch", level_reason="x")
    for _ in range(2):
        assessment = assess_child(file, by=director, pk=pk, given=given)
    alert = Alert.objects.get()
    assert (assessment.urgent, assessment.level, assessment.score) == ("alone", "high", None)
    assert assessment.answers == {} and assessment.urgent_report == alert.pk
    assert (alert.situations, alert.call, alert.child, alert.state) == (["abandoned"], "not_said", file, "raised")
    assert "紧急筛查" in alert.seen and alert.made_in == director


def test_the_report_says_what_the_screen_asked_and_the_assessor_wrote_and_no_situation_that_nobody_said(client, file):
    director = a_post(file.village)
    given = found(screen={"harm": "no", "alone": "yes"}, answers={}, danger_words="奶奶今早住院了，孩子在邻居家")
    assessment = assess_child(file, by=director, given=given)
    alert = Alert.objects.get(pk=assessment.urgent_report)
    asked = assessment.instrument.content.screen[1].text
    assert "奶奶今早住院了，孩子在邻居家" in alert.seen and asked in alert.seen
    assert alert.situation_labels == [f"{asked}是"]
    for post in (director, a_post(file.township), a_post(file.county)):
        sign_in(client, post)
        page = client.get(reverse("alert-detail", args=[alert.pk])).content.decode()
        assert f"{asked}是" in page and '<span class="chip chip-danger">被遗弃' not in page
    assert asked in client.get("/workbench/").content.decode()


def test_who_reported_says_which_situation_it_is(client, file):
    director = a_post(file.village)
    alert = Alert.objects.get(pk=assess_child(file, by=director, given=found(screen={"harm": "yes"})).urgent_report)
    sign_in(client, director)
    link = reverse("alert-situations", args=[alert.pk])
    assert client.post(link, {"version": alert.version}).status_code == 422
    client.post(link, {"version": alert.version, "situations": ["unnatural_harm"]})
    alert.refresh_from_db()
    assert (alert.situations, alert.screened) == (["unnatural_harm"], "")
    assert [str(label) for label in alert.situation_labels] == ["自杀、自残、中毒、被打"]
    assert alert.events.filter(action="situations").count() == 1
    with pytest.raises(Stale):
        name_situations(alert, by=director, seen_version=alert.version, situations=["other"])


def test_somebody_who_neither_reported_nor_deals_with_it_says_none(file):
    assessment = assess_child(file, by=a_post(file.village), given=found(screen={"harm": "yes"}))
    alert = Alert.objects.get(pk=assessment.urgent_report)
    with pytest.raises(PermissionDenied):
        name_situations(alert, by=a_post(a_village()), seen_version=alert.version, situations=["other"])


def test_the_situation_is_said_over_the_api_too(client, file):
    director = a_post(file.village)
    alert = Alert.objects.get(pk=assess_child(file, by=director, given=found(screen={"harm": "yes"})).urgent_report)
    sign_in(client, director)
    link = f"/api/v1/alerts/{alert.pk}/"
    assert client.get(link).json()["screened"] == alert.screened
    said = {"version": alert.version, "situations": ["many_injuries", "other"]}
    answer = client.post(f"{link}situations/", said, content_type="application/json").json()
    assert (answer["situations"], answer["screened"]) == (["many_injuries", "other"], "")


def test_words_of_a_danger_that_is_reported_already_stand_with_that_report(file):
    director = a_post(file.village)
    alert = an_alert(file=file, by=director)
    assess_child(file, by=director, given=found(screen={"harm": "yes"}, danger_words="又打了一次"))
    (step,) = alert.steps.all()
    assert step.kind == "news" and "又打了一次" in step.text and "正受到伤害吗？是" in step.text


def test_who_may_do_no_more_about_a_report_still_tells_those_who_handle_it(client, file):
    director, clerk, officer = a_post(file.village), a_post(file.township), a_post(file.county)
    alert = an_alert(file=file, by=clerk)
    sign_in(client, director)
    form = {"assessed_on": timezone.localdate().isoformat(), "occasion": "regular", "screen_harm": "yes"}
    answer = client.post(
        reverse("child-assess", args=[file.pk]),
        form | {"danger_words": "又打了一次，出血了", "pk": str(uuid.uuid4())},
        follow=True,
    )
    page = answer.content.decode()
    assert answer.status_code == 200 and "通知了处置的人" in page  # she may not open the station's report
    assert reverse("alert-detail", args=[alert.pk]) not in page
    (step,) = alert.steps.all()
    assert step.kind == "news" and "又打了一次，出血了" in step.text and step.post == director
    told = Message.objects.filter(kind="alert_news", record=alert.pk)
    recipients = {message.recipient for message in told}
    assert recipients >= {clerk, officer} and director not in recipients
    version = Alert.objects.get().version
    assert Alert.objects.count() == 1 and version > alert.version  # nobody closes it without having read this
    sign_in(client, officer)
    assert "又打了一次，出血了" in client.get(reverse("alert-detail", args=[alert.pk])).content.decode()
    assert "有新情况" in client.get("/inbox/").content.decode()


def sent_again(assessment, director, **given):
    """Returned by the station, and sent again."""
    now = Assessment.objects.get(pk=assessment.pk)
    ASSESSMENT.apply("return", now, by=a_post(now.township), seen_version=now.version, reason="请写清楚")
    return correct_assessment(now, by=director, seen_version=now.version, given=found(**given))


def test_another_yes_of_an_assessment_that_came_back_stands_with_the_report(file):
    director = a_post(file.village)
    first = {"screen": {"harm": "yes"}, "danger_words": "被打"}
    assessment = assess_child(file, by=director, given=found(**first))
    alert = Alert.objects.get()
    sent_again(assessment, director, **first)
    assert not alert.steps.exists()  # the same is not told twice
    sent_again(assessment, director, screen={"harm": "no", "alone": "yes"}, danger_words="没人管，在河边")
    assert Alert.objects.get() == alert
    (step,) = alert.steps.all()
    assert "没人管，在河边" in step.text and "此刻没有人照料吗？是" in step.text
    sent_again(assessment, director, screen={"harm": "no", "alone": "yes"}, danger_words="找到了，受了凉")
    assert alert.steps.count() == 2 and "受了凉" in alert.steps.last().text


def test_those_who_handle_it_are_told_that_there_is_no_yes_any_more(file):
    director = a_post(file.village)
    assessment = assess_child(file, by=director, given=found(screen={"harm": "yes"}, danger_words="被打"))
    alert = Alert.objects.get()
    sent_again(assessment, director)
    assert "没有一题再答“是”" in alert.steps.get().text
    assert Assessment.objects.get().urgent_report == alert.pk


def test_another_yes_after_the_report_was_closed_opens_a_new_one(file):
    director = a_post(file.village)
    assessment = assess_child(file, by=director, given=found(screen={"harm": "yes"}, danger_words="被打"))
    first = Alert.objects.get()
    Alert.objects.update(state="closed", outcome="not_confirmed", closed_at=timezone.now())
    sent_again(assessment, director, screen={"harm": "yes"}, danger_words="又被打")
    second = Alert.objects.open().get()
    assert second != first and "又被打" in second.seen
    assert Assessment.objects.get().urgent_report == second.pk == opened_by_screen(file, by=director).pk


@pytest.mark.django_db(transaction=True)
def test_what_an_assessor_found_while_the_county_closed_the_report_is_in_one_that_is_open(file):
    director, clerk, officer = a_post(file.village), a_post(file.township), a_post(file.county)
    alert = an_alert(file=file, by=clerk)
    acknowledge(alert, by=clerk, seen_version=alert.version)
    for kind in ("seen", "answered"):
        add_step(alert, by=officer, kind=kind, text="已到场")
    alert.refresh_from_db()
    given = {"outcome": "with_guardian", "grounds": [], "placement": "", "text": "已查明"}
    at_once(
        lambda: close(alert, by=officer, seen_version=alert.version, **given),
        lambda: assess_child(file, by=director, given=found(screen={"harm": "yes"}, danger_words="又打了一次")),
        refusals=(Refused,),
    )
    standing = Alert.objects.get(pk=Assessment.objects.get().urgent_report)
    said = standing.seen + "".join(step.text for step in standing.steps.all())
    assert standing.state != "closed" and "又打了一次" in said


def test_after_a_yes_sending_is_the_way_on_and_110_beside_it(client, file):
    sign_in(client, a_post(file.village))
    link = reverse("child-assess", args=[file.pk])
    hidden = 'data-if-danger="yes" hidden'
    assert hidden in client.get(link).content.decode()
    page = client.post(link, {"screen_harm": "yes", "assessed_on": "nonsense"}).content.decode()
    assert hidden not in page and "送出并报告" in page and 'href="tel:110"' in page


def test_the_report_that_it_opens_begins_with_110(client, file):
    director = a_post(file.village)
    assessment = assess_child(file, by=director, given=found(screen={"harm": "yes"}))
    sign_in(client, director)
    page = client.get(reverse("alert-detail", args=[assessment.urgent_report])).content.decode()
    assert page.index('href="tel:110"') < page.index("<h1>") and page.count('href="tel:110"') == 1


def test_what_comes_after_the_yes_is_not_asked(file):
    assessment = assess_child(file, by=a_post(file.village), given=found(screen={"harm": "yes"}, answers={}))
    assert assessment.screen == {"harm": "yes"}


def test_a_report_that_is_open_already_is_not_opened_again(file):
    alert = an_alert(file=file)
    assessment = an_assessment(file, screen={"harm": "yes"})
    assert Alert.objects.count() == 1 and assessment.urgent_report == alert.pk


def test_a_refused_assessment_opens_none(file):
    director, pk = a_post(file.village), uuid.uuid4()
    an_assessment(file, by=director)
    assess_child(file, by=director, pk=pk, given=found())
    with pytest.raises(Refused):
        assess_child(file, by=director, pk=pk, given=found(screen={"harm": "yes"}))
    assert not Alert.objects.exists()


def test_after_a_closed_report_the_child_is_assessed_again(file):
    clerk, officer = a_post(file.township), a_post(file.county)
    first = an_assessment(file)
    ASSESSMENT.apply("confirm", first, by=clerk, seen_version=1)
    alert = an_alert(file=file)
    acknowledge(alert, by=clerk, seen_version=alert.version)
    for kind in ("seen", "answered"):
        alert.refresh_from_db()
        add_step(alert, by=officer, kind=kind, text="已到场", organ="", done_at=None, pk=uuid.uuid4())
    alert.refresh_from_db()
    given = {"outcome": "not_confirmed", "grounds": [], "placement": "", "text": "误会"}
    before = AssessmentDue.objects.get(child=file).due_on
    close(alert, by=officer, seen_version=alert.version, **given | {"outcome": "with_guardian"})
    due = AssessmentDue.objects.get(child=file)
    assert due.occasion == "after_alert" and due.due_on < before
    again = an_assessment(ChildFile.objects.get(pk=file.pk), occasion="after_alert")
    ASSESSMENT.apply("confirm", again, by=clerk, seen_version=1)
    assert AssessmentDue.objects.get(child=file).occasion == "regular"


def test_danger_comes_first_on_the_desk_however_long_the_others_wait(client, file):
    others = [an_approved_file(file.village, name=name) for name in ("李明轩", "王天佑")]
    an_assessment(others[0], answers=HIGH)
    a_change(others[1], address="五组")
    an_assessment(file, screen={"harm": "yes"}, answers={})
    for tier in (file.township, file.county):
        post = a_post(tier)
        assert [item.record.pk for item in queue_of(post)][:1] == [Assessment.objects.get(child=file).pk]
        for waiting in Assessment.objects.filter(state="submitted"):
            ASSESSMENT.apply("confirm", waiting, by=post, seen_version=waiting.version)
