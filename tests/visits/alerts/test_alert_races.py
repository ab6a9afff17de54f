"""Several at once on one mandatory report. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import datetime
import uuid

import pytest
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from tests.builders import a_post, a_report, a_village, an_alert, fresh
from tests.threads import at_once
from visits.alerts.models import Alert
from visits.alerts.services.escalation import escalate
from visits.alerts.services.handling import add_step, close, undo_close
from visits.alerts.services.raising import acknowledge, raise_alert

pytestmark = pytest.mark.django_db(transaction=True)


def answers_of(*acts) -> list:
    """What each of ``acts`` returned side by side, or "told"."""
    answers = at_once(*acts, refusals=Refused)
    return ["told" if isinstance(answer, Refused) else answer for answer in answers]


def test_the_same_report_four_times_at_once_is_one():
    post, pk, report = a_post(a_village()), uuid.uuid4(), a_report()
    got = answers_of(*[lambda: raise_alert(by=fresh(post), pk=pk, answers=report).number] * 4)
    assert len(set(got)) == 1 and Alert.objects.count() == 1
    assert Alert.objects.get().events.count() == 1


def test_of_two_who_sign_at_once_one_signs():
    alert = an_alert(a_village())
    clerks = [a_post(alert.township) for _ in range(4)]

    def sign(clerk):
        mine = Alert.objects.get(pk=alert.pk)
        return lambda: acknowledge(mine, by=clerk, seen_version=1) and "done"

    assert sorted(answers_of(*map(sign, clerks))) == ["done", "told", "told", "told"]
    assert alert.events.filter(action="acknowledge").count() == 1


def test_of_two_who_close_at_once_one_closes():
    alert = an_alert(a_village())
    clerk, counties = a_post(alert.township), [a_post(alert.county) for _ in range(2)]
    acknowledge(alert, by=clerk, seen_version=1)
    for kind in ("seen", "answered"):
        add_step(alert, by=clerk, kind=kind, text="已办")

    def shut(county, ground):
        mine = Alert.objects.get(pk=alert.pk)
        given = {"outcome": "temporary", "grounds": [ground], "placement": "welfare", "text": ground}
        return lambda: close(mine, by=county, seen_version=mine.version, **given) and ground

    outcomes = answers_of(shut(counties[0], "t1"), shut(counties[1], "t6"))
    alert.refresh_from_db()
    assert sorted(outcomes)[1] == "told" and alert.grounds == [sorted(outcomes)[0]]
    assert [step.text for step in alert.steps.filter(kind="closed")] == alert.grounds


def test_a_closing_taken_back_twice_at_once_is_taken_back_once():
    alert = an_alert(a_village())
    clerk, county = a_post(alert.township), a_post(alert.county)
    acknowledge(alert, by=clerk, seen_version=1)
    for kind in ("seen", "answered"):
        add_step(alert, by=clerk, kind=kind, text="已办")
    alert.refresh_from_db()
    given = {"outcome": "not_confirmed", "grounds": [], "placement": "", "text": "不属实"}
    close(alert, by=county, seen_version=alert.version, **given)

    def take_back():
        mine = Alert.objects.get(pk=alert.pk)
        return lambda: undo_close(mine, by=fresh(county), seen_version=mine.version, text="办错了") and "done"

    assert sorted(answers_of(take_back(), take_back())) == ["done", "told"]
    alert.refresh_from_db()
    assert alert.state == "handled" and alert.steps.filter(kind="undone").count() == 1


def test_a_step_beside_the_closing_is_never_lost_in_a_closed_report():
    for _ in range(4):
        alert = an_alert(a_village())
        clerk, county = a_post(alert.township), a_post(alert.county)
        acknowledge(alert, by=clerk, seen_version=1)
        for kind in ("seen", "answered"):
            add_step(alert, by=clerk, kind=kind, text="已办")
        seen = Alert.objects.get(pk=alert.pk)
        given = {"outcome": "not_confirmed", "grounds": [], "placement": "", "text": "不属实"}
        answers_of(
            lambda: add_step(Alert.objects.get(pk=alert.pk), by=clerk, kind="news", text="又有新情况"),  # noqa: B023
            lambda: close(seen, by=county, seen_version=seen.version, **given),  # noqa: B023
        )
        alert.refresh_from_db()
        assert alert.steps.filter(kind="news").count() == 1 and alert.state != "closed"


def test_told_on_once_by_however_many_clocks():
    alert = an_alert(a_village())
    Alert.objects.update(clock_from=timezone.now() - datetime.timedelta(minutes=70))
    assert sum(answers_of(*[escalate] * 4)) == 1
    assert alert.events.filter(action="escalate").count() == 1
