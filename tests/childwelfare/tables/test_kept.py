"""SQL that is kept says the same as SQL that is put together anew, for everybody and all day."""

import datetime
import itertools

import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from childwelfare.tables import kept
from childwelfare.tables.counting import numbers_of
from childwelfare.tables.kept import kept_rows
from orgs.posts.models import Appointment
from orgs.posts.services import end_appointment
from orgs.units.models import OrgUnit
from orgs.workbench.kinds import LEFT_KINDS, NEWS_KINDS, TODO_KINDS
from orgs.workbench.left_below import _numbers, left_unfinished
from orgs.workbench.services import news_for, waiting_for
from orgs.workbench.unfinished import UNFINISHED_KINDS, unfinished
from tests.builders import a_post, a_submitted_file, a_visit, an_approved_file, fresh
from tests.roles import ROLES, unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(kept, "_texts", {})


def test_it_is_put_together_once_for_a_key_and_a_day(village, time_machine):
    made = []

    def make():
        made.append(1)
        return OrgUnit.objects.filter(pk=village.pk).values_list("name", "uid")

    for _twice in range(2):
        assert kept_rows("a", make) == [(village.name, village.uid)]
    assert len(made) == 1
    kept_rows("b", make)
    time_machine.move_to(timezone.now() + datetime.timedelta(days=1))
    kept_rows("a", make)
    with translation.override("en"):
        kept_rows("a", make)
    assert len(made) == 4


@pytest.mark.both
def test_its_cells_are_of_their_types(village):
    moment, day = timezone.now(), timezone.localdate()
    rows = kept_rows(
        "types", lambda: OrgUnit.objects.filter(pk=village.pk).values_list("uid", "updated_at", Value(True), Value(day))
    )
    uid, at, flag, on = rows[0]
    assert uid == village.uid and abs(at - moment) < datetime.timedelta(minutes=5) and flag is True and on == day


def test_what_can_have_no_row_is_not_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        for _twice in range(2):
            assert kept_rows("none", lambda: OrgUnit.objects.none().values_list("pk")) == []


def test_what_asks_the_database_while_it_is_made_is_refused(village):
    def make():
        keys = [unit.pk for unit in OrgUnit.objects.all()]
        return OrgUnit.objects.filter(pk__in=keys).values_list("pk")

    with pytest.raises(RuntimeError, match="must not depend on"):
        kept_rows("asks", make)


def test_it_does_not_grow_without_end(village, monkeypatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    for number in range(10):
        kept_rows(number, lambda: OrgUnit.objects.filter(pk=village.pk).values_list("pk"))
    assert len(kept._texts) <= 3


def test_a_grant_that_is_taken_counts_at_once(village):
    clerk = a_post(village.township)
    a_submitted_file(village)
    assert waiting_for(clerk) and waiting_for(fresh(clerk))
    narrowed = fresh(clerk)
    narrowed.__dict__["_grants"] = {"view_child": narrowed._grants["view_child"]}
    assert waiting_for(narrowed) == []


@pytest.mark.parametrize(
    "ask",
    [
        waiting_for,
        lambda post: news_for(post, timezone.now()),
        left_unfinished,
        unfinished,
        lambda post: numbers_of({"units": OrgUnit.objects.all}, reach=post.reach, beside=post.unit),
    ],
    ids=["waiting", "news", "left below", "unfinished", "numbers"],
)
def test_what_is_kept_for_one_set_of_grants_is_not_asked_for_another(village, ask):
    clerk = a_post(village.township)
    ask(clerk)
    kept_for_her = len(kept._texts)
    narrowed = fresh(clerk)
    narrowed.__dict__["_grants"] = {"view_child": narrowed._grants["view_child"]}
    ask(narrowed)
    assert kept_for_her > 0 and len(kept._texts) == 2 * kept_for_her


def test_a_post_that_ended_is_shown_nothing(village):
    clerk = a_post(village.township)
    a_submitted_file(village)
    assert waiting_for(clerk)
    end_appointment(clerk, on=timezone.localdate())
    assert waiting_for(Appointment.objects.with_unit().get(pk=clerk.pk)) == []


def test_what_a_kind_asks_depends_on_the_post_and_the_day_alone(village, time_machine):
    """Made early and late in the day, and after much has been written: the same SQL with the same values."""
    early = timezone.make_aware(datetime.datetime(2026, 11, 2, 0, 1))
    time_machine.move_to(early)
    posts = [a_post(unit_of(role, village), role) for role in ROLES]
    before = [_texts_of(post) for post in posts]
    time_machine.move_to(early + datetime.timedelta(hours=23, minutes=50))
    a_visit(an_approved_file(village))
    a_submitted_file(village)
    assert [_texts_of(fresh(post)) for post in posts] == before and len(list(itertools.chain(*before))) > 20


def _texts_of(post) -> list[tuple]:
    after = timezone.make_aware(datetime.datetime(2026, 10, 3))
    post.reach  # noqa: B018  (reads the grants, which a request has read with the post)
    with CaptureQueriesContext(connection) as asked:
        made = [kind.rows(post) for kind in TODO_KINDS.values()]
        made += [kind.rows(post, after=after) for kind in NEWS_KINDS.values()]
        made += [_numbers(kind, post) for kind in LEFT_KINDS.values()] if post.unit.level in (2, 3) else []
        made += [kind.rows(post, 0) for kind in UNFINISHED_KINDS.values()]
    assert not asked.captured_queries
    return [_text(queryset) for queryset in made if not queryset.query.is_empty()]


def _text(queryset) -> tuple:
    try:
        return queryset.query.get_compiler("default").as_sql()
    except kept.EmptyResultSet:
        return ()
