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


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker):
    """A transaction for a world that the tests of a module read: built once, each test works in a savepoint of it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
