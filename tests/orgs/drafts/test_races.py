"""Drafts of one form, kept and dropped by several requests at one moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from orgs.drafts.models import FormDraft
from orgs.drafts.services import drop_drafts, find_drafts, keep_draft
from tests.builders import a_post, a_village
from tests.orgs.drafts.test_drafts import CONTENT

pytestmark = pytest.mark.django_db(transaction=True)


def test_kept_and_thrown_away_at_one_moment_nothing_fails_and_what_was_dropped_stays_away():
    post = a_post(a_village())

    def keep(number):
        try:
            keep_draft(post, "child-new", "a", number, CONTENT)
            drop_drafts(post, "child-new", {"a": number}, sent=False)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep, range(1, 13)))
    assert find_drafts(post, "child-new").drafts == [] and FormDraft.objects.count() == 1
