"""Drafts of one form, kept and dropped by several requests at one moment."""

import pytest

from orgs.drafts.models import FormDraft
from orgs.drafts.services import drop_drafts, find_drafts, keep_draft
from tests.builders import a_post, a_village
from tests.orgs.drafts.test_drafts import CONTENT
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_kept_and_thrown_away_at_one_moment_nothing_fails_and_what_was_dropped_stays_away():
    post = a_post(a_village())

    def keep_and_drop(count):
        keep_draft(post, "child-new", "a", count, CONTENT)
        drop_drafts(post, "child-new", {"a": count}, sent=False)

    at_once(*(lambda count=count: keep_and_drop(count) for count in range(1, 7)))
    assert find_drafts(post, "child-new").drafts == [] and FormDraft.objects.count() == 1
