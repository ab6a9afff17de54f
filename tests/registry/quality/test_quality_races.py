"""Recounts at once, with each other and with a write. On PostgreSQL alone: SQLite has one writer at a time."""

import pytest

from registry.changes.services import approve_change
from registry.child.models import ChildFile
from registry.quality import case_of, keys_of
from registry.quality.models import FileIssue
from registry.quality.services import recount_issues
from tests.builders import a_change, a_post, a_village, an_approved_file
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_recounts_at_once_and_a_write_beside_them_come_to_what_the_files_say():
    village = a_village()
    files = [an_approved_file(village) for _number in range(4)]
    clerk = a_post(village.township)
    changes = [a_change(file, schooling="senior", health="ill", address="五组") for file in files[:3]]
    FileIssue.objects.all().delete()

    def approve():
        for change in changes:
            approve_change(change, by=clerk, seen_version=change.version)

    at_once(lambda: recount_issues(village.county), lambda: recount_issues(village.county), approve)
    rows = set(FileIssue.objects.values_list("child", "rule"))
    assert rows == {(file.pk, key) for file in ChildFile.objects.all() for key in keys_of(case_of(file))}
    assert (files[0].pk, "school_too_early") in rows
