"""A category ends with the day from which the child no longer holds it."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from registry.categories.services import end_membership

pytestmark = pytest.mark.django_db


def test_it_may_end_on_its_own_first_day_and_not_before(child, clerk):
    held = child.memberships.get()
    with pytest.raises(ValidationError) as refused:
        end_membership(held, by=clerk, on=held.since - datetime.timedelta(days=1), reason="other")
    assert set(refused.value.message_dict) == {"on"}
    end_membership(held, by=clerk, on=held.since, reason="other")
    held.refresh_from_db()
    assert held.until == held.since
