"""Many orders of one post keep nobody else waiting: so many at once, and workers take them by turns."""

import pytest
from django.utils import timezone

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job, JobState
from registry.child.codes import Category
from reports.exports.kinds import ROSTER
from reports.exports.services import MOST_UNFINISHED, TooManyOrders, order_export
from tests.builders import a_post, a_village, fresh, sign_in
from tests.threads import at_once

CATEGORIES = [*Category.values, ""]


@pytest.fixture(autouse=True)
def _nothing_is_published(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(jobs, "publish", lambda pk: None)


def orders(post, number: int) -> list[Job]:
    asked = {"by": post, "kind": ROSTER, "unit": post.unit.uid}
    return [order_export(**asked, category=each) for each in CATEGORIES[:number]]


@pytest.mark.django_db
@pytest.mark.both
def test_who_has_as_many_waiting_as_one_may_is_told_which(client):
    clerk = a_post(a_village().township)
    waiting = orders(clerk, MOST_UNFINISHED)
    sign_in(client, clerk)
    unit, category = str(clerk.unit.uid), CATEGORIES[MOST_UNFINISHED]
    sent = {"kind": ROSTER, "unit": unit, "category": category}
    page = client.post("/exports/new/", sent)
    assert page.status_code == 409 and f"您还有 {MOST_UNFINISHED} 份没有做好" in page.text
    assert all(each.title in page.text for each in waiting)
    answer = client.post("/api/v1/exports/", sent, content_type="application/json")
    assert answer.status_code == 409 and waiting[0].title in answer.json()["detail"]
    assert order_export(by=fresh(clerk), **sent | {"category": CATEGORIES[0]}) == waiting[0], "the same is no other"
    Job.objects.filter(pk=waiting[0].pk).update(state=JobState.DONE)
    assert order_export(by=fresh(clerk), **sent).state == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_ordered_at_once_they_are_no_more_than_may_wait():
    clerk = a_post(a_village().township)
    acts = [
        lambda category=category: order_export(by=fresh(clerk), kind=ROSTER, unit=clerk.unit.uid, category=category)
        for category in CATEGORIES[: MOST_UNFINISHED + 2]
    ]
    answers = at_once(*acts, refusals=TooManyOrders)
    assert sum(isinstance(answer, TooManyOrders) for answer in answers) == len(acts) - MOST_UNFINISHED > 0
    assert Job.objects.filter(post=clerk).count() == MOST_UNFINISHED


@pytest.mark.django_db(transaction=True)
def test_workers_take_the_orders_of_different_people_by_turns(monkeypatch):
    made = []
    monkeypatch.setitem(jobs.JOB_KINDS, ROSTER, lambda record, progress: made.append(record.post_id))
    busy, other = (a_post(a_village().township) for _ in range(2))
    messages = [each.pk for each in (*orders(busy, MOST_UNFINISHED), *orders(other, 2))]
    for pk in messages[:4]:
        assert jobs.run_by_turns(pk)
    assert made == [busy.pk, other.pk, busy.pk, other.pk], "whose message comes first says nothing"
    at_once(*[lambda pk=pk: jobs.run_by_turns(pk) for pk in messages[4:]])
    assert sorted(made) == sorted([busy.pk] * MOST_UNFINISHED + [other.pk] * 2), "each is made once"
    assert not Job.objects.exclude(state=JobState.DONE).exists()
    nobodys = Job.objects.create(kind="nobody's", title="x", due_at=timezone.now())
    monkeypatch.setitem(jobs.JOB_KINDS, "nobody's", lambda record, progress: made.append(None))
    assert jobs.run_by_turns(nobodys.pk) and made[-1] is None
