"""Versions of the assessment system: drafted, saved, discarded, published from a day, never altered afterwards."""

import datetime
import json
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from registry.instruments.definition import Definition
from registry.instruments.example import EXAMPLE, EXAMPLE_NAME
from registry.instruments.models import Instrument
from registry.instruments.services import discard, draft_instrument, publish, save_draft
from tests.builders import a_city, a_county, a_post, a_township, a_unit, a_village, an_approved_file, an_instrument
from tests.registry.instruments.world import an_assessment, with_levels
from tests.threads import done_or_told

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def tomorrow():
    return timezone.localdate() + DAY


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def officer(city):
    return a_post(city)


def published(draft, officer, *, since=None, **given):
    said = {"since": since or tomorrow(), "document": "郑民〔2031〕3号"} | given
    return publish(draft, by=officer, seen_version=draft.version, **said)


# --- drafts


def test_a_draft_begins_with_the_example_once_however_often_it_is_sent(city, officer):
    pk = uuid.uuid4()
    for _ in range(2):
        draft = draft_instrument(by=officer, pk=pk)
    assert (draft.name, draft.number, draft.content) == (EXAMPLE_NAME, 1, EXAMPLE)
    assert Instrument.objects.get(unit=city) == draft
    assert Audit.objects.filter(action="draft_instrument").count() == 1


def test_a_draft_may_begin_with_the_version_published_last(city, officer):
    an_instrument(city, definition=with_levels(high=50))
    draft = draft_instrument(by=officer, begin_with="last")
    assert (draft.number, draft.content.level("high").least) == (2, 50)


def test_there_is_one_draft_at_a_time_and_who_wrote_it_is_named(officer):
    draft_instrument(by=officer)
    with pytest.raises(Refused, match=f"已有一份草稿.*{officer.person.name}"):
        draft_instrument(by=officer)


def test_nothing_published_is_nothing_to_begin_with(officer):
    with pytest.raises(ValidationError, match="还没有发布过"):
        draft_instrument(by=officer, begin_with="last")


def test_a_draft_is_kept_with_whatever_is_wrong_with_it(officer):
    draft = draft_instrument(by=officer)
    save_draft(draft, by=officer, seen_version=1, name="新的", definition=Definition((), ()))
    draft = Instrument.objects.get(pk=draft.pk)
    assert (draft.name, draft.version, draft.content.dimensions) == ("新的", 2, ())


def test_who_saves_what_somebody_changed_since_is_told(officer):
    draft = draft_instrument(by=officer)
    save_draft(draft, by=officer, seen_version=1, name="新的", definition=EXAMPLE)
    with pytest.raises(Stale, match="被改过"):
        save_draft(draft, by=officer, seen_version=1, name="旧的", definition=EXAMPLE)
    assert Instrument.objects.get(pk=draft.pk).name == "新的"


def test_only_the_city_writes(city):
    for post in (a_post(a_county(city)), a_post(a_township(a_county(city))), a_post(city, "city_admin")):
        with pytest.raises(PermissionDenied):
            draft_instrument(by=post)


def test_a_discarded_draft_makes_room_for_another(officer):
    draft = draft_instrument(by=officer)
    discard(draft, by=officer, seen_version=draft.version)
    assert draft_instrument(by=officer).number == 2
    with pytest.raises(Stale, match="不是草稿.*作废"):
        save_draft(draft, by=officer, seen_version=draft.version, name="新的", definition=EXAMPLE)


# --- publishing


def test_a_version_holds_from_its_day_and_ends_the_one_before(city, officer):
    old = an_instrument(city)
    draft = published(draft_instrument(by=officer), officer, since=tomorrow() + 9 * DAY)
    old.refresh_from_db()
    assert (draft.state, old.until) == ("published", draft.since)
    village = a_unit(a_unit(a_unit(city)))
    at = [Instrument.objects.of_unit(village).in_force(day).get() for day in (draft.since - DAY, draft.since)]
    assert at == [old, draft]
    told = Audit.objects.get(action="publish_instrument")
    assert json.loads(told.data)["document"] == "郑民〔2031〕3号"


def test_it_is_not_published_for_today_nor_without_a_document(officer):
    draft = draft_instrument(by=officer)
    with pytest.raises(ValidationError) as refused:
        publish(draft, by=officer, seen_version=1, since=timezone.localdate(), document=" ")
    assert set(refused.value.message_dict) == {"since", "document"}
    assert "最早是明天" in refused.value.message_dict["since"][0]


