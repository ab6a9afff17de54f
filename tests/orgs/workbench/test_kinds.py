"""Every kind that a concept adds to workbench and day leads to a page that exists and names moves that exist. What is
wrong in one shows nowhere until such a record waits."""

import datetime
import uuid
from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse
from django.utils import timezone

from childwelfare.pages.navigation import NAVIGATION
from childwelfare.workflow.tables import WORKFLOWS
from orgs.posts.models import Role
from orgs.workbench.kinds import NEWS_KINDS, TODO_KINDS, News, NewsKind, Waiting
from orgs.workbench.unfinished import UNFINISHED_KINDS
from tests.builders import a_post, a_village
from tests.roles import tier_of

DAY = datetime.date(2026, 11, 3)
IN_WORKBENCH = "mend it in the workbench.py (or review.py) of the concept that adds it"


def a_row(kind: str) -> Waiting:
    return Waiting(
        kind=kind, pk=uuid.uuid4(), since=timezone.now(), since_day=DAY, name="张子涵", is_named=True, place="上河村",
        made_by="张玉兰", words="请补充", mark=DAY.isoformat(), due_on=DAY, rank=1, until=DAY,
    )  # fmt: skip


@pytest.mark.django_db
def test_the_name_of_a_child_is_never_told_unasked():
    """A kind gives the path to the file: then the name is told to whom the file is open, and masked to others."""
    post, wrong = a_post(a_village().township), []
    for kinds, model in (
        (TODO_KINDS, lambda kind: kind.waiting(post).model),
        (NEWS_KINDS, lambda kind: kind.events(post).model._meta.get_field("record").related_model),
    ):
        for key, kind in kinds.items():
            of_a_child = model(kind)._meta.label == "registry.ChildFile" or hasattr(model(kind), "child")
            wrong += [f"{key}: {IN_WORKBENCH}"] if of_a_child and "child" not in kind.columns else []
    assert not wrong, "columns: `child` instead of `name`: " + "; ".join(wrong)


def model_of(kind: NewsKind, post) -> str:
    """Of the record whose events it tells."""
    return kind.events(post).model._meta.get_field("record").related_model._meta.label


@pytest.mark.parametrize("key", list(TODO_KINDS))
def test_a_todo_leads_to_a_page(key):
    try:
        url = TODO_KINDS[key].url(a_row(key))
        resolve(urlsplit(url).path)
    except Exception as problem:
        pytest.fail(f"TodoKind {key!r}, `url`: {problem!r}; {IN_WORKBENCH}")


@pytest.mark.parametrize("key", list(UNFINISHED_KINDS))
def test_what_a_director_goes_on_with_leads_to_a_page_and_has_a_title(key):
    kind = UNFINISHED_KINDS[key]
    try:
        resolve(reverse(kind.page, args=[uuid.uuid4()]))
    except Exception as problem:
        pytest.fail(f"UnfinishedKind {key!r}, `page`={kind.page!r}: {problem!r}; {IN_WORKBENCH}")
    try:
        title = str(kind.title) % {"who": "工作站", "name": "张子涵"}
    except (KeyError, TypeError, ValueError) as problem:
        pytest.fail(
            f"UnfinishedKind {key!r}, `title` names no more than %(who)s, %(name)s: {problem!r}; {IN_WORKBENCH}"
        )
    assert title


@pytest.mark.django_db
@pytest.mark.parametrize("key", list(NEWS_KINDS))
def test_news_lead_to_a_page_and_name_moves_of_their_record(key):
    kind, post = NEWS_KINDS[key], a_post(a_village().township)
    news = News(
        kind=key, pk=uuid.uuid4(), at=timezone.now(), name="张子涵", is_named=True, action="", person="张玉兰",
        reason="请补充",
    )  # fmt: skip
    try:
        resolve(urlsplit(kind.url(news)).path)
    except Exception as problem:
        pytest.fail(f"NewsKind {key!r}, `url`: {problem!r}; {IN_WORKBENCH}")
    label = model_of(kind, post)
    assert label in WORKFLOWS, f"NewsKind {key!r} tells events of {label}, which has no table of moves"
    moves = WORKFLOWS[label].transitions
    unknown = sorted(kind.titles.keys() - moves.keys())
    assert not unknown, f"NewsKind {key!r}, `titles`: {unknown}; {label} has {list(moves)}; {IN_WORKBENCH}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_the_day_of_every_role_begins_at_a_page_that_it_may_open(role):
    """Else at the first page of its menu, whichever that is."""
    post = a_post(getattr(a_village(), tier_of(role)), role)
    pages = [entry.url_name for entry in NAVIGATION.values() if role in entry.home_for and entry.is_for(post)]
    assert len(pages) == 1, (
        f"{role}: `home_for` of one menu entry (hooks.py of the page at which its day begins), which the role may open"
        f" by its permissions and `roles`: {pages}"
    )
