"""A child whose needs are dealt with, and one post of each tier over it."""

import pytest

from tests.builders import a_post, a_village, an_approved_file


@pytest.fixture
def file():
    return an_approved_file(a_village(), name="欧阳小满")


@pytest.fixture
def posts(file):
    return {tier: a_post(getattr(file, tier)) for tier in ("village", "township", "county", "city")}
