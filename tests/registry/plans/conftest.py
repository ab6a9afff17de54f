import datetime

import pytest
from django.utils import timezone

from registry.needs.models import Need
from tests.builders import a_post, a_village, an_approved_file

DAY = datetime.timedelta(days=1)


@pytest.fixture
def file():
    return an_approved_file(a_village(), name="欧阳小满")


@pytest.fixture
def director(file):
    return a_post(file.village)


@pytest.fixture
def clerk(file):
    return a_post(file.township)


@pytest.fixture
def officer(file):
    return a_post(file.county)


@pytest.fixture
def need(file, director):
    today = timezone.localdate()
    need = Need(
        child=file,
        kind="mind.mood",
        system="mind",
        words="不爱说话",
        source="visit",
        found_on=today,
        holder=file.village,
        owner=director,
        due_on=today + 20 * DAY,
        made_by=director.person,
        made_in=director,
    )
    need.place(file)
    need.save()
    return need
