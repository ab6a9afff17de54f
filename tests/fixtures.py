"""People and places that many tests ask for, a plugin of pytest: who needs another one says so in its own file."""

import pytest


@pytest.fixture(autouse=True)
def _no_language_of_the_test_before():
    """A request leaves its reader's language active in the thread, as Django's own middleware does."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture
def village():
    """With a township, county and city of its own."""
    from tests.builders import a_village

    return a_village()


@pytest.fixture
def here(village):
    """The village, where a test has another one ``there``."""
    return village


@pytest.fixture
def director(village):
    from tests.builders import a_post

    return a_post(village)


@pytest.fixture
def post(director):
    """The director, where a test has nobody else."""
    return director


@pytest.fixture
def clerk(village):
    from tests.builders import a_post

    return a_post(village.township)


@pytest.fixture
def officer(village):
    """Of the county."""
    from tests.builders import a_post

    return a_post(village.county)


@pytest.fixture
def child(post):
    """In the registry for 30 days."""
    from tests.builders import an_approved_file

    return an_approved_file(post.unit)


@pytest.fixture
def busy_village(village):
    """Where each kind of work waits."""
    import datetime

    from registry.closing.services import close_file
    from registry.transfers.services import ask_transfer
    from tests.builders import (
        a_finding,
        a_post,
        a_submitted_file,
        a_unit,
        a_visit,
        an_alert,
        an_amendment,
        an_approved_file,
    )

    clerk, director = a_post(village.township), a_post(village)
    file, handed_on, closed = (an_approved_file(village, by=director) for _n in range(3))
    a_submitted_file(village, by=director)
    a_visit(file, by=director)
    a_finding(file)
    an_alert(file=file)
    target, leaving = a_unit(a_unit(village.county)), closed.approved_on + datetime.timedelta(days=1)
    ask_transfer(handed_on, by=clerk, target=target, reason="搬家", seen_version=handed_on.version)
    an_amendment(village, by=director)  # of a month that is to be reported
    close_file(closed, by=clerk, seen_version=closed.version, reason="other", note="去外地", on=leaving)
    return village


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker):
    """A transaction for a world that the tests of a module read: built once, each test works in a savepoint of it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def no_frame(django_test_environment):
    """Where thousands of answers are asked for what stands in them: what stands around every page, its menu, bell and
    search box, took more than half of the time. What a page itself says is drawn as ever."""
    from django.template import engines
    from django.template.base import NodeList
    from django.template.loader_tags import BlockNode

    base = engines["django"].engine.get_template("base.html")
    whole = base.nodelist
    blocks = [block for block in whole.get_nodes_by_type(BlockNode) if block.name not in ("menu", "words")]
    base.nodelist = NodeList(blocks)
    yield
    base.nodelist = whole


@pytest.fixture
def no_drawing(monkeypatch):
    """Where only the answer counts, or what a page was given to draw (``answer.context``): its text stays empty."""
    from django.template.base import Template
    from django.test.signals import template_rendered

    def tell(template, context):
        template_rendered.send(sender=template, template=template, context=context)
        return ""

    monkeypatch.setattr(Template, "_render", tell)
