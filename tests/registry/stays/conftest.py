"""A child of the village ``here`` and a village of another township, ``there``, whose director is the host."""

import pytest

from tests.builders import a_post, a_unit, an_approved_file
from tests.registry.stays.acts import DAY, today


@pytest.fixture
def there(here):
    """A village of another township of the county."""
    return a_unit(a_unit(here.county))


@pytest.fixture
def file(here):
    return an_approved_file(here, on=today() - 60 * DAY, name="欧阳文静")


@pytest.fixture
def host(there):
    return a_post(there)