def test_all_its_problems_are_told(officer):
    draft = draft_instrument(by=officer)
    save_draft(draft, by=officer, seen_version=1, name="新的", definition=with_levels(watch=1, raised=15))
    with pytest.raises(ValidationError) as refused:
        published(draft, officer)
    assert len(refused.value.message_dict["definition"]) == 2


def holding(city, *days):
    return [Instrument.objects.filter(unit=city).in_force(day).first() for day in days]


def test_a_version_with_a_wrong_day_is_replaced_before_it_begins(city, officer):
    old, wrong = an_instrument(city), draft_instrument(by=officer)
    published(wrong, officer, since=tomorrow() + 300 * DAY)
    right = published(draft_instrument(by=officer), officer, since=tomorrow())
    assert holding(city, timezone.localdate(), tomorrow(), wrong.since + DAY) == [old, right, right]
    wrong = Instrument.objects.get(pk=wrong.pk)
    assert (wrong.is_replaced, wrong.is_to_come) == (True, False)


def test_on_the_same_day_the_one_published_last_holds(city, officer):
    first = published(draft_instrument(by=officer), officer)
    last = published(draft_instrument(by=officer), officer)
    assert holding(city, tomorrow(), tomorrow() + 400 * DAY) == [last, last]
    assert Instrument.objects.get(pk=first.pk).is_replaced


def test_versions_that_are_to_come_follow_each_other(city, officer):
    old = an_instrument(city)
    spring = published(draft_instrument(by=officer), officer, since=tomorrow() + 30 * DAY)
    summer = published(draft_instrument(by=officer), officer, since=tomorrow() + 90 * DAY)
    assert holding(city, tomorrow(), spring.since, summer.since) == [old, spring, summer]
    between = published(draft_instrument(by=officer), officer, since=tomorrow() + 60 * DAY)
    assert holding(city, tomorrow(), spring.since, between.since, summer.since) == [old, spring, between, between]


def test_a_year_that_was_mistyped_is_asked_about(officer):
    draft = draft_instrument(by=officer)
    with pytest.raises(ValidationError, match="年份是不是写错了"):
        published(draft, officer, since=tomorrow() + 366 * DAY)


def test_assessments_in_work_are_counted_with_their_place_and_may_be_finished_under_the_old(city, officer):
    old = an_instrument(city)
    village = a_village(a_township(a_county(city)))
    for state in ("submitted", "returned", "approved"):
        an_assessment(an_approved_file(village), old, state=state)
    draft = draft_instrument(by=officer)
    with pytest.raises(ValidationError) as refused:
        published(draft, officer)
    (said,) = refused.value.message_dict["finish_under_old"]
    assert f"还有 2 份评估按“{old}”在办：{village.county.name} {village.township.name} 2。" in said
    assert published(draft, officer, finish_under_old=True).state == "published"


def test_what_is_published_is_altered_by_nobody(city):
    old = an_instrument(city)
    for column, value in (("definition", {}), ("name", "别的"), ("since", tomorrow()), ("state", "draft")):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            Instrument.objects.filter(pk=old.pk).update(**{column: value})
    assert Instrument.objects.filter(pk=old.pk).update(until=tomorrow()) == 1


def test_a_village_reads_what_its_city_published_and_no_draft(city, officer):
    old, elsewhere = an_instrument(city), an_instrument(a_city())
    draft = draft_instrument(by=officer)
    director = a_post(a_village(a_township(a_county(city))))
    assert list(Instrument.objects.readable_by(director)) == [old]
    assert set(Instrument.objects.readable_by(officer)) == {old, draft}
    assert elsewhere not in Instrument.objects.readable_by(officer)


# --- at one moment


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does():
    officer = a_post(a_city())
    draft = draft_instrument(by=officer)
    here = [Instrument.objects.get(pk=draft.pk) for _ in range(2)]
    assert sorted(done_or_told(*(lambda each=each: published(each, officer) for each in here))) == ["done", "told"]
    assert draft.events.filter(action="publish").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_meets_publication_is_in_it_or_refused():
    officer = a_post(a_city())
    draft = draft_instrument(by=officer)
    other = Instrument.objects.get(pk=draft.pk)

    def edit():
        return save_draft(other, by=officer, seen_version=1, name="改过", definition=with_levels(high=50))

    answers = done_or_told(lambda: published(draft, officer), edit)
    assert sorted(answers) == ["done", "told"]
    stored = Instrument.objects.get(pk=draft.pk)
    assert (stored.state, stored.name) == (("published", EXAMPLE_NAME) if answers[0] == "done" else ("draft", "改过"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_draft_at_once_one_does():
    officer = a_post(a_city())
    answers = done_or_told(*(lambda: draft_instrument(by=officer) for _ in range(2)))
    assert sorted(answers) == ["done", "told"]
