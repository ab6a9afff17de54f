"""Who answers for the accounts of a city."""

import pytest

from tests.builders import a_person, a_post


@pytest.fixture
def city_admin(village):
    return a_post(village.city, "city_admin", person=a_person("钱立"))


@pytest.fixture
def second(village):
    """The other administrator of the city."""
    return a_post(village.city, "city_admin", person=a_person("孙平"))


@pytest.fixture
def auditor(village):
    person = a_person("李卫东")
    person.username = "liweidong"
    person.save()
    return a_post(village.city, "auditor", person=person)
