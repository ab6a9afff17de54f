"""Two at once about one child. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import datetime
from functools import partial

import pytest

from orgs.audit.models import Audit
from registry.child.services.files import make_file
from registry.child.workflow import FILE
from registry.twins.models import NotTheSame
from registry.twins.services import say_not_the_same
from tests.builders import a_file, a_post, a_submitted_file, a_village, facts
from tests.threads import at_once, done_or_told

pytestmark = pytest.mark.django_db(transaction=True)
CHILD = {"name": "欧阳雨桐", "id_number": "", "birth_date": datetime.date(2018, 5, 6)}


def test_of_two_who_register_one_child_at_once_one_is_asked_at_least():
    village = a_village()
    posts = [a_post(village), a_post(village)]

    def register(post):
        file = make_file(by=post, village=village, **facts(**CHILD))
        FILE.apply("submit", file, by=post, seen_version=file.version)

    assert "told" in done_or_told(*(partial(register, post) for post in posts))


def test_of_two_files_approved_at_once_none_goes_through():
    village = a_village()
    files, clerks = [a_submitted_file(village, **CHILD) for _ in range(2)], [a_post(village.township) for _ in range(2)]
    acts = [
        partial(FILE.apply, "approve", file, by=clerk, seen_version=file.version)
        for file, clerk in zip(files, clerks, strict=True)
    ]
    assert done_or_told(*acts) == ["told", "told"]


def test_the_word_of_two_at_once_is_one_row():
    village = a_village()
    one, other = (a_file(village, **CHILD) for _ in range(2))
    acts = [
        partial(say_not_the_same, *pair, by=a_post(village), reason=reason)
        for pair, reason in (((one, other), "双胞胎"), ((other, one), "同名的另一个孩子")) * 3
    ]
    assert len({said.pk for said in at_once(*acts)}) == 1
    assert NotTheSame.objects.count() == 1 == Audit.objects.filter(action="say_not_the_same").count()
